"""Kinds in a row on one control: each pure around its own place, and two at once on the way between."""

from typing import Final

_PURE: Final = 0.6


def shares(setting: float, kinds: int, *, pure: float = _PURE) -> tuple[tuple[int, float], ...]:
    """Say which kinds sound at a setting, and how much.

    Args:
        setting: 0 (the first kind) to 1 (the last).
        kinds: how many there are, evenly spaced; at least 2.
        pure: how much of the way from one to the next belongs to either alone.

    Returns:
        One or two of (kind, share of the power), which add up to 1.
    """
    place = setting * (kinds - 1)
    below = min(int(place), kinds - 2)
    across = min(max((place - below - 0.5) / (1.0 - pure) + 0.5, 0.0), 1.0)
    both = ((below, 1.0 - across), (below + 1, across))
    return tuple((kind, share) for kind, share in both if share > 0.0)
