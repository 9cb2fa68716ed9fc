"""The name of a clip: a digest of everything that decided how it sounds."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from roomtone.errors import CacheError

# Part of what is hashed: a change of the canonical form makes every clip anew.
_FORM: Final = b"roomtone recipe 1\n"
_MOST_BYTES: Final = 64 * 1024
_DEEPEST: Final = 8
_LARGEST: Final = 1 << 64

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
"""What a key and every other digest here looks like."""


def key_of(recipe: Mapping[str, Any]) -> str:
    """Name the clip of a recipe: 64 hexadecimal digits.

    Args:
        recipe: plain values, as `Recipe.record` gives them. Equal recipes have equal keys: the order of fields says
            nothing, nor does 10 written as 10.0; every other digit of a number counts.

    Raises:
        CacheError: `cache.bad-recipe`.
    """
    return hashlib.sha256(_FORM + canonical(recipe)).hexdigest()


def canonical(record: Mapping[str, Any]) -> bytes:
    """Write plain values in the one way that equal values share.

    Raises:
        CacheError: `cache.bad-recipe`.
    """
    # Python writes the shortest decimals that read back as the same float: exact, and the same everywhere.
    text = json.dumps(_plain(record, "recipe", 0), sort_keys=True, separators=(",", ":"), allow_nan=False)
    if len(text) > _MOST_BYTES:
        raise _refused("recipe", f"it takes {len(text)} bytes, more than {_MOST_BYTES}")
    return text.encode("ascii")


def _plain(value: Any, at: str, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _refused(at, f"it is nested deeper than {_DEEPEST}")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return _number(value, at)
    if isinstance(value, Mapping):
        return {_name(name, at): _plain(each, f"{at}.{name}", depth + 1) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, f"{at}[{i}]", depth + 1) for i, each in enumerate(value)]
    raise _refused(at, f"{type(value).__name__} is no plain value")


def _number(value: float, at: str) -> int | float:
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) > _LARGEST):
        raise _refused(at, f"{value:g} is no number that can be kept")
    if value == int(value) and abs(value) <= _LARGEST:
        return int(value)
    return float(value)


def _name(name: Any, at: str) -> str:
    if not isinstance(name, str):
        raise _refused(at, f"the name {name!r} is no text")
    return name


def _refused(at: str, what: str) -> CacheError:
    fix = "use text, finite numbers, true, false, lists and maps"
    return CacheError("cache.bad-recipe", at=at, what=what, fix=fix)
