"""What is said about a scene file with wrong keys, types or bounds, and the pruning that lets the rest be checked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from roomtone.names import did_you_mean
from roomtone.scene.findings import Findings
from roomtone.scene.names import MAX_NAME_CHARS, shown
from roomtone.scene.schema import PLACEMENT_KINDS, Fault, SceneShape, faults_in, keys_at
from roomtone.scene.yaml_tree import Path, Tree


class _Text(NamedTuple):
    code: str
    what: str
    fix: str


_Wording = Callable[[Fault, str], _Text]

_UNKNOWN_KEY: Final = "extra_forbidden"
_KEY: Final = "[key]"
_A_NAME: Final = f"lower-case letters, digits and _, beginning with a letter, at most {MAX_NAME_CHARS}"
_BINDING: Final = "write a number, a parameter's name, or {from: parameter, curve: [[x, y], …]}"


def read_shape(tree: Tree, stem: str, findings: Findings) -> SceneShape | None:
    """Check the tree's shape and note every fault; what is sound is returned, with the faulty entries left out.

    Consumes `tree.data`: faulty entries are removed from it so that the rest can still be checked.
    """
    shape, faults = faults_in(tree.data)
    _note(faults, tree, findings)
    while faults and isinstance(tree.data, dict):
        revealing = _prune(tree.data, faults, tree)
        tree.data.setdefault("scene", stem)
        tree.data.setdefault("layers", {})
        before, (shape, faults) = len(faults), faults_in(tree.data)
        _note((fault for fault in faults if _path_of(fault, tree)[:2] in revealing), tree, findings)
        if len(faults) >= before and not revealing:
            return None
    return shape


def _prune(data: dict[str, object], faults: Iterable[Fault], tree: Tree) -> set[Path]:
    """Take what is faulty out; return the entries that only had keys too many, whose other faults show now."""
    revealing: set[Path] = set()
    incomplete: set[Path] = set()
    for fault in faults:
        path = _path_of(fault, tree)
        if fault.kind == _UNKNOWN_KEY:
            _remove(data, path)
            revealing.add(path[:2])
        else:
            _remove(data, _faulty_entry(path))
            incomplete.add(path[:2])
    return revealing - incomplete


def _note(faults: Iterable[Fault], tree: Tree, findings: Findings) -> None:
    for fault in faults:
        if _follows_from_another(fault):
            continue
        path = _path_of(fault, tree)
        place = _written(path[:-1] if fault.kind == _UNKNOWN_KEY else path) or "the file"
        text = _WORDINGS.get(fault.kind, _other)(fault, place)
        at_key = fault.loc[-1:] == (_KEY,) or text.code in {"scene.unknown-key", "scene.missing-key"}
        mark = tree.key_mark(path) if at_key else tree.mark(path)
        findings.add(text.code, mark, what=text.what, fix=text.fix)


def _written(path: Path) -> str:
    """Write a path as `layers.street.clips[2]`, trimmed."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:MAX_NAME_CHARS]}" for part in path)
    return text.removeprefix(".").encode("ascii", "backslashreplace").decode()


def _follows_from_another(fault: Fault) -> bool:
    """A list whose items are wrong is also called too short; one of the two is enough."""
    size = len(fault.value) if isinstance(fault.value, tuple | dict) else 0
    return fault.kind == "too_short" and size >= fault.limits["min_length"]


def _path_of(fault: Fault, tree: Tree) -> Path:
    """Follow a fault's `loc` as far as the file goes, leaving out what pydantic adds for its own use."""
    path: Path = ()
    for part in fault.loc:
        if (*path, part) in tree.values:
            path = (*path, part)
    return (*path, "kind") if fault.kind == "union_tag_invalid" and (*path, "kind") in tree.values else path


def _faulty_entry(path: Path) -> Path:
    """Choose how much to leave out so that the rest is complete again."""
    match path:
        case ("parameters" | "neighbours", _, *_):
            return path[:2]
        case ("layers", _, "controls", _, *_):
            return path[:4]
        case ("moods", _, _, *_) | ("layers", _, _, *_):
            return path[:3]
        case ("moods" | "layers", _):
            return path
        case _:
            return path[:1]


def _remove(data: dict[str, object], path: Path) -> None:
    """Take the entry at `path` out; an item of a list takes the whole list with it."""
    place: object = data
    for i, part in enumerate(path):
        if not isinstance(place, dict) or part not in place:
            return
        if i == len(path) - 1 or not isinstance(place[part], dict):
            del place[part]
            return
        place = place[part]


def _unknown_key(fault: Fault, place: str) -> _Text:
    fix = did_you_mean(str(fault.loc[-1]), keys_at(fault.loc[:-1]))
    return _Text("scene.unknown-key", f"there is no key {shown(fault.loc[-1])} in {place}", fix)


