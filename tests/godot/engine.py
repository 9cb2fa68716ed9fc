"""A real Godot without a display: where it is, the project that it opens, and the checks that run in it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
CLIENT: Final = ROOT / "godot_client"
# An engine that hangs on a script's error must not hang the test.
CHECKED_WITHIN_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A Godot, and a copy of the client's project that it has imported.

    Attributes:
        program: what starts it.
        project: a folder that belongs to the tests.
        started: every process so far.
    """

    program: Path
    project: Path
    started: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def start(self, script: str, report: Path, *flags: str, **arguments: object) -> "subprocess.Popen[str]":
        """Start a check without a display, in a process of its own; `finished` waits for it."""
        words = [str(self.program), "--headless", *flags, "--path", str(self.project)]
        words += ["-s", f"res://tests/{script}.gd", "--", "--out", str(report)]
        for name, value in arguments.items():
            words += [f"--{name}", str(value)]
        process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self.started.append(process)
        return process

    def stop(self) -> None:
        """End what a test that failed left running."""
        for process in self.started:
            process.kill()
            process.communicate()

    def check(self, script: str, report: Path, **arguments: object) -> Any:
        """Run a check to its end and return its report."""
        return finished(self.start(script, report, **arguments), report)


def finished(process: "subprocess.Popen[str]", report: Path, *, within_s: float = CHECKED_WITHIN_S) -> Any:
    """Wait for a check; whatever the engine reports as an error fails the test."""
    try:
        said, _ = process.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
        raise AssertionError(f"the engine did not end within {within_s:g} s:\n{said[-4000:]}") from None
    assert report.exists(), said[-4000:]
    found = json.loads(report.read_text(encoding="utf-8"))
    assert process.returncode == 0, (found["errors"], said[-4000:])
    return found


def find_godot() -> Path | str:
    """Return the Godot to test with, or say why there is none."""
    named = os.environ.get("ROOMTONE_GODOT")
    if named:
        return Path(named) if Path(named).exists() else f"ROOMTONE_GODOT={named} is not there"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    prefix = Path(os.environ.get("ROOMTONE_ENGINES") or cache / "roomtone-engines")
    if (prefix / "godot").exists():
        return prefix / "godot"
    if sys.platform == "linux" and "CI" in os.environ:
        fetched = subprocess.run(
            [ROOT / ".ci" / "engines", "godot"], check=False, capture_output=True, text=True
        )
        if fetched.returncode == 0:
            return prefix / "godot"
        return fetched.stderr.strip()
    on_path = shutil.which("godot")
    return Path(on_path) if on_path else "run .ci/engines, or name yours in ROOMTONE_GODOT"


def engine_or_skip(folder: Path) -> Engine:
    """Return an engine with its own copy of the project; without one, CI fails and others skip loudly."""
    found = find_godot()
    if isinstance(found, str):
        reason = f"NO GODOT, SO ITS CLIENT IS NOT TESTED: {found}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    project = folder / "project"
    shutil.copytree(CLIENT, project, ignore=shutil.ignore_patterns(".godot"))
    subprocess.run(
        [str(found), "--headless", "--path", str(project), "--import"],
        check=True,
        capture_output=True,
        timeout=CHECKED_WITHIN_S,
    )
    return Engine(program=found, project=project)
