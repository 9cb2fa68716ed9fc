"""What is going to be hit, however far ahead: a score of hits that is read block by block."""

from dataclasses import dataclass, field

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.hits import Hits, hit, hits_state, sound_hits
from roomtone.dsp.overlap import Bank

_MOST: int = 400


@dataclass(slots=True)
class Agenda:
    """The state of one agenda. One thread at a time.

    Attributes:
        hits: what sounds.
        coming: (in how many s, sound, gain, pan) of what is still to come.
    """

    hits: Hits
    coming: list[tuple[float, int, float, float]] = field(default_factory=list)


def agenda_state(bank: Bank, *, channels: int) -> Agenda:
    """Start with nothing to do; see `hits_state`."""
    return Agenda(hits_state(bank, channels=channels))


def later(agenda: Agenda, at_s: float, sound: int, gain: float, pan: float = 0.0) -> None:
    """Put a hit on the agenda; where hundreds are waiting it is left out.

    Args:
        agenda: from `agenda_state`.
        at_s: when, counted from the start of the coming block.
        sound: its place in the bank.
        gain: of this one.
        pan: -1 (left) to 1; a mono agenda ignores it.
    """
    if len(agenda.coming) < _MOST:
        agenda.coming.append((at_s, sound, gain, pan))


def sound_agenda(agenda: Agenda, out: Samples) -> None:
    """Add the next block of what has begun into `out`, (BLOCK_FRAMES, channels) float32."""
    if agenda.coming:
        waiting = []
        for at_s, sound, gain, pan in agenda.coming:
            if at_s < BLOCK_S:
                hit(agenda.hits, sound, frame=max(0, round(at_s * SAMPLE_RATE_HZ)), gain=gain, pan=pan)
            else:
                waiting.append((at_s - BLOCK_S, sound, gain, pan))
        agenda.coming = waiting
    sound_hits(agenda.hits, out)
