"""Lists of prompts to bake, as YAML or CSV: a row for each sound. Every mistake is found before anything is made."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Final

from roomtone.errors import InputMissingError, OrderError, OrderErrors, RoomtoneError, SceneErrors
from roomtone.names import did_you_mean
from roomtone.scene.findings import Findings
from roomtone.scene.yaml_tree import Tree, read_tree

COLUMNS: Final = ("name", "prompt", "seconds", "variations", "model", "tags")
ENDINGS: Final = frozenset({".csv"})
MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PROMPT_CHARS: Final = 2_000
SYNTHS: Final = "synths"
"""As a row's model: whatever models there are, synths make it."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NAME_HELP: Final = "use lower-case letters, digits and _, beginning with a letter"
_SECONDS: Final = (1.0, 3_600.0)
_VARIATIONS: Final = (1, 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sound to make of words.

    Attributes:
        name: of its file.
        prompt: what should be heard.
        seconds, variations: None for what the order says.
        model: who makes it; "" for the only model there is, or else the synths; `SYNTHS` for these.
        tags: for whoever looks for it later.
        at: file and line.
    """

    name: str
    prompt: str
    seconds: float | None = None
    variations: int | None = None
    model: str = ""
    tags: tuple[str, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class PromptList:
    """One file of prompts."""

    name: str
    rows: tuple[Row, ...]


def is_prompt_list(path: Path) -> bool:
    """Tell a list of prompts from a scene: by its ending, or by what its YAML begins with."""
    if path.suffix.lower() in ENDINGS:
        return True
    try:
        with path.open(encoding="utf-8") as file:
            first = next((line for line in file if line.strip() and not line.lstrip().startswith("#")), "")
    except (OSError, UnicodeDecodeError):
        return False
    return first.startswith("- ") or re.match(r"prompts\s*:", first) is not None


def read_prompt_list(path: Path) -> PromptList:
    """Read a list: CSV with a header, or YAML: a list of mappings, or one under the key `prompts`.

    Raises:
        OrderErrors: with every mistake, by file and line.
        InputMissingError: `bake.missing`.
    """
    errors: list[RoomtoneError] = []
    text = _text(path)
    cells = (
        _csv_rows(text, path, errors) if path.suffix.lower() in ENDINGS else _yaml_rows(text, path, errors)
    )
    rows = [row for at, each in cells if (row := _row(each, at, errors)) is not None]
    _check_names(rows, errors)
    if not errors and not rows:
        errors.append(
            OrderError("bake.empty-list", what="there is no prompt in it", at=str(path), fix="add rows")
        )
    if errors:
        raise OrderErrors(tuple(errors))
    return PromptList(path.stem, tuple(rows))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        what, fix = "there is no such file", "check its name"
        raise InputMissingError("bake.missing", what=what, at=str(path), fix=fix) from error
    except OSError as error:
        raise _one(
            path, "bake.unreadable", f"it cannot be read: {error.strerror}", "check its permissions"
        ) from error
    if len(data) > MOST_BYTES:
        raise _one(path, "bake.list-size", f"it is larger than {MOST_BYTES // 1024 // 1024} MiB", "split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _one(path, "bake.list-encoding", "it is not UTF-8", "save it as UTF-8") from error


def _one(path: Path, code: str, what: str, fix: str) -> OrderErrors:
    return OrderErrors((OrderError(code, what=what, at=str(path), fix=fix),))


# Rows as they are written ---------------------------------------------------------------------


def _csv_rows(text: str, path: Path, errors: list[RoomtoneError]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            at, begins = f"{path}:{begins}", reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip().lower() for cell in cells]
                if not _check_header(header, at, errors):
                    return
            elif len(cells) > len(header):
                what = f"it has {len(cells)} cells, and the header {len(header)}"
                errors.append(
                    OrderError("bake.row-cells", what=what, at=at, fix="quote text with commas in it")
                )
            else:
                row = zip(header, (cell.strip() for cell in cells), strict=False)
                yield at, {name: cell for name, cell in row if cell}
    except csv.Error as error:
        what = f"this is not CSV: {error}"
        at = f"{path}:{reader.line_num}"
        errors.append(OrderError("bake.list-csv", what=what, at=at, fix="check the quotes"))


def _check_header(header: list[str], at: str, errors: list[RoomtoneError]) -> bool:
    before = len(errors)
    for name in header:
        if name not in COLUMNS:
            fix = did_you_mean(name, COLUMNS)
            errors.append(OrderError("bake.column", what=f"there is no column '{name}'", at=at, fix=fix))
        elif header.count(name) > 1:
            errors.append(
                OrderError("bake.column", what=f"the column '{name}' comes twice", at=at, fix="keep one")
            )
    errors += [
        OrderError(
            "bake.column", what=f"the column '{name}' is missing", at=at, fix="add it to the first line"
        )
        for name in ("name", "prompt")
        if name not in header
    ]
    return len(errors) == before


def _yaml_rows(text: str, path: Path, errors: list[RoomtoneError]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    findings = Findings(str(path))
    tree = read_tree(text, findings)
    try:
        findings.raise_if_any()
    except SceneErrors as found:
        errors += [
            OrderError(
                f"bake.list-{each.code.removeprefix('scene.')}", what=each.what, at=each.at, fix=each.fix
            )
            for each in found.errors
        ]
        return
    assert tree is not None
    top: tuple[str | int, ...] = ("prompts",) if isinstance(tree.data, dict) else ()
    rows = tree.data.get("prompts") if isinstance(tree.data, dict) else tree.data
    if not isinstance(rows, tuple | list):
        what, fix = "it is no list of prompts", "begin with `prompts:` and write `- name: …` for each"
        errors.append(OrderError("bake.list-shape", what=what, at=str(path), fix=fix))
        return
    for i, row in enumerate(rows):
        at = f"{path}:{tree.mark((*top, i)).line}"
        if isinstance(row, dict):
            yield from _yaml_row(row, tree, (*top, i), path, errors)
        else:
            fix = "write `- name: …` and `prompt: …` beneath it"
            errors.append(OrderError("bake.row-shape", what="this is no row", at=at, fix=fix))


def _yaml_row(
    row: dict[str, Any], tree: Tree, way: tuple[str | int, ...], path: Path, errors: list[RoomtoneError]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    odd = [name for name in row if name not in COLUMNS]
    for name in odd:
        at = f"{path}:{tree.key_mark((*way, name)).line}"
        fix = did_you_mean(name, COLUMNS)
        errors.append(OrderError("bake.column", what=f"a row has no '{name}'", at=at, fix=fix))
    if not odd:
        yield (
            f"{path}:{tree.mark(way).line}",
            {name: value for name, value in row.items() if value is not None},
        )


# Rows as they are meant -----------------------------------------------------------------------


def _row(cells: Mapping[str, Any], at: str, errors: list[RoomtoneError]) -> Row | None:
    before = len(errors)

    def refuse(code: str, what: str, fix: str) -> None:
        errors.append(OrderError(code, what=what, at=at, fix=fix))

    name, prompt, model = (cells.get(column, "") for column in ("name", "prompt", "model"))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        refuse("bake.row-name", f"'{name}' is no name", _NAME_HELP)
    if not isinstance(prompt, str) or not prompt.strip():
        refuse("bake.row-prompt", "there is no prompt", "say in words what should be heard")
    elif len(prompt) > MOST_PROMPT_CHARS:
        refuse("bake.row-prompt", f"the prompt is longer than {MOST_PROMPT_CHARS} characters", "shorten it")
    if not isinstance(model, str) or (model and not _NAME.fullmatch(model)):
        refuse("bake.row-model", f"'{model}' is no model's name", "see `roomtone models list`")
    seconds, variations = _number(cells.get("seconds")), _number(cells.get("variations"))
    if seconds is not None and not _SECONDS[0] <= seconds <= _SECONDS[1]:
        fix = f"ask for {_SECONDS[0]:g} to {_SECONDS[1]:g}"
        refuse("bake.row-seconds", f"'{cells['seconds']}' is no number of seconds", fix)
    if variations is not None and not (
        variations == int(variations) and _VARIATIONS[0] <= variations <= _VARIATIONS[1]
        if isfinite(variations)
        else False
    ):
        fix = f"ask for {_VARIATIONS[0]} to {_VARIATIONS[1]}"
        refuse("bake.row-variations", f"'{cells['variations']}' is no number of variations", fix)
    if len(errors) > before:
        return None
    return Row(
        name=name,
        prompt=" ".join(prompt.split()),
        seconds=seconds,
        variations=None if variations is None else int(variations),
        model=model,
        tags=_tags(cells.get("tags")),
        at=at,
    )


def _number(cell: object) -> float | None:
    """Read a number; what is none is not a number, which lies in no range."""
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return float("nan")
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _tags(cell: object) -> tuple[str, ...]:
    texts = cell if isinstance(cell, list | tuple) else str(cell or "").replace(";", ",").split(",")
    return tuple(dict.fromkeys(tag for text in texts if (tag := str(text).strip())))


def _check_names(rows: list[Row], errors: list[RoomtoneError]) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        if row.name in seen:
            what = f"'{row.name}' is the name of {seen[row.name].at} too"
            errors.append(
                OrderError("bake.name-clash", what=what, at=row.at, fix="give each row its own name")
            )
        seen.setdefault(row.name, row)
    if len(rows) > MOST_ROWS:
        what = f"there are more than {MOST_ROWS} rows"
        errors.append(OrderError("bake.list-size", what=what, at=rows[-1].at, fix="split the list"))
