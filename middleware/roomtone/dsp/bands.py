"""Gains of a bed's bands from layers that a synth sets anew at each block: how loud, how tilted, how stirred."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.bed import BED_BANDS
from roomtone.dsp.kernel import kernel

Curve: TypeAlias = NDArray[np.float64]
"""`(BED_BANDS,)`: a value for each band."""

_FLAT: Final = np.zeros(BED_BANDS)
_CALM: Final = np.zeros((1, 1))
# Three layers and two tilts are the most that any sound has, so that all share one compiled kernel.
_MOST_LAYERS: Final = 3
_MOST_TILTS: Final = 2


@dataclass(frozen=True, slots=True)
class Bands:
    """The layers of one bed, and room for its gains.

    Attributes:
        shapes: (3, BED_BANDS) amplitude, or power, of each layer at level 1.
        reaches: (3, BED_BANDS) how much of the stir reaches each layer's bands.
        tilts_db: (2, BED_BANDS) curves that bend all layers.
        nepers_per_db: of the shapes' unit.
        gains: (BED_BANDS,) amplitude, overwritten at each block.
    """

    shapes: NDArray[np.float64]
    reaches: NDArray[np.float64]
    tilts_db: NDArray[np.float64]
    nepers_per_db: float
    gains: Curve


def bands_state(
    shapes: Sequence[Curve],
    *,
    reaches: Sequence[Curve] = (),
    tilts_db: Sequence[Curve] = (),
    power: bool = False,
) -> Bands:
    """Start a bed of up to three layers.

    Args:
        shapes: each layer at level 1; a shape may be a row that its owner keeps changing in `Bands.shapes`.
        reaches: for each layer, what share of the stir reaches its bands; by default none.
        tilts_db: up to two curves that bend all layers, by amounts set at each block.
        power: whether shapes and levels are powers, which add up where noises are independent, or amplitudes.
    """
    return Bands(
        shapes=_rows(shapes, _MOST_LAYERS),
        reaches=_rows(reaches, _MOST_LAYERS),
        tilts_db=_rows(tilts_db, _MOST_TILTS),
        nepers_per_db=math.log(10.0) / (10.0 if power else 20.0),
        gains=np.zeros(BED_BANDS),
    )


def _rows(curves: Sequence[Curve], most: int) -> NDArray[np.float64]:
    return np.stack((*curves, *[_FLAT] * (most - len(curves))))


@kernel
def _layer(
    shapes: NDArray[np.float64],
    reaches: NDArray[np.float64],
    tilts_db: NDArray[np.float64],
    nepers_per_db: float,
    levels: tuple[float, ...],
    tilts: tuple[float, ...],
    stir_db: NDArray[np.float64],
    gains: Curve,
) -> None:
    bands, last = len(gains), len(stir_db) - 1
    for b in range(bands):
        at = b * last / (bands - 1.0)
        below = min(int(at), max(last - 1, 0))
        stir = stir_db[below, 0] + (at - below) * (stir_db[min(below + 1, last), 0] - stir_db[below, 0])
        total = 0.0
        for k in range(len(levels)):
            part = levels[k] * shapes[k, b]
            if part != 0.0 and reaches[k, b] != 0.0:
                part *= np.exp(nepers_per_db * reaches[k, b] * stir)
            total += part
        total *= np.exp(nepers_per_db * (tilts[0] * tilts_db[0, b] + tilts[1] * tilts_db[1, b]))
        gains[b] = total if nepers_per_db < 0.2 else np.sqrt(total)


def layer_bands(
    bands: Bands,
    levels: tuple[float, ...],
    *,
    tilts: tuple[float, ...] = (),
    stir_db: NDArray[np.float64] = _CALM,
) -> Curve:
    """Add up the layers for one block.

    Args:
        bands: from `bands_state`.
        levels: of each layer.
        tilts: how much of each tilt.
        stir_db: (n, any) what moves the layers, in the first column, as in `Walks`: at n places evenly spaced over
            the bands, from the lowest to the highest.

    Returns:
        (BED_BANDS,) amplitude, for `render_bed`; valid until the next call.
    """
    three, two = (*levels, 0.0, 0.0)[:3], (*tilts, 0.0, 0.0)[:2]
    _layer(bands.shapes, bands.reaches, bands.tilts_db, bands.nepers_per_db, three, two, stir_db, bands.gains)
    return bands.gains
