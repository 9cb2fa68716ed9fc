"""Every message of the protocol, one frozen dataclass each. The text of record is `protocol/SPEC.md`.

A message's name on the wire is the class name in snake_case, in field `t`. Client and daemon speak through one
DEALER-ROUTER pair; a request carries an `id` of the client's choice, and its answer or error carries the same `id`.
Frames are absolute: they count 48 kHz frames since the scene was opened for this client.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

PROTOCOL_VERSION: int = 1

SampleFormat: TypeAlias = Literal["f32", "s16"]
Vector: TypeAlias = tuple[float, float, float]


# What a client says ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Opens or resumes a session: always the first message of a connection.

    Attributes:
        versions: protocol versions that the client speaks.
        client: its name and version, for the daemon's log.
        token: the daemon's access token, where one is configured.
        session: the secret of an earlier `Welcome`, to resume it; empty for a new session.
    """

    id: int
    versions: tuple[int, ...]
    client: str = ""
    token: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenScene:
    """Opens a scene: its clock starts at `first_frame`, its parameters at `values` over the file's defaults."""

    id: int
    name: str
    seed: int | None = None
    first_frame: int = 0
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseScene:
    """Ends a scene and every layer of it."""

    id: int
    scene: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLayer:
    """Asks for one layer's samples. `channels` 0 takes what the layer has; 1 or 2 converts."""

    id: int
    scene: int
    layer: str
    format: SampleFormat = "f32"
    channels: Literal[0, 1, 2] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseLayer:
    """Ends one stream."""

    id: int
    stream: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Moves parameters, all at the same frame: at `at_frame` if that is still ahead, else at the next block."""

    id: int
    scene: int
    values: dict[str, float]
    at_frame: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Morph:
    """Moves every parameter of a mood there over `over_s` seconds, whatever their rise and fall."""

    id: int
    scene: int
    mood: str
    over_s: float
    at_frame: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Lets the daemon send frames before `until_frame`; frames before `received_frame` need never be sent again."""

    scene: int
    until_frame: int
    received_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Says where the listener is (metres, y up) so that layers out of reach need not be rendered."""

    scene: int
    at_m: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class GetStats:
    """Asks how the daemon is doing for this client."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bye:
    """Ends the session (from the client), or says that the daemon ends it and why (from the daemon)."""

    reason: str = ""


# What the daemon says ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneResume:
    """One scene of a resumed session: `next_frame` is the first frame that will be sent."""

    scene: int
    name: str
    next_frame: int
    streams: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Answers `Hello`.

    Attributes:
        session: the secret with which to resume.
        resumed: whether the named session lived on; `scenes_open` then says where each stands.
        max_ahead_frames: how far beyond `received_frame` credit counts.
        linger_s: how long a session outlives its connection.
        scenes: names that can be opened.
    """

    id: int
    version: int
    server: str
    session: str
    resumed: bool
    rate_hz: int
    block_frames: int
    max_ahead_frames: int
    linger_s: float
    scenes: tuple[str, ...]
    scenes_open: tuple[SceneResume, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterInfo:
    """One parameter, as an engine shows it."""

    name: str
    value: float
    default: float
    low: float
    high: float
    unit: str
    wraps: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementInfo:
    """Where a layer belongs. Unused fields of a kind are zero.

    `near_m` is the distance of full level (an area's radius), `reach_m` where it is gone.
    """

    kind: Literal["bed", "point", "area", "scatter"]
    at_m: Vector = (0.0, 0.0, 0.0)
    near_m: float = 0.0
    reach_m: float = 0.0
    distance_m: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerInfo:
    """One layer that can be opened."""

    name: str
    channels: int
    placement: PlacementInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneOpened:
    """Answers `OpenScene`: the handle, and everything an engine needs to place and steer it."""

    id: int
    scene: int
    name: str
    first_frame: int
    parameters: tuple[ParameterInfo, ...]
    moods: tuple[str, ...]
    layers: tuple[LayerInfo, ...]
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneClosed:
    """Answers `CloseScene`, or says that the scene's file is gone."""

    id: int
    scene: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerOpened:
    """Answers `OpenLayer`: samples of `stream` begin at `first_frame`."""

    id: int
    scene: int
    stream: int
    layer: str
    format: SampleFormat
    channels: int
    first_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerClosed:
    """Answers `CloseLayer` (or, with id 0, says that a reload removed the layer): nothing follows `last_frame`."""

    id: int
    stream: int
    last_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Answers `Set` and `Morph`: it is heard from `at_frame` on."""

    id: int
    scene: int
    at_frame: int


@dataclass(frozen=True, slots=True)
class StreamSlice:
    """Where one stream's samples lie in the PCM frame of an `Audio`; `size_bytes` 0 means silence."""

    stream: int
    offset_bytes: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """One block of every open stream of one scene; one more ZeroMQ frame follows with all PCM end to end.

    On the wire a slice is the array `[stream, offset_bytes, size_bytes]`.
    """

    scene: int
    first_frame: int
    frames: int
    streams: tuple[StreamSlice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneChanged:
    """The scene's file was edited: what is different from `at_frame` on, and the whole new description."""

    scene: int
    at_frame: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    parameters: tuple[ParameterInfo, ...]
    moods: tuple[str, ...]
    layers: tuple[LayerInfo, ...]
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerEvent:
    """Something happened in a layer. `placed`: from `at_frame` it sounds at `offset_m` from the listener."""

    stream: int
    event: Literal["placed"]
    at_frame: int
    offset_m: Vector = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStats:
    """One stream: whether it is being rendered, how loud, and how far it got."""

    stream: int
    layer: str
    audible: bool
    level_db: float
    sent_frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Answers `GetStats`. `render_load` is render time over audio time since the last answer."""

    id: int
    uptime_s: float
    clients: int
    streams_total: int
    render_load: float
    late_blocks: int
    resident_bytes: int
    streams: tuple[StreamStats, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """A refusal (with the request's `id`) or bad news (`id` 0): a stable code, what, where, and how to mend it."""

    id: int
    code: str
    what: str
    at: str = ""
    fix: str = ""


ClientMessage: TypeAlias = (
    Hello | OpenScene | CloseScene | OpenLayer | CloseLayer | Set | Morph | Credit | Listener | GetStats | Bye
)
DaemonMessage: TypeAlias = (
    Welcome | SceneOpened | SceneClosed | LayerOpened | LayerClosed | Applied | Audio | SceneChanged | LayerEvent
    | Stats | Error | Bye
)
Message: TypeAlias = ClientMessage | DaemonMessage
