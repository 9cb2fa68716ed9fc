"""Drone: bowed voices over a root that wanders, from open fifths to clusters that tremble and rise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.random import Rng, bipolar, exponential, normal, rng_state, uniform
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude, curve
from roomtone.dsp.tones import HZ, LEVEL, Tones, begin, sound_tones, tones_state
from roomtone.dsp.width import gather_lows, gathering_state
from roomtone.synths.model import Control, Reach, Synth, placed

_VOICES: Final = 9
# Of each voice: its partials, and beside the first two a neighbour that beats with them.
_PARTIALS: Final = np.array([1.0, 1.0, 2.0, 2.0, 3.0, 5.0])
_BESIDE: Final = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 0.0])
_PER_VOICE: Final = len(_PARTIALS)
_ROWS: Final = _VOICES * _PER_VOICE
_PARTIALS_OF_ALL: Final = np.tile(_PARTIALS, _VOICES)
_FIRST_OF_VOICES: Final = np.arange(_VOICES) * _PER_VOICE
# Semitones over the root that a voice may take: fifths and octaves; seconds and tritones against them; a cluster.
_STILL: Final = np.array([0.0, 7.02, 12.0, 19.02, 24.0, 12.0, 7.02, 0.0, 31.02])
_UNEASY: Final = np.array([0.0, 8.1, 11.1, 18.0, 25.0, 13.1, 6.1, 1.0, 30.0])
_UNBEARABLE: Final = np.array([0.0, 6.4, 11.4, 12.7, 14.1, 13.3, 5.3, 1.3, 15.2])
_HIGH_HZ, _LOW_HZ = 392.0, 32.7

# Tones an octave apart that rise without end: each is born low, dies high, and another takes its place.
_RISING: Final = 5
_BREATH_S: Final = 28.0

_GLASS_DB: Final = np.array([0.0, -7.0, -26.0, -32.0, -36.0, -50.0])
# A sub-bass is felt by its root and heard by what stands over it.
_CALM_DB: Final = -14.0
_SUB_DB: Final = np.array([2.0, -5.0, -2.0, -8.0, -7.0, -14.0])

_AIR: Final = amplitude((45, -30), (200, -16), (700, -6), (2_000, -4), (5_000, -9), (10e3, -18), (20e3, -34))
_FLOOR: Final = amplitude((45, 0), (70, -3), (130, -12), (300, -28), (1_000, -50), (20e3, -80))
_DEEPER_DB: Final = curve((45, 9), (120, 6), (500, 0), (2_000, -9), (20e3, -16))
_TURNED_PAGE_S: Final = 38.0
_LAG_S: Final = 25.0
_GATHERED_HZ: Final = 600.0


@dataclass(slots=True)
class _Drone:
    """One drone.

    Attributes:
        steps: (3, rows) semitones over the root of each row at rest, uneasy and unbearable.
        beating: (rows,) Hz by which each is off, at no tension.
        crawls: one walk a voice, in semitones.
        pulses: (voices + 1, 2) how far each is in its own swell, and all in theirs, in turns, and how fast that goes.
        root: where the pitch centre is drawn to; centre: where it is, in semitones.
        climb: where the rising tones are, in octaves.
        begun: whether the first chord stands.
    """

    rng: Rng
    voices: Tones
    steps: NDArray[np.float64]
    beating: NDArray[np.float64]
    crawls: Walks
    pulses: NDArray[np.float64]
    rising: Tones
    climb: float
    root: Walks
    centre: float
    swell: Walks
    bed: Bed
    bands: Bands
    reverb: Reverb
    send: NDArray[np.float32]
    gathering: NDArray[np.float64]
    begun: bool


def _start(seed: int) -> _Drone:
    rng = rng_state(seed, "drone")
    chance = np.random.default_rng(rng_state(seed, "drone", "who"))
    rising = tones_state(_RISING, channels=2)
    for k in range(_RISING):
        begin(rising, hz=100.0, level=1.0, rise_s=1.0, hold_s=1e12, fall_s=1.0, pan=0.7 * (-1.0) ** k)
    return _Drone(
        rng=rng,
        voices=tones_state(_ROWS, channels=2),
        steps=np.zeros((3, _ROWS)),
        beating=np.zeros(_ROWS),
        crawls=walks_state(rng, tau_s=np.full(_VOICES, 9.0), sigma=np.full(_VOICES, 0.3)),
        pulses=np.stack(
            (chance.uniform(size=_VOICES + 1), chance.uniform(0.6, 1.6, _VOICES + 1) / _BREATH_S), -1
        ),
        rising=rising,
        climb=float(chance.uniform(0.0, _RISING)),
        root=walks_state(rng, tau_s=np.array([240.0, 50.0]), sigma=np.array([2.0, 0.6])),
        centre=float(chance.normal(0.0, 2.0)),
        swell=walks_state(rng, tau_s=np.array([9.0, 3.0]), sigma=np.array([3.0, 2.5])),
        bed=bed_state(seed, "drone"),
        bands=bands_state([_FLOOR, _AIR], tilts_db=[_DEEPER_DB]),
        reverb=reverb_state(decay_s=3.2, longest_s=0.079, dull_hz=5_000.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
        gathering=gathering_state(),
        begun=False,
    )


def _bow(drone: _Drone, voice: int) -> None:
    """Let a voice that has fallen silent take another pitch, in its own time."""
    rng, first = drone.rng, voice * _PER_VOICE
    # Root and fifth come back as what they were: something must be left to lean on.
    place = int(uniform(rng) * len(_STILL)) if voice > 1 else voice
    rows = slice(first, first + _PER_VOICE)
    drone.steps[0, rows] = _STILL[place]
    drone.steps[1, rows] = _UNEASY[place] + 0.15 * normal(rng)
    drone.steps[2, rows] = _UNBEARABLE[place] + 0.5 * normal(rng)
    drone.beating[rows] = _BESIDE * (0.1 + 0.25 * exponential(rng)) * (1.0 if uniform(rng) < 0.5 else -1.0)
    slower = 0.25 + 0.7 * uniform(rng)
    rise_s, wait_s, hold_s = 12.0 * slower, 6.0 * slower * exponential(rng), _TURNED_PAGE_S * slower
    if not drone.begun:
        rise_s, wait_s, hold_s = 0.3 + 2.0 * uniform(rng), 0.0, hold_s * uniform(rng)
    pan, drift = 0.8 * bipolar(rng), 0.02 * bipolar(rng)
    level = 0.034 * np.exp(0.3 * normal(rng)) * 2.0 ** (-_STILL[place] / 36.0)
    shimmer_hz, shimmer = 4.6 + 3.6 * uniform(rng), 0.55 + 0.4 * uniform(rng)
    for k in range(_PER_VOICE):
        begin(
            drone.voices, hz=100.0, level=level, wait_s=wait_s, rise_s=rise_s * (1.0 + 0.2 * k), hold_s=hold_s,
            fall_s=3.0 * rise_s / (1.0 + 0.15 * k), pan=min(max(pan + 0.3 * bipolar(rng), -0.95), 0.95), drift=drift,
            shimmer_hz=shimmer_hz * (1.0 + 0.03 * k), shimmer=shimmer, phase=uniform(rng),
            rows=(first + k, first + k + 1),
        )  # fmt: skip


def _tune(drone: _Drone, tension: float, root_hz: float, motion: float) -> None:
    """Set every pitch: what is at rest pulls apart as the tension grows, and voices crawl as they like."""
    step_walks(drone.rng, drone.crawls)
    # What is hardly bent beats at once: the first of it takes its time.
    bent = 2.0 * tension**1.6
    below = min(int(bent), 1)
    part = bent - below
    semitones = (1.0 - part) * drone.steps[below] + part * drone.steps[below + 1]
    semitones += np.repeat((0.02 + 1.2 * motion) * drone.crawls[:, 0], _PER_VOICE)
    hz = root_hz * _PARTIALS_OF_ALL * np.exp2(semitones / 12.0) + (0.4 + 4.0 * tension**1.5) * drone.beating
    drone.voices.rows[:, HZ] = hz


def _weigh(drone: _Drone, tension: float, depth: float, breath_db: float, motion: float) -> None:
    """Set how loud each partial of each voice is: glass or sub-bass, and where it is in its own swell."""
    pulses = drone.pulses
    pulses[:, 0] += pulses[:, 1] * (0.5 + motion) * BLOCK_S
    dips_db = -18.0 * motion * (0.5 + 0.5 * np.sin(2.0 * np.pi * pulses[:, 0]))
    own_db = dips_db[:-1] + dips_db[-1]
    partials_db = (1.0 - depth) * _GLASS_DB + depth * _SUB_DB
    # What stands still does not beat either.
    partials_db = partials_db + (1.0 - motion) * (1.0 - tension) * _CALM_DB * _BESIDE
    drone.voices.weights[:] = 10.0 ** ((breath_db + own_db[:, None] + partials_db).ravel() / 20.0)


def _climb(drone: _Drone, root_hz: float, tension: float, level: float) -> None:
    """Move the tones that rise for ever; how loud each is depends on where it stands, so that none begins or ends.

    Source: R. N. Shepard (1964), "Circularity in judgments of relative pitch".
    """
    drone.climb = (drone.climb + BLOCK_S * (0.01 + 0.04 * tension)) % _RISING
    octaves = (drone.climb + np.arange(_RISING)) % _RISING
    strength = 0.03 * level * max(0.0, (tension - 0.3) / 0.7) ** 1.5
    drone.rising.rows[:, HZ] = root_hz * 2.0 ** (octaves - 0.5)
    drone.rising.weights[:] = strength * np.sin(np.pi * octaves / _RISING) ** 2 * 0.8**octaves


def _render(drone: _Drone, controls: Sequence[float], out: Samples) -> None:
    tension, depth, motion, _, _ = controls
    tension *= 0.55 + 0.45 * tension
    for voice in np.flatnonzero(drone.voices.rows[_FIRST_OF_VOICES, LEVEL] == 0.0):
        _bow(drone, int(voice))
    drone.begun = True
    # So slow that it does not beat with its own tail.
    drone.centre += BLOCK_S / _LAG_S * (step_walks(drone.rng, drone.root) - drone.centre)
    root_hz = _HIGH_HZ * (_LOW_HZ / _HIGH_HZ) ** depth * 2.0 ** (drone.centre / 12.0)
    # Low pitches need more to be heard as loud, and tension is not a crescendo by itself.
    level_db = -2.5 + 2.5 * depth + motion * (step_walks(drone.rng, drone.swell) + 7.0)
    level = 10.0 ** (level_db / 20.0)
    _tune(drone, tension, root_hz, motion)
    _weigh(drone, tension, depth, level_db, motion)
    _climb(drone, root_hz, tension, level)
    gains = layer_bands(
        drone.bands, (0.025 * level, (0.004 + 0.012 * tension) * level), tilts=(2.0 * depth - 1.0,)
    )
    render_bed(drone.bed, gains, out)
    sound_tones(drone.voices, out, shimmering=0.3 + 0.9 * tension**1.3)
    sound_tones(drone.rising, out)
    np.add(out[:, 0], out[:, 1], out=drone.send)
    surround(drone.reverb, drone.send, wet=0.2, air_hz=16_000.0, out=out)
    # The tail of a held tone may oppose it: in the lows that would be heard in mono.
    gather_lows(drone.gathering, _GATHERED_HZ, out)


DRONE: Final = Synth(
    name="drone",
    summary="Tension under a scene: bowed voices on a root that wanders, from open fifths to clusters that tremble.",
    tags=("designed", "tension", "dread", "suspense", "horror", "drone", "score"),
    kind="bed",
    controls=(
        Control(name="tension", default=0.4, smooth_s=3.0,
                at_0="still: open fifths, warm", at_half="uneasy: the fifths are bent, and beat",
                at_1="unbearable: clusters that tremble, and tones that rise without end"),
        Control(name="depth", default=0.6, smooth_s=3.0,
                at_0="high and glassy", at_half="a middle register, as of low strings",
                at_1="a sub-bass that is felt"),
        Control(name="motion", default=0.4, smooth_s=3.0,
                at_0="stands still; now and then a voice is another", at_half="breathes over half a minute",
                at_1="crawls and swells"),
        *placed("all around", "beyond the next wall", "somewhere below"),
    ),
    reach=Reach(near_m=2.0, far_m=60.0, open_m=6.0),
    source="R. Plomp & W. J. M. Levelt (1965), Tonal consonance and critical bandwidth; R. N. Shepard (1964), "
           "Circularity in judgments of relative pitch.",
    start=_start,
    render=_render,
)  # fmt: skip
