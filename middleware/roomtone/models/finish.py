"""The gate between a model and the cache: a clip is measured, mended, set to a level, or refused with the reason.

What is right stays as it is: of a clean clip at 48 kHz nothing changes but its gain.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from roomtone.audio import Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of a clip and what was done to it.

    Attributes:
        lufs_before, lufs: integrated loudness as the model made it, and as it is kept.
        gain_db: what lies between.
        below_target_db: how far it stays below the wanted loudness because its peaks allow no more: it is not
            squashed.
        true_peak_db: as it is kept.
        crest_db: peak above level.
        dc_db: the offset that it was made with.
        rumble_db: the share of its power below 20 Hz as it was made.
        is_rumble_removed: whether that was too much.
        band_limit_hz: above it there is nothing to hear.
        hum_hz: 50 or 60 where it hums like mains; else 0.
        clipped_share: of its samples as it was made.
        limited_overs: lone samples beyond full scale that were brought back to it.
        made_rate_hz: of the model.
        trimmed_head_s, trimmed_tail_s, trimmed_s: silence and fades that were cut off.
        silence_share: of what is kept.
        seconds: of what is kept.
        edges: `raw`: an end was cut and not faded, because nothing plays it; `closed`: the end goes on into the
            beginning.
    """

    lufs_before: float
    lufs: float
    gain_db: float
    below_target_db: float
    true_peak_db: float
    crest_db: float
    dc_db: float
    rumble_db: float
    is_rumble_removed: bool
    band_limit_hz: float
    hum_hz: float
    clipped_share: float
    limited_overs: int
    made_rate_hz: int
    trimmed_head_s: float
    trimmed_tail_s: float
    trimmed_s: float
    silence_share: float
    seconds: float
    edges: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A clip that may be kept: (frames, 1 or 2) float32 at 48 kHz within ±1, and what was measured."""

    samples: Samples
    measures: Measures

    @property
    def notes(self) -> Mapping[str, Any]:
        """Give the measures as plain values, as the cache keeps them."""
        return asdict(self.measures)


def finish(
    samples: Samples, rate_hz: int, *, seconds: float, loop: bool = False, target_lufs: float = -23.0
) -> Finished:
    """Take a clip through the gate.

    Args:
        samples: (frames, 1 or 2) float32 as the model made them.
        rate_hz: of the model.
        seconds: what was asked for.
        loop: whether the end goes on into the beginning: then it still does, and nothing is cut off.
        target_lufs: the wanted loudness. True peaks stay below -1 dB.

    Raises:
        ModelError: `clip.shape`, `clip.rate`, `clip.not-finite`, `clip.too-long`, `clip.too-short`, `clip.silent`,
            `clip.clipped`, `clip.dull`.
    """
    # scipy takes a second to import, which is not to be spent by who only names this module.
    from roomtone.models.finish_steps import taken_through  # noqa: PLC0415

    return taken_through(samples, rate_hz, seconds=seconds, loop=loop, target_lufs=target_lufs)
