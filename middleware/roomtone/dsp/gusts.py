"""Wind as it moves: gusts and lulls that reach every band and either side a little later than the last."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S
from roomtone.dsp.bed import BED_BANDS
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, exponential, pareto, rng_state, uniform
from roomtone.dsp.slow import Walks, step_walks, walks_state

_HISTORY: Final = 512
_MASK: Final = _HISTORY - 1
LATEST_S: Final = (_HISTORY - 2) * BLOCK_S
"""How late a gust may be known."""

# High bands answer last: a gust is first felt, then heard in what it shakes.
_BAND_LAG_BLOCKS: Final = 0.45 / BLOCK_S
_SIDE_LAG_BLOCKS: Final = 0.25 / BLOCK_S
_EVENT_EVERY_S: Final = 6.0
# Turbulence takes part of the wind's power with it: a lull is deeper than a gust is high.
_GUST_BEND_DB: Final = 9.0

# Places in the row of the running gust.
_WAIT_S, _RISE_S, _DECAY_S, _GOAL_DB, _NOW_DB, _LEFT_S = range(6)


@dataclass(slots=True)
class Gusts:
    """The state of one wind: slow walks, the running gust, what was blown lately, and turbulence by band."""

    rng: Rng
    walks: Walks
    event: NDArray[np.float64]
    history_db: NDArray[np.float64]
    at: NDArray[np.int64]
    side: Walks
    eddies: Walks
    gains: NDArray[np.float64]


def gusts_state(seed: int, *path: str | int, channels: int = 2) -> Gusts:
    """Start a wind that has been blowing for a while.

    Args:
        seed: see `rng_state`.
        *path: see `rng_state`.
        channels: of the gains that it gives.
    """
    rng = rng_state(seed, *path, "gusts")
    taus_s, sigmas_db = np.array([8.0, 3.0, 1.0, 0.35]), np.array([3.0, 2.4, 0.5, 0.35])
    gusts = Gusts(
        rng=rng,
        walks=walks_state(rng, tau_s=taus_s, sigma=sigmas_db),
        event=np.array([4.0, 1.0, 2.0, 0.0, 0.0, 0.0]),
        history_db=np.zeros(_HISTORY),
        at=np.zeros(1, np.int64),
        side=walks_state(rng, tau_s=np.array([4.0]), sigma=np.array([0.5])),
        eddies=walks_state(
            rng, tau_s=np.geomspace(0.7, 0.04, BED_BANDS), sigma=np.linspace(0.8, 1.8, BED_BANDS)
        ),
        gains=np.zeros((channels, BED_BANDS)),
    )
    for _ in range(_HISTORY):
        _blow(gusts.rng, gusts.walks, gusts.event, gusts.history_db, gusts.at)
    return gusts


@kernel
def _step_event(rng: Rng, event: NDArray[np.float64]) -> float:
    event[_WAIT_S] -= BLOCK_S
    if event[_WAIT_S] <= 0.0:
        event[_WAIT_S] = _EVENT_EVERY_S * (0.35 + 0.65 * exponential(rng))
        event[_RISE_S] = 0.6 + 1.2 * uniform(rng)
        event[_DECAY_S] = 1.5 + 3.0 * uniform(rng)
        event[_GOAL_DB] = min(8.0, 0.5 + 1.5 * pareto(rng, 1.6, 6.0))
        event[_LEFT_S] = event[_RISE_S]
    event[_LEFT_S] -= BLOCK_S
    if event[_LEFT_S] > 0.0:
        event[_NOW_DB] += (event[_GOAL_DB] - event[_NOW_DB]) * BLOCK_S / (0.5 * event[_RISE_S])
    else:
        event[_NOW_DB] -= event[_NOW_DB] * BLOCK_S / event[_DECAY_S]
    return float(event[_NOW_DB])


@kernel
def _blow(
    rng: Rng, walks: Walks, event: NDArray[np.float64], history_db: NDArray[np.float64], at: NDArray[np.int64]
) -> None:
    gust_db = step_walks(rng, walks) + _step_event(rng, event)
    at[0] += 1
    history_db[at[0] & _MASK] = gust_db


@kernel
def _recent(history_db: NDArray[np.float64], at: int, lag_blocks: float) -> float:
    whole = int(lag_blocks)
    part = lag_blocks - whole
    newer, older = history_db[(at - whole) & _MASK], history_db[(at - whole - 1) & _MASK]
    return float(newer + part * (older - newer))


@kernel
def bent_gust_db(gust_db: float) -> float:
    """Bend a gust so that lulls are deeper than gusts are high; 9 dB above is the most there is."""
    return gust_db if gust_db < 0.0 else gust_db / (1.0 + gust_db / _GUST_BEND_DB)


@kernel
def _trail(
    history_db: NDArray[np.float64],
    at: int,
    lags_blocks: NDArray[np.float64],
    depth: float,
    heights_db: NDArray[np.float64],
) -> None:
    for k in range(len(lags_blocks)):
        heights_db[k] = bent_gust_db(depth * _recent(history_db, at, lags_blocks[k]))


@kernel
def _step(
    rng: Rng,
    walks: Walks,
    event: NDArray[np.float64],
    history_db: NDArray[np.float64],
    at: NDArray[np.int64],
    side: Walks,
    eddies: Walks,
    levels_db: NDArray[np.float64],
    depth: float,
    gains: NDArray[np.float64],
) -> float:
    _blow(rng, walks, event, history_db, at)
    step_walks(rng, eddies)
    lean = min(max(step_walks(rng, side), -1.0), 1.0)
    channels, bands = gains.shape
    for c in range(channels):
        late = _SIDE_LAG_BLOCKS * (0.5 + 0.5 * lean * (1.0 - 2.0 * c)) if channels == 2 else 0.0
        for b in range(bands):
            height = b / (bands - 1.0)
            gust_db = bent_gust_db(depth * _recent(history_db, at[0], late + _BAND_LAG_BLOCKS * height))
            answer_db = (0.85 + 0.25 * height) * gust_db + min(depth, 1.5) * eddies[b, 0]
            gains[c, b] = 10.0 ** ((levels_db[b] + answer_db) / 20.0)
    return bent_gust_db(depth * _recent(history_db, at[0], 0.5 * _BAND_LAG_BLOCKS))


def step_gusts(gusts: Gusts, levels_db: NDArray[np.float64], depth: float) -> float:
    """Blow for one block: sets `gusts.gains`, (channels, BED_BANDS) linear, for `render_bed`.

    Args:
        gusts: from `gusts_state`.
        levels_db: (BED_BANDS,) each band's level in the mean wind.
        depth: 0 (steady) to 2 (squalls); 1 is an open field.

    Returns:
        How far the wind stands above its mean now, in dB, at most 9.
    """
    state = (gusts.rng, gusts.walks, gusts.event, gusts.history_db, gusts.at, gusts.side, gusts.eddies)
    return float(_step(*state, levels_db, depth, gusts.gains))


def trail_gusts(
    gusts: Gusts, lags_s: NDArray[np.float64], depth: float, heights_db: NDArray[np.float64]
) -> None:
    """Tell how far the wind stands above its mean in places that a gust reaches late.

    Args:
        gusts: from `gusts_state`, stepped for this block.
        lags_s: (places,) how late, at most `LATEST_S`.
        depth: as for `step_gusts`.
        heights_db: (places,), overwritten; each at most 9.
    """
    _trail(gusts.history_db, int(gusts.at[0]), lags_s / BLOCK_S, depth, heights_db)
