"""Sounds from a bank that begin one by one, at the frame that a score says, and ring on across blocks."""

from dataclasses import dataclass

from roomtone.audio import Samples
from roomtone.dsp.overlap import Bank, Overlap, drain, lay, overlap_state
from roomtone.dsp.random import Rng, normal

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


def hit_anew(hits: Hits, rng: Rng, takes: range, *, frame: int, gain: float, pan: float = 0.0) -> None:
    """Begin a sound that was never heard before: all takes of one thing, mixed anew by chance.

    Two blows never meet a thing alike, and a few takes by turns would soon be known again.

    Args:
        hits: from `hits_state`.
        rng: its chance; one draw for each take.
        takes: their places in the bank; as loud as one of them is what comes of them.
        frame: when, as in `hit`.
        gain: of this one.
        pan: -1 (left) to 1.
    """
    shares = [normal(rng) for _ in takes]
    loud = gain / sum(share * share for share in shares) ** 0.5
    for take, share in zip(takes, shares, strict=True):
        hit(hits, take, frame=frame, gain=loud * share, pan=pan)


def sound_hits(hits: Hits, out: Samples) -> None:
    """Add the next block of all that sounds into `out`, (BLOCK_FRAMES, channels) float32."""
    drain(hits.overlap.ring, hits.overlap.cursor, out)
