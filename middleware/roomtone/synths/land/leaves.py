"""Leaves: branches that rustle by turns as gusts pass through a crown."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.bed import BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.flurries import Flurries, flurries_state, flurry
from roomtone.dsp.grains import heavy_tail, unit_energy
from roomtone.dsp.gusts import Gusts, gusts_state, step_gusts, trail_gusts
from roomtone.dsp.random import rng_state, uniform
from roomtone.dsp.space import Space, place, space_state
from roomtone.synths.model import Control, Reach, Synth, placed

_BRANCHES: Final = 7
_VARIANTS: Final = 128
_TOUCH_FRAMES: Final = 480
_TOUCHES_HZ: Final = 1_500.0

# Fresh leaves swish broadly around 3 kHz; dry ones rattle higher and leave the lows to the wind in the crown.
_HZ: Final = np.array([45, 100, 250, 600, 1200, 2500, 4500, 8000, 13_000, 20_000], float)
_FRESH_DB: Final = np.array([-3, -4, -9, -9, -4, 0, -2, -7, -14, -28], float)
_DRY_DB: Final = np.array([-3, -4, -11, -14, -10, -4, 0, -3, -9, -24], float)
_FRESH: Final = np.interp(np.log(BED_CENTRES_HZ), np.log(_HZ), _FRESH_DB)
_DRY: Final = np.interp(np.log(BED_CENTRES_HZ), np.log(_HZ), _DRY_DB)
_DRIER: Final = _DRY - _FRESH
_FULL_DB: Final = -16.0
_STILL_DB: Final = -32.0
# A gust takes this long from one side of the crowns to the other, and leaves answer late.
_CROSSING_S: Final = 3.6
_ANSWER_S: Final = 0.25
# Leaves sound with more than the power of the wind: below a certain wind they hang, above it they beat.
_STEEP: Final = 1.7
_HALF_NEPERS_PER_DB: Final = math.log(10.0) / 40.0
# Dry touches are so sharp that they stand higher between samples than at them.
_HEADROOM: Final = np.float32(0.92)


@dataclass(slots=True)
class _Leaves:
    gusts: Gusts
    bed: Bed
    branches: Flurries
    lags_s: NDArray[np.float64]
    heights_db: NDArray[np.float64]
    space: Space
    bank: Samples
    levels: NDArray[np.float32]


@cache
def _touches() -> Samples:
    """Make one leaf touching another, (variants, frames), from fresh (soft, broad) to dry (sharp, high, scraping)."""
    rng = np.random.default_rng(4)
    dry = np.linspace(0.0, 1.0, _VARIANTS)[:, None]
    t = np.arange(_TOUCH_FRAMES) / SAMPLE_RATE_HZ
    hz = np.fft.rfftfreq(_TOUCH_FRAMES, 1 / SAMPLE_RATE_HZ)
    centre_hz = (2_500.0 + 3_000.0 * dry) * 2.0 ** rng.normal(0.0, 0.4, (_VARIANTS, 1))
    resonance = 1.0 / (1.0 + ((1.0 + dry) * np.log2((hz + 20.0) / centre_hz)) ** 2)
    attack_s, decay_s = 0.0012 * (1.0 - 0.95 * dry), 0.0028 - 0.002 * dry
    body = (1.0 - np.exp(-t / attack_s)) * np.exp(-t / decay_s)
    # A dry leaf scrapes: a second and third contact a few milliseconds after the first.
    for _ in range(2):
        late_s = rng.uniform(0.0008, 0.005, (_VARIANTS, 1))
        again = np.exp(-np.maximum(t - late_s, 0.0) / decay_s) * (t > late_s)
        body = body + dry * rng.uniform(0.1, 0.8, (_VARIANTS, 1)) * again
    noise = np.fft.irfft(
        np.fft.rfft(rng.normal(size=(_VARIANTS, _TOUCH_FRAMES)) * body) * resonance, _TOUCH_FRAMES
    )
    return unit_energy(noise * np.minimum(1.0, np.arange(_TOUCH_FRAMES)[::-1] / 96.0))


def _start(seed: int) -> _Leaves:
    rng = rng_state(seed, "leaves")
    pans = np.linspace(-0.9, 0.9, _BRANCHES) + np.array([0.2 * uniform(rng) - 0.1 for _ in range(_BRANCHES)])
    windward = 1.0 if uniform(rng) < 0.5 else -1.0
    return _Leaves(
        gusts=gusts_state(seed, "leaves"),
        bed=bed_state(seed, "leaves"),
        branches=flurries_state(
            seed,
            "leaves",
            longest_frames=_TOUCH_FRAMES,
            pans=pans,
            tau_s=np.linspace(0.15, 0.9, _BRANCHES),
            sigma=1.0,
        ),
        lags_s=_ANSWER_S + _CROSSING_S * (0.5 + 0.5 * windward * pans) + 0.3 * uniform(rng),
        heights_db=np.zeros(_BRANCHES),
        space=space_state(2),
        bank=_touches(),
        levels=heavy_tail(2.2, 8.0),
    )


def _render(leaves: _Leaves, controls: Sequence[float], out: Samples) -> None:
    activity, dryness, gustiness, distance, _ = controls
    lack = (1.0 - activity) ** 1.7
    calm_db = _STILL_DB * lack
    levels_db = _FRESH + dryness * _DRIER + (_FULL_DB + calm_db - 6.0 * dryness)
    depth = 0.1 + 1.9 * gustiness
    step_gusts(leaves.gusts, levels_db, depth)
    render_bed(leaves.bed, leaves.gusts.gains, out)
    trail_gusts(leaves.gusts, leaves.lags_s, depth, leaves.heights_db)
    # More wind moves more leaves and moves each of them more: half of the level is rate, half is force.
    force = np.exp(_STEEP * _HALF_NEPERS_PER_DB * leaves.heights_db + _STILL_DB * lack * _HALF_NEPERS_PER_DB)
    near = 0.62 * (1.0 - 0.75 * distance)
    flurry(
        leaves.branches, leaves.bank, leaves.levels, rates_hz=_TOUCHES_HZ / _BRANCHES * (force * force),
        gains=near * force, choice=dryness, choice_width=0.2, out=out,
    )  # fmt: skip
    place(leaves.space, out, tilt_db=0.0, air_hz=16_000.0, diffuse=0.1)
    out *= _HEADROOM


LEAVES: Final = Synth(
    name="leaves",
    summary="Leaves in the wind, from a stir in the crown to a storm through it, fresh or dry.",
    tags=("weather", "nature", "bed"),
    kind="bed",
    controls=(
        Control(
            name="activity",
            at_0="hanging still",
            at_half="rustling",
            at_1="tossed about",
            default=0.5,
            smooth_s=0.3,
        ),
        Control(
            name="dryness",
            at_0="fresh, a soft swish",
            at_half="late summer",
            at_1="dry, rattling",
            default=0.4,
        ),
        Control(
            name="gustiness", at_0="even", at_half="gusts pass", at_1="squalls", default=0.5, smooth_s=0.5
        ),
        *placed("under the tree", "across a garden", "a far wood"),
    ),
    reach=Reach(near_m=3.0, far_m=120.0, open_m=25.0),
    source="Farnell (2010), Designing Sound, wind and leaves.",
    start=_start,
    render=_render,
)
