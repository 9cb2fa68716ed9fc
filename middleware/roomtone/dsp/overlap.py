"""Short sounds of uneven length laid over one another, thousands a second, ringing on across blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.kernel import kernel

# How far apart left and right may arrive for a sound at the side: 0.6 ms is a head's width.
_EAR_FRAMES: Final = 29


@dataclass(frozen=True, slots=True)
class Bank:
    """Many short sounds end to end: sound `i` is `samples[starts[i]:starts[i + 1]]`."""

    samples: NDArray[np.float32]
    starts: NDArray[np.int64]


def bank_of(sounds: Sequence[NDArray[np.float64]]) -> Bank:
    """Lay sounds end to end, so that short ones take no more memory or time than they last."""
    starts = np.zeros(len(sounds) + 1, np.int64)
    np.cumsum([len(sound) for sound in sounds], out=starts[1:])
    return Bank(np.concatenate(sounds).astype(np.float32), starts)


@dataclass(slots=True)
class Overlap:
    """A ring of what is still to sound: one line per channel, so that adding to it is one plain loop."""

    ring: NDArray[np.float32]
    cursor: NDArray[np.int64]


def overlap_state(bank: Bank, *, latest_frames: int, channels: int) -> Overlap:
    """Start a ring for the sounds of `bank` that begin at most `latest_frames` after their block does."""
    span = int(np.diff(bank.starts).max()) + latest_frames + _EAR_FRAMES + BLOCK_FRAMES
    blocks = -(-span // BLOCK_FRAMES)
    return Overlap(np.zeros((channels, blocks * BLOCK_FRAMES), np.float32), np.zeros(1, np.int64))


@kernel
def _add(line: NDArray[np.float32], start: int, sound: NDArray[np.float32], gain: np.float32) -> None:
    size = line.shape[0]
    start %= size
    before_wrap = min(sound.shape[0], size - start)
    # Slices, because only loops that count from 0 become vector instructions.
    here, head = line[start : start + before_wrap], sound[:before_wrap]
    for i in range(head.shape[0]):
        here[i] += gain * head[i]
    rest = sound[before_wrap:]
    for i in range(rest.shape[0]):
        line[i] += gain * rest[i]


@kernel
def lay(ring: NDArray[np.float32], start: int, sound: NDArray[np.float32], gain: float, pan: float) -> None:
    """Add one sound from ring frame `start`; `pan` -1 (left) to 1, by level and by arrival time."""
    if ring.shape[0] == 1:
        _add(ring[0], start, sound, np.float32(gain))
        return
    angle = (pan + 1.0) * (np.pi / 4.0)
    late = int(pan * _EAR_FRAMES)
    _add(ring[0], start + max(late, 0), sound, np.float32(gain * np.cos(angle)))
    _add(ring[1], start + max(-late, 0), sound, np.float32(gain * np.sin(angle)))


@kernel
def drain(ring: NDArray[np.float32], cursor: NDArray[np.int64], out: Samples) -> None:
    """Add the ring's next block into `out`, clear it, and move on."""
    first = cursor[0]
    for c in range(out.shape[1]):
        for i in range(out.shape[0]):
            out[i, c] += ring[c, first + i]
            ring[c, first + i] = 0.0
    cursor[0] = (first + out.shape[0]) % ring.shape[1]
