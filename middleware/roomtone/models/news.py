"""What the pool tells whoever wants clips: one frozen dataclass each."""

from dataclasses import dataclass
from typing import TypeAlias

from roomtone.errors import ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A clip is in the cache under this key."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A clip cannot be made, or not now; nobody tries again unless it is wanted anew."""

    key: str
    code: str
    what: str
    at: str = ""
    fix: str = ""

    @classmethod
    def of(cls, key: str, error: ModelError) -> "Missed":
        """Say what an error says."""
        return cls(key=key, code=error.code, what=error.what, at=error.at, fix=error.fix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """Clips are being made, and this part of them is done, 0 to 1."""

    keys: tuple[str, ...]
    part: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """A model was loaded, unloaded, or failed."""

    model: str
    state: str
    what: str = ""


News: TypeAlias = Made | Missed | Busy | ModelState
