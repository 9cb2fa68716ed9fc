"""One scene as it is heard here: blocks that have arrived, where the ear is, and how far the daemon may go."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.client.conceal import FAREWELL_FRAMES, Concealer
from roomtone.errors import WireError
from roomtone.wire.messages import Audio, LayerEvent, LayerOpened, SampleFormat, StreamSlice, Vector

_S16_SCALE: Final = np.float32(1.0 / 32767.0)
_TIMED_BLOCKS: Final = 256
# The daemon keeps one granted block in hand, so that an update is heard in it: credit asks for one more.
_IN_HAND_FRAMES: Final = BLOCK_FRAMES
_Block = dict[str, Samples]


@dataclass(slots=True, eq=False)
class Stream:
    """One layer as this client receives it.

    Attributes:
        handle: its number on the wire; another one after the daemon has started anew.
        first_frame: where it begins; before that it is silent.
        end_frame: the frame after its last, once that is known.
        anew_at_frame: where samples begin that do not continue those before.
        placed: (frame, offset) of the events that a scattered layer has placed.
        sourced: where a prompt's layer has come from.
    """

    layer: str
    handle: int
    format: SampleFormat
    channels: int
    first_frame: int
    concealer: Concealer
    end_frame: int | None = None
    anew_at_frame: int = -1
    placed: deque[tuple[int, Vector]] = field(default_factory=lambda: deque(maxlen=64))
    sourced: deque[LayerEvent] = field(default_factory=lambda: deque(maxlen=64))

    def lives_at(self, frame: int) -> bool:
        """Whether samples of `frame` come from the daemon, sooner or later."""
        return self.end_frame is None or frame < self.end_frame

    def heard_from(self, frame: int) -> bool:
        """Whether there is anything to hear at or after `frame`: a stream that has ended fades a little longer."""
        return self.end_frame is None or frame < self.end_frame + FAREWELL_FRAMES


@dataclass(slots=True)
class Counters:
    """What reached the ear and what did not; `underruns` counts gaps, however long they were."""

    frames: int = 0
    underruns: int = 0
    concealed_frames: int = 0
    late_blocks: int = 0


class Playback:
    """The jitter buffer of one scene.

    Two threads: the connection's calls the first group of methods, one reader the second. They share dictionaries
    of which every single operation is atomic, and an event: neither ever waits for a lock.
    """

    def __init__(
        self,
        first_frame: int,
        *,
        ahead_frames: int,
        rng: np.random.Generator,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.position_frame = first_frame
        self.received_frame = first_frame
        self.until_frame = first_frame
        self.ahead_frames = ahead_frames
        self.counters = Counters()
        self.open: dict[str, Stream] = {}
        self._by_handle: dict[int, Stream] = {}
        self._blocks: dict[int, _Block] = {}
        self._arrived = threading.Event()
        self._arrivals_s: deque[tuple[int, float]] = deque(maxlen=_TIMED_BLOCKS)
        self._acknowledged_frame = -1
        self._concealing = False
        self._clock = clock
        self._rng = rng

    # The connection's thread ----------------------------------------------------------------------

    def add(self, opened: LayerOpened) -> Stream:
        """Begin a stream, or go on with the one that the same layer had before."""
        stream = self.open.get(opened.layer)
        if stream is None or stream.channels != opened.channels:
            stream = self._new_stream(opened)
        else:
            stream.handle, stream.end_frame, stream.anew_at_frame = opened.stream, None, opened.first_frame
        self._by_handle[stream.handle] = stream
        kept = {name: other for name, other in self.open.items() if other.heard_from(self.position_frame)}
        self.open = {**kept, stream.layer: stream}
        return stream

    def end(self, handle: int, end_frame: int) -> Stream | None:
        """Note that nothing follows `end_frame`."""
        stream = self._by_handle.pop(handle, None)
        if stream is not None:
            stream.end_frame = max(end_frame, self.position_frame)
        self._arrived.set()
        return stream

    def take(self, audio: Audio, pcm: bytes) -> None:
        """Keep one block; what comes after its time is counted and dropped.

        Raises:
            WireError: `wire.bad-audio`: it is off the grid, not granted, or not what its header says.
        """
        end_frame = audio.first_frame + audio.frames
        if audio.frames != BLOCK_FRAMES or audio.first_frame % BLOCK_FRAMES or end_frame > self.until_frame:
            raise _bad_audio(f"a block of {audio.frames} frames at {audio.first_frame} was not asked for")
        if end_frame <= self.position_frame:
            self.counters.late_blocks += 1
        else:
            self._blocks.setdefault(audio.first_frame, {}).update(self._unpack(audio, pcm))
        if not audio.more:
            self.received_frame = max(self.received_frame, end_frame)
        self._arrivals_s.append((audio.first_frame, self._clock()))
        self._arrived.set()

    def place(self, handle: int, at_frame: int, offset_m: Vector) -> None:
        """Note where a scattered layer's next event sounds."""
        if handle in self._by_handle:
            self._by_handle[handle].placed.append((at_frame, offset_m))

    def source(self, event: LayerEvent) -> None:
        """Note where a prompt's layer comes from."""
        if event.stream in self._by_handle:
            self._by_handle[event.stream].sourced.append(event)

    def restart(self) -> tuple[int, list[Stream]]:
        """Let the old daemon's handles go; returns the next frame needed, and the streams to open again."""
        streams = [stream for stream in self.open.values() if stream.end_frame is None]
        self._by_handle = {}
        self.received_frame = max(self.received_frame, _grid_up(self.position_frame))
        return self.received_frame, streams

    def is_open(self, layer: str) -> bool:
        """Whether a layer has a stream that the daemon goes on with."""
        return any(stream.layer == layer for stream in self._by_handle.values())

    def handles(self) -> set[int]:
        """Name the streams that are open."""
        return set(self._by_handle)

    def arrived_at_s(self, frame: int) -> float | None:
        """Say when the block that holds `frame` arrived, if it has."""
        for first_frame, at_s in self._arrivals_s:
            if first_frame <= frame < first_frame + BLOCK_FRAMES:
                return at_s
        return None

    def acknowledgement_due(self, every_frames: int) -> bool:
        """Whether a reader waits for so much that the daemon must hear how far it came."""
        waiting = self.received_frame < self.until_frame - _IN_HAND_FRAMES
        return waiting and self.received_frame - self._acknowledged_frame >= every_frames

    def _new_stream(self, opened: LayerOpened) -> Stream:
        return Stream(
            layer=opened.layer,
            handle=opened.stream,
            format=opened.format,
            channels=opened.channels,
            first_frame=opened.first_frame,
            concealer=Concealer(opened.channels, self._rng),
        )

    def _unpack(self, audio: Audio, pcm: bytes) -> _Block:
        block: _Block = {}
        for piece in audio.streams:
            stream = self._by_handle.get(piece.stream)
            if stream is not None and piece.size_bytes:
                block[stream.layer] = _samples(pcm, piece, stream)
        return block

    # Either ---------------------------------------------------------------------------------------

    def credit(self) -> tuple[int, int]:
        """Return `until_frame` and `received_frame` for a message that will be sent."""
        self._acknowledged_frame = self.received_frame
        return self.until_frame, self._acknowledged_frame

    # The reader's thread --------------------------------------------------------------------------

    def want(self, frames: int = 0) -> bool:
        """Let the daemon go on to what a read of `frames` needs; whether that is more than it was told."""
        until_frame = _grid_up(self.position_frame + max(frames, self.ahead_frames)) + _IN_HAND_FRAMES
        more = until_frame > self.until_frame
        self.until_frame = max(self.until_frame, until_frame)
        return more

    def wait(self, frames: int, wait_s: float) -> bool:
        """Wait until the next `frames` frames are here; false when they are not within `wait_s`."""
        deadline_s = time.monotonic() + wait_s
        while not self._ready(frames):
            self._arrived.clear()
            if self._ready(frames):
                return True
            if not self._arrived.wait(max(0.0, deadline_s - time.monotonic())):
                return self._ready(frames)
        return True

    def read(self, frames: int) -> dict[str, Samples]:
        """Move on by `frames`: each layer's samples, or what conceals that they are missing.

        While no layer is open there is nothing to hear, and the position stays where it is.
        """
        streams = [stream for stream in self.open.values() if stream.heard_from(self.position_frame)]
        if not streams:
            return {}
        first, end = self.position_frame, self.position_frame + frames
        pieces: dict[str, list[Samples]] = {stream.layer: [] for stream in streams}
        while first < end:
            last = min(end, first - first % BLOCK_FRAMES + BLOCK_FRAMES)
            block = self._blocks.get(first - first % BLOCK_FRAMES)
            self._count(block, streams, first, last - first)
            for stream in streams:
                pieces[stream.layer].append(_heard(stream, block, first, last))
            first = last
        self.position_frame = end
        self._forget_played()
        return {
            layer: parts[0] if len(parts) == 1 else np.concatenate(parts) for layer, parts in pieces.items()
        }

    def offset_m(self, layer: str) -> Vector:
        """Say where a scattered layer sounds at the reader's position, from the listener."""
        stream = self.open.get(layer)
        placed = list(stream.placed) if stream is not None else []
        past = [offset for at_frame, offset in placed if at_frame <= self.position_frame]
        return past[-1] if past else (0.0, 0.0, 0.0)

    def source_of(self, layer: str) -> LayerEvent | None:
        """Say where a prompt's layer comes from at the reader's position; None where nothing was said."""
        stream = self.open.get(layer)
        said = list(stream.sourced) if stream is not None else []
        past = [event for event in said if event.at_frame <= self.position_frame]
        return past[-1] if past else None

    def _ready(self, frames: int) -> bool:
        alive = any(stream.lives_at(self.position_frame) for stream in self.open.values())
        return not alive or self.received_frame >= self.position_frame + frames

    def _count(self, block: _Block | None, streams: list[Stream], first: int, frames: int) -> None:
        missing = block is None and any(
            stream.first_frame <= first and stream.lives_at(first) for stream in streams
        )
        if missing and not self._concealing:
            self.counters.underruns += 1
        self.counters.concealed_frames += frames if missing else 0
        self.counters.frames += frames
        self._concealing = missing

    def _forget_played(self) -> None:
        for first_frame in list(self._blocks):
            if first_frame + BLOCK_FRAMES <= self.position_frame:
                del self._blocks[first_frame]


