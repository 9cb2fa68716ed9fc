"""Traffic: on the road, on rails, in the air."""

from typing import Final

from roomtone.synths.model import Synth
from roomtone.synths.traffic import airplane, engine, helicopter, horn, siren, traffic, train

SYNTHS: Final[tuple[Synth, ...]] = (
    traffic.TRAFFIC,
    train.TRAIN,
    engine.ENGINE,
    horn.HORN,
    siren.SIREN,
    airplane.AIRPLANE,
    helicopter.HELICOPTER,
)
