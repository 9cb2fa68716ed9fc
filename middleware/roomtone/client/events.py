"""What happens to a client without being asked for: everything that `Client.events` may yield."""

from dataclasses import dataclass
from typing import TypeAlias

from roomtone.wire.messages import Error, LayerEvent, SceneChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """The daemon went away; what is missing is concealed, and the client keeps trying.

    Attributes:
        reason: the daemon's own words where it said goodbye.
    """

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconnected:
    """The daemon is back.

    Attributes:
        resumed: whether the streams go on sample for sample; otherwise the scenes were opened anew.
        away_s: how long it was gone.
    """

    resumed: bool
    away_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerGone:
    """A reload removed a layer that was open; nothing is heard from `end_frame` on."""

    scene: str
    layer: str
    end_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneGone:
    """A scene can no longer be performed; what is open of it fades to silence."""

    scene: str


Event: TypeAlias = Disconnected | Reconnected | SceneChanged | LayerEvent | LayerGone | SceneGone | Error
