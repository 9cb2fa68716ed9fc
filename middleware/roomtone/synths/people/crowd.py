"""Crowd: tables of people who talk in turns and laugh over cups and cutlery; in number they cheer and clap."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp import voices as v
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.grains import Grains, bursts, grains_state, heavy_tail, scatter
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.tableware import clatter, clatter_ring, tableware
from roomtone.synths.model import Control, Reach, Synth, placed

_TABLES: Final = 15
_SEATS: Final = (2, 3)

_BED_HZ: Final = np.array([45, 100, 200, 500, 1_000, 2_000, 4_000, 8_000, 13_000, 20_000], float)
_ROOM_DB: Final = np.array([8, 7, 3, -1, -4, -7, -10, -12, -16, -36], float)
# The tables too far off to be told apart: the spectrum of speech, in motion band by band.
_TALK_DB: Final = np.array([-6, 0, 2, 3, 1, -4, -9, -14, -22, -40], float)
# Many throats wide open: what is left of vowels when everybody shouts.
_CHEER_DB: Final = np.array([-16, -9, -4, 0, 2, 0, -6, -12, -20, -38], float)
_STILL, _STIRRED = np.zeros(BED_BANDS), np.ones(BED_BANDS)


# From here on a control adds what is beyond it: excitement to cheer, density to fill a stadium.
_CHEERS_FROM, _STADIUM_FROM = 0.55, 0.7
_CLAPS: Final = 48
_CLAP_FRAMES: Final = 960
_CLAPS_HZ: Final = 700.0


@dataclass(slots=True)
class _Crowd:
    rng: Rng
    words: Rng
    air: Rng
    touches: Rng
    voices: v.Voices
    mix: NDArray[np.float32]
    plates: NDArray[np.float32]
    ring: Samples
    cursor: NDArray[np.int64]
    bed: Bed
    bands: Bands
    murmur: Walks
    babble: Walks
    surge: Walks
    hands: Grains
    reverb: Reverb
    send: NDArray[np.float32]


def _seat(rng: np.random.Generator) -> v.Voices:
    """Seat people at tables, from the nearest table to the furthest."""
    seats = rng.choice(_SEATS, _TABLES)
    people = int(seats.sum())
    table = np.repeat(np.arange(_TABLES), seats)
    voices = np.zeros((people, v.VOICE_FIELDS))
    woman = rng.uniform(size=people) < 0.5
    voices[:, v.F0_HZ] = np.where(woman, 195.0, 115.0) * np.exp(rng.normal(0.0, 0.12, people))
    voices[:, v.TRACT] = np.where(woman, 1.16, 1.0) * np.exp(rng.normal(0.0, 0.04, people))
    voices[:, v.SYLLABLES_HZ] = rng.uniform(4.0, 6.2, people)
    voices[:, v.DISTANCE_M] = np.linspace(2.6, 11.0, _TABLES)[table] * np.exp(rng.normal(0.0, 0.08, people))
    voices[:, v.PAN] = (
        rng.permutation(np.linspace(-0.9, 0.9, _TABLES))[table] + rng.normal(0.0, 0.07, people)
    ).clip(-1, 1)
    voices[:, v.BRIGHT] = rng.uniform(0.45, 0.95, people)
    voices[:, v.HEAD] = np.exp(rng.normal(0.0, 0.09, people))
    voices[:, v.FIRST_MATE] = np.concatenate(([0], np.cumsum(seats)[:-1]))[table]
    voices[:, v.MATES] = seats[table]
    voices[:, v.WAIT_S] = 1e9
    voices[np.cumsum(seats) - 1, v.WAIT_S] = rng.exponential(0.4, _TABLES)
    return voices


def _shape(points_db: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(10 ** (np.interp(np.log(BED_CENTRES_HZ), np.log(_BED_HZ), points_db) / 20))


def _start(seed: int) -> _Crowd:
    rng = rng_state(seed, "crowd")
    return _Crowd(
        rng=rng,
        words=rng_state(seed, "crowd", "words"),
        air=rng_state(seed, "crowd", "air"),
        touches=rng_state(seed, "crowd", "touches"),
        voices=_seat(np.random.default_rng(rng_state(seed, "crowd", "who"))),
        mix=v.voices_mix(),
        plates=tableware(),
        ring=clatter_ring(),
        cursor=np.zeros(1, np.int64),
        bed=bed_state(seed, "crowd"),
        bands=bands_state(
            [_shape(_ROOM_DB), _shape(_TALK_DB), _shape(_CHEER_DB)],
            reaches=[_STILL, _STIRRED, 0.6 * _STIRRED],
        ),
        murmur=walks_state(rng, tau_s=np.array([6.0, 1.5, 0.2]), sigma=np.array([0.8, 0.8, 0.6])),
        babble=walks_state(rng, tau_s=np.full(BED_BANDS, 0.09), sigma=np.full(BED_BANDS, 3.5)),
        surge=walks_state(rng, tau_s=np.array([7.0, 1.8, 0.4]), sigma=np.array([1.6, 1.3, 0.7])),
        hands=grains_state(seed, "crowd", "claps", longest_frames=_CLAP_FRAMES, channels=2),
        reverb=reverb_state(decay_s=0.75, longest_s=0.06, dull_hz=5_000.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
    )


@cache
def _claps() -> Samples:
    """Clap hands, (claps, frames): hollow ones ring low, flat ones high. Source: B. H. Repp (1987)."""
    return bursts(
        np.random.default_rng(17), _CLAPS, _CLAP_FRAMES, low_hz=700.0, high_hz=3_400.0, tau_s=0.0032
    )


def _beyond(x: float, start: float) -> float:
    """Say how far `x` is beyond `start`, 0 to 1, setting out gently."""
    u = max(0.0, (x - start) / (1.0 - start))
    return u * u * (1.5 - 0.5 * u)


def _render(crowd: _Crowd, controls: Sequence[float], out: Samples) -> None:
    density, excitement, busy, _, _ = controls
    cheer, stadium = _beyond(excitement, _CHEERS_FROM), _beyond(density, _STADIUM_FROM)
    murmur_db = step_walks(crowd.rng, crowd.murmur) + 4.0 * excitement
    surge = 10.0 ** (step_walks(crowd.rng, crowd.surge) / 20.0)
    step_walks(crowd.rng, crowd.babble)
    many = density**0.7
    far = 0.026 * many * (1.0 + 1.0 * stadium) * 10 ** (murmur_db / 20)
    roar = 0.04 * many * cheer * (1.0 + 0.8 * stadium) * surge
    render_bed(crowd.bed, layer_bands(crowd.bands, (0.006, far, roar), stir_db=crowd.babble), out)
    crowd.send[:] = 0.0
    # A stadium is too large for anybody to be near.
    away = 1.2 + 0.8 * stadium
    clatter(crowd.touches, crowd.plates, 6.0 * busy, (0.4 + 1.0 * busy) / away, crowd.ring, crowd.cursor, out)
    people = len(crowd.voices)
    v.talk(crowd.words, crowd.air, crowd.voices, 3.0 + (people - 3) * density**1.2, excitement, away,
           crowd.mix, crowd.send, out)  # fmt: skip
    clapping = _CLAPS_HZ * cheer * (0.06 + many + 2.0 * stadium) * surge
    scatter(crowd.hands, _claps(), heavy_tail(), rate_hz=clapping, gain=0.2 / away, spread=0.9, out=out)
    surround(crowd.reverb, crowd.send, wet=0.4 + 0.2 * stadium, air_hz=12_000.0, out=out)


CROWD: Final = Synth(
    name="crowd",
    summary="People together, from one table that talks to a stadium that cheers; laughter, cups, clapping.",
    tags=("people", "indoor", "cafe", "restaurant", "babble", "walla", "stadium", "applause"),
    kind="bed",
    controls=(
        Control(name="density", default=0.5, smooth_s=2.0,
                at_0="one table, quietly talking", at_half="a café, half full", at_1="a stadium: one wall of voices",
                names=(("table", 0.0), ("cafe", 0.5), ("hall", 0.8), ("stadium", 1.0))),
        Control(name="excitement", default=0.3, smooth_s=1.0,
                at_0="murmur: low and slow", at_half="lively talk, a laugh now and then",
                at_1="cheering and clapping"),
        Control(name="clatter", default=0.2, smooth_s=1.0,
                at_0="no cups, no plates", at_half="a hit of a spoon or cup every second or so",
                at_1="a busy kitchen counter"),
        *placed("among the tables", "from the other end of the room", "from the far end of a hall"),
    ),
    reach=Reach(near_m=2.0, far_m=30.0, open_m=6.0),
    source="D. H. Klatt (1980), Software for a cascade/parallel formant synthesizer; G. E. Peterson & H. L. Barney "
           "(1952); H. Sacks et al. (1974), turn-taking; B. H. Repp (1987), The sound of two hands clapping.",
    start=_start,
    render=_render,
)  # fmt: skip
