"""What a client has open, whatever becomes of its connections: requests on one side, arrivals on the other."""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, TypeVar

from roomtone.client.comeback import Comeback
from roomtone.client.connection import Connection
from roomtone.client.events import Disconnected, Event, LayerGone, Reconnected, SceneGone
from roomtone.client.link import Keys
from roomtone.client.pending import Answer
from roomtone.client.record import SceneRecord
from roomtone.errors import ConnectionLostError, RoomtoneError
from roomtone.wire.messages import (
    Audio,
    ClientMessage,
    DaemonMessage,
    Error,
    Govern,
    LayerClosed,
    LayerEvent,
    SceneChanged,
    SceneClosed,
    Welcome,
)

_MOST_EVENTS: Final = 4096
_MOST_LATENCIES: Final = 4096
T = TypeVar("T")


class ClientSession:
    """The state behind a `Client`. Any thread may call the first group; the connection's thread calls the rest."""

    def __init__(
        self, endpoint: str, *, client: str, token: str, keys: Keys | None, timeout_s: float
    ) -> None:
        self.timeout_s = timeout_s
        self._records: list[SceneRecord] = []
        self._by_handle: dict[int, SceneRecord] = {}
        self.events: deque[Event] = deque(maxlen=_MOST_EVENTS)
        self.latencies_s: deque[float] = deque(maxlen=_MOST_LATENCIES)
        self.welcome: Welcome | None = None
        self.connected = threading.Event()
        self.governor: Govern | None = None
        self.reconnects = 0
        self._endpoint = endpoint
        self._lost_s: float | None = None
        self.connection = Connection(endpoint, self, client=client, token=token, keys=keys)

    def connect(self) -> Welcome:
        """Wait for the daemon's welcome.

        Raises:
            WireError: it refused.
            ConnectionLostError: `connection.unreachable`.
        """
        self.connection.start()
        if not self.connected.wait(self.timeout_s) or self.welcome is None:
            self.connection.close()
            raise self.connection.refusal or ConnectionLostError(
                "connection.unreachable",
                what=f"no daemon answered within {self.timeout_s:g} s",
                at=self._endpoint,
                fix="start one with `roomtone serve SCENES_DIR`; where it uses keys, check that they match",
            )
        return self.welcome

    def call(
        self, message: ClientMessage, act: Callable[[Any], T], renumber: Callable[[Any], ClientMessage]
    ) -> T:
        """Send a request and wait; on the connection's thread `act` takes the answer before anything after it.

        Raises:
            WireError: the daemon refused.
            ConnectionLostError: `connection.timeout`, `connection.closed`.
        """
        answer, acted = self._ask(message, act, renumber)
        try:
            return acted.result(self.timeout_s)
        except TimeoutError:
            answer.cancel()
            raise ConnectionLostError(
                "connection.timeout",
                what=f"no answer within {self.timeout_s:g} s",
                at=self._endpoint,
                fix="see whether the daemon runs; the client goes on trying to reach it",
            ) from None

    def post(
        self, message: ClientMessage, act: Callable[[Any], T], renumber: Callable[[Any], ClientMessage]
    ) -> None:
        """Send a request without waiting; a refusal becomes an event."""
        _, acted = self._ask(message, act, renumber)
        acted.add_done_callback(self._note_refusal)

    def _ask(
        self, message: ClientMessage, act: Callable[[Any], T], renumber: Callable[[Any], ClientMessage]
    ) -> tuple[Answer, "Future[T]"]:
        answer = self.connection.ask(message, renumber)
        acted: Future[T] = Future()
        answer.add_done_callback(partial(_pass_on, act, acted))
        return answer, acted

    # The connection's thread ----------------------------------------------------------------------

    def welcomed(self, welcome: Welcome) -> None:
        """Bring every scene back."""
        self._by_handle = {}
        comeback = Comeback(
            self.connection, opened=self.keep, layer_gone=self._layer_gone, scene_gone=self._scene_lost
        )
        comeback.begin(welcome, self._records)
        if self.governor is not None and not welcome.resumed:
            self.connection.send_now(self.governor)
        self.welcome = welcome
        if self._lost_s is not None:
            self.reconnects += 1
            self.events.append(Reconnected(resumed=welcome.resumed, away_s=time.monotonic() - self._lost_s))
        self._lost_s = None
        self.connected.set()

    def lost(self, reason: str) -> None:
        """Note when the daemon went away."""
        if self._lost_s is None and self.welcome is not None:
            self.connected.clear()
            self._lost_s = time.monotonic()
            self.events.append(Disconnected(reason=reason))

    def ended(self) -> None:
        """Let a caller who waits for a welcome see that none will come."""
        self.connected.set()

    def keep(self, record: SceneRecord) -> None:
        """Take up a scene under its handle of today."""
        self._by_handle[record.handle] = record
        if record not in self._records:
            self._records.append(record)

    def forget(self, record: SceneRecord) -> None:
        """Let go of a scene that was closed."""
        self._by_handle.pop(record.handle, None)
        self._records = [other for other in self._records if other is not record]

    def note_update(self, record: SceneRecord, asked_s: float, at_frame: int) -> None:
        """Measure how long a change takes until its sound is here."""
        arrived_s = record.playback.arrived_at_s(at_frame)
        if arrived_s is None:
            record.updates.append((at_frame, asked_s))
        else:
            self.latencies_s.append(arrived_s - asked_s)

    def received(self, message: DaemonMessage, pcm: bytes) -> None:
        """Take what comes by itself."""
        match message:
            case Audio() if message.scene in self._by_handle:
                self._take_audio(self._by_handle[message.scene], message, pcm)
            case LayerEvent():
                for record in self._records:
                    _note(record, message)
                self.events.append(message)
            case LayerClosed():
                for record in self._records:
                    self._layer_gone(record, message.stream, message.end_frame)
            case SceneChanged() if message.scene in self._by_handle:
                self._by_handle[message.scene].describe(message)
                self.events.append(message)
            case SceneClosed() if message.scene in self._by_handle:
                self._scene_gone(self._by_handle[message.scene])
            case Error():
                self.events.append(message)

    def _take_audio(self, record: SceneRecord, audio: Audio, pcm: bytes) -> None:
        record.playback.take(audio, pcm)
        updates, record.updates = record.updates, []
        for at_frame, asked_s in updates:
            self.note_update(record, asked_s, at_frame)
        assert self.welcome is not None
        if record.playback.acknowledgement_due(self.welcome.max_ahead_frames // 2):
            self.connection.send_now(record.credit())

    def _layer_gone(self, record: SceneRecord, handle: int, end_frame: int | None = None) -> None:
        end_frame = record.playback.received_frame if end_frame is None else end_frame
        stream = record.playback.end(handle, end_frame)
        if stream is not None:
            self.events.append(LayerGone(scene=record.name, layer=stream.layer, end_frame=end_frame))

    def _scene_gone(self, record: SceneRecord) -> None:
        for handle in record.playback.handles():
            self._layer_gone(record, handle)
        self.forget(record)
        self.events.append(SceneGone(scene=record.name))

    def _scene_lost(self, record: SceneRecord, error: BaseException) -> None:
        self._scene_gone(record)
        self._note_error(error)

    def _note_refusal(self, acted: "Future[Any]") -> None:
        error = acted.exception()
        if error is not None:
            self._note_error(error)

    def _note_error(self, error: BaseException) -> None:
        assert isinstance(error, RoomtoneError)
        self.events.append(Error(id=0, code=error.code, what=error.what, at=error.at, fix=error.fix))


def _note(record: SceneRecord, event: LayerEvent) -> None:
    if event.event == "placed":
        record.playback.place(event.stream, event.at_frame, event.offset_m)
    elif event.event == "source":
        record.playback.source(event)


def _pass_on(act: Callable[[Any], T], acted: "Future[T]", answer: Answer) -> None:
    if answer.cancelled():
        return
    error = answer.exception()
    if error is not None:
        acted.set_exception(error)
    else:
        acted.set_result(act(answer.result()))
