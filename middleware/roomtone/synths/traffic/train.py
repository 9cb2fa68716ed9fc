"""A train: wheels in pairs that knock over joints, roll and now and then squeal, from beside the track or aboard."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.bogies import Bogies, bogies_state, roll
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, Overlap, bank_of, drain, lay, overlap_state
from roomtone.dsp.random import Rng, rng_state, uniform
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import curve, power
from roomtone.dsp.twinkle import Twinkle, twinkle, twinkle_state
from roomtone.dsp.whistles import Whistles, resonate, whistles_state
from roomtone.synths.model import Control, Reach, Synth, placed

_FASTEST_KMH: Final = 160.0
_ASIDE_M: Final = 2.6
_KNOCKS: Final = 24
_KNOCK_FRAMES: Final = 7_200
_FLOOR_HZ: Final = 450.0

# Rolling: sleepers, rail and wheel, each where it radiates best. Aboard, the floor lets the lows through and air hums.
_BESIDE: Final = power(
    (40, -14),
    (100, -1),
    (300, 2),
    (600, 1),
    (900, -4),
    (1_300, -9),
    (2_500, -12),
    (5_000, -21),
    (10_000, -31),
    (2e4, -42),
)
_ABOARD: Final = power(
    (40, 0), (90, 0), (200, -6), (500, -14), (1_000, -22), (2_500, -32), (6_000, -44), (2e4, -70)
)
_HUM: Final = power((40, -12), (100, -4), (250, 0), (700, -8), (2_000, -18), (6_000, -34), (2e4, -60))
# How far each band follows a bogie that passes: the rail carries lows far ahead and behind.
_FOLLOWS: Final = curve((50, 0.55), (300, 0.9), (1_500, 1.2), (8_000, 1.4))
_STIRRED: Final = curve((100, 0.7), (2_000, 1.0), (8_000, 1.4))
# No wheel is as rough as the next, and what is loose shakes: that lifts all pitches at once, high ones most.
_ROUGH: Final = curve((100, 0.5), (600, 0.8), (2_000, 1.2), (8_000, 1.5))
_STIR_PLACES: Final = 9
_AT: Final = np.linspace(0.0, _STIR_PLACES - 1.0, BED_BANDS)

# Wheels squeal in curves at modes of their own, in bouts.
_SQUEAL_HZ: Final = np.array([1_870.0, 2_730.0, 3_940.0, 5_300.0])
_SQUEAL_PANS: Final = np.array([-0.5, 0.3, 0.6, -0.2])


@dataclass(slots=True)
class _Train:
    rng: Rng
    bogies: Bogies
    bed: Bed
    gains: NDArray[np.float64]
    stir: Twinkle
    sway: Walks
    rough: Walks
    knocks: Bank
    ring: Overlap
    squeals: Whistles
    squeal_hz: NDArray[np.float64]
    bouts: Walks
    outlet: Outlet


@cache
def _knock_bank() -> Bank:
    """Make wheels that meet a joint: a thud of the sleepers, the clank of rail and wheel, grit."""
    chance = np.random.default_rng(5)
    t = np.arange(_KNOCK_FRAMES) / 48_000.0
    sounds = []
    for _ in range(_KNOCKS):
        hz = np.concatenate(
            (chance.uniform(60, 140, 3), chance.uniform(200, 900, 7), chance.uniform(1_000, 4_800, 6))
        )
        decay_s = 0.05 * (hz / 150.0) ** -0.45 * np.exp(chance.normal(0.0, 0.3, len(hz)))
        level = np.concatenate((np.full(3, 0.42), np.full(7, 0.5), np.full(6, 0.36))) * np.exp(
            chance.normal(0.0, 0.4, len(hz))
        )
        modes = (level[:, None] * np.sin(2 * np.pi * hz[:, None] * t) * np.exp(-t / decay_s[:, None])).sum(0)
        grit = chance.normal(size=_KNOCK_FRAMES) * np.exp(-t / 0.008) * 0.4
        sound = (modes + grit) * np.minimum(1.0, t / 0.001) * np.minimum(1.0, (t[-1] - t) / 0.03)
        sounds.append(sound / np.sqrt((sound**2).sum()))
    # Through the floor of a carriage only the thud is left.
    through = 1.0 / (1.0 + 1j * np.fft.rfftfreq(2 * _KNOCK_FRAMES, 1.0 / 48_000.0) / _FLOOR_HZ)
    dull = [np.fft.irfft(np.fft.rfft(sound, 2 * _KNOCK_FRAMES) * through)[:_KNOCK_FRAMES] for sound in sounds]
    return bank_of([*sounds, *dull])


def _start(seed: int) -> _Train:
    rng, bank = rng_state(seed, "train"), _knock_bank()
    return _Train(
        rng=rng,
        bogies=bogies_state(seed, "train"),
        bed=bed_state(seed, "train"),
        gains=np.zeros((2, BED_BANDS)),
        stir=twinkle_state(rng, places=_STIR_PLACES, paces=((0.04, 0.8), (0.3, 0.8))),
        sway=walks_state(rng, tau_s=np.array([20.0, 3.0, 0.7]), sigma=np.array([0.8, 0.8, 0.6])),
        rough=walks_state(rng, tau_s=np.array([0.25, 0.07]), sigma=np.array([1.2, 0.9])),
        knocks=bank,
        ring=overlap_state(bank, latest_frames=480, channels=2),
        squeals=whistles_state(seed, "train", pans=_SQUEAL_PANS),
        squeal_hz=_SQUEAL_HZ * math.exp(0.2 * (uniform(rng) - 0.5)),
        bouts=walks_state(rng, tau_s=np.array([2.0, 1.4, 0.9, 1.1]), sigma=np.array([5.0, 6.0, 7.0, 7.0])),
        outlet=outlet_state(2),
    )


def _bed_gains(train: _Train, speed: float, kmh: float, aboard: float) -> NDArray[np.float64]:
    """Work out what rolls: power grows with the speed; beside the track it comes and goes with each bogie."""
    stir_db = _STIRRED * np.interp(_AT, np.arange(_STIR_PLACES), twinkle(train.stir)[:, 0])
    sway = 10.0 ** (step_walks(train.rng, train.sway) / 10.0)
    rolled = (max(kmh, 3.0) / 80.0) ** 2.4 * sway
    shine = 10.0 ** (0.6 * (speed - 0.5) * _FOLLOWS)
    life = 10.0 ** ((stir_db + _ROUGH * step_walks(train.rng, train.rough)) / 10.0)
    for side in (0, 1):
        passing = (0.02 + 1.2 * train.bogies.passing[side]) ** (1.7 * _FOLLOWS)
        beside = (1.0 - aboard) * 0.5 * _BESIDE * passing
        train.gains[side] = np.sqrt(
            life * (rolled * shine * (beside + 1.2 * aboard * _ABOARD) + 0.004 * _HUM)
        )
    return train.gains


def _knock(train: _Train, count: int, joints: float, kmh: float, aboard: float) -> None:
    # A faster wheel falls deeper into the gap; aboard, the wagon's own wheels are felt through the floor.
    gain = 26.0 * joints * (max(kmh, 3.0) / 80.0) ** 0.8 * (0.5 - 0.15 * aboard)
    bank, ring = train.knocks, train.ring
    for frame, loud, pan in train.bogies.hits[:count]:
        which = int(uniform(train.rng) * _KNOCKS)
        for sound, share in ((which, 1.0 - aboard), (which + _KNOCKS, 2.0 * aboard)):
            if share > 0.0:
                line = bank.samples[bank.starts[sound] : bank.starts[sound + 1]]
                lay(ring.ring, int(ring.cursor[0] + frame), line, share * gain * loud, pan)


def _render(train: _Train, controls: Sequence[float], out: Samples) -> None:
    speed, joints, squeal, aboard, _, _ = controls
    kmh = _FASTEST_KMH * speed
    count = roll(train.bogies, speed_m_s=kmh / 3.6, aside_m=_ASIDE_M)
    # Listeners step back from what is fast and clanks.
    back = 10.0 ** (-(7.0 * speed + 4.0 * joints - 2.0) / 20.0)
    render_bed(train.bed, 0.25 * back * _bed_gains(train, speed, kmh, aboard), out)
    _knock(train, count, back * (0.05 + 0.95 * joints), kmh, aboard)
    drain(train.ring.ring, train.ring.cursor, out)
    step_walks(train.rng, train.bouts)
    bout_db = train.bouts[:, 0] - 66.0 + 37.5 * squeal - 8.0 * aboard
    loud = 10.0 ** (bout_db / 20.0) * min(1.0, 4.0 * squeal) * min(1.0, kmh / 15.0)
    resonate(train.squeals, train.squeal_hz * (1.0 + 0.002 * train.bouts[:, 0]), loud, q=160.0, out=out)
    finish(out, 0.0, train.outlet)


TRAIN: Final = Synth(
    name="train",
    summary="A train passing or ridden in, from standing to 160 km/h, on jointed or welded rail.",
    tags=("traffic", "train", "railway", "rails", "journey", "station"),
    kind="bed",
    controls=(
        Control(name="speed", default=0.55, smooth_s=4.0,
                at_0="standing, fans hum", at_half="a local train", at_1="an express at 160 km/h"),
        Control(name="joints", default=0.5, smooth_s=2.0,
                at_0="welded rail: an even rush", at_half="joints: ta-dam, ta-dam", at_1="old track that clanks hard"),
        Control(name="squeal", default=0.0, smooth_s=2.0,
                at_0="straight track", at_half="a curve: wheels sing now and then", at_1="a tight curve, shrieking"),
        Control(name="aboard", default=0.0, smooth_s=3.0, names=(("trackside", 0.0), ("aboard", 1.0)),
                at_0="beside the track: wagon after wagon passes", at_half="in an open door",
                at_1="in a carriage, the floor drones"),
        *placed("at the track", "across the fields", "beyond the town"),
    ),
    reach=Reach(near_m=6.0, far_m=2_000.0, open_m=100.0),
    source="D. Thompson (2009), Railway Noise and Vibration.",
    start=_start,
    render=_render,
)  # fmt: skip
