"""Drips in a room: a tap, a puddle under a roof, a cave where it drips from everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import bubbles as bub
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.bubbles import Bubbles, bubbles_state, pour
from roomtone.dsp.dripping import Drips, drip, drips_state
from roomtone.dsp.grains import Grains, bursts, grains_state, heavy_tail, scatter, unit_energy
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.synths.model import Control, Reach, Synth, placed

_PLACES: Final = 9
_SLOWEST_HZ: Final = 0.3
_FASTEST: Final = 32.0
# Below this the tap closes.
_CLOSING: Final = 0.06

# The air of a damp place: faint, and the only thing between two drops where nothing seeps.
_AIR: Final = amplitude((45, 0), (200, -5), (900, -12), (4000, -21), (12e3, -34), (2e4, -50))
# Water that runs down walls as a film, and the fine drops that leave it.
_FILM: Final = amplitude(
    (45, -40), (200, -26), (600, -10), (1200, -2), (3000, 0), (7000, -3), (12e3, -10), (2e4, -26)
)
_FINE, _COARSE = range(2)
_OPEN_HZ: Final = 16_000.0
# Water gathers and runs dry over minutes: dB of the rate.
_TAUS_S: Final = np.array([90.0, 15.0])
_SIGMAS: Final = np.array([1.2, 0.8])


@dataclass(slots=True)
class _State:
    rng: Rng
    drips: Drips
    air: Bed
    bands: Bands
    seep: Bubbles
    ticks: Grains
    populations: NDArray[np.float64]
    trickle: Walks
    tiles: Reverb
    cave: Reverb
    mood: Walks
    struck: bool


@cache
def _ticks() -> Samples:
    """Make fine drops that hit wet stone: each is heard from top to bottom at once."""
    rng = np.random.default_rng(0xD21B)
    body = bursts(rng, 48, 240, low_hz=1_800.0, high_hz=3_000.0, tau_s=0.0006)
    edge = bursts(rng, 48, 240, low_hz=5_000.0, high_hz=9_000.0, tau_s=0.0004)
    return unit_energy(np.asarray(body + edge, np.float64))


def _start(seed: int) -> _State:
    rng = rng_state(seed, "drips")
    populations = np.zeros((2, bub.COLUMNS))
    populations[:, bub.OCTAVE] = (4.5, 3.2)
    populations[:, bub.SPREAD] = (0.55, 0.45)
    populations[:, bub.WIDTH] = (1.0, 0.9)
    populations[:, bub.CHAIN] = (0.3, 0.8)
    return _State(
        rng=rng,
        drips=drips_state(seed, "drips", places=_PLACES),
        air=bed_state(seed, "drips"),
        bands=bands_state([_AIR, _FILM], reaches=[0.0 * _AIR, np.ones(BED_BANDS)]),
        seep=bubbles_state(seed, "drips", channels=2),
        ticks=grains_state(seed, "drips", longest_frames=240, channels=2),
        populations=populations,
        trickle=walks_state(rng, tau_s=np.array([0.08, 0.3, 1.5, 9.0]), sigma=np.array([1.0, 1.0, 1.0, 1.0])),
        tiles=reverb_state(decay_s=0.6, longest_s=0.022, dull_hz=7_000.0),
        cave=reverb_state(decay_s=3.4, longest_s=0.08, dull_hz=4_500.0),
        mood=walks_state(rng, tau_s=_TAUS_S, sigma=_SIGMAS),
        struck=False,
    )


def _seep(state: _State, opening: float, seep: float, room: float, out: Samples) -> None:
    """Overwrite `out` with what lies between the drops."""
    surge = 10.0 ** (step_walks(state.rng, state.trickle) / 20.0)
    film = 0.0215 * opening * seep * seep
    levels = (0.013 * opening * (0.5 + room), film)
    render_bed(state.air, layer_bands(state.bands, levels, stir_db=state.trickle), out)
    rows = state.populations
    rows[_FINE, bub.RATE_HZ] = 90.0 * opening * seep * surge
    rows[_COARSE, bub.RATE_HZ] = 40.0 * opening * seep * surge
    rows[:, bub.GAIN] = 0.037 * opening * seep
    pour(state.seep, rows, tilt=0.0, tail=2.2, gap_s=0.03, out=out)
    scatter(
        state.ticks,
        _ticks(),
        heavy_tail(1.8),
        rate_hz=300.0 * opening * seep * surge,
        gain=0.25 * seep,
        spread=1.0,
        out=out,
    )


def _render(state: _State, controls: Sequence[float], out: Samples) -> None:
    rate, depth, seep, room, _, _ = controls
    mood = step_walks(state.rng, state.mood)
    opening = min(1.0, rate / _CLOSING)
    _seep(state, opening, seep, room, out)
    drip(
        state.drips,
        rate_hz=opening * _SLOWEST_HZ * _FASTEST**rate * 10.0 ** (mood / 20.0),
        company=rate,
        depth=depth,
        gain=0.62,
        struck=state.struck,
        out=out,
    )
    state.struck = False
    surround(
        state.tiles,
        state.drips.send,
        wet=0.35 * min(1.0, 2.0 * room) * (1.2 - room),
        air_hz=_OPEN_HZ,
        out=out,
    )
    surround(state.cave, state.drips.send, wet=0.3 * room * room, air_hz=_OPEN_HZ, out=out)


def _strike(state: _State) -> None:
    state.struck = True


DRIPS: Final = Synth(
    name="drips",
    summary="Water that drips, drop by drop: from a tap, into a puddle, all over a cave.",
    tags=("water", "cave", "tap", "dungeon", "leak"),
    kind="bed",
    controls=(
        Control(
            name="rate",
            at_0="only when struck",
            at_half="a drop or two a second, from a few places",
            at_1="a patter from all sides",
            default=0.4,
            smooth_s=1.0,
        ),
        Control(
            name="depth",
            at_0="on stone: ticks, no water",
            at_half="into a puddle: it plinks",
            at_1="into a deep pool: it plonks",
            default=0.6,
            smooth_s=0.5,
            names=(("stone", 0.0), ("puddle", 0.5), ("pool", 1.0)),
        ),
        Control(
            name="seep",
            at_0="nothing between the drops",
            at_half="water seeps down the walls",
            at_1="it trickles everywhere",
            default=0.3,
            smooth_s=1.0,
        ),
        Control(
            name="room",
            at_0="dry, under the open sky",
            at_half="a tiled room",
            at_1="a cave that rings for seconds",
            default=0.5,
            smooth_s=1.0,
        ),
        *placed("within reach", "down the passage", "deep in the dark"),
    ),
    reach=Reach(near_m=1.5, far_m=60.0, open_m=10.0),
    source="Phillips, Agarwal & Jordan (2018) on dripping taps; van den Doel (2005), Minnaert (1933) for the bubble.",
    start=_start,
    render=_render,
    strike=_strike,
)
