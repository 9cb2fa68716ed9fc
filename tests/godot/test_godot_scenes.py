"""Scenes that change while a game in Godot plays them: edited files, scattered events; and a daemon of its own."""

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
import pytest
from engine import Engine
from places import level_db, write_places
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


def test_a_paused_game_stops_the_scenes_clock_and_a_layer_by_hand_stands_where_it_was_put(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    steps: list[list[Any]] = [
        ["keep_ahead", 300], ["open_by_hand", "around", "west", [0, 0, -20], 10.0], ["wait", 0.6],
        ["look", "around", "far"], ["mark", "far"], ["stand", [0, 0, -18]], ["wait", 0.4], ["mark", "near"],
        ["wait", 0.5], ["mark", "pause"],
        ["pause_tree", True], ["wait", 0.3], ["look", "around", "paused"], ["mark", "paused"], ["wait", 0.8],
        ["look", "around", "paused on"], ["mark", "resume"], ["pause_tree", False], ["wait", 0.6], ["mark", "end"],
        ["look", "around", "again"],
    ]  # fmt: skip
    with Serving(write_places(scenes)) as daemon:
        monkeypatch.setenv("ROOMTONE_ENDPOINT", daemon.endpoint)
        played = Stage(engine, tmp_path, steps).finished()
    assert set(played.report["far"]["layers"]) == {"west"}
    assert level_db(played.sound[: played.mark("far")]) < -100.0, "its own reach holds, not the file's"
    assert level_db(played.between("near", "pause")) > -40.0
    assert level_db(played.between("paused", "resume")[4_096:]) < -100.0
    paused, on, again = (played.report[name]["position_frame"] for name in ("paused", "paused on", "again"))
    assert paused == on < again
    assert played.report["again"]["underruns"] == 0
    assert longest_silence_frames(played.sound[played.mark("end") - 12_000 : played.mark("end")]) < 960


def test_a_scene_begins_when_its_daemon_does_and_one_that_is_freed_before_leaves_nothing_behind(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        endpoint = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("ROOMTONE_ENDPOINT", endpoint)
    steps: list[list[Any]] = [
        ["add", "meadow"], ["tell", "waiting"], ["await_playing", "meadow"], ["wait", 0.3],
        ["look", "meadow", "meadow"], ["add", "town"], ["close_scene", "town"], ["wait", 0.5], ["ask_stats"],
    ]  # fmt: skip
    stage = Stage(engine, tmp_path, steps)
    stage.told("waiting")
    with Serving(write_places(scenes), endpoint=endpoint):
        played = stage.finished()
    assert played.report["meadow"]["position_frame"] > 0
    assert [stream["layer"] for stream in played.report["stats"]["streams"]] == ["grass"]


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
