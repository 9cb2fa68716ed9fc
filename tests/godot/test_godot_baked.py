"""A bake in a real Godot: files come in as loops, scenes of players sound, RoomtoneScene crossfades by parameter."""

import subprocess
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from engine import CHECKED_WITHIN_S, Engine
from places import level_db
from recordings import Stage, longest_silence_frames, sharpest_step

from roomtone.cli import main

pytestmark = pytest.mark.system

YARD: Final = """\
scene: yard
seed: 5
parameters:
  rain: {default: 0.0, rise_s: 0.5, fall_s: 0.5}
  storm: {default: 0.0}
moods:
  wild: {storm: 1}
layers:
  street: {synth: rain, controls: {intensity: rain}, gain_db: {from: rain, curve: [[0, -60], [0.1, -12], [1, -6]]}}
  brook: {synth: stream, gain_db: -20, placement: {kind: point, at_m: [-3, 0, 0], near_m: 1, reach_m: 20}}
  thunder:
    synth: thunder
    gain_db: {from: storm, curve: [[0, -60], [1, -6]]}
    placement: {kind: scatter, every_s: [1, 2], distance_m: [60, 200]}
"""
FOLDER: Final = "res://baked_yard"


@pytest.fixture(scope="module")
def baked(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine whose project has a bake in it, imported."""
    scenes = tmp_path_factory.mktemp("scenes")
    (scenes / "yard.yaml").write_text(YARD, encoding="utf-8")
    words = [
        str(scenes / "yard.yaml"),
        "-o",
        str(engine.project / "baked_yard"),
        "--seconds",
        "4",
        "--jobs",
        "1",
    ]
    assert main(["bake", *words, "--states", "rain=0,0.5,1|wild", "--engine", "godot"]) == 0
    words[2] = str(engine.project / "baked_ogg")
    assert main(["bake", *words, "--states", "rain=1", "--engine", "godot", "--format", "ogg"]) == 0
    subprocess.run(
        [str(engine.program), "--headless", "--path", str(engine.project), "--import"],
        check=True,
        capture_output=True,
        timeout=CHECKED_WITHIN_S,
    )
    return engine


def play(engine: Engine, folder: Path, steps: list[list[Any]]) -> Any:
    return Stage(engine, folder, steps).finished()


def test_files_come_in_as_loops_and_the_scene_of_players_opens(baked: Engine, tmp_path: Path) -> None:
    found = baked.check(
        "baked_check", tmp_path / "report.json", folder=FOLDER, ogg="res://baked_ogg", scene="yard"
    )
    assert found["wav"]["loop_mode"] == 1
    assert found["wav"]["loop_begin"] == 0
    assert found["wav"]["loop_end"] == found["wav"]["frames"]
    assert found["ogg_loops"] is True
    assert found["players"]["brook"]["kind"] == "AudioStreamPlayer3D"
    assert found["players"]["street-rain=1"]["kind"] == "AudioStreamPlayer"
    assert all(player["has_stream"] for player in found["players"].values())


def test_states_are_crossfaded_by_parameter_without_a_daemon(baked: Engine, tmp_path: Path) -> None:
    played = play(
        baked,
        tmp_path,
        [
            ["open", "yard", {"baked_folder": FOLDER}], ["wait", 0.5], ["mark", "dry"], ["wait", 1.0],
            ["mark", "rise"], ["set_property", "yard", "parameters/rain", 1.0], ["wait", 1.5], ["mark", "wet"],
            ["wait", 4.5], ["mark", "end"], ["look", "yard", "wet"],
        ],
    )  # fmt: skip
    dry, wet = level_db(played.between("dry", "rise")), level_db(played.between("wet", "end"))
    assert wet > dry + 6.0
    assert longest_silence_frames(played.between("dry", "end")) < 480
    assert played.events("failed") == played.events("scene_failed") == []
    layers = played.report["wet"]["layers"]
    assert layers["street-rain=1"]["volume_db"] == pytest.approx(0.0, abs=0.1)
    assert layers["street-rain=0.5"]["volume_db"] < -30.0
    # More than a round of every loop was heard: no joint stands out.
    assert sharpest_step(played.between("wet", "end")) < 3.0


def test_a_mood_is_morphed_to_and_scattered_events_are_turned_around_the_listener(
    baked: Engine, tmp_path: Path
) -> None:
    played = play(
        baked,
        tmp_path,
        [
            ["open", "yard", {"baked_folder": FOLDER}], ["wait", 0.3], ["morph", "yard", "wild", 0.5],
            ["wait", 2.5], ["look", "yard", "wild"], ["mark", "end"],
        ],
    )  # fmt: skip
    thunder = played.report["wild"]["layers"]["thunder-wild"]
    at = np.array([float(number) for number in thunder["at"].strip("()").split(",")])
    assert 60.0 <= np.linalg.norm(at) <= 200.1
    assert thunder["volume_db"] > -10.0
    assert "wild" in str(played.report["wild"]["moods"])


def test_a_bake_that_lacks_the_scene_says_so(baked: Engine, tmp_path: Path) -> None:
    played = play(
        baked,
        tmp_path,
        [["add_baked", "elsewhere", FOLDER], ["add_baked", "yard", "res://nowhere"], ["wait", 0.2]],
    )
    codes = [event["details"][0] for event in played.events("scene_failed")]
    assert codes == ["bake.no-scene", "bake.no-manifest"]
