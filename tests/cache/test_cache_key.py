"""Equal recipes have one key, others another; what is no recipe has none."""

import hashlib
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomtone.cache.key import canonical, key_of
from roomtone.errors import CacheError
from roomtone.models.request import Blend, Recipe

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values, max_size=3),
    max_leaves=6,
)
RECIPES = st.dictionaries(st.text(max_size=5), PLAIN, max_size=4)


def test_a_key_is_the_same_on_every_machine_and_in_every_version() -> None:
    recipe = Recipe(
        model="audioldm2",
        weights="ab12",
        prompt="rain on a café",
        seconds=9.6,
        seed=7,
        loop=True,
        blend=Blend(prompt="hail", amount=0.3),
    )
    form = (
        b'{"blend":{"amount":0.3,"prompt":"hail"},"finish":1,"loop":true,"model":"audioldm2",'
        b'"prompt":"rain on a caf\\u00e9","seconds":9.6,"seed":7,"weights":"ab12"}'
    )
    assert canonical(recipe.record()) == form
    assert key_of(recipe.record()) == hashlib.sha256(b"roomtone recipe 1\n" + form).hexdigest()


def test_the_order_of_fields_says_nothing() -> None:
    assert key_of({"seed": 1, "prompt": "rain"}) == key_of({"prompt": "rain", "seed": 1})


def test_equal_recipes_have_equal_keys_however_their_numbers_are_written() -> None:
    ten = Recipe(model="m", weights="w", prompt="p", seconds=10, seed=1)
    assert ten == Recipe(model="m", weights="w", prompt="p", seconds=10.0, seed=1)
    assert key_of(ten.record()) == key_of({**ten.record(), "seconds": 10.0})
    assert key_of({"amount": 0.0}) == key_of({"amount": -0.0})
    assert key_of({"amount": np.float64(0.3)}) == key_of({"amount": 0.3})


@pytest.mark.parametrize("seconds", [9.6, 0.1, 1e-9, 1e22, 47.55])
def test_the_last_digit_of_a_number_counts(seconds: float) -> None:
    assert key_of({"seconds": seconds}) != key_of({"seconds": math.nextafter(seconds, math.inf)})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"loop": True}, {"loop": 1}),
        ({"seed": "1"}, {"seed": 1}),
        ({"negative": ""}, {}),
        ({"steps": None}, {}),
        ({"a": {"b": 1}}, {"a": ["b", 1]}),
        ({"prompt": "é"}, {"prompt": "e\u0301"}),
        ({"a": "b", "c": "d"}, {"a": 'b","c":"d'}),
    ],
)
def test_what_differs_has_another_key(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert key_of(one) != key_of(other)


@given(RECIPES, RECIPES)
def test_two_recipes_share_a_form_only_if_they_are_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (canonical(one) == canonical(other)) == (_told_apart(one) == _told_apart(other))


def _told_apart(value: Any) -> Any:
    """Make True and 1 differ for Python too."""
    if isinstance(value, dict):
        return {name: _told_apart(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_told_apart(each) for each in value]
    return (type(value) is bool, value)


@given(RECIPES)
def test_a_recipe_that_went_through_a_file_has_the_same_key(recipe: dict[str, Any]) -> None:
    assert key_of(json.loads(json.dumps(recipe))) == key_of(recipe)


@pytest.mark.parametrize(
    ("recipe", "at"),
    [
        ({"seconds": math.nan}, "recipe.seconds"),
        ({"seconds": math.inf}, "recipe.seconds"),
        ({"seed": 2**80}, "recipe.seed"),
        ({"seed": np.int64(1)}, "recipe.seed"),
        ({"blend": {"prompt": b"hail"}}, "recipe.blend.prompt"),
        ({"notes": [1, {2}]}, "recipe.notes[1]"),
        ({"a": {1: "b"}}, "recipe.a"),
        ({"prompt": "rain" * 100_000}, "recipe"),
    ],
)
def test_what_is_no_plain_value_is_named_with_its_place(recipe: dict[str, Any], at: str) -> None:
    with pytest.raises(CacheError) as caught:
        key_of(recipe)
    assert (caught.value.code, caught.value.at) == ("cache.bad-recipe", at)
    assert caught.value.fix


def test_a_recipe_that_holds_itself_is_refused() -> None:
    recipe: dict[str, Any] = {}
    recipe["blend"] = recipe
    with pytest.raises(CacheError, match="nested deeper"):
        key_of(recipe)
