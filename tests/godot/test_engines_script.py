"""`.ci/engines` is quiet where everything is there, and loud where an engine cannot be had."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from engine import ROOT, find_godot

SCRIPT: Final = ROOT / ".ci" / "engines"

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("bash") is None, reason="the script is for bash"),
]


def engines(*names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(SCRIPT), *names],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60.0,
    )


def test_a_godot_that_is_there_is_taken_without_a_word() -> None:
    godot = find_godot()
    if not isinstance(godot, Path):
        pytest.skip(godot)
    found = engines("godot", ROOMTONE_GODOT=str(godot))
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_a_godot_that_does_not_start_is_told_loudly(tmp_path: Path) -> None:
    found = engines("godot", ROOMTONE_GODOT=str(tmp_path / "nothing"))
    assert found.returncode == 69
    assert "***" in found.stderr
    assert "ROOMTONE_GODOT" in found.stderr


def test_an_engine_nobody_knows_is_refused() -> None:
    found = engines("unreal")
    assert found.returncode == 64
    assert "godot, mono" in found.stderr


def test_no_address_of_a_mirror_stands_in_the_script() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert "http:" not in text
    assert "https:" not in text
