"""What stands in for a prompt until a model has made it: the sounds that were read in it, all in one layer."""

from types import MappingProxyType
from typing import Final

from roomtone.reading.reading import Part, Reading
from roomtone.scene.model import Constant, StandIn, SynthSource

MOST_PARTS: Final = 8
"""As many as a scene file may give a layer."""

# A place without a sound that any synth knows is still a place: air that moves a little.
_AIR: Final = StandIn(
    source=SynthSource(
        synth="wind", controls=MappingProxyType({"strength": Constant(0.12), "gustiness": Constant(0.3)})
    ),
    gain_db=-18.0,
)
_WEIGHTS: Final = ("main", "beside", "background")


def stand_ins_of(reading: Reading) -> tuple[StandIn, ...]:
    """Choose what stands in for a reading: its most important parts, or a quiet air where it has none."""
    parts = sorted(reading.parts, key=lambda part: _WEIGHTS.index(part.weight))[:MOST_PARTS]
    return tuple(_stand_in(part) for part in parts) or (_AIR,)


def _stand_in(part: Part) -> StandIn:
    controls = {name: Constant(value) for name, value in part.controls.items()}
    return StandIn(
        source=SynthSource(synth=part.synth, controls=MappingProxyType(controls)), gain_db=part.gain_db
    )
