"""A job that no process survives."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class KillingJob:
    """Ends whatever process looks at what it is about, but the one that made it."""

    key: str
    about: str
    made_by: int

    @property
    def heard(self) -> object:
        """See the class."""
        if os.getpid() != self.made_by:
            os._exit(9)
        return None

    path = heard
