"""How urgently each bank of a prompt is needed: what sounds, then where the state is heading, then the rest. Pure."""

from collections.abc import Mapping
from typing import Final

from roomtone.layers.forecast import Trend, ahead
from roomtone.layers.stops import Stop, circles, distance, mix, position, whole_stops
from roomtone.models.wishes import Rank, Urgency
from roomtone.scene.model import Parameter, PromptSource
from roomtone.scene.state import SceneState

# A first variation of a bank that nothing leads to comes before further ones of any.
_BETWEEN: Final = 100.0
_FURTHER: Final = 10.0
_RESIDENT_STEPS: Final = 2.0


def rank_stops(
    source: PromptSource,
    state: SceneState,
    trend: Trend,
    *,
    now_s: float,
    audible: bool = True,
) -> dict[Stop, Rank]:
    """Rank the first variation of every wording.

    Args:
        source: the prompt.
        state: of its scene.
        trend: of the scene's targets.
        now_s: on the trend's clock.
        audible: whether the layer is heard at all now; else nothing of it is more urgent than a neighbour's.
    """
    parameters, stops = state.plan.scene.parameters, whole_stops(source)
    around = circles(source, parameters)
    at = position(source, parameters, state.values)
    ranks = {stop: Rank(Urgency.NEIGHBOUR, round(distance(at, stop, around))) for stop in stops}
    for horizon_s, values in reversed(list(ahead(state, trend, now_s))):
        for stop in mix(position(source, parameters, values), stops, around):
            ranks[stop] = Rank(Urgency.HEADING, horizon_s)
    shares = mix(at, stops, around)
    for stop in shares:
        ranks[stop] = Rank(Urgency.SOUNDING, 0.0 if shares[stop] >= max(shares.values()) else 1.0)
    if not audible:
        return {stop: max(rank, Rank(Urgency.NEIGHBOUR, rank.order)) for stop, rank in ranks.items()}
    return ranks


def rank_neighbour(source: PromptSource, parameters: Mapping[str, Parameter]) -> dict[Stop, Rank]:
    """Rank what a scene next door would begin with: its wordings at the defaults of its parameters."""
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    at = position(source, parameters, defaults)
    shares = mix(at, whole_stops(source), circles(source, parameters))
    return dict.fromkeys(shares, Rank(Urgency.NEIGHBOUR, 0.0))


def rank_variation(first: Rank, variation: int) -> Rank:
    """Rank a further variation of a bank by its first one."""
    if variation == 0:
        return first
    return Rank(Urgency.MORE, float(_FURTHER * first.urgency + variation))


def rank_between(stop: Stop, ranks: Mapping[Stop, Rank]) -> Rank:
    """Rank a bank between two wordings: of use only where both are near, and never before either."""
    (place,) = stop
    nearer = min(abs(place - other) for (other,) in ranks)
    return Rank(Urgency.MORE, _BETWEEN + nearer)


def is_resident(stop: Stop, rank: Rank, at_distance: float) -> bool:
    """Whether a bank should be in memory, ready to be heard within a moment."""
    return bool(stop == () or rank.urgency <= Urgency.HEADING or at_distance <= _RESIDENT_STEPS)
