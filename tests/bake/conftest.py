"""A yard to bake: rain and wind that follow parameters, thunder that is scattered, water that stays as it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from roomtone.cli import main

YARD = """\
scene: yard
seed: 5
parameters:
  rain: {default: 0.6}
  storm: {default: 0.0}
moods:
  dry: {rain: 0}
  wet: {rain: 0.9}
  wild: {rain: 0.9, storm: 1}
layers:
  street:
    synth: rain
    controls: {intensity: rain}
    gain_db: {from: rain, curve: [[0, -60], [0.1, -12], [1, -6]]}
    placement: {kind: bed}
  brook:
    synth: stream
    gain_db: -14
    placement: {kind: point, at_m: [1, 0, -2], near_m: 1, reach_m: 20}
  thunder:
    synth: thunder
    gain_db: {from: storm, curve: [[0, -60], [1, -6]]}
    placement: {kind: scatter, every_s: [2, 3], distance_m: [60, 200]}
"""


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


Bake = Callable[..., tuple[int, Any]]


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


def manifest(out: str = "out") -> Any:
    return json.loads((Path(out) / "manifest.json").read_text(encoding="utf-8"))
