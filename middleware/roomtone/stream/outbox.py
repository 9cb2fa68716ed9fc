"""One scene's blocks as messages, kept until the client has them."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.wire.codec import encode
from roomtone.wire.messages import Audio, LayerEvent, SampleFormat, StreamSlice


@dataclass(slots=True)
class Stream:
    """One layer as one client receives it.

    Attributes:
        stream: its handle on the wire.
        first_frame: no block before it has the stream.
        channels: 1 or 2, as sent; converted from what the layer has.
    """

    stream: int
    layer: str
    format: SampleFormat
    channels: int
    first_frame: int = 0
    sent_frames: int = 0


@dataclass(frozen=True, slots=True)
class SentBlock:
    """An `audio` message with the events that belong to it, as they were sent.

    Attributes:
        first_frame: of the block.
        messages: each a tuple of frames; the audio is the last.
        size_bytes: of all frames.
    """

    first_frame: int
    messages: tuple[tuple[bytes, ...], ...]
    size_bytes: int


class Outbox:
    """Packs blocks and keeps what is not acknowledged, so that a resume repeats it to the byte. One owner."""

    def __init__(self) -> None:
        self._sent: deque[SentBlock] = deque()
        self._received_frame = 0
        self.kept_bytes = 0

    def pack(
        self,
        scene: int,
        first_frame: int,
        layers: Mapping[str, Samples | None],
        streams: Iterable[Stream],
        *,
        events: Iterable[LayerEvent] = (),
        more: bool = False,
    ) -> SentBlock:
        """Make one message of a block of these streams: a header, and all PCM end to end.

        Args:
            scene: the scene's handle.
            first_frame: of the block.
            layers: samples by layer; None is silence.
            streams: what the message has, in this order.
            events: what goes before it.
            more: whether another message will have other streams of the same block.
        """
        slices: list[StreamSlice] = []
        pieces: list[NDArray[np.generic]] = []
        offset_bytes = 0
        for stream in streams:
            samples = layers.get(stream.layer)
            piece = (
                None if samples is None else as_format(as_channels(samples, stream.channels), stream.format)
            )
            size_bytes = 0 if piece is None else piece.nbytes
            slices.append(StreamSlice(stream.stream, offset_bytes, size_bytes))
            if piece is not None:
                pieces.append(piece)
                offset_bytes += size_bytes
            stream.sent_frames += BLOCK_FRAMES
        header = Audio(
            scene=scene, first_frame=first_frame, frames=BLOCK_FRAMES, streams=tuple(slices), more=more
        )
        audio = (encode(header), b"".join(piece.tobytes() for piece in pieces))
        messages = (*((encode(event),) for event in events), audio)
        block = SentBlock(first_frame, messages, sum(len(frame) for frames in messages for frame in frames))
        self._sent.append(block)
        self.kept_bytes += block.size_bytes
        return block

    def acknowledge(self, received_frame: int) -> None:
        """Drop what the client has."""
        self._received_frame = received_frame
        while self._sent and self._sent[0].first_frame + BLOCK_FRAMES <= received_frame:
            self.kept_bytes -= self._sent.popleft().size_bytes

    def unacknowledged(self) -> tuple[SentBlock, ...]:
        """Return what must be sent again after a reconnection, oldest first, block by block."""
        kept = (block for block in self._sent if block.first_frame + BLOCK_FRAMES > self._received_frame)
        return tuple(sorted(kept, key=attrgetter("first_frame")))


def as_channels(samples: Samples, channels: int) -> Samples:
    """Convert between mono and stereo: mono is doubled, stereo is averaged."""
    if samples.shape[1] == channels:
        return samples
    if channels == 1:
        return np.asarray(samples.mean(axis=1, keepdims=True, dtype=np.float32))
    return np.repeat(samples, 2, axis=1)


def as_format(samples: Samples, sample_format: SampleFormat) -> NDArray[np.generic]:
    """Convert to what goes over the wire: little-endian f32 as it is, or s16 clipped and rounded."""
    if sample_format == "f32":
        return samples.astype("<f4", copy=False)
    return np.asarray(np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2"))
