"""After a new welcome: going on where the daemon stands, or opening everything again where it knows nothing."""

from collections.abc import Callable, Iterable
from functools import partial

from roomtone.client.connection import Connection
from roomtone.client.pending import Answer
from roomtone.client.playback import Stream
from roomtone.client.record import SceneRecord
from roomtone.wire.messages import (
    CloseLayer,
    CloseScene,
    LayerOpened,
    OpenScene,
    SceneOpened,
    SceneResume,
    Welcome,
)


class Comeback:
    """One attempt; a connection that breaks meanwhile ends it, and the next welcome makes another. Its thread only.

    Args:
        connection: the one that was welcomed.
        opened: told of every scene that is open, under its handle of today.
        layer_gone: told of a stream that has ended meanwhile.
        scene_gone: told of a scene that cannot be opened again, and why.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        opened: Callable[[SceneRecord], None],
        layer_gone: Callable[[SceneRecord, int], None],
        scene_gone: Callable[[SceneRecord, BaseException], None],
    ) -> None:
        self._connection = connection
        self._opened, self._layer_gone, self._scene_gone = opened, layer_gone, scene_gone
        self._under_way = 0

    def begin(self, welcome: Welcome, records: Iterable[SceneRecord]) -> None:
        """Bring every scene back, then let the connection go on."""
        self._under_way += 1
        known = {resume.scene: resume for resume in welcome.scenes_open}
        for record in tuple(records):
            if record.handle in known:
                self._resume(record, known.pop(record.handle))
            else:
                self._open(record)
        for handle in known:
            # Its answer was lost with the old connection, and the request will be sent again.
            self._connection.send_now(CloseScene(id=self._connection.next_id(), scene=handle))
        self._one_done()

    def _one_done(self) -> None:
        self._under_way -= 1
        if self._under_way == 0:
            self._connection.go_on()

    def _resume(self, record: SceneRecord, resume: SceneResume) -> None:
        self._opened(record)
        ours, theirs = record.playback.handles(), set(resume.streams)
        for handle in ours - theirs:
            self._layer_gone(record, handle)
        for handle in theirs - ours:
            self._connection.send_now(CloseLayer(id=self._connection.next_id(), stream=handle))
        self._say_where(record)

    def _open(self, record: SceneRecord) -> None:
        self._under_way += 1
        # The new daemon numbers from 1, too. Until it has everything of the scene, the scene has no number; should
        # the connection break before, the next attempt begins from the start.
        record.handle = 0
        first_frame, streams = record.playback.restart()
        request = OpenScene(
            id=self._connection.next_id(),
            name=record.name,
            seed=record.seed,
            first_frame=first_frame,
            values=record.steering.values,
        )
        self._connection.ask_now(request).add_done_callback(partial(self._scene_open, record, streams))

    def _scene_open(self, record: SceneRecord, streams: list[Stream], answer: Answer) -> None:
        error = answer.exception()
        if error is not None:
            for stream in streams:
                stream.end_frame = record.playback.received_frame
            self._scene_gone(record, error)
            self._one_done()
            return
        opened = answer.result()
        assert isinstance(opened, SceneOpened)
        record.describe(opened)
        self._open_layers(record, opened.scene, streams)

    def _open_layers(self, record: SceneRecord, handle: int, streams: list[Stream]) -> None:
        waiting = {stream.layer for stream in streams}
        if not waiting:
            self._scene_ready(record, handle)
        for stream in streams:
            request = record.open_again(stream, handle, self._connection.next_id())
            done = partial(self._layer_open, record, handle, stream, waiting)
            self._connection.ask_now(request).add_done_callback(done)

    def _layer_open(
        self, record: SceneRecord, handle: int, stream: Stream, waiting: set[str], answer: Answer
    ) -> None:
        if answer.exception() is None:
            opened = answer.result()
            assert isinstance(opened, LayerOpened)
            record.playback.add(opened)
        else:
            stream.end_frame = record.playback.received_frame
        waiting.discard(stream.layer)
        if not waiting:
            self._scene_ready(record, handle)

    def _scene_ready(self, record: SceneRecord, handle: int) -> None:
        record.handle = handle
        self._opened(record)
        for message in record.mood_again(self._connection.next_id(), self._connection.next_id()):
            self._connection.send_now(message)
        # Only now: credit that came earlier would let the first layer run ahead of the others.
        self._say_where(record)
        self._one_done()

    def _say_where(self, record: SceneRecord) -> None:
        for message in record.whereabouts():
            self._connection.send_now(message)
