"""People and the places they are in."""

from typing import Final

from roomtone.synths.model import Synth
from roomtone.synths.people import bells, children, clatter, clock, crowd, footsteps, keyboard, room_tone

SYNTHS: Final[tuple[Synth, ...]] = (
    crowd.CROWD,
    children.CHILDREN,
    clatter.CLATTER,
    footsteps.FOOTSTEPS,
    clock.CLOCK,
    bells.BELLS,
    keyboard.KEYBOARD,
    room_tone.ROOM_TONE,
)
