"""Where a part sounds: all around, at a place, or now here, now there."""

import math
from collections.abc import Mapping
from typing import Final

from roomtone.reading.drafts import Draft
from roomtone.scene.model import Area, Bed, Placement, Point, Scatter

# How many times further `far` is than usual, and `near` nearer.
_FAR_TIMES: Final = 5.0
_REACH_TIMES: Final = 8.0
_NEAREST_M, _FARTHEST_M = 0.8, 1_200.0
_SHORTEST_REACH_M: Final = 30.0
_FAR: Final = 0.3
# Of a strike's usual distance, how near and far it strikes.
_STRIKES_FROM, _STRIKES_TO = 0.6, 1.6
_ROAMS_FROM, _ROAMS_TO = 0.25, 3.0
# A struck synth strikes 12 times a minute at a rate of 1, and with the square of the rate.
_FULL_RATE_GAP_S: Final = 5.0
_SHORTEST_GAP_S, _LONGEST_GAP_S = 3.0, 240.0

# An area is heard in full within half of its distance: at the origin, where the parts are mixed, it is half as loud.
# What its two channels have in common adds up when both come from one side, which gives back about 2 dB.
AREA_LOSS_DB: Final = 20.0 * math.log10(2.0) - 2.0


def place(draft: Draft, controls: Mapping[str, float]) -> Placement:
    """Place a part.

    Args:
        draft: what is said of it.
        controls: of its synth; how often something strikes is its amount.
    """
    stands, bearing_deg = draft.entry.stands, draft.bearing_deg
    metres = _metres(draft)
    if stands == "strikes" and bearing_deg is None:
        return _scatter(draft, controls, metres)
    reach_m = max(_REACH_TIMES * metres, _SHORTEST_REACH_M)
    if stands != "around":
        return Point(at_m=_at(metres, bearing_deg or 0.0), near_m=round(metres, 1), reach_m=round(reach_m, 1))
    if bearing_deg is None:
        return Bed()
    return Area(at_m=_at(metres, bearing_deg), radius_m=round(metres / 2.0, 1), reach_m=round(reach_m, 1))


def is_distant(draft: Draft) -> bool:
    """Whether a part was said to be far away."""
    return draft.pulls.get("distance", 0.0) > _FAR


def roams(draft: Draft) -> bool:
    """Whether a struck part is as far as each strike is placed, because nobody says how far it is."""
    return (
        draft.entry.stands == "strikes"
        and draft.bearing_deg is None
        and draft.pulls.get("distance", 0.0) == 0.0
        and "distance" not in draft.at
        and not draft.muffle
    )


def _metres(draft: Draft) -> float:
    if draft.metres is not None:
        return min(max(draft.metres, _NEAREST_M), _FARTHEST_M)
    pull = min(max(draft.pulls.get("distance", 0.0), -1.0), 1.0)
    return min(max(draft.entry.usual_m * math.exp(pull * math.log(_FAR_TIMES)), _NEAREST_M), _FARTHEST_M)


def _at(metres: float, bearing_deg: float) -> tuple[float, float, float]:
    bearing = math.radians(bearing_deg)
    # Adding zero makes a plain 0 of -0.
    return round(metres * math.sin(bearing), 1) + 0.0, 0.0, round(-metres * math.cos(bearing), 1) + 0.0


def _scatter(draft: Draft, controls: Mapping[str, float], metres: float) -> Scatter:
    rate = max(controls[draft.entry.roles["amount"]], 0.05)
    gap_s = min(max(_FULL_RATE_GAP_S / rate**2, _SHORTEST_GAP_S), _LONGEST_GAP_S)
    first, last = (_ROAMS_FROM, _ROAMS_TO) if roams(draft) else (_STRIKES_FROM, _STRIKES_TO)
    return Scatter(
        every_s=(round(0.5 * gap_s, 1), round(1.5 * gap_s, 1)),
        distance_m=(round(first * metres), round(last * metres)),
    )
