"""One piece of work, as it travels to whoever does it, and what comes back."""

import copyreg
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from roomtone.bake.order import Channels, Format
from roomtone.scene.model import Scene
from roomtone.texture.measures import Seam

# Scenes hold read-only mappings, which pickle does not know by itself.
copyreg.pickle(MappingProxyType, lambda mapping: (MappingProxyType, (dict(mapping),)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clips:
    """Where the clips of prompts are."""

    models_dir: Path
    cache_dir: Path
    default_model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderJob:
    """One sound to render and measure.

    Attributes:
        key: its fingerprint.
        about: for people: `rainy_street/window@storm`.
        scene: whole, as its layers share its state.
        layer: which of them; empty for the mix of all.
        values: of the parameters.
        seed: of the performance.
        seconds: how long; a loop is at most this long.
        loop: whether it closes on itself.
        clips: None where nothing of it is made by a model.
    """

    key: str
    about: str
    scene: Scene
    layer: str
    values: Mapping[str, float]
    seed: int
    seconds: float
    loop: bool
    clips: Clips | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was measured of a rendered sound, before any gain.

    Attributes:
        key: of its job.
        frames, channels: at 48 kHz.
        silent: whether there is nothing to hear: then there is no file either.
        first_frame: of the live stream that its first frame is.
        loudness_lufs: integrated, gated (BS.1770); None where all of it is too faint to count.
        true_peak_db: oversampled four times.
        seam: of a loop.
        exact_again_s, alike_again_s: the shortest time after which half a second is heard again; None for never.
        events: (frame, x, y, z) where a scattered layer's events are, in metres from the listener.
        source: `synths`, `clips`, a model's name, or `stand_in`.
    """

    key: str
    frames: int
    channels: int
    silent: bool
    first_frame: int
    loudness_lufs: float | None
    true_peak_db: float
    seam: Seam | None
    exact_again_s: float | None
    alike_again_s: float | None
    events: tuple[tuple[int, float, float, float], ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodeJob:
    """One file to write of a rendered sound.

    Attributes:
        key: fingerprint of the file.
        heard: of what.
        path: where the file goes, below the order's folder.
        gain_db: put on everything.
        true_peak_db: what the file must not go over, whatever its format does to it.
        loop: whether to write loop points.
        tags: metadata for the file.
        picture: whether to draw a spectrogram for the report.
    """

    key: str
    heard: Heard
    path: str
    gain_db: float
    true_peak_db: float
    format: Format
    rate_hz: int
    channels: Channels
    loop: bool
    tags: Mapping[str, str]
    picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file as it was written, decoded again and measured.

    Attributes:
        path: below the order's folder.
        sha256, size_bytes: of the file.
        frames, channels, rate_hz: of what is in it.
        loudness_lufs, true_peak_db: of what is in it.
        gain_db: that was put on it.
    """

    path: str
    key: str
    sha256: str
    size_bytes: int
    frames: int
    channels: int
    rate_hz: int
    loudness_lufs: float | None
    true_peak_db: float
    gain_db: float


def to_record(result: Heard | Written) -> dict[str, Any]:
    """Write a result as JSON can hold it."""
    return asdict(result)


def heard_from(record: Mapping[str, Any]) -> Heard:
    """Read what `to_record` wrote.

    Raises:
        TypeError, KeyError: it is something else.
    """
    seam, events = record["seam"], record["events"]
    return Heard(
        **{
            **record,
            "seam": Seam(**seam) if seam else None,
            "events": tuple((int(frame), float(x), float(y), float(z)) for frame, x, y, z in events),
        }
    )
