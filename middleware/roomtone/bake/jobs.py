"""One piece of work, as it travels to whoever does it, and what comes back."""

import copyreg
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from roomtone.bake.order import Channels, Format
from roomtone.models.library import Installed
from roomtone.scene.model import Placement, Scene
from roomtone.texture.measures import Seam


def _read_only(values: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType(values)


# Scenes hold read-only mappings, which pickle does not know by itself.
copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))

Event: TypeAlias = tuple[int, float, float, float]
"""A frame, and where in metres from the listener a scattered layer sounds from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clips:
    """The clips of prompts that a job may use, and where they are.

    Attributes:
        models: who made them; they need not be where the job is done.
        keys: no others are used, whatever the cache has: a job sounds the same wherever it is done.
    """

    models: tuple[Installed, ...]
    cache_dir: Path
    default_model: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderJob:
    """One sound to render and measure.

    Attributes:
        key: its fingerprint.
        about: for people: `rainy_street/window@storm`.
        scene: with no more in it than what has a hand in the sound.
        layer: which of its layers; empty for the mix of all.
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
        events: of a scattered layer.
        source: `synths`, `clips`, `model`, or `stand_in`.
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
    events: tuple[Event, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A rendered layer in a mix."""

    placement: Placement
    heard: Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class MixJob:
    """Rendered layers to be heard together, as a game that stands at the origin hears them."""

    key: str
    about: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What was measured of a mix, before any gain; as in `Heard`."""

    key: str
    loudness_lufs: float | None
    true_peak_db: float


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

    @property
    def about(self) -> str:
        """For people."""
        return self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file as it was written, decoded again and measured.

    Attributes:
        path: below the order's folder.
        sha256, size_bytes: of the file.
        frames, channels, rate_hz: of what is in it.
        loudness_lufs, true_peak_db: of what is in it.
        gain_db: that was put on it.
        seam: of the loop that is in it.
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
    seam: Seam | None


Job: TypeAlias = RenderJob | MixJob | EncodeJob
Result: TypeAlias = Heard | Together | Written


def to_record(result: Result) -> dict[str, Any]:
    """Write a result as JSON can hold it."""
    return {"is": type(result).__name__, **asdict(result)}


def from_record(record: Mapping[str, Any]) -> Result:
    """Read what `to_record` wrote.

    Raises:
        TypeError, KeyError, ValueError: it is something else.
    """
    fields = dict(record)
    kind = fields.pop("is")
    if fields.get("seam"):
        fields["seam"] = Seam(**fields["seam"])
    if kind == "Together":
        return Together(**fields)
    if kind == "Written":
        return Written(**fields)
    fields["events"] = tuple((int(at), float(x), float(y), float(z)) for at, x, y, z in fields["events"])
    return Heard(**fields)
