"""A small, strict part of YAML, read with the place of every key and value, within limits that hold before memory does.

Plain data only: no anchors, aliases, tags or second documents. Scalars follow YAML 1.2's core schema, as editors with a
JSON Schema do, so `on`, `no` and `12:30` are text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import yaml

from roomtone.scene.findings import START, Findings, Mark
from roomtone.scene.names import shown

MAX_DEPTH: Final = 32
MAX_NODES: Final = 50_000

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indices from the top of the file to a value."""

# libyaml's parser where the wheel has it: some 20 times faster, same events and marks.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_NUMBER_CHARS: Final = 64
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final[Mapping[str, object]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's content.

    Attributes:
        data: dicts with text keys, tuples, text, numbers, booleans and None.
        keys: where each key of a mapping stands.
        values: where each value begins.
        children: the keys of each mapping, in the file's order.
    """

    data: object
    keys: Mapping[Path, Mark]
    values: Mapping[Path, Mark]
    children: Mapping[Path, list[str]]

    def mark(self, path: Path) -> Mark:
        """Return where the value at `path` begins, or its nearest parent if it has none."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, START)

    def key_mark(self, path: Path) -> Mark:
        """Return where the key that leads to `path` stands, or where its value does."""
        return self.keys.get(path) or self.mark(path)


def read_tree(text: str, findings: Findings) -> Tree | None:
    """Read one YAML document; mistakes go to `findings`, and None is returned when nothing can be made of it."""
    odd = _UNPRINTABLE.search(text)
    if odd:
        what = f"the character {odd.group()!a} cannot stand in a scene file"
        findings.add("scene.character", _mark_of(text, odd.start()), what=what, fix="remove it")
        return None
    growth = _Growth(findings)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not growth.take(event):
                return None
    except yaml.MarkedYAMLError as error:
        _add_syntax_error(error, findings)
        return None
    return Tree(growth.data, growth.keys, growth.values, growth.children)


def _mark_of(text: str, index: int) -> Mark:
    line_start = text.rfind("\n", 0, index) + 1
    return Mark(text.count("\n", 0, index) + 1, index - line_start + 1)


def _add_syntax_error(error: yaml.MarkedYAMLError, findings: Findings) -> None:
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context or "this is not YAML")
    if "\\t" in problem or "cannot start any token" in problem:
        fix = "indent with spaces, not tabs, and quote text that begins with a sign"
    elif "mapping values" in problem:
        fix = "check the indentation, and quote text that has ': ' in it"
    else:
        fix = "check the indentation, the brackets and the quotes up to here"
    what = f"this is not YAML: {problem}{_opened(error)}"
    findings.add("scene.yaml", _mark(mark) if mark else START, what=what, fix=fix)


def _opened(error: yaml.MarkedYAMLError) -> str:
    opened, problem = error.context_mark, error.problem_mark
    if not opened or not problem or opened.line == problem.line:
        return ""
    return f" ({error.context}, which begins in line {opened.line + 1})"


def _mark(mark: yaml.error.Mark | yaml._yaml.Mark | None) -> Mark:
    # Only events that PyYAML makes up itself have no mark; those of a parsed text have one.
    assert mark is not None
    return Mark(mark.line + 1, mark.column + 1)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled; `key` is the one whose value comes next."""

    content: dict[str, object] | list[object]
    path: Path
    key: str | None = None
    hidden: bool = False


@dataclass(slots=True)
class _Growth:
    """The tree so far. No recursion: the depth of a file costs one list entry a level."""

    findings: Findings
    data: object = None
    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)
    children: dict[Path, list[str]] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _nodes: int = 0
    _documents: int = 0

    def take(self, event: yaml.Event) -> bool:
        """Grow by one event; False ends the reading."""
        match event:
            case yaml.DocumentStartEvent():
                return self._begin_document(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
            case yaml.NodeEvent():
                return self._is_allowed(event) and self._take_node(event)
        return True

    def _begin_document(self, event: yaml.Event) -> bool:
        self._documents += 1
        if self._documents > 1:
            return self._refuse(
                "scene.documents", event, "a second document begins", "keep one scene to a file"
            )
        return True

    def _refuse(self, code: str, event: yaml.Event, what: str, fix: str) -> bool:
        self.findings.add(code, _mark(event.start_mark), what=what, fix=fix)
        return False

    def _is_allowed(self, event: yaml.NodeEvent) -> bool:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            return self._refuse(
                "scene.alias", event, "anchors and aliases are not read", "write the value out"
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            return self._refuse("scene.tag", event, f"the tag {shown(tag)} is not read", "remove it")
        if len(self._open) >= MAX_DEPTH and not isinstance(event, yaml.ScalarEvent):
            return self._refuse("scene.depth", event, f"more than {MAX_DEPTH} levels", "nest less deeply")
        self._nodes += 1
        if self._nodes > MAX_NODES:
            return self._refuse("scene.size", event, f"more than {MAX_NODES} values", "split the scene")
        return True

    def _take_node(self, event: yaml.NodeEvent) -> bool:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.content, dict) and top.key is None:
            return self._take_key(event, top)
        if isinstance(event, yaml.ScalarEvent):
            self._place(_scalar(event), event, top)
            return True
        content: dict[str, object] | list[object] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path, hidden = self._place(content, event, top)
        self._open.append(_Open(content, path, hidden=hidden))
        return True

    def _take_key(self, event: yaml.NodeEvent, top: _Open) -> bool:
        if not isinstance(event, yaml.ScalarEvent):
            return self._refuse("scene.key", event, "a key is a mapping or a list", "use a name as the key")
        top.key = str(event.value)
        path = (*top.path, top.key)
        if not top.hidden and path in self.keys:
            first = self.keys[path].line
            what = f"{shown(top.key)} is already there in line {first}"
            self._refuse("scene.duplicate-key", event, what, "remove or rename one of them")
        elif not top.hidden:
            self.keys[path] = _mark(event.start_mark)
            self.children.setdefault(top.path, []).append(top.key)
        return True

    def _place(self, value: object, event: yaml.NodeEvent, top: _Open | None) -> tuple[Path, bool]:
        """Put a value where it belongs; under a duplicate key it is read but stays hidden."""
        path: Path = ()
        hidden = False
        if top is None:
            self.data = value
        elif isinstance(top.content, list):
            path, hidden = (*top.path, len(top.content)), top.hidden
            top.content.append(value)
        else:
            assert top.key is not None
            path, hidden = (*top.path, top.key), top.hidden or top.key in top.content
            top.content.setdefault(top.key, value)
            top.key = None
        if not hidden:
            self.values[path] = _mark(event.start_mark)
        return path, hidden

    def _close(self) -> None:
        """End the innermost mapping or list; a list becomes a tuple where it stands."""
        closed = self._open.pop()
        if isinstance(closed.content, list) and not closed.hidden:
            self._swap(closed.path, tuple(closed.content))

    def _swap(self, path: Path, value: object) -> None:
        if not self._open:
            self.data = value
        elif isinstance(self._open[-1].content, list):
            self._open[-1].content[-1] = value
        else:
            self._open[-1].content[str(path[-1])] = value


def _scalar(event: yaml.ScalarEvent) -> object:
    """Give an unquoted scalar its type; what looks like a number and is far too long stays text."""
    text = str(event.value)
    if not event.implicit[0] or len(text) > _MAX_NUMBER_CHARS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
