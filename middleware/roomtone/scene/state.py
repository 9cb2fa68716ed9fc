"""How a scene's parameters move: smoothing, morphs and wander, one block of 10 ms at a time. Pure; no clock, no I/O.

A state belongs to a point of the grid: `values` are what is heard at frame `block * BLOCK_FRAMES`. To render block
`block`, apply what takes effect there (`set_targets`, `morph`), then `advance`: the new values are where it ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

from roomtone.audio import BLOCK_S
from roomtone.errors import WireError
from roomtone.names import unknown
from roomtone.scene.model import Parameter, Scene
from roomtone.scene.wander import blocks_per_knot, stray, wander_key

MAX_MORPH_S: Final = 86_400.0

# A glide is over when what is left is this part of the range: no ear and no synth tells the difference.
_SETTLED: Final = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One parameter, ready to be moved: what remains of a distance after a block, and how it wanders."""

    low: float
    high: float
    wraps: bool
    rise_kept: float
    fall_kept: float
    depth: float
    key: int
    knot_blocks: float

    @property
    def span(self) -> float:
        """How wide the range is."""
        return self.high - self.low

    def fitted(self, value: float) -> float:
        """Bring a value into the range: round the circle, or to the nearer end."""
        if not self.wraps:
            return min(max(value, self.low), self.high)
        round_the_circle = self.low + (value - self.low) % self.span
        # A tiny negative remainder rounds up to the whole span, which is the same point as none of it.
        return round_the_circle if round_the_circle < self.high else self.low

    def way(self, start: float, end: float) -> float:
        """Measure from `start` to `end`; on a circle, the shorter way round."""
        if not self.wraps:
            return end - start
        half = self.span / 2.0
        return (end - start + half) % self.span - half


