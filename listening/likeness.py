"""How far a sound is from real recordings of its kind, and in what.

`reference.npz` holds, for 22 kinds of sound, what `texture` measures of 643 windows of 160 real recordings: where
the middle is and how far recordings differ, and no audio. Typical is necessary, not sufficient: steady noise of the
right spectrum looks typical in most families, and what it lacks is in `level`, `crossband`, `modcorr` and the slow
`modulation`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from listening.texture import FAMILIES, STATISTICS, Signal, statistics

_FILE: Final = Path(__file__).with_name("reference.npz")
# Above this the texture of many small events stands out from the bed.
_LIVELY_HZ: Final = 2_000.0
_WORST: Final = 14
# What a codec did to a recording is no sound: the only recording of frogs has holes above 6 kHz, where no air has any.
# How far real windows stand from the mean is without it, too.
_LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {"frogs": ("short-term flatness 6070-10570 Hz",)}

_LABEL: Final = np.array([each.label for each in STATISTICS])
_FAMILY: Final = np.array([each.family for each in STATISTICS])
_LIVELY: Final = np.array(
    [each.label.startswith("log sparsity") and each.hz >= _LIVELY_HZ for each in STATISTICS]
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What real recordings of one kind are like.

    Attributes:
        mean, spread: (statistics,) of recordings, each recording counting once.
        low, high: (statistics,) 10th and 90th percentile of windows.
        family: (families, 3) how far real windows stand from the mean: 10th, 50th and 90th percentile.
        liveliness: (3,) the same percentiles of what `Judgement.liveliness` says.
        windows, recordings: how many this is from.
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    family: NDArray[np.float64]
    liveliness: NDArray[np.float64]
    windows: int
    recordings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One family: how far off, beside how far real recordings are (10th, 50th, 90th percentile)."""

    family: str
    own: float
    real: tuple[float, float, float]

    @property
    def is_usual(self) -> bool:
        """Whether a real recording could stand as far off."""
        return self.own <= self.real[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """One statistic that is off."""

    label: str
    own: float
    low: float
    high: float
    deviation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How a sound compares with one kind.

    Attributes:
        kind: the intended one.
        nearest: (kind, distance), the nearest first.
        families: how far off each family is.
        liveliness: mean log sparsity above 2 kHz: noise is 1.1, single events among little are 4.
        lively: 10th, 50th and 90th percentile of real windows.
        worst: the statistics furthest off.
        left_out: statistics that do not count, for what they say of the recordings is not of the sound.
    """

    kind: str
    nearest: tuple[tuple[str, float], ...]
    families: tuple[Deviation, ...]
    liveliness: float
    lively: tuple[float, float, float]
    worst: tuple[Off, ...]
    left_out: tuple[str, ...]

    @property
    def rank(self) -> int:
        """1 where the intended kind is the nearest."""
        return 1 + [name for name, _ in self.nearest].index(self.kind)

    @property
    def verdict(self) -> str:
        """Say whether the sound is as eventful as real ones."""
        low, _, high = self.lively
        if self.liveliness < low:
            return "too smooth"
        return "too sparse" if self.liveliness > high else "within the real range"


@cache
def kinds() -> dict[str, Kind]:
    """Read what real recordings are like."""
    with np.load(_FILE) as found:
        rows = {name: found[name] for name in found.files}
    return {
        str(name): Kind(
            *(
                rows[field][i].astype(np.float64)
                for field in ("mean", "spread", "low", "high", "family", "liveliness")
            ),
            windows=int(rows["windows"][i]),
            recordings=int(rows["recordings"][i]),
        )
        for i, name in enumerate(rows["kinds"])
    }


def measure(windows: Sequence[Signal]) -> NDArray[np.float64] | None:
    """Measure windows from `texture.windows`: the median of each statistic; None where all are silent."""
    rows = [row for each in windows if (row := statistics(each)) is not None]
    return np.median(rows, axis=0) if rows else None


def nearest(measured: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    """Order the kinds of real sound by their distance from what was measured."""
    distances = {
        name: float(np.sqrt(np.mean(((measured - kind.mean) / kind.spread) ** 2)))
        for name, kind in kinds().items()
    }
    return tuple(sorted(distances.items(), key=lambda each: each[1]))


def judge(measured: NDArray[np.float64], kind: str) -> Judgement:
    """Hold what was measured against one kind.

    Raises:
        KeyError: there are no recordings of that kind.
    """
    real, left_out = kinds()[kind], _LEFT_OUT.get(kind, ())
    off = np.where(np.isin(_LABEL, left_out), np.nan, (measured - real.mean) / real.spread)
    families = tuple(
        Deviation(
            family=name,
            own=float(np.sqrt(np.nanmean(off[name == _FAMILY] ** 2))),
            real=tuple(real.family[i].tolist()),
        )
        for i, name in enumerate(FAMILIES)
    )
    worst = tuple(
        Off(label=STATISTICS[i].label, own=float(measured[i]), low=float(real.low[i]), high=float(real.high[i]),
            deviation=float(off[i]))
        for i in np.argsort(-np.nan_to_num(np.abs(off)))[:_WORST]
    )  # fmt: skip
    return Judgement(
        kind=kind,
        nearest=nearest(measured),
        families=families,
        liveliness=float(measured[_LIVELY].mean()),
        lively=tuple(real.liveliness.tolist()),
        worst=worst,
        left_out=left_out,
    )