def _heard(stream: Stream, block: _Block | None, first: int, last: int) -> Samples:
    """Return one stream's samples from `first` to `last`, which lie in one block."""
    if not stream.lives_at(first):
        return stream.concealer.farewell(last - first)
    if first < stream.first_frame:
        return np.zeros((last - first, stream.channels), np.float32)
    if block is None:
        return stream.concealer.fill(last - first)
    if first == stream.anew_at_frame:
        stream.concealer.bridge()
    offset = first % BLOCK_FRAMES
    samples = block.get(stream.layer)
    if samples is None:
        return stream.concealer.real(np.zeros((last - first, stream.channels), np.float32))
    return stream.concealer.real(samples[offset : offset + last - first])


def _samples(pcm: bytes, piece: StreamSlice, stream: Stream) -> Samples:
    """Read one stream's samples out of a message; f32 is not copied."""
    sample_bytes = 4 if stream.format == "f32" else 2
    size_bytes = BLOCK_FRAMES * stream.channels * sample_bytes
    if piece.size_bytes != size_bytes or piece.offset_bytes + size_bytes > len(pcm):
        raise _bad_audio(f"stream {piece.stream} has {piece.size_bytes} bytes at {piece.offset_bytes}")
    kind = "<f4" if stream.format == "f32" else "<i2"
    flat = np.frombuffer(pcm, kind, count=size_bytes // sample_bytes, offset=piece.offset_bytes)
    samples = flat if stream.format == "f32" else flat * _S16_SCALE
    return np.asarray(samples, np.float32).reshape(-1, stream.channels)


def _bad_audio(what: str) -> WireError:
    return WireError("wire.bad-audio", what=what, fix="update the older of daemon and client")


def _grid_up(frame: int) -> int:
    return -(-frame // BLOCK_FRAMES) * BLOCK_FRAMES
