"""A scene and its layers as a game holds them: steer, read, close."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from roomtone.audio import Samples
from roomtone.client.playback import Stream
from roomtone.client.record import SceneRecord
from roomtone.client.session import ClientSession
from roomtone.errors import ConnectionLostError, WireError
from roomtone.wire.messages import (
    Applied,
    CloseLayer,
    CloseScene,
    LayerClosed,
    LayerEvent,
    LayerInfo,
    LayerOpened,
    Listener,
    Morph,
    OpenLayer,
    ParameterInfo,
    PlacementInfo,
    Request,
    SampleFormat,
    SceneClosed,
    Set,
    Vector,
)


class Layer:
    """An open layer: one stream of its scene. Any thread."""

    def __init__(self, session: ClientSession, record: SceneRecord, stream: Stream) -> None:
        self._session, self._record, self._stream = session, record, stream

    @property
    def name(self) -> str:
        """The layer's name in the scene."""
        return self._stream.layer

    @property
    def channels(self) -> int:
        """1 or 2, as it is read."""
        return self._stream.channels

    @property
    def first_frame(self) -> int:
        """Where it begins on the scene's clock."""
        return self._stream.first_frame

    @property
    def placement(self) -> PlacementInfo:
        """Where it belongs, as the scene says now; a layer that is gone is a bed."""
        info = self._record.layers.get(self.name)
        return PlacementInfo(kind="bed") if info is None else info.placement

    @property
    def offset_m(self) -> Vector:
        """Where a scattered layer sounds at the reader's position, from the listener, in world axes."""
        return self._record.playback.offset_m(self.name)

    @property
    def source(self) -> LayerEvent | None:
        """Where a prompt's layer comes from at the reader's position: stand-in, nearest or exact clips, and why."""
        return self._record.playback.source_of(self.name)

    def close(self) -> None:
        """End the stream: what is buffered is heard, then it fades."""
        request = CloseLayer(id=self._session.connection.next_id(), stream=self._stream.handle)
        self._session.call(request, self._closed, lambda m: replace(m, stream=self._stream.handle))

    def _closed(self, answer: LayerClosed) -> None:
        self._record.playback.end(answer.stream, answer.end_frame)


