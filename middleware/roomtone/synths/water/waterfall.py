"""A waterfall: strands of water that break at heights of their own, spray around them, a pool that booms below."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import bubbles as bub
from roomtone.dsp.bed import BED_BANDS, BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.bubbles import Bubbles, bubbles_state, pour
from roomtone.dsp.grains import Grains, bursts, grains_state, heavy_tail, scatter
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import power
from roomtone.synths.model import Control, Reach, Synth, placed

_STRANDS: Final = 9
_LOG_HZ: Final = np.log2(BED_CENTRES_HZ)

# What falls on rock breaks up; what falls into the pool drags air down with it, whose bubbles boom together.
_POOL: Final = power((45, 0), (75, 3), (140, 1), (260, -7), (600, -22), (2000, -40), (2e4, -80))
_RUSH: Final = power(
    (45, -22), (150, -9), (400, -1), (900, 0), (2200, -3), (5000, -7), (10e3, -14), (2e4, -28)
)
_SPRAY: Final = power((45, -60), (800, -34), (2000, -14), (4500, -3), (8000, 0), (13e3, -5), (2e4, -14))
# A strand is heard an octave or so around where its parcels break, more than elsewhere.
_STRAND_OCTAVES: Final = 1.3
_STRAND_DB: Final = 5.0

_PARCEL_FRAMES: Final = 2_400
_DROP_FRAMES: Final = 240


@dataclass(slots=True)
class _State:
    rng: Rng
    bed: Bed
    strands: NDArray[np.float64]
    sides: NDArray[np.float64]
    gains: NDArray[np.float64]
    flutter: Walks
    surge: Walks
    boom: Walks
    veil: Walks
    drift: Walks
    parcels: Grains
    drops: Grains
    plunge: Bubbles
    populations: NDArray[np.float64]
    outlet: Outlet


@cache
def _parcels() -> Samples:
    """Make clumps of water that land whole, each a dull slap."""
    return bursts(np.random.default_rng(0xFA11), 40, _PARCEL_FRAMES, low_hz=110.0, high_hz=900.0, tau_s=0.011)


@cache
def _drops() -> Samples:
    """Make drops that the fall throws about."""
    return bursts(
        np.random.default_rng(0xD209), 48, _DROP_FRAMES, low_hz=2_500.0, high_hz=9_000.0, tau_s=0.0006
    )


def _start(seed: int) -> _State:
    rng = rng_state(seed, "waterfall")
    place = np.random.Generator(np.random.PCG64(int(rng[0])))
    # Tall strands break fine and high, thick ones coarse and low.
    middles = place.permutation(np.geomspace(350.0, 4_200.0, _STRANDS)) * np.exp(
        place.normal(0.0, 0.15, _STRANDS)
    )
    hills = np.exp(-0.5 * ((_LOG_HZ[None, :] - np.log2(middles)[:, None]) / _STRAND_OCTAVES) ** 2)
    pans = place.permutation(np.linspace(-0.9, 0.9, _STRANDS))
    angles = (pans + 1.0) * np.pi / 4.0
    populations = np.zeros((2, bub.COLUMNS))
    populations[:, bub.OCTAVE] = (1.0, 2.6)
    populations[:, bub.SPREAD] = (0.6, 0.7)
    populations[:, bub.WIDTH] = (0.7, 0.9)
    populations[:, bub.CHAIN] = (1.5, 0.8)
    return _State(
        rng=rng,
        bed=bed_state(seed, "waterfall"),
        strands=10.0 ** (_STRAND_DB * hills / 10.0) * place.dirichlet(np.full(_STRANDS, 6.0))[:, None],
        sides=np.stack((np.cos(angles), np.sin(angles))) ** 2 * 2.0,
        gains=np.zeros((2, BED_BANDS)),
        flutter=walks_state(rng, tau_s=place.uniform(0.03, 0.14, _STRANDS), sigma=np.full(_STRANDS, 2.6)),
        surge=walks_state(rng, tau_s=place.uniform(0.6, 5.0, _STRANDS), sigma=np.full(_STRANDS, 1.8)),
        boom=walks_state(rng, tau_s=np.array([0.05, 0.25, 2.0, 11.0]), sigma=np.array([1.2, 1.3, 0.9, 0.8])),
        veil=walks_state(rng, tau_s=np.array([0.3, 2.5, 14.0]), sigma=np.array([0.7, 1.0, 1.0])),
        drift=walks_state(rng, tau_s=np.array([80.0, 15.0]), sigma=np.array([0.5, 0.4])),
        parcels=grains_state(seed, "waterfall", "parcels", longest_frames=_PARCEL_FRAMES, channels=2),
        drops=grains_state(seed, "waterfall", "drops", longest_frames=_DROP_FRAMES, channels=2),
        plunge=bubbles_state(seed, "waterfall", channels=2),
        populations=populations,
        outlet=outlet_state(2),
    )


def _paint(state: _State, flow: float, height: float, spray: float, level: float) -> None:
    """Write the bed's gains: each side hears its own strands, and both the pool."""
    step_walks(state.rng, state.flutter)
    step_walks(state.rng, state.surge)
    # A thin veil parts into strands of its own life; a torrent is one.
    life = 1.3 - 0.6 * flow
    moved = 10.0 ** (life * (state.flutter[:, 0] + state.surge[:, 0]) / 10.0)
    rush = (state.sides * moved) @ state.strands * _RUSH
    pool_db = -4.0 + 14.0 * height + 4.0 * flow + step_walks(state.rng, state.boom)
    spray_db = -16.0 + 22.0 * spray + 1.5 * step_walks(state.rng, state.veil)
    total = rush + 10.0 ** (pool_db / 10.0) * _POOL + 10.0 ** (spray_db / 10.0) * _SPRAY
    np.sqrt(total, out=state.gains)
    state.gains *= level


