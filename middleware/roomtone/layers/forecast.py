"""Where a scene's state is heading: what will be needed is prepared before it is."""

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from roomtone.audio import BLOCK_S
from roomtone.scene.state import Rule, SceneState

HORIZONS_S: Final = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
"""How far ahead is looked. A clip takes seconds to a minute to make."""

# A game that turns rain up step by step means to go on: three steps one way within this time are a trend.
_TREND_S: Final = 30.0
_TREND_STEPS: Final = 3
_MOST_STEPS: Final = 8


class Trend:
    """What a game has asked of each parameter lately, and where that leads. One owner, one thread."""

    def __init__(self) -> None:
        self._steps: dict[str, deque[tuple[float, float]]] = {}

    def note(self, now_s: float, targets: Mapping[str, float]) -> None:
        """Take the targets of a scene's state; those that are as before are no step."""
        for name, target in targets.items():
            steps = self._steps.setdefault(name, deque(maxlen=_MOST_STEPS))
            if not steps or steps[-1][1] != target:
                steps.append((now_s, target))

    def slope(self, name: str, now_s: float) -> float:
        """Say by how much a parameter's target moves in a second; 0 where its steps show no one direction."""
        steps = [step for step in self._steps.get(name, ()) if now_s - step[0] <= _TREND_S]
        moves = [later[1] - earlier[1] for earlier, later in pairwise(steps)]
        if len(moves) < _TREND_STEPS - 1 or not (min(moves) > 0.0 or max(moves) < 0.0):
            return 0.0
        return (steps[-1][1] - steps[0][1]) / max(now_s - steps[0][0], BLOCK_S)


def ahead(state: SceneState, trend: Trend, now_s: float) -> Iterator[tuple[float, dict[str, float]]]:
    """Yield for each horizon in seconds where every parameter will be, wander left out."""
    slopes = {name: trend.slope(name, now_s) for name in state.targets}
    for horizon_s in HORIZONS_S:
        yield (
            horizon_s,
            {
                name: _at(state, name, rule, horizon_s, slopes[name])
                for name, rule in state.plan.rules.items()
            },
        )


def _at(state: SceneState, name: str, rule: Rule, horizon_s: float, slope: float) -> float:
    blocks = round(horizon_s / BLOCK_S)
    base, target, glide = state.bases[name], state.targets[name], state.moving.get(name)
    if glide is not None:
        block = state.block + blocks
        return rule.fitted(target if glide.is_over(block) else glide.at(block))
    if slope and not rule.wraps:
        target = rule.fitted(target + slope * horizon_s)
    way = rule.way(base, target)
    kept = rule.rise_kept if way > 0.0 else rule.fall_kept
    return rule.fitted(target - way * kept**blocks)