class Scene:
    """An open scene.

    Any thread may steer; `read`, `read_exact` and `buffer` belong to one reader. A request that cannot be answered
    because the daemon is away waits for it, up to the client's `timeout_s`; `steer` and the reads never wait for it.
    """

    def __init__(self, session: ClientSession, record: SceneRecord) -> None:
        self._session, self._record = session, record

    # What it is -----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Its name among the daemon's scenes."""
        return self._record.name

    @property
    def parameters(self) -> Mapping[str, ParameterInfo]:
        """Every parameter by name; `value` is as of when the scene was opened or last edited."""
        return self._record.parameters

    @property
    def moods(self) -> tuple[str, ...]:
        """What `morph` accepts."""
        return self._record.described.moods

    @property
    def layers(self) -> Mapping[str, LayerInfo]:
        """Every layer that can be opened, by name."""
        return self._record.layers

    @property
    def neighbours(self) -> tuple[str, ...]:
        """Scenes that are worth opening in advance."""
        return self._record.described.neighbours

    @property
    def position_frame(self) -> int:
        """The next frame that will be read."""
        return self._record.playback.position_frame

    @property
    def buffered_frames(self) -> int:
        """How much is here beyond the position."""
        return max(0, self._record.playback.received_frame - self.position_frame)

    # Steering -------------------------------------------------------------------------------------

    def open_layer(self, layer: str, *, format: SampleFormat = "f32", channels: int = 0) -> Layer:  # noqa: A002 - the wire's word
        """Open one layer.

        Args:
            layer: a name in `layers`.
            format: `f32`, or `s16` for half the bytes.
            channels: 0 for what the layer has, 1 or 2 to have it converted.

        Raises:
            WireError: `request.unknown-layer`, `layer.already-open`, `request.too-many-streams`.
        """
        if self._record.playback.is_open(layer):
            what, fix = f"layer '{layer}' is open", "read it by its name, or close it first"
            raise WireError("layer.already-open", what=what, at="layer", fix=fix)
        request = OpenLayer(
            id=self._session.connection.next_id(),
            scene=self._record.handle,
            layer=layer,
            format=format,
            channels={1: 1, 2: 2}.get(channels, 0),  # type: ignore[arg-type]
        )
        return self._session.call(request, self._layer_opened, self._renumber)

    def open_layers(self) -> dict[str, Layer]:
        """Open every layer of the scene."""
        return {name: self.open_layer(name) for name in self.layers}

    def request(
        self,
        prompt: str,
        *,
        layer: str = "",
        model: str = "",
        variations: int = 4,
        seconds: float = 10.0,
        loop: bool = False,
        gain_db: float = 0.0,
        placement: PlacementInfo | None = None,
        format: SampleFormat = "f32",  # noqa: A002 - the wire's word
        channels: int = 0,
    ) -> Layer:
        """Ask in words for a sound: a layer that sounds at once and becomes the model's when that is ready.

        Args:
            prompt: what should be heard, up to 256 bytes; `{parameter: one wording|another}` follows the scene.
            layer: its name; left out, one is made.
            model: an installed model; left out, the daemon's default.
            variations: how many clips are made.
            seconds: how long each is.
            loop: whether each closes on itself.
            gain_db: of the layer.
            placement: where it belongs; None is a bed.
            format: as in `open_layer`.
            channels: as in `open_layer`.

        Raises:
            WireError: `request.prompt`, `request.layer-exists`, `request.unknown-parameter`, …; nothing is added.
        """
        request = Request(
            id=self._session.connection.next_id(),
            scene=self._record.handle,
            layer=layer or self._new_name(),
            prompt=prompt,
            model=model,
            variations=variations,
            seconds=float(seconds),
            loop=loop,
            gain_db=float(gain_db),
            placement=placement,
            format=format,
            channels={1: 1, 2: 2}.get(channels, 0),  # type: ignore[arg-type]
        )

        def granted(answer: LayerOpened) -> Layer:
            self._record.requested[request.layer] = request
            return self._layer_opened(answer)

        return self._session.call(request, granted, self._renumber)

    def _new_name(self) -> str:
        number = 1
        while f"request_{number}" in {*self.layers, *self._record.requested}:
            number += 1
        return f"request_{number}"

    def set(self, values: Mapping[str, float] | None = None, /, *, at_frame: int = 0, **named: float) -> int:
        """Move parameters, all at once, and wait for the answer.

        Returns:
            The frame from which it is heard.

        Raises:
            WireError: `request.unknown-parameter`, `state.not-finite`; nothing is moved.
        """
        request, act = self._set(values, named, at_frame)
        heard_from_frame: int = self._session.call(request, act, self._renumber)
        return heard_from_frame

    def steer(self, values: Mapping[str, float] | None = None, /, **named: float) -> None:
        """Move parameters without waiting: for a game's frame. A refusal comes as an event."""
        request, act = self._set(values, named, 0)
        self._session.post(request, act, self._renumber)

    def morph(self, mood: str, over_s: float, *, at_frame: int = 0) -> int:
        """Move to a mood over a time; returns the frame from which it is heard.

        Raises:
            WireError: `request.unknown-mood`.
        """
        if mood in self.moods:
            self._record.steering.morph(mood, over_s)
        request = Morph(
            id=self._session.connection.next_id(),
            scene=self._record.handle,
            mood=mood,
            over_s=float(over_s),
            at_frame=at_frame,
        )
        return self._session.call(request, _applied_frame, self._renumber)

    def listener(self, at_m: Vector) -> None:
        """Say where the listener is, so that layers out of reach need not be rendered."""
        x_m, y_m, z_m = at_m
        self._record.listener_m = (float(x_m), float(y_m), float(z_m))
        self._session.connection.say(Listener(scene=self._record.handle, at_m=self._record.listener_m))

    def close(self) -> None:
        """End the scene and every layer of it."""
        request = CloseScene(id=self._session.connection.next_id(), scene=self._record.handle)
        self._session.call(request, self._closed, self._renumber)

    # Reading --------------------------------------------------------------------------------------

    def buffer(self, *, timeout_s: float = 5.0) -> bool:
        """Fill the buffer before playing begins; whether it was full in time. Open the layers first."""
        self._want(0)
        return self._record.playback.wait(self._record.playback.ahead_frames, timeout_s)

    def read(self, frames: int, *, wait_s: float = 0.0) -> dict[str, Samples]:
        """Move on by `frames`: every open layer's `(frames, channels)` samples, never short and never cut.

        Args:
            frames: any number; multiples of a block (480) cost least.
            wait_s: how long to wait for what is not here yet; what is still missing then is concealed and counted.

        Returns:
            Samples by layer name, not to be written to. Empty while no layer is open: the position stays.
        """
        self._want(frames)
        if wait_s > 0.0:
            self._record.playback.wait(frames, wait_s)
        heard = self._record.playback.read(frames)
        self._want(0)
        return heard

    def read_exact(self, frames: int, *, timeout_s: float = 10.0) -> dict[str, Samples]:
        """Read samples that all came from the daemon.

        Raises:
            ConnectionLostError: `connection.late`: they did not come in time; the position stays.
        """
        self._want(frames)
        if not self._record.playback.wait(frames, timeout_s):
            raise ConnectionLostError(
                "connection.late",
                what=f"{frames} frames did not come within {timeout_s:g} s",
                at=self.name,
                fix="see whether the daemon runs, and give it more time",
            )
        return self.read(frames)

    def _want(self, frames: int) -> None:
        if self._record.playback.want(frames):
            self._session.connection.say(self._record.credit())

    def _renumber(self, message: Any) -> Any:
        return replace(message, scene=self._record.handle)

    def _set(self, values: Mapping[str, float] | None, named: Mapping[str, float], at_frame: int) -> Any:
        wanted = {name: float(value) for name, value in {**(values or {}), **named}.items()}
        self._record.steer(wanted)
        asked_s = time.perf_counter()
        request = Set(
            id=self._session.connection.next_id(),
            scene=self._record.handle,
            values=wanted,
            at_frame=at_frame,
        )

        def act(answer: Applied) -> int:
            if at_frame == 0:
                self._session.note_update(self._record, asked_s, answer.at_frame)
            return answer.at_frame

        return request, act

    def _layer_opened(self, answer: LayerOpened) -> Layer:
        return Layer(self._session, self._record, self._record.playback.add(answer))

    def _closed(self, _answer: SceneClosed) -> None:
        for handle in self._record.playback.handles():
            self._record.playback.end(handle, self._record.playback.received_frame)
        self._session.forget(self._record)


def _applied_frame(answer: Applied) -> int:
    return answer.at_frame
