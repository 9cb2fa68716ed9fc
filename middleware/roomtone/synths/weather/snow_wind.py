"""Wind over snow: a hushed, close wind, and powder that hisses along the crust once the wind lifts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.flurries import Flurries, flurries_state, flurry
from roomtone.dsp.grains import bursts, heavy_tail
from roomtone.dsp.gusts import Gusts, gusts_state, step_gusts, trail_gusts
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import rng_state, uniform
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import curve
from roomtone.synths.model import Control, Reach, Synth, placed

_STREAMERS: Final = 6
_VARIANTS: Final = 96
_GRAIN_FRAMES: Final = 240
_GRAINS_HZ: Final = 1_600.0
# Snow takes what would come back from the ground: what is left of the wind is low, soft-edged, and near.
_HUSH_DB: Final = curve(
    (45, 0), (110, 2), (200, 1), (350, -3), (600, -9), (1000, -18), (2000, -31), (5000, -44), (2e4, -62)
)
_POWDER_DB: Final = curve(
    (45, -90), (900, -40), (2200, -14), (4000, -4), (6500, 0), (9000, -1), (13e3, -8), (2e4, -20)
)
_FULL_DB: Final = -4.0
_STILL_DB: Final = -25.0
# What drifts grows with more than the cube of the wind once it blows hard enough to lift a grain.
_LIFTS_AT: Final = 0.25
_CROSSING_S: Final = 2.4
_LATE_S: Final = 0.35


@dataclass(slots=True)
class _SnowWind:
    gusts: Gusts
    bed: Bed
    powder: Bed
    hiss: NDArray[np.float64]
    streamers: Flurries
    lags_s: NDArray[np.float64]
    heights_db: NDArray[np.float64]
    outlet: Outlet
    swirls: Walks
    drifting: Samples
    bank: Samples
    levels: NDArray[np.float32]


@cache
def _grains() -> Samples:
    """Make grains of snow skipping over the crust, (variants, frames), from soft flakes to hard grains."""
    rng = np.random.default_rng(6)
    third = _VARIANTS // 3
    return np.concatenate(
        [
            bursts(rng, third, _GRAIN_FRAMES, low_hz=low_hz, high_hz=1.9 * low_hz, tau_s=tau_s)
            for low_hz, tau_s in ((3_200.0, 0.0012), (4_800.0, 0.0008), (6_500.0, 0.0005))
        ]
    )


def _start(seed: int) -> _SnowWind:
    rng = rng_state(seed, "snow_wind")
    pans = np.linspace(-0.9, 0.9, _STREAMERS) + np.array(
        [0.3 * uniform(rng) - 0.15 for _ in range(_STREAMERS)]
    )
    windward = 1.0 if uniform(rng) < 0.5 else -1.0
    return _SnowWind(
        gusts=gusts_state(seed, "snow_wind"),
        bed=bed_state(seed, "snow_wind"),
        powder=bed_state(seed, "snow_wind", "powder", coherence=np.zeros(BED_BANDS)),
        hiss=np.zeros((2, BED_BANDS)),
        streamers=flurries_state(
            seed, "snow_wind", longest_frames=_GRAIN_FRAMES, pans=pans,
            tau_s=np.linspace(0.25, 1.1, _STREAMERS), sigma=1.1,
        ),
        lags_s=_LATE_S + _CROSSING_S * (0.5 + 0.5 * windward * pans.clip(-1.0, 1.0)),
        heights_db=np.zeros(_STREAMERS),
        outlet=outlet_state(2),
        swirls=walks_state(rng, tau_s=np.array([0.12, 0.12, 0.8, 0.8]), sigma=np.array([2.0, 2.0, 2.5, 2.5])),
        drifting=np.zeros((BLOCK_FRAMES, 2), np.float32),
        bank=_grains(),
        levels=heavy_tail(2.6, 6.0),
    )  # fmt: skip


def _lifted(strength: float, heights_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell how much drifts under each gust, as a power: 1 in a full, even wind."""
    speed = (0.12 + 0.88 * strength) * 10.0 ** (heights_db / 30.0)
    return np.asarray(np.maximum(0.0, (speed - _LIFTS_AT) / (1.0 - _LIFTS_AT)) ** 3)


def _render(snow: _SnowWind, controls: Sequence[float], out: Samples) -> None:
    strength, gustiness, powder, _, _ = controls
    lack = (1.0 - strength) ** 1.6
    depth = 0.1 + 1.9 * gustiness
    step_gusts(snow.gusts, _HUSH_DB + (_FULL_DB + _STILL_DB * lack), depth)
    render_bed(snow.bed, snow.gusts.gains, out)
    trail_gusts(snow.gusts, snow.lags_s, depth, snow.heights_db)
    lifted = _lifted(strength, snow.heights_db)
    _drift(snow, lifted, powder * 10.0 ** (18.0 * (powder - 1.0) / 20.0), out)
    finish(out, 0.0, snow.outlet)


def _drift(snow: _SnowWind, lifted: NDArray[np.float64], amount: float, out: Samples) -> None:
    # What drifts by on either side merges into a hiss; streamers that pass close are heard grain by grain.
    half = _STREAMERS // 2
    step_walks(snow.gusts.rng, snow.swirls)
    for side, near in enumerate((lifted[:half], lifted[half:])):
        stir = 10.0 ** ((snow.swirls[side, 0] + snow.swirls[2 + side, 0]) / 20.0)
        snow.hiss[side] = 0.033 * amount * stir * np.sqrt(near.mean()) * 10.0 ** (_POWDER_DB / 20.0)
    render_bed(snow.powder, snow.hiss, snow.drifting)
    out += snow.drifting
    flurry(
        snow.streamers, snow.bank, snow.levels, rates_hz=_GRAINS_HZ / _STREAMERS * np.sqrt(lifted),
        gains=0.16 * amount * np.sqrt(lifted), choice=0.5, choice_width=0.5, out=out,
    )  # fmt: skip


SNOW_WIND: Final = Synth(
    name="snow_wind",
    summary="Wind over snow: hushed and close, with powder that hisses along the crust in the gusts.",
    tags=("weather", "winter", "air", "bed"),
    kind="bed",
    controls=(
        Control(
            name="strength", at_0="still, snow takes every sound", at_half="a soft, hushed wind", at_1="a blizzard",
            default=0.5, smooth_s=0.5,
        ),
        Control(
            name="gustiness", at_0="steady", at_half="gusts and lulls", at_1="squalls", default=0.5, smooth_s=0.5
        ),
        Control(
            name="powder", at_0="wet snow, nothing drifts", at_half="powder whispers along the crust",
            at_1="drifts hiss past on all sides", default=0.5, smooth_s=0.5,
        ),
        *placed("all around", "over the slope", "beyond the ridge"),
    ),
    reach=Reach(near_m=2.0, far_m=150.0, open_m=90.0),
    source="J. W. Pomeroy & D. M. Gray (1990), saltation of snow: what drifts above a threshold of the wind; "
           "T. Ishida (1965), Acoustic properties of snow; A. Farnell (2010), Designing Sound, wind.",
    start=_start,
    render=_render,
)  # fmt: skip