def _render(state: _State, controls: Sequence[float], out: Samples) -> None:
    flow, height, spray, _, _ = controls
    drift = 10.0 ** (step_walks(state.rng, state.drift) / 20.0)
    level = drift * 10.0 ** ((-36.5 + 17.0 * flow - 6.0 * spray * spray) / 20.0) * 1.9
    _paint(state, flow, height, spray, level)
    render_bed(state.bed, state.gains, out)
    boil = 10.0 ** (state.boom[2, 0] / 20.0)
    scatter(state.parcels, _parcels(), heavy_tail(), rate_hz=(14.0 + 90.0 * flow) * boil,
            gain=level * (2.0 + 3.0 * height), spread=0.7, out=out)  # fmt: skip
    scatter(state.drops, _drops(), heavy_tail(), rate_hz=150.0 + 900.0 * spray * (0.5 + flow),
            gain=level * 3.0 ** (1.0 - flow) * (0.5 + 0.6 * spray), spread=1.0, out=out)  # fmt: skip
    rows = state.populations
    rows[0, bub.RATE_HZ], rows[1, bub.RATE_HZ] = 6.0 + 30.0 * flow, 25.0 + 120.0 * flow
    rows[:, bub.GAIN] = level * (0.12 + 0.2 * height)
    pour(state.plunge, rows, tilt=0.1, tail=2.4, gap_s=0.03, out=out)
    finish(out, 0.0, state.outlet)


WATERFALL: Final = Synth(
    name="waterfall",
    summary="A waterfall, from a thin veil to a cataract: strands that break, spray, a pool that booms.",
    tags=("water", "nature", "fall", "cascade"),
    kind="bed",
    controls=(
        Control(
            name="flow",
            at_0="a veil that patters",
            at_half="a fall that rushes",
            at_1="a cataract that roars",
            default=0.5,
            smooth_s=1.5,
        ),
        Control(
            name="height",
            at_0="a step in a brook, no boom",
            at_half="a few metres into a pool",
            at_1="a high cliff: the ground trembles",
            default=0.5,
            smooth_s=1.5,
        ),
        Control(
            name="spray",
            at_0="a smooth sheet, dull",
            at_half="it breaks on rocks",
            at_1="blown to spray, all hiss",
            default=0.4,
            smooth_s=1.0,
        ),
        *placed("at the foot of it", "down the gorge", "a roar beyond the woods"),
    ),
    reach=Reach(near_m=6.0, far_m=500.0, open_m=60.0),
    source="Galbrun & Ali (2013) on how flow and height shape the sound of falling water; van den Doel (2005).",
    start=_start,
    render=_render,
)
