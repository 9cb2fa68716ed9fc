"""Animals."""

from typing import Final

from roomtone.synths.animals import bees, birds, cats, cicadas, crickets, crows, dogs, frogs, owl
from roomtone.synths.model import Synth

SYNTHS: Final[tuple[Synth, ...]] = (
    birds.BIRDS,
    owl.OWL,
    crows.CROWS,
    crickets.CRICKETS,
    cicadas.CICADAS,
    bees.BEES,
    frogs.FROGS,
    dogs.DOGS,
    cats.CATS,
)
