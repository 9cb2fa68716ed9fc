"""One scene that one client has open: its performance, its streams, and how far the client lets it go."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from roomtone.audio import BLOCK_FRAMES, BLOCK_S
from roomtone.layers.describe import describe_layers, describe_parameters
from roomtone.layers.performance import Performance, PerformedBlock, diff_scenes
from roomtone.layers.sources import Playing
from roomtone.scene.model import Scene
from roomtone.stream.credit import Credit
from roomtone.stream.outbox import Outbox, SentBlock, Stream
from roomtone.wire.messages import (
    Credit as CreditMessage,
)
from roomtone.wire.messages import (
    DaemonMessage,
    LayerClosed,
    LayerEvent,
    SceneChanged,
)

SendMessage = Callable[[DaemonMessage], None]
SendBlock = Callable[[SentBlock], None]

_NOBODY: Final = 0


class Stage:
    """A scene being performed for one client. One owner, one thread."""

    def __init__(self, handle: int, performance: Performance) -> None:
        self.handle = handle
        self.performance = performance
        self.credit = Credit(next_frame=performance.frame)
        self.streams: dict[int, Stream] = {}
        self.late_blocks = 0
        self._render_s = 0.0
        self._rendered_s = 0.0
        self._outbox = Outbox()
        self._due_since_s: float | None = None
        self._resend = False
        self._hurried: set[str] = set()
        self._known_scene = performance.scene

    @property
    def scene(self) -> Scene:
        """The scene as it is now."""
        return self.performance.scene

    # What the client asks -------------------------------------------------------------------------

    def grant(self, message: CreditMessage, now_s: float, send: SendBlock) -> None:
        """Take credit; after a reconnection the first grant says where to go on from."""
        self.credit.grant(until_frame=message.until_frame, received_frame=message.received_frame)
        self._outbox.acknowledge(self.credit.received_frame)
        if self._resend:
            self._resend = False
            for block in self._outbox.unacknowledged():
                send(block)
        self._note_due(now_s)

    def detach(self) -> None:
        """The connection is gone: nothing is granted, and what was sent may have been lost."""
        self.credit.withdraw()
        self._resend = True
        self._known_scene = self.scene

    @property
    def resumes_at(self) -> int:
        """The first frame that a reconnected client can be sent."""
        kept = self._outbox.unacknowledged()
        return kept[0].first_frame if kept else self.credit.next_frame

    def missed_change(self) -> SceneChanged | None:
        """Say what was edited while the client was away."""
        return None if self._known_scene is self.scene else self._describe_change(self._known_scene)

    def hurry(self, parameters: Iterable[str], now_s: float) -> None:
        """Parameters moved: render the block in hand, what follows them first."""
        self._hurried.update(parameters)
        self.credit.hurry()
        self._note_due(now_s)

    def is_playing(self, layer: str) -> bool:
        """Whether some stream has the layer already: another is a second copy of the same samples."""
        return any(stream.layer == layer for stream in self.streams.values())

    def add_stream(self, stream: Stream) -> int:
        """Open a stream of a layer that is performed; returns its first frame."""
        self.streams[stream.stream] = stream
        return self.performance.frame

    def close_stream(self, handle: int) -> int:
        """Close a stream; returns the frame after its last."""
        stream = self.streams.pop(handle)
        if not self.is_playing(stream.layer):
            self.performance.close(stream.layer)
        return self.performance.frame

    def take_load(self) -> float:
        """Return time spent over time rendered since this was last asked."""
        load = self._render_s / self._rendered_s if self._rendered_s else 0.0
        self._render_s = self._rendered_s = 0.0
        return load

    # What the clock brings ------------------------------------------------------------------------

    def due(self) -> bool:
        """Whether a block may be sent now."""
        return not self._resend and self.credit.due()

    def produce(self, clock: Callable[[], float], send_block: SendBlock, send: SendMessage) -> None:
        """Perform and send one block."""
        started_s = clock()
        for names in self._in_order(self.performance.begin_block()):
            block = self.performance.play(names)
            streams = [stream for stream in self.streams.values() if stream.layer in block.layers]
            events = tuple(self._places(block))
            send_block(self._outbox.pack(self.handle, block.first_frame, block.layers, streams, events))
            self._announce_gone(block, send)
        self._hurried.clear()
        self.credit.spend()
        self._account(started_s, clock())

    def _in_order(self, names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Put the layers that a parameter has just changed into a message of their own, ahead of the others."""
        if not self._hurried or not names:
            return (names,)
        first = tuple(name for name in names if self.performance.follows(name, self._hurried))
        rest = tuple(name for name in names if not self.performance.follows(name, self._hurried))
        return tuple(group for group in (first, rest) if group)

    def _note_due(self, now_s: float) -> None:
        if self._due_since_s is None and self.due():
            self._due_since_s = now_s

    def _account(self, started_s: float, ended_s: float) -> None:
        self._render_s += ended_s - started_s
        self._rendered_s += BLOCK_S
        if self._due_since_s is not None and ended_s - self._due_since_s > BLOCK_S:
            self.late_blocks += 1
        self._due_since_s = ended_s if self.due() else None

    def _places(self, block: PerformedBlock) -> Iterator[LayerEvent]:
        for placed in block.placed:
            for stream in self.streams.values():
                if stream.layer == placed.layer:
                    yield LayerEvent(
                        stream=stream.stream,
                        event="placed",
                        at_frame=placed.at_frame,
                        offset_m=placed.offset_m,
                    )

    def _announce_gone(self, block: PerformedBlock, send: SendMessage) -> None:
        for stream in [stream for stream in self.streams.values() if stream.layer in block.gone]:
            del self.streams[stream.stream]
            send(LayerClosed(id=_NOBODY, stream=stream.stream, end_frame=block.first_frame + BLOCK_FRAMES))

    # Hot reload -----------------------------------------------------------------------------------

    def replace(self, scene: Scene, sources: dict[str, Playing], send: SendMessage) -> None:
        """Go on with an edited scene and tell the client what is different."""
        old = self.scene
        self.performance.replace(scene, sources)
        send(self._describe_change(old))

    def _describe_change(self, old: Scene) -> SceneChanged:
        diff, scene = diff_scenes(old, self.scene), self.scene
        return SceneChanged(
            scene=self.handle,
            at_frame=self.performance.frame,
            added=diff.added,
            changed=diff.changed,
            removed=diff.removed,
            parameters=describe_parameters(scene, self.performance.targets),
            moods=tuple(scene.moods),
            layers=describe_layers(scene),
            neighbours=scene.neighbours,
        )
