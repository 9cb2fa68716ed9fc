import json
from pathlib import Path
from typing import Any

import pytest
from baking_yard import YARD, Bake

from roomtone.cli import main


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    (scenes / "yard.yaml").write_text(YARD, encoding="utf-8")
    return scenes / "yard.yaml"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROOMTONE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("ROOMTONE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def bake(capsys: pytest.CaptureFixture[str]) -> Bake:
    """Bake into `out`, in this process unless it is told otherwise; returns the exit code and what JSON says."""

    def run(*words: object) -> tuple[int, Any]:
        capsys.readouterr()
        jobs = () if "--jobs" in words else ("--jobs", "1")
        code = main(["bake", *map(str, words), "-o", "out", "--json", *jobs])
        said = capsys.readouterr().out
        return code, json.loads(said) if said else None

    return run
