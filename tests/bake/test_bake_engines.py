"""What engines get beside the files: settings that keep loops loops, and refusals of what they cannot import."""

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


def test_unity_gets_settings_for_its_importer(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--states", "wet", "--engine", "unity")
    preset = json.loads(Path("out/roomtone-import.json").read_text(encoding="utf-8"))
    assert set(preset["files"]) == set(manifest()["files"])
    assert all(each["loops"] and not each["normalize"] for each in preset["files"].values())
    assert preset["files"]["yard/brook.wav"]["compressionFormat"] == "PCM"


def test_flac_is_refused_where_an_engine_cannot_import_it(bake: Bake, yard: Path) -> None:
    for engine in ("godot", "unity"):
        code, said = bake(yard, "--format", "flac", "--engine", engine)
        assert (code, said["errors"][0]["code"]) == (EXIT_USAGE, "bake.engine-format")