@dataclass(frozen=True, slots=True)
class Glide:
    """A morph under way: from `start` by `way` within `blocks` blocks, slow at both ends."""

    start: float
    way: float
    first_block: int
    blocks: int

    def at(self, block: int) -> float:
        """Read the smoothstep at `block`."""
        t = (block - self.first_block) / self.blocks
        return self.start + self.way * t * t * (3.0 - 2.0 * t)

    def is_over(self, block: int) -> bool:
        """Tell whether `block` is its last or later."""
        return block - self.first_block >= self.blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What of a scene and a seed the state needs, worked out once."""

    scene: Scene
    seed: int
    rules: Mapping[str, Rule]
    wandering: tuple[tuple[str, Rule], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneState:
    """Every parameter of a scene at one point of the grid.

    Attributes:
        values: what is heard now, wander included. The same object as before where nothing has moved.
        targets: where each parameter is going, or stands.
        block: the point of the grid.
        bases: the values without wander.
        moving: the parameters on their way: by a morph's glide, or None for their own rise and fall.
        plan: what the scene says.
    """

    values: Mapping[str, float]
    targets: Mapping[str, float]
    block: int
    bases: Mapping[str, float]
    moving: Mapping[str, Glide | None]
    plan: Plan


def start_state(
    scene: Scene, *, seed: int, first_block: int = 0, values: Mapping[str, float] | None = None
) -> SceneState:
    """Stand every parameter at its default, or at its entry in `values`.

    Args:
        scene: the scene.
        seed: where chance starts.
        first_block: the point of the grid to start at; wander is what it would have been there anyway.
        values: parameters that start elsewhere.

    Raises:
        WireError: as `set_targets`.
    """
    plan = _plan(scene, seed)
    given = _checked(plan, values or {})
    bases = {name: given.get(name, parameter.default) for name, parameter in scene.parameters.items()}
    heard = _wandered(plan, bases, first_block)
    return SceneState(values=heard, targets=bases, block=first_block, bases=bases, moving={}, plan=plan)


def set_targets(scene: Scene, state: SceneState, values: Mapping[str, float]) -> SceneState:
    """Send parameters to new values by their rise and fall; all of them, or on an error none.

    Raises:
        WireError: `request.unknown-parameter`, or `state.not-finite`.
    """
    assert scene is state.plan.scene, "carry the state over to a new scene first"
    given = _checked(state.plan, values)
    moving = {name: glide for name, glide in state.moving.items() if name not in given}
    moving.update({name: None for name, target in given.items() if target != state.bases[name]})
    return replace(state, targets={**state.targets, **given}, moving=moving)


def morph(scene: Scene, state: SceneState, mood: str, over_s: float) -> SceneState:
    """Send every parameter of a mood there within `over_s`, whatever its rise and fall.

    Raises:
        WireError: `request.unknown-mood`, or `state.bad-duration`.
    """
    assert scene is state.plan.scene, "carry the state over to a new scene first"
    if mood not in scene.moods:
        raise unknown(WireError, "request.unknown-mood", kind="mood", name=mood, known=scene.moods, at="mood")
    if not 0.0 <= over_s <= MAX_MORPH_S:
        fix = f"give seconds from 0 to {MAX_MORPH_S:g}"
        raise WireError("state.bad-duration", what=f"over_s = {over_s:g}", at="over_s", fix=fix)
    given = _checked(state.plan, scene.moods[mood])
    blocks = max(1, round(over_s / BLOCK_S))
    moving = dict(state.moving)
    for name, target in given.items():
        _aim(moving, state, name, target, blocks)
    return replace(state, targets={**state.targets, **given}, moving=moving)


def _aim(moving: dict[str, Glide | None], state: SceneState, name: str, target: float, blocks: int) -> None:
    base = state.bases[name]
    if base == target:
        moving.pop(name, None)
    else:
        moving[name] = Glide(base, state.plan.rules[name].way(base, target), state.block, blocks)


def advance(scene: Scene, state: SceneState) -> SceneState:
    """Move on by one block."""
    plan, block = state.plan, state.block + 1
    assert scene is plan.scene, "carry the state over to a new scene first"
    bases, moving, values = state.bases, state.moving, state.values
    if moving:
        bases, moving = _moved(state, block)
        values = bases
    if plan.wandering:
        values = _wandered(plan, bases, block)
    return SceneState(
        values=values, targets=state.targets, block=block, bases=bases, moving=moving, plan=plan
    )


def _moved(state: SceneState, block: int) -> tuple[dict[str, float], Mapping[str, Glide | None]]:
    bases, targets, rules = dict(state.bases), state.targets, state.plan.rules
    arrived = []
    for name, glide in state.moving.items():
        target, rule = targets[name], rules[name]
        base = (
            _approached(rule, bases[name], target) if glide is None else _glided(rule, glide, target, block)
        )
        bases[name] = base
        if base == target:
            arrived.append(name)
    if not arrived:
        return bases, state.moving
    return bases, {name: glide for name, glide in state.moving.items() if name not in arrived}


def _approached(rule: Rule, base: float, target: float) -> float:
    """Go one block's part of the way, as a one-pole lowpass does."""
    way = rule.way(base, target) if rule.wraps else target - base
    left = way * (rule.rise_kept if way > 0.0 else rule.fall_kept)
    if abs(left) <= _SETTLED * (rule.high - rule.low):
        return target
    return rule.fitted(target - left) if rule.wraps else target - left


def _glided(rule: Rule, glide: Glide, target: float, block: int) -> float:
    if glide.is_over(block):
        return target
    return rule.fitted(glide.at(block)) if rule.wraps else glide.at(block)


def _wandered(plan: Plan, bases: dict[str, float] | Mapping[str, float], block: int) -> Mapping[str, float]:
    if not plan.wandering:
        return bases
    values = dict(bases)
    for name, rule in plan.wandering:
        values[name] = _heard(rule, values[name], stray(rule.key, rule.knot_blocks, block))
    return values


def _heard(rule: Rule, base: float, off: float) -> float:
    """Add the wander, which has less room towards the ends of the range: what is set to 0 stays 0."""
    if rule.wraps:
        return rule.fitted(base + rule.depth * off)
    room = min(rule.depth, base - rule.low, rule.high - base)
    return base + room * off if room > 0.0 else base


def _base_beneath(rule: Rule, heard: float, off: float) -> float:
    """Undo `_heard`: find the base under what is heard now, so that new wander begins without a jump."""
    if rule.wraps:
        return rule.fitted(heard - rule.depth * off)
    if not rule.low < heard < rule.high:
        return heard
    undone = (
        heard - rule.depth * off,
        (heard + rule.low * off) / (1.0 + off),
        (heard - rule.high * off) / (1.0 - off),
    )
    return max(undone) if off > 0.0 else min(undone)


