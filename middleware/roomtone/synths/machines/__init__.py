"""Machines of the house, the workshop and the factory."""

from typing import Final

from roomtone.synths.machines import drill, factory, fan, fridge, hammer, vacuum, washing_machine
from roomtone.synths.model import Synth

SYNTHS: Final[tuple[Synth, ...]] = (
    fan.FAN,
    fridge.FRIDGE,
    vacuum.VACUUM,
    washing_machine.WASHING_MACHINE,
    drill.DRILL,
    hammer.HAMMER,
    factory.FACTORY,
)
