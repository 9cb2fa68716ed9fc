"""Every message of the protocol, one frozen dataclass each. The text of record is `protocol/SPEC.md`.

A message's name on the wire is the class name in snake_case, in field `t`. Client and daemon speak
through one DEALER-ROUTER pair; a request carries an `id` of the client's choice, and its answer or error
carries the same `id`. Frames are absolute: they count 48 kHz frames of the scene's own clock.

The types say what a field may hold (`wire.limits`): the codec checks what arrives against them, and
`protocol/messages.json` repeats them for other languages.
"""

from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, NamedTuple, TypeAlias

from roomtone.wire.limits import (
    MAX_PER_SCENE,
    MAX_SCENES,
    MAX_STREAMS,
    AnswerId,
    BlockFrames,
    Channels,
    ClipSeconds,
    Count,
    Decibels,
    Distance,
    Elapsed,
    Frame,
    GainDb,
    Gigabytes,
    Handle,
    Label,
    Metres,
    Name,
    Offset,
    Prompt,
    Rate,
    RequestId,
    Seconds,
    Secret,
    Seed,
    Share,
    Sized,
    Text,
    Unit,
    Variations,
    Version,
)

PROTOCOL_VERSION: Final = 1

SampleFormat: TypeAlias = Literal["f32", "s16"]
Vector: TypeAlias = tuple[Metres, Metres, Metres]
Values: TypeAlias = Annotated[dict[Name, float], Sized(0, MAX_PER_SCENE)]
Names: TypeAlias = Annotated[tuple[Name, ...], Sized(0, MAX_PER_SCENE)]
Versions: TypeAlias = Annotated[tuple[Version, ...], Sized(1, 16)]


# What both say ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementInfo:
    """Where a layer belongs. Unused fields of a kind are zero.

    `near_m` is the distance of full level (an area's radius), `reach_m` where it is gone.
    """

    kind: Literal["bed", "point", "area", "scatter"]
    at_m: Vector = (0.0, 0.0, 0.0)
    near_m: Distance = 0.0
    reach_m: Distance = 0.0
    distance_m: tuple[Distance, Distance] = (0.0, 0.0)


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

    id: RequestId
    versions: Versions
    client: Label = ""
    token: Secret = ""
    session: Secret = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenScene:
    """Opens a scene: its clock starts at `first_frame`, its parameters at `values`, else the defaults."""

    id: RequestId
    name: Name
    seed: Seed | None = None
    first_frame: Frame = 0
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseScene:
    """Ends a scene and every layer of it."""

    id: RequestId
    scene: Handle


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLayer:
    """Asks for one layer's samples. `channels` 0 takes what the layer has; 1 or 2 converts."""

    id: RequestId
    scene: Handle
    layer: Name
    format: SampleFormat = "f32"
    channels: Literal[0, 1, 2] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Asks in words for a sound: a new layer of an open scene, which sounds at once and is the model's later.

    Attributes:
        layer: the new layer's name, as names stand in scene files.
        prompt: what should be heard; slots `{parameter: one wording|another}` follow the scene.
        model: an installed model's name; empty for the daemon's default.
        variations, seconds, loop: of the clips, as in scene files.
        gain_db: of the layer.
        placement: nil for a bed.
        format, channels: of the stream, as in `OpenLayer`.
    """

    id: RequestId
    scene: Handle
    layer: Name
    prompt: Prompt
    model: Unit = ""
    variations: Variations = 4
    seconds: ClipSeconds = 10.0
    loop: bool = False
    gain_db: GainDb = 0.0
    placement: PlacementInfo | None = None
    format: SampleFormat = "f32"
    channels: Literal[0, 1, 2] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseLayer:
    """Ends one stream."""

    id: RequestId
    stream: Handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Moves parameters, all at one frame: `at_frame` if that is still ahead, else the next block."""

    id: RequestId
    scene: Handle
    values: Values
    at_frame: Frame = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Morph:
    """Moves every parameter of a mood there over `over_s` seconds, whatever their rise and fall."""

    id: RequestId
    scene: Handle
    mood: Name
    over_s: Seconds
    at_frame: Frame = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Lets the daemon send frames before `until_frame`; those before `received_frame` have arrived."""

    scene: Handle
    until_frame: Frame
    received_frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Says where the listener is (metres, y up) so that layers out of reach need not be rendered."""

    scene: Handle
    at_m: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Govern:
    """Says how much the models may take while the game needs the processor: `max_share` 0 pauses them.

    Attributes:
        max_share: of its time.
        max_vram_gb: of its memory; nil sets no limit.
    """

    max_share: Share
    max_vram_gb: Gigabytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetStats:
    """Asks how the daemon is doing for this client."""

    id: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Bye:
    """Ends the session (from the client), or says that the daemon ends it and why (from the daemon)."""

    reason: Label = ""


