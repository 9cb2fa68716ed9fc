"""The three steps of the addon's README, in a project that has never heard of it: copy, enable, play."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from engine import CHECKED_WITHIN_S, CLIENT, ROOT, Engine
from serving import Serving

pytestmark = pytest.mark.system

PROJECT: Final = """\
config_version=5
[application]
config/name="Fresh"
run/main_scene="res://main.tscn"
[editor_plugins]
enabled=PackedStringArray("res://addons/developer/plugin.cfg")
"""
# Stands in for the developer's hand in the project's settings.
HAND: Final = """\
@tool
extends EditorPlugin

func _enter_tree() -> void:
	_enable.call_deferred()

func _enable() -> void:
	if not EditorInterface.is_plugin_enabled("roomtone"):
		EditorInterface.set_plugin_enabled("roomtone", true)
		ProjectSettings.save()
"""
HAND_NAMED: Final = """\
[plugin]
name="Developer"
description=""
author=""
version="1"
script="plugin.gd"
"""
SCENE: Final = """\
[gd_scene format=3]
[ext_resource type="Script" path="res://addons/roomtone/nodes/scene.gd" id="1"]
[ext_resource type="Script" path="res://ear.gd" id="2"]
[node name="Main" type="Node3D"]
script = ExtResource("2")
[node name="Weather" type="Node3D" parent="."]
script = ExtResource("1")
scene_name = "rainy_street"
"""
EAR: Final = """\
extends Node3D

func _process(_delta: float) -> void:
	var heard_db := AudioServer.get_bus_peak_volume_left_db(0, 0)
	if heard_db > -60.0:
		print("HEARD %f" % heard_db)
		set_process(false)
		$Weather.queue_free()
		# The engine's mixer holds what it plays for a moment, and calls that a leak where a game ends meanwhile.
		await get_tree().create_timer(0.3).timeout
		get_tree().quit()
"""


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    files = {
        "project.godot": PROJECT,
        "main.tscn": SCENE,
        "ear.gd": EAR,
        "addons/developer/plugin.cfg": HAND_NAMED,
        "addons/developer/plugin.gd": HAND,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    shutil.copytree(CLIENT / "addons" / "roomtone", tmp_path / "addons" / "roomtone")
    return tmp_path


def said_by(engine: Engine, project: Path, *flags: str, **environment: str) -> str:
    """Return what the engine says; nothing of it is an error or a warning."""
    done = subprocess.run(
        [str(engine.program), "--headless", "--path", str(project), *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=CHECKED_WITHIN_S,
        env={**os.environ, **environment},
    )
    assert not re.search(r"\b(ERROR|WARNING):", done.stdout), done.stdout[-4000:]
    return done.stdout


def test_three_steps_lead_a_new_project_to_rain(engine: Engine, fresh: Path) -> None:
    said_by(engine, fresh, "--editor", "--quit-after", "60")
    settings = (fresh / "project.godot").read_text(encoding="utf-8")
    assert 'Roomtone="*' in settings, "the daemon is among the autoloads"
    assert "addons/roomtone/plugin.cfg" in settings
    said_by(engine, fresh, "--editor", "--quit-after", "60")
    with Serving(ROOT / "scenes") as daemon:
        said = said_by(engine, fresh, "--quit-after", "3000", ROOMTONE_ENDPOINT=daemon.endpoint)
    assert "HEARD" in said, said[-4000:]
