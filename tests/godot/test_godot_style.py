"""The GDScript of the client is in Godot's own style: formatted, linted, typed, with an identity for every file."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from engine import CLIENT, ROOT

SCRIPTS: Final = sorted(path for path in CLIENT.rglob("*.gd") if ".godot" not in path.parts)
TOOLS: Final = Path(sys.executable).parent


def run(tool: str) -> subprocess.CompletedProcess[str]:
    command = (
        [sys.executable, "-W", "ignore", str(TOOLS / tool)]
        if sys.platform != "win32"
        else [str(TOOLS / tool)]
    )
    command += ["--check"] if tool == "gdformat" else []
    return subprocess.run(
        [*command, *map(str, SCRIPTS)], cwd=CLIENT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("tool", ["gdformat", "gdlint"])
def test_scripts_pass(tool: str) -> None:
    ran = run(tool)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_script_has_its_identity() -> None:
    assert [path for path in SCRIPTS if not path.with_name(path.name + ".uid").exists()] == []
    assert len({path.with_name(path.name + ".uid").read_text() for path in SCRIPTS}) == len(SCRIPTS)


def test_the_addon_has_the_projects_license_beside_it() -> None:
    addon = CLIENT / "addons" / "roomtone"
    assert (addon / "LICENSE.md").read_text(encoding="utf-8") == (ROOT / "LICENSE").read_text(
        encoding="utf-8"
    )


def test_scripts_are_small() -> None:
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in SCRIPTS}
    assert {name: count for name, count in lines.items() if count > 420} == {}


def functions(path: Path) -> Iterator[str]:
    """Yield the head of every function, on one line."""
    text = path.read_text(encoding="utf-8").replace("\n\t\t", " ").replace("\n) ->", ") ->")
    for line in text.splitlines():
        bare = line.strip().removeprefix("static ")
        if bare.startswith("func ") and not bare.startswith("func("):
            yield bare


def test_every_function_says_what_it_returns() -> None:
    assert [
        (path.name, head)
        for path in SCRIPTS
        for head in functions(path)
        if "->" not in head and head.endswith(":")
    ] == []


def test_every_export_is_documented() -> None:
    bare = []
    for path in SCRIPTS:
        lines = path.read_text(encoding="utf-8").splitlines()
        bare += [
            (path.name, line) for above, line in pairwise(lines)
            if line.startswith("@export") and not above.startswith("##")
        ]  # fmt: skip
    assert bare == []
