"""The states that a scene is baked at: its moods, or values of its parameters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isfinite
from types import MappingProxyType
from typing import Final, TypeAlias

from roomtone.errors import OrderError
from roomtone.names import did_you_mean
from roomtone.scene.model import Scene

DEFAULT: Final = "default"
"""The state with every parameter at its default."""

MOST_STATES: Final = 256

_NAME: Final = r"[a-z][a-z0-9_]*"


@dataclass(frozen=True, slots=True)
class Moods:
    """States that are moods of a scene."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """States along one parameter."""

    parameter: str
    values: tuple[float, ...]


Wanted: TypeAlias = Moods | Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of one scene.

    Attributes:
        name: in file names and manifests: a mood's, `rain=0.5`, or `default`.
        mood: the mood's name, or empty.
        values: of every parameter.
    """

    name: str
    mood: str
    values: Mapping[str, float]


def read_states(texts: Sequence[str]) -> tuple[Wanted, ...]:
    """Read `calm,storm` and `rain=0,0.5,1`.

    Raises:
        OrderError: `bake.states`.
    """
    return tuple(_read(part) for text in texts for part in text.split("|"))


def _read(text: str) -> Wanted:
    parameter, equals, values = (part.strip() for part in text.partition("="))
    if not equals:
        names = tuple(name.strip() for name in text.split(","))
        if not all(re.fullmatch(_NAME, name) for name in names):
            raise _refused(f"'{text}' is no list of moods")
        return Moods(names)
    try:
        numbers = tuple(float(value) for value in values.split(","))
    except ValueError as error:
        raise _refused(f"'{values}' is no list of numbers") from error
    if not re.fullmatch(_NAME, parameter) or not all(isfinite(number) for number in numbers):
        raise _refused(f"'{text}' names no values of a parameter")
    return Steps(parameter, numbers)


def _refused(what: str) -> OrderError:
    return OrderError(
        "bake.states", what=what, fix="write moods, `calm,storm`, or a parameter, `rain=0,0.5,1`"
    )


def states_of(scene: Scene, wanted: Sequence[Wanted]) -> tuple[State, ...]:
    """List a scene's states: each mood, and each combination of the steps of its parameters; else its default.

    What a scene does not know is left out: see `check_states`.

    Raises:
        OrderError: `bake.state-range`, `bake.too-many-states`.
    """
    usual = {name: parameter.default for name, parameter in scene.parameters.items()}
    moods = [name for each in wanted if isinstance(each, Moods) for name in each.names if name in scene.moods]
    states = [
        State(name=name, mood=name, values=MappingProxyType({**usual, **scene.moods[name]}))
        for name in dict.fromkeys(moods)
    ]
    steps = [each for each in wanted if isinstance(each, Steps) and each.parameter in scene.parameters]
    count = len(states)
    for each in steps:
        _check_range(scene, each)
        count = max(count, 1) * len(each.values)
    if count > MOST_STATES:
        what = f"scene '{scene.name}' would be baked at {count} states"
        raise OrderError("bake.too-many-states", what=what, fix=f"ask for at most {MOST_STATES}")
    if steps:
        names = [each.parameter for each in steps]
        for values in product(*(each.values for each in steps)):
            at = dict(zip(names, values, strict=True))
            name = ",".join(f"{parameter}={value:g}" for parameter, value in at.items())
            states.append(State(name=name, mood="", values=MappingProxyType({**usual, **at})))
    if not states:
        states.append(State(name=DEFAULT, mood="", values=MappingProxyType(usual)))
    return tuple(states)


def _check_range(scene: Scene, steps: Steps) -> None:
    parameter = scene.parameters[steps.parameter]
    for value in steps.values:
        if not parameter.low <= value <= parameter.high:
            what = f"{steps.parameter} = {value:g} is not within {parameter.low:g} and {parameter.high:g}"
            raise OrderError("bake.state-range", what=what, at=scene.name, fix="ask for values in its range")


def check_states(scenes: Sequence[Scene], wanted: Sequence[Wanted]) -> None:
    """Refuse moods and parameters that none of the scenes has.

    Raises:
        OrderError: `bake.unknown-state`.
    """
    moods = {name for scene in scenes for name in scene.moods}
    parameters = {name for scene in scenes for name in scene.parameters}
    for each in wanted:
        names, known = ((each.parameter,), parameters) if isinstance(each, Steps) else (each.names, moods)
        for name in names:
            if name not in known:
                kind = "parameter" if isinstance(each, Steps) else "mood"
                what = f"no scene has a {kind} '{name}'"
                raise OrderError("bake.unknown-state", what=what, fix=did_you_mean(name, sorted(known)))