# What the daemon says ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneResume:
    """One scene of a resumed session: the daemon still holds every block from `next_frame` on."""

    scene: Handle
    name: Name
    next_frame: Frame
    streams: Annotated[tuple[Handle, ...], Sized(0, MAX_STREAMS)]


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

    id: RequestId
    version: Version
    server: Label
    session: Secret
    resumed: bool
    rate_hz: Rate
    block_frames: BlockFrames
    max_ahead_frames: Frame
    linger_s: Seconds
    scenes: Annotated[tuple[Name, ...], Sized(0, MAX_SCENES)]
    scenes_open: Annotated[tuple[SceneResume, ...], Sized(0, MAX_STREAMS)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterInfo:
    """One parameter, as an engine shows it."""

    name: Name
    value: float
    default: float
    low: float
    high: float
    unit: Unit
    wraps: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerInfo:
    """One layer that can be opened."""

    name: Name
    channels: Channels
    placement: PlacementInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneOpened:
    """Answers `OpenScene`: the handle, and everything an engine needs to place and steer it."""

    id: RequestId
    scene: Handle
    name: Name
    first_frame: Frame
    parameters: Annotated[tuple[ParameterInfo, ...], Sized(0, MAX_PER_SCENE)]
    moods: Names
    layers: Annotated[tuple[LayerInfo, ...], Sized(0, MAX_PER_SCENE)]
    neighbours: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneClosed:
    """Answers `CloseScene`, or says that the scene's file is gone."""

    id: AnswerId
    scene: Handle


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerOpened:
    """Answers `OpenLayer`: samples of `stream` begin at `first_frame`."""

    id: RequestId
    scene: Handle
    stream: Handle
    layer: Name
    format: SampleFormat
    channels: Channels
    first_frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerClosed:
    """Answers `CloseLayer`, or with id 0 says that a reload removed the layer.

    The stream's samples end before `end_frame`.
    """

    id: AnswerId
    stream: Handle
    end_frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Answers `Set` and `Morph`: it is heard from `at_frame` on."""

    id: RequestId
    scene: Handle
    at_frame: Frame


class StreamSlice(NamedTuple):
    """Where one stream's samples lie in the PCM frame of an `Audio`; `size_bytes` 0 means silence."""

    stream: Handle
    offset_bytes: Offset
    size_bytes: Offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """One block of a scene's open streams; one more ZeroMQ frame follows with all PCM end to end.

    On the wire a slice is the array `[stream, offset_bytes, size_bytes]`.

    Attributes:
        more: another message will have the block's other streams; the block is whole when one says False.
    """

    scene: Handle
    first_frame: Frame
    frames: BlockFrames
    streams: Annotated[tuple[StreamSlice, ...], Sized(0, MAX_STREAMS)]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneChanged:
    """The scene's file was edited: what is different from `at_frame` on, and the whole new description."""

    scene: Handle
    at_frame: Frame
    added: Names
    changed: Names
    removed: Names
    parameters: Annotated[tuple[ParameterInfo, ...], Sized(0, MAX_PER_SCENE)]
    moods: Names
    layers: Annotated[tuple[LayerInfo, ...], Sized(0, MAX_PER_SCENE)]
    neighbours: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerEvent:
    """Something happened in a layer, at `at_frame`.

    `placed`: from there on it sounds at `offset_m` from the listener. `source`: a prompt's layer sounds from another
    source from there on. An event with another name is for clients of a later revision, and passed over.

    Attributes:
        source: of `source`: the stand-in, the clips of the nearest wording, or those of the right one.
        bank: of `source`: the prompt whose clips are heard.
        reason: of `source`: why, in one of the protocol's words or an error's code.
    """

    stream: Handle
    event: Label
    at_frame: Frame
    offset_m: Vector = (0.0, 0.0, 0.0)
    source: Literal["", "stand_in", "nearest", "exact"] = ""
    bank: Text = ""
    reason: Label = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStats:
    """One stream: whether it is being rendered, how loud (-200 for silence), and how far it got."""

    stream: Handle
    layer: Name
    audible: bool
    level_db: Decibels
    sent_frames: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Answers `GetStats`. `render_load` is render time over audio time since the last answer."""

    id: RequestId
    uptime_s: Elapsed
    clients: Count
    streams_total: Count
    render_load: Elapsed
    late_blocks: Count
    resident_bytes: Count
    streams: Annotated[tuple[StreamStats, ...], Sized(0, MAX_STREAMS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """A refusal (with the request's `id`) or bad news (`id` 0): a stable code, what, where and the fix."""

    id: AnswerId
    code: Name
    what: Text
    at: Text = ""
    fix: Text = ""


ClientMessage: TypeAlias = (
    Hello
    | OpenScene
    | CloseScene
    | OpenLayer
    | Request
    | CloseLayer
    | Set
    | Morph
    | Credit
    | Listener
    | Govern
    | GetStats
    | Bye
)
DaemonMessage: TypeAlias = (
    Welcome
    | SceneOpened
    | SceneClosed
    | LayerOpened
    | LayerClosed
    | Applied
    | Audio
    | SceneChanged
    | LayerEvent
    | Stats
    | Error
    | Bye
)
Message: TypeAlias = ClientMessage | DaemonMessage
