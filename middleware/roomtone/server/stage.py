"""One scene that one client has open: its performance, its streams, and how far the client lets it go."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.layers.binding import followed_parameters
from roomtone.layers.describe import describe_layers, describe_parameters
from roomtone.layers.performance import BegunBlock, Performance, diff_scenes
from roomtone.layers.player import LayerChange, Placed
from roomtone.layers.playing import Playing
from roomtone.scene.model import Layer, Scene
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


@dataclass(slots=True)
class _Part:
    """A block under way: the layers that wait to be played, and what of it was played and not sent."""

    begun: BegunBlock
    waiting: deque[str]
    played: dict[str, Samples | None] = field(default_factory=dict)
    changes: list[LayerChange] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing of it is left to play or to send."""
        return not self.waiting and not self.played


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
        self._repeat: deque[SentBlock] = deque()
        self._silent = False
        self._hurried: set[str] = set()
        self._parts: deque[_Part] = deque()
        self._known_scene = performance.scene
        self.requested: dict[str, Layer] = {}

    @property
    def scene(self) -> Scene:
        """The scene as it is now."""
        return self.performance.scene

    # What the client asks -------------------------------------------------------------------------

    def grant(self, message: CreditMessage, now_s: float, send: SendBlock) -> None:
        """Take credit; after a reconnection the first grant says where to go on from."""
        self.credit.grant(until_frame=message.until_frame, received_frame=message.received_frame)
        self._outbox.acknowledge(self.credit.received_frame)
        if self._silent:
            self._silent = False
            self._repeat = deque(self._outbox.unacknowledged())
        while self._repeat and self._repeat[0].first_frame + BLOCK_FRAMES <= self.credit.limit_frame:
            send(self._repeat.popleft())
        self._note_due(now_s)

    def detach(self) -> None:
        """The connection is gone: nothing is granted, and what was sent may have been lost."""
        self.credit.withdraw()
        self._silent = True
        self._known_scene = self.scene

    def resume(self) -> int:
        """Prepare for a client that is back; returns the first frame that it can be sent."""
        self.settle(_nowhere, _nowhere)
        kept = self._outbox.unacknowledged()
        return kept[0].first_frame if kept else self.credit.next_frame

    def missed_change(self) -> SceneChanged | None:
        """Say what was edited while the client was away."""
        return None if self._known_scene is self.scene else self._describe_change(self._known_scene)

    def hurry(self, parameters: Iterable[str], now_s: float) -> None:
        """Parameters moved: perform the block in hand, what follows them first."""
        self._hurried.update(parameters)
        self.credit.hurry()
        self._note_due(now_s)

    def is_playing(self, layer: str) -> bool:
        """Whether some stream has the layer already: another is a second copy of the same samples."""
        return any(stream.layer == layer for stream in self.streams.values())

    def add_stream(self, stream: Stream) -> int:
        """Open a stream of a layer that is performed; returns its first frame."""
        stream.first_frame = self.performance.frame
        self.streams[stream.stream] = stream
        return stream.first_frame

    def close_stream(self, handle: int) -> int:
        """Close a stream, after `settle`; returns the frame after its last."""
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
        """Whether there is something to perform now."""
        return bool(self._parts) or self.credit.due()

    @property
    def hurries(self) -> bool:
        """Whether a parameter has moved and can be heard at once."""
        return bool(self._hurried) and self.credit.due()

    @property
    def kept_bytes(self) -> int:
        """How much is kept for a client that has not acknowledged it."""
        return self._outbox.kept_bytes

    def produce(
        self,
        clock: Callable[[], float],
        send_block: SendBlock,
        send: SendMessage,
        interrupted: Callable[[], bool],
    ) -> None:
        """Perform and send a block, or what of it there is time for.

        Between two layers it stops as soon as it is `interrupted` by a message, so that a parameter that arrives
        need not wait for all of them: what follows it overtakes the rest.
        """
        started_s = clock()
        if self.hurries:
            self._overtake(send_block, send)
        else:
            if not self._parts:
                self._begin()
            self._play_on(interrupted, send_block, send)
        self._account(started_s, clock())

    def settle(self, send_block: SendBlock, send: SendMessage) -> None:
        """Finish every block that has begun."""
        while self._parts:
            part = self._parts.popleft()
            self._play(part, tuple(part.waiting))
            self._send(part, part.played, send_block, send)

    def _begin(self) -> _Part:
        begun = self.performance.begin_block()
        part = _Part(begun, deque(begun.names))
        self._parts.append(part)
        self.credit.spend()
        self._hurried.clear()
        return part

    def _play_on(self, interrupted: Callable[[], bool], send_block: SendBlock, send: SendMessage) -> None:
        part = self._parts[0]
        while part.waiting:
            self._play(part, (part.waiting[0],))
            if part.waiting and interrupted():
                return
        self._parts.popleft()
        self._send(part, part.played, send_block, send)

    def _overtake(self, send_block: SendBlock, send: SendMessage) -> None:
        """Send what follows the parameters that just moved, ahead of all else that is still to be performed."""
        first = self.performance.followers(self._hurried)
        unfinished = tuple(self._parts)
        for part in (*unfinished, self._begin()):
            self._play(part, [name for name in first if name in part.waiting])
            ready = {name: part.played.pop(name) for name in first if name in part.played}
            if ready or part.whole:
                self._send(part, ready, send_block, send)
        self._parts = deque(part for part in self._parts if not part.whole)

    def _play(self, part: _Part, names: Sequence[str]) -> None:
        block = self.performance.play(part.begun, names)
        for name in names:
            part.waiting.remove(name)
        part.played.update(block.layers)
        part.changes.extend(block.changes)
        part.gone.extend(block.gone)

    def _send(
        self, part: _Part, layers: dict[str, Samples | None], send_block: SendBlock, send: SendMessage
    ) -> None:
        """Send layers of a block that were played; without any, say at least that the block is whole."""
        if layers is part.played:
            part.played = {}
        first_frame = part.begun.first_frame
        streams = [
            stream
            for stream in self.streams.values()
            if stream.layer in layers and stream.first_frame <= first_frame
        ]
        changes = [change for change in part.changes if change.layer in layers]
        send_block(
            self._outbox.pack(
                self.handle,
                first_frame,
                layers,
                streams,
                events=tuple(self._events(changes)),
                more=not part.whole,
            )
        )
        self._announce_gone(part, layers, send)

    def _note_due(self, now_s: float) -> None:
        if self._due_since_s is None and self.due():
            self._due_since_s = now_s

    def _account(self, started_s: float, ended_s: float) -> None:
        self._render_s += ended_s - started_s
        if self._parts:
            return
        self._rendered_s += BLOCK_S
        if self._due_since_s is not None and ended_s - self._due_since_s > BLOCK_S:
            self.late_blocks += 1
        self._due_since_s = ended_s if self.due() else None

    def _events(self, changes: Iterable[LayerChange]) -> Iterator[LayerEvent]:
        for change in changes:
            for stream in self.streams.values():
                if stream.layer == change.layer:
                    yield _event(stream.stream, change)

    def _announce_gone(self, part: _Part, layers: Collection[str], send: SendMessage) -> None:
        end_frame = part.begun.first_frame + BLOCK_FRAMES
        gone = [name for name in part.gone if name in layers]
        for stream in [stream for stream in self.streams.values() if stream.layer in gone]:
            del self.streams[stream.stream]
            send(LayerClosed(id=_NOBODY, stream=stream.stream, end_frame=end_frame))

    # Layers that the client asked for -------------------------------------------------------------

    def add_requested(self, layer: Layer, send_block: SendBlock, send: SendMessage) -> None:
        """Add a layer that no file has, and tell the client that it can be opened."""
        self.requested[layer.name] = layer
        self.replace(self.with_requested(self.scene), {}, send_block, send)

    def with_requested(self, scene: Scene) -> Scene:
        """Add the requested layers to what a file says; those that no longer fit are given up."""
        self.requested = {
            name: layer
            for name, layer in self.requested.items()
            if (name not in scene.layers or scene.layers[name] is layer)
            and followed_parameters(layer) <= scene.parameters.keys()
        }
        return replace(scene, layers=MappingProxyType({**scene.layers, **self.requested}))

    # Hot reload -----------------------------------------------------------------------------------

    def replace(
        self, scene: Scene, sources: dict[str, Playing], send_block: SendBlock, send: SendMessage
    ) -> None:
        """Go on with an edited scene and tell the client what is different."""
        self.settle(send_block, send)
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


def _event(stream: int, change: LayerChange) -> LayerEvent:
    if isinstance(change, Placed):
        return LayerEvent(stream=stream, event="placed", at_frame=change.at_frame, offset_m=change.offset_m)
    sourced = change.sourced
    return LayerEvent(
        stream=stream,
        event="source",
        at_frame=change.at_frame,
        source=sourced.rung,
        bank=sourced.bank,
        reason=sourced.reason,
    )


def _nowhere(_: object) -> None:
    """Send nothing: what is packed waits in the outbox."""
