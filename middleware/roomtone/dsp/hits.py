"""Sounds from a bank that begin one by one, at the frame that a score says, and ring on across blocks."""

from dataclasses import dataclass

from roomtone.audio import Samples
from roomtone.dsp.overlap import Bank, Overlap, drain, lay, overlap_state

_SCORE_FRAMES = 48_000


@dataclass(slots=True)
class Hits:
    """The state of one score: what may sound, and what is still sounding. One thread at a time."""

    bank: Bank
    overlap: Overlap


def hits_state(bank: Bank, *, channels: int) -> Hits:
    """Start in silence.

    Args:
        bank: what may sound, from `bank_of`; it is only read, and may be shared.
        channels: 1 or 2.
    """
    return Hits(bank, overlap_state(bank, latest_frames=_SCORE_FRAMES, channels=channels))


def hit(hits: Hits, sound: int, *, frame: int, gain: float, pan: float = 0.0) -> None:
    """Begin a sound.

    Args:
        hits: from `hits_state`.
        sound: its place in the bank.
        frame: when, counted from the start of the coming block; at most a second later.
        gain: of this one.
        pan: -1 (left) to 1; a mono score ignores it.
    """
    bank, overlap = hits.bank, hits.overlap
    line = bank.samples[bank.starts[sound] : bank.starts[sound + 1]]
    lay(overlap.ring, int(overlap.cursor[0]) + min(frame, _SCORE_FRAMES), line, gain, pan)


def sound_hits(hits: Hits, out: Samples) -> None:
    """Add the next block of all that sounds into `out`, (BLOCK_FRAMES, channels) float32."""
    drain(hits.overlap.ring, hits.overlap.cursor, out)
