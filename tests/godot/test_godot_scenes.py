"""Scenes that change while a game in Godot plays them: edited files, scattered events; and a daemon of its own."""

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
import pytest
from engine import Engine
from places import write_places
from recordings import Stage, longest_silence_frames
from serving import Serving

pytestmark = pytest.mark.system

STORM: Final[dict[str, Any]] = {
    "scene": "storm",
    "parameters": {"rain": {"default": 0.2, "rise_s": 0.2, "fall_s": 0.2}},
    "moods": {"wild": {"rain": 1}},
    "layers": {
        "rain": {"synth": "rain", "controls": {"intensity": "rain"}},
        "thunder": {
            "synth": "thunder",
            "placement": {"kind": "scatter", "every_s": [0.5, 0.8], "distance_m": [50, 90]},
        },
    },
}


def test_an_edited_scene_changes_in_the_running_game(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    file = scenes / "storm.yaml"
    file.write_text(json.dumps(STORM), encoding="utf-8")
    steps: list[list[Any]] = [
        ["open", "storm"], ["wait", 1.5], ["morph", "storm", "wild", 0.2], ["look", "storm", "before"],
        ["mark", "edit"], ["tell", "playing"], ["await_event", "scene_changed"], ["await_event", "layer_closed"],
        ["wait", 0.5], ["look", "storm", "after"], ["mark", "end"],
    ]  # fmt: skip
    with Serving(scenes) as daemon:
        monkeypatch.setenv("ROOMTONE_ENDPOINT", daemon.endpoint)
        stage = Stage(engine, tmp_path, steps)
        stage.told("playing")
        edited = {**STORM, "layers": {"rain": STORM["layers"]["rain"], "wind": {"synth": "wind"}}}
        file.write_text(json.dumps(edited), encoding="utf-8")
        played = stage.finished()
    (changed,) = played.events("scene_changed")
    assert changed["details"] == [["wind"], [], ["thunder"]]
    assert set(played.report["before"]["layers"]) == {"rain", "thunder"}
    assert set(played.report["after"]["layers"]) == {"rain", "wind"}
    assert longest_silence_frames(played.between("edit", "end")) < 960
    thunder = played.report["before"]["layers"]["thunder"]
    # Events are struck at their distance from the listener, who stands at the world's origin.
    assert thunder["kind"] == "AudioStreamPlayer3D"
    assert 50.0 <= np.linalg.norm(parsed(thunder["at"])) <= 90.0


def parsed(vector: str) -> list[float]:
    return [float(number) for number in vector.strip("()").split(",")]


def test_a_game_can_bring_its_own_daemon(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    write_places(scenes)
    monkeypatch.delenv("ROOMTONE_ENDPOINT", raising=False)
    program = Path(sys.executable).parent / ("roomtone.exe" if os.name == "nt" else "roomtone")
    steps: list[list[Any]] = [
        ["own_daemon", str(program), str(scenes)], ["open", "meadow"], ["wait", 0.5], ["look", "meadow", "meadow"],
    ]  # fmt: skip
    played = Stage(engine, tmp_path, steps).finished()
    assert played.report["meadow"]["position_frame"] > 0
    assert played.report["own_daemon"] == {"runs": True, "token_bytes": 16}
    assert not alive(played.report["own_daemon_pid"])


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
