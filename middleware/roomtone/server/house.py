"""What every request may need of the daemon."""

from collections.abc import Callable
from dataclasses import dataclass

from roomtone.errors import WireError
from roomtone.layers.banks import BankRoom
from roomtone.server.edits import Edits
from roomtone.server.library import SceneLibrary
from roomtone.server.register import Register
from roomtone.server.workshop import Workshop


@dataclass(slots=True, kw_only=True)
class House:
    """The parts of a daemon that requests use.

    Attributes:
        library: the scenes.
        workshop: where slow work is done.
        register: who is connected.
        edits: scenes that change while they play.
        banks: where the clips of prompts are.
        clock: monotonic seconds.
        started_s: when the daemon began.
        draining: whether it is about to stop.
    """

    library: SceneLibrary
    workshop: Workshop
    register: Register
    edits: Edits
    banks: BankRoom | None
    clock: Callable[[], float]
    started_s: float
    draining: bool = False

    def check_open(self) -> None:
        """Refuse to begin anything new while the daemon is about to stop.

        Raises:
            WireError: `session.draining`.
        """
        if self.draining:
            raise WireError("session.draining", what="the daemon is shutting down", fix="connect again later")
