"""Which of a prompt's banks are heard at a scene's state: pure, continuous, and the same wherever it is asked.

A prompt's wordings stand at *stops*. Along each slot stops are counted in half steps: wording `i` stands at `2·i`, what
is blended of it and the next stands at `2·i + 1`.
"""

import math
from collections.abc import Collection, Mapping
from itertools import product
from typing import Final, TypeAlias

from roomtone.scene.model import Parameter, PromptSource, Slot

Stop: TypeAlias = tuple[int, ...]
"""Half steps along each slot of a prompt; `()` for a prompt without slots."""
Position: TypeAlias = tuple[float, ...]
"""Where a state stands, in half steps along each slot."""

# Between two stops the middle half of the way is the crossfade: most of the time one bank sounds, and costs.
_ZONE: Final = 0.5
# A stop stands for its own part of the range, one half step to either side.
EXACT_WITHIN: Final = 1.0


def whole_stops(source: PromptSource) -> tuple[Stop, ...]:
    """List the stops of a prompt's wordings."""
    return tuple(product(*(range(0, 2 * len(slot.wordings), 2) for slot in source.slots)))


def between_stops(source: PromptSource, parameters: Mapping[str, Parameter]) -> tuple[Stop, ...]:
    """List the stops between neighbouring wordings: of prompts with one slot only, else there are too many."""
    if len(source.slots) != 1:
        return ()
    (slot,) = source.slots
    count = len(slot.wordings) if parameters[slot.parameter].wraps else len(slot.wordings) - 1
    return tuple((2 * i + 1,) for i in range(count))


def position(
    source: PromptSource, parameters: Mapping[str, Parameter], values: Mapping[str, float]
) -> Position:
    """Say where a state stands: the middle of a wording's part of the range is its stop."""
    return tuple(_along(slot, parameters[slot.parameter], values[slot.parameter]) for slot in source.slots)


def _along(slot: Slot, parameter: Parameter, value: float) -> float:
    parts = len(slot.wordings)
    way = (value - parameter.low) / (parameter.high - parameter.low)
    if parameter.wraps:
        return (2.0 * parts * way - 1.0) % (2.0 * parts)
    return min(max(2.0 * parts * way - 1.0, 0.0), 2.0 * (parts - 1))


def circles(source: PromptSource, parameters: Mapping[str, Parameter]) -> tuple[int, ...]:
    """Say for each slot after how many half steps it comes round; 0 where it does not."""
    return tuple(2 * len(slot.wordings) if parameters[slot.parameter].wraps else 0 for slot in source.slots)


def mix(at: Position, available: Collection[Stop], around: tuple[int, ...]) -> dict[Stop, float]:
    """Share a state among the banks that there are.

    Args:
        at: where the state stands.
        available: stops that have a bank; at least one.
        around: see `circles`.

    Returns:
        Shares of power by stop, none of them 0; they add up to 1 and move continuously with `at`.
    """
    sides = [
        _sides(along, sorted({stop[slot] for stop in available}), around[slot])
        for slot, along in enumerate(at)
    ]
    shares: dict[Stop, float] = {}
    for corner in product(*sides):
        share = math.prod(part for _, part in corner)
        if share > 0.0:
            stop = nearest(tuple(place for place, _ in corner), available, around)
            shares[stop] = shares.get(stop, 0.0) + share
    return shares


def _sides(along: float, places: list[int], circle: int) -> tuple[tuple[int, float], ...]:
    """Find the places on both sides and share between them."""
    below = [place for place in places if place <= along]
    above = [place for place in places if place > along]
    if not circle and not (below and above):
        return ((below[-1] if below else above[0], 1.0),)
    low = below[-1] if below else places[-1] - circle
    high = above[0] if above else places[0] + circle
    if low % (circle or high + 1) == high % (circle or high + 1):
        return ((places[0], 1.0),)
    way = ((along - low) / (high - low) - 0.5) / _ZONE + 0.5
    t = min(1.0, max(0.0, way))
    share = t * t * (3.0 - 2.0 * t)
    return ((low % circle if circle else low, 1.0 - share), (high % circle if circle else high, share))


def nearest(at: Position, available: Collection[Stop], around: tuple[int, ...]) -> Stop:
    """Find the nearest stop that has a bank; of two, the lower."""
    return min(sorted(available), key=lambda stop: distance(at, stop, around))


def distance(at: Position, stop: Stop, around: tuple[int, ...]) -> float:
    """Measure in half steps, along each slot the shorter way round, all slots added."""
    total = 0.0
    for along, place, circle in zip(at, stop, around, strict=True):
        way = abs(along - place)
        total += min(way, circle - way) if circle else way
    return total


def is_exact(at: Position, stop: Stop, around: tuple[int, ...]) -> bool:
    """Whether a state lies in the part of the range that a stop stands for."""
    return all(
        distance((along,), (place,), (circle,)) <= EXACT_WITHIN
        for along, place, circle in zip(at, stop, around, strict=True)
    )
