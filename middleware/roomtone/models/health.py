"""How well a model does: who fails waits before it is tried again, and who keeps failing is left alone for a while."""

from dataclasses import dataclass, replace
from typing import Final

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 60.0
BREAKS_AFTER: Final = 5
BROKEN_S: Final = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The account of one model.

    Attributes:
        failures: in a row.
        not_before_s: when it may be started again.
        reason: what was wrong last.
    """

    failures: int = 0
    not_before_s: float = 0.0
    reason: str = ""

    @property
    def broken(self) -> bool:
        """Whether the circuit breaker is open: what is wanted of it is refused instead of waiting."""
        return self.failures >= BREAKS_AFTER

    def may_start(self, now_s: float) -> bool:
        """Whether it is time for another try."""
        return now_s >= self.not_before_s

    def worked(self) -> "Health":
        """It did what was asked."""
        return Health()

    def failed(self, now_s: float, reason: str) -> "Health":
        """It could not be loaded, died or hung: wait twice as long as last time, and after many failures longer."""
        failures = self.failures + 1
        wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (failures - 1))
        if failures >= BREAKS_AFTER:
            wait_s = BROKEN_S
        return replace(self, failures=failures, not_before_s=now_s + wait_s, reason=reason)
