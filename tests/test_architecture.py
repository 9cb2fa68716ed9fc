"""The house keeps to its own plan."""

import importlib.metadata
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "middleware" / "roomtone"
FORBIDDEN_WORDS = ("helper", "util", "misc", "common", "base", "manager", "process_data")


def test_a_room_imports_only_what_stands_below_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_modules_are_named_for_what_they_hold() -> None:
    words = {word for path in PACKAGE.rglob("*.py") for word in path.stem.split("_")}
    assert not words & set(FORBIDDEN_WORDS)


def test_everything_that_gets_installed_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(line.split("==")[0]) for line in lines if "==" in line}
    assert _installed_with("roomtone", {"dev", "demo", "play", "models", "bake", "farm"}) - pinned == {
        "roomtone"
    }
    assert "setuptools" in pinned


def _installed_with(package: str, extras: set[str]) -> set[str]:
    """Name `package`, what it needs, what that needs, and so on."""
    found: set[str] = set()
    waiting = [(package, frozenset(extras))]
    while waiting:
        name, wanted = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _needed_by(name, wanted)
    return found


def _needed_by(name: str, extras: frozenset[str]) -> list[tuple[str, frozenset[str]]]:
    """Read it from what is installed; an extra that is not here (`play`) is not followed further."""
    try:
        needs = [Requirement(line) for line in importlib.metadata.requires(name) or ()]
    except importlib.metadata.PackageNotFoundError:
        return []
    return [
        (canonicalize_name(need.name), frozenset(need.extras))
        for need in needs
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (*extras, ""))
    ]
