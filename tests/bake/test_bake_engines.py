"""What engines get beside the files: what keeps loops loops, and refusals of what they cannot import."""

import json
from pathlib import Path

from baking_yard import Bake, manifest

from roomtone.errors import EXIT_USAGE


def test_godot_gets_import_hints_and_a_scene_of_players(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--states", "rain=0.5,1|wild", "--engine", "godot")
    for path, record in manifest()["files"].items():
        hint = Path(f"out/{path}.import").read_text(encoding="utf-8")
        assert "edit/loop_mode=2" in hint
        assert f"edit/loop_end={record['frames']}\n" in hint
    scene = Path("out/yard/yard.tscn").read_text(encoding="utf-8")
    assert scene.count("[ext_resource") == len(manifest()["files"])
    # The state nearest to the defaults is heard, the others wait in silence.
    heard = scene.split('[node name="street-rain=0_5"')[1].split("[node")[0]
    silent = scene.split('[node name="street-rain=1"')[1].split("[node")[0]
    assert "volume_db" not in heard
    assert "volume_db = -80" in silent
    assert "res://" not in scene


def test_what_does_not_loop_is_not_told_to(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--no-loop", "--states", "wet", "--engine", "godot")
    assert "edit/loop_mode=1" in Path("out/yard/brook.wav.import").read_text(encoding="utf-8")
    assert manifest()["files"]["yard/brook.wav"]["loop"] is None


def test_unity_gets_each_scene_in_the_shape_that_its_reader_takes(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--states", "dry,wild", "--engine", "unity")
    scene = json.loads(Path("out/yard/yard.json").read_text(encoding="utf-8"))
    layers = {each["name"]: each for each in scene["layers"]}
    assert [each["file"] for each in layers["street"]["sounds"]] == ["", "yard/street-wild"]
    assert layers["brook"]["atM"] == [1.0, 0.0, -2.0]
    assert all(each["sounds"][1]["events"] for each in scene["layers"] if each["kind"] == "scatter")
    assert "null" not in json.dumps(scene)


def test_flac_is_refused_where_an_engine_cannot_import_it(bake: Bake, yard: Path) -> None:
    for engine in ("godot", "unity"):
        code, said = bake(yard, "--format", "flac", "--engine", engine)
        assert (code, said["errors"][0]["code"]) == (EXIT_USAGE, "bake.engine-format")