def carry_over(scene: Scene, state: SceneState, new_scene: Scene) -> SceneState:
    """Go on in an edited scene: values, targets and morphs live on by name, and nothing jumps.

    New parameters start at their defaults. A value outside its new range glides into it by rise and fall.
    """
    assert scene is state.plan.scene, "this state belongs to another scene"
    plan = _plan(new_scene, state.plan.seed)
    bases: dict[str, float] = {}
    targets: dict[str, float] = {}
    moving: dict[str, Glide | None] = {}
    for name, parameter in new_scene.parameters.items():
        if name not in state.bases:
            bases[name] = targets[name] = parameter.default
            continue
        bases[name] = _carried_base(state, plan, name)
        targets[name] = plan.rules[name].fitted(state.targets[name])
        if bases[name] != targets[name]:
            moving[name] = _carried_glide(state, plan, name, bases[name], targets[name])
    values = _wandered(plan, bases, state.block)
    return SceneState(
        values=values, targets=targets, block=state.block, bases=bases, moving=moving, plan=plan
    )


def _carried_base(state: SceneState, plan: Plan, name: str) -> float:
    if _moves_alike(state.plan.rules[name], plan.rules[name]):
        return state.bases[name]
    rule = plan.rules[name]
    heard = rule.fitted(state.values[name]) if rule.wraps else state.values[name]
    return _base_beneath(rule, heard, stray(rule.key, rule.knot_blocks, state.block))


def _carried_glide(state: SceneState, plan: Plan, name: str, base: float, target: float) -> Glide | None:
    """Keep a morph's arrival time; where the value or the range beneath has changed, aim anew from here."""
    glide = state.moving.get(name)
    if glide is None or _moves_alike(state.plan.rules[name], plan.rules[name]):
        return glide
    blocks_left = glide.first_block + glide.blocks - state.block
    return Glide(base, plan.rules[name].way(base, target), state.block, blocks_left)


def _moves_alike(old: Rule, new: Rule) -> bool:
    """Tell whether a value means the same under both rules; rise and fall may differ."""
    return replace(old, rise_kept=0.0, fall_kept=0.0) == replace(new, rise_kept=0.0, fall_kept=0.0)


def _checked(plan: Plan, values: Mapping[str, float]) -> dict[str, float]:
    """Bring values into their ranges, or refuse them all."""
    for name, value in values.items():
        if name not in plan.rules:
            code = "request.unknown-parameter"
            raise unknown(WireError, code, kind="parameter", name=name, known=plan.rules, at="values")
        if not isfinite(value):
            what, at = f"the value of '{name}' is {value}", f"values.{name}"
            raise WireError("state.not-finite", what=what, at=at, fix="send a finite number")
    return {name: plan.rules[name].fitted(float(value)) for name, value in values.items()}


def _plan(scene: Scene, seed: int) -> Plan:
    rules = {name: _rule(parameter, seed) for name, parameter in scene.parameters.items()}
    wandering = tuple((name, rule) for name, rule in rules.items() if rule.depth > 0.0)
    return Plan(scene=scene, seed=seed, rules=rules, wandering=wandering)


def _rule(parameter: Parameter, seed: int) -> Rule:
    wander = parameter.wander
    return Rule(
        low=parameter.low,
        high=parameter.high,
        wraps=parameter.wraps,
        rise_kept=_kept(parameter.rise_s),
        fall_kept=_kept(parameter.fall_s),
        depth=wander.depth * (parameter.high - parameter.low) if wander else 0.0,
        key=wander_key(seed, parameter.name),
        knot_blocks=blocks_per_knot(wander.period_s) if wander else 1.0,
    )


def _kept(arrive_s: float) -> float:
    """Return what a block keeps of a distance, so that 1 % is left after `arrive_s`; nothing, if that is one block."""
    blocks = arrive_s / BLOCK_S
    return 0.01 ** (1.0 / blocks) if blocks > 1.0 else 0.0
