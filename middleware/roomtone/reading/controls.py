"""From what is said of a sound to where its controls stand."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise
from math import log
from typing import Final

from roomtone.reading.amounts import UNCOUNTED
from roomtone.reading.drafts import Draft, together
from roomtone.reading.entry import INSTEAD, Role
from roomtone.synths import SYNTHS

_DIGITS: Final = 3
# What comes through a wall seems further away as well; 1 is behind it, and half is a window.
_MUFFLED: Final[Mapping[Role, float]] = {"wall": 0.8, "distance": 0.2}


def controls_of(draft: Draft) -> dict[str, float]:
    """Set every control of a draft's synth, 0 to 1, in the synth's order."""
    at, pulls = _with_surface(draft), _pulls(draft)
    amount = draft.entry.roles.get("amount")
    values: dict[str, float] = {}
    for control in SYNTHS[draft.entry.synth].controls:
        stated = _roles_of(draft, control.name)
        start = next((_turned(at[role], sign) for role, sign in stated if role in at), control.default)
        pull = reduce(together, (pulls.get(role, 0.0) * sign for role, sign in stated), 0.0)
        low, high = draft.span if control.name == amount else (0.0, 1.0)
        if control.name == amount and draft.count is not None and draft.entry.counts:
            start, low = _along(draft.entry.counts, draft.count), 0.0
        values[control.name] = round(pulled(start, pull, low, high), _DIGITS)
    return values


def pulled(start: float, pull: float, low: float = 0.0, high: float = 1.0) -> float:
    """Move from `start` towards `high` (a pull of 1 arrives there) or `low` (-1)."""
    if pull >= 0.0:
        return start + min(pull, 1.0) * max(high - start, 0.0)
    return start - min(-pull, 1.0) * max(start - low, 0.0)


def plays(draft: Draft, role: Role) -> bool:
    """Whether the synth has a control for a role."""
    return role in draft.entry.roles


def _roles_of(draft: Draft, control: str) -> list[tuple[Role, float]]:
    """List the roles that a control plays; the amount first, with the sign in which more of the role turns it."""
    signs = {control: 1.0, f"-{control}": -1.0}
    return [(role, signs[name]) for role, name in draft.entry.roles.items() if name in signs]


def _turned(value: float, sign: float) -> float:
    return value if sign > 0.0 else 1.0 - value


def _with_surface(draft: Draft) -> Mapping[Role, float]:
    if draft.surface is None:
        return draft.at
    return {**draft.at, **draft.surface.sets[draft.entry.synth]}


def _pulls(draft: Draft) -> dict[Role, float]:
    """Sum up what is said, role by role, in terms that the synth knows."""
    pulls: dict[Role, float] = {}
    said = [*draft.pulls.items(), *((role, pull * draft.muffle) for role, pull in _MUFFLED.items())]
    for role, pull in said:
        known = role if plays(draft, role) else INSTEAD.get(role, role)
        pulls[known] = together(pulls.get(known, 0.0), pull)
    if draft.count is not None and not draft.entry.counts:
        pulls["amount"] = together(pulls.get("amount", 0.0), _along(UNCOUNTED, draft.count))
    return pulls


def _along(points: Sequence[tuple[float, float]], count: float) -> float:
    """Read a table of (how many, value), between its rows by ratio."""
    for (n0, y0), (n1, y1) in pairwise(points):
        if count <= n1:
            return y0 + (y1 - y0) * log(max(count, n0) / n0) / log(n1 / n0)
    return points[-1][1]
