"""What an engine wants beside the files, so that they loop when they are imported and play without any code."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from roomtone.bake.engines.godot import godot_files
from roomtone.bake.engines.unity import unity_files
from roomtone.bake.kept import LocalFiles

HandOff = Callable[[Mapping[str, Any]], dict[str, str]]
"""From a manifest to the files to write, by path."""

_ENGINES: Final[Mapping[str, HandOff]] = MappingProxyType({"godot": godot_files, "unity": unity_files})


def hand_over(record: Mapping[str, Any], out: Path) -> tuple[str, ...]:
    """Write what the order's engine wants; returns the paths.

    Raises:
        OutputError: `output.full`, `output.failed`.
    """
    make = _ENGINES.get(record["order"]["engine"])
    files = make(record) if make is not None else {}
    for name, text in files.items():
        LocalFiles(out).write(name, lambda path, text=text: _write(path, text))  # type: ignore[misc]
    return tuple(files)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