def _missing(fault: Fault, place: str) -> _Text:
    key = fault.loc[-1]
    return _Text("scene.missing-key", f"{key} is missing in {place}", f"add '{key}: …'")


def _type(expected: str) -> _Wording:
    def wording(fault: Fault, place: str) -> _Text:
        what = (
            f"{place} is {shown(fault.value)}, not {expected}"
            if fault.value is not None
            else f"{place} has no value"
        )
        return _Text("scene.type", what, _type_fix(fault, expected))

    return wording


def _type_fix(fault: Fault, expected: str) -> str:
    if fault.loc[-1:] == ("placement",) and fault.value in PLACEMENT_KINDS:
        return f"write {{kind: {fault.value}}}"
    if isinstance(fault.value, str) and expected.endswith("number") and _is_number(fault.value):
        return "remove the quotes"
    if fault.value is None:
        return f"write {expected} after the colon, or remove the key"
    return f"write {expected}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _bound(limit: str, words: str) -> _Wording:
    def wording(fault: Fault, place: str) -> _Text:
        code = "scene.gain-range" if place.endswith("gain_db") else "scene.range"
        most = f"{fault.limits[limit]:.15g}"
        return _Text(
            code,
            f"{place} = {shown(fault.value)} is {words} {most}",
            f"set it to {most} or {_TOWARDS[limit]}",
        )

    return wording


_TOWARDS: Final = {"ge": "more", "le": "less", "lt": "less"}


def _length(fault: Fault, place: str) -> _Text:
    least, most = fault.limits.get("min_length"), fault.limits.get("max_length")
    size = len(fault.value) if isinstance(fault.value, tuple | dict) else 0
    if least is not None:
        return _Text("scene.length", f"{place} has {size} entries, too few", f"give at least {least}")
    return _Text("scene.length", f"{place} has {size} entries, too many", f"give at most {most}")


def _text_length(fault: Fault, place: str) -> _Text:
    if fault.loc[-1:] == (_KEY,) or fault.limits["max_length"] == MAX_NAME_CHARS:
        return _name(fault, place)
    most = fault.limits["max_length"]
    return _Text("scene.length", f"{place} is longer than {most} characters", "shorten it")


def _name(fault: Fault, place: str) -> _Text:
    if "clips" in fault.loc or "melody" in fault.loc:
        return _Text("scene.clip-path", f"{place} = {shown(fault.value)} is not a portable path", _CLIP_FIX)
    if fault.loc[-1] in {"prompt", "negative"}:
        return _Text("scene.prompt", f"{place} = {shown(fault.value)} cannot be read", _PROMPT_FIX)
    what = f"{shown(fault.value)} is not a name"
    return _Text("scene.name", what, f"use {_A_NAME}")


_CLIP_FIX: Final = "write it relative to the scenes folder, with / between folders"

_PROMPT_FIX: Final = "say in one line of words what should be heard"


def _unknown_kind(fault: Fault, _place: str) -> _Text:
    kind = fault.value.get("kind") if isinstance(fault.value, dict) else fault.value
    fix = did_you_mean(kind if isinstance(kind, str) else "", PLACEMENT_KINDS)
    return _Text("scene.unknown-kind", f"there is no placement {shown(kind)}", fix)


def _no_kind(fault: Fault, place: str) -> _Text:
    if "placement" in fault.loc:
        return _Text("scene.missing-key", f"kind is missing in {place}", did_you_mean("", PLACEMENT_KINDS))
    if fault.loc[-1:] == ("stand_in",):
        what = f"{place} is {shown(fault.value)}, not a synth"
        return _Text("scene.type", what, "write {synth: NAME, controls: {…}}")
    return _Text("scene.type", f"{place} is {shown(fault.value)}, not a number or a parameter", _BINDING)


def _other(fault: Fault, place: str) -> _Text:
    return _Text(
        "scene.shape", f"{place} = {shown(fault.value)} does not fit ({fault.kind})", "see docs/scenes.md"
    )


_WORDINGS: Final[Mapping[str, _Wording]] = {
    _UNKNOWN_KEY: _unknown_key,
    "missing": _missing,
    "float_type": _type("a number"),
    "finite_number": _type("a finite number"),
    "int_type": _type("a whole number"),
    "bool_type": _type("true or false"),
    "string_type": _type("text"),
    "tuple_type": _type("a list [ … ]"),
    "dict_type": _type("a mapping of names to values"),
    "model_type": _type("a mapping"),
    "model_attributes_type": _type("a mapping"),
    "greater_than_equal": _bound("ge", "below"),
    "less_than_equal": _bound("le", "above"),
    "less_than": _bound("lt", "not below"),
    "too_short": _length,
    "too_long": _length,
    "string_too_long": _text_length,
    "string_pattern_mismatch": _name,
    "string_unicode": _name,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": _no_kind,
}
