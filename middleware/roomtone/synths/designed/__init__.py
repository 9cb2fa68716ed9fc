"""What no place on earth sounds like: the future, the uncanny, and tension for a scene."""

from typing import Final

from roomtone.synths.designed import computer, drone, magic, spacecraft, whispers
from roomtone.synths.model import Synth

SYNTHS: Final[tuple[Synth, ...]] = (
    spacecraft.SPACECRAFT,
    computer.COMPUTER,
    magic.MAGIC,
    drone.DRONE,
    whispers.WHISPERS,
)
