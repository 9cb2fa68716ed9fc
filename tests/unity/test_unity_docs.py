"""The programs in the Unity package's README are real: one compiles in a game, the other runs against a daemon."""

import re
import subprocess
from pathlib import Path

import pytest
from mono_build import PACKAGE, Build

from roomtone.client.private_daemon import PrivateDaemon

pytestmark = pytest.mark.system

README = (PACKAGE / "README.md").read_text(encoding="utf-8")
GAME, TOOL = re.findall(r"^```csharp\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


def test_the_script_of_a_game_compiles(build: Build, tmp_path: Path) -> None:
    runtime = (build.wire, build.client, build.components)
    # The editor writes what the inspector shows: the compiler sees a field that nobody sets.
    text = GAME.replace("private RoomtoneScene street;", "private RoomtoneScene street = null;")
    (tmp_path / "Weather.cs").write_text(text, encoding="utf-8")
    assert build.test_library("Weather", tmp_path, build.engine, *runtime).exists()


def test_the_program_without_an_engine_hears_a_scene(build: Build, tmp_path: Path) -> None:
    (tmp_path / "Rain.cs").write_text(TOOL, encoding="utf-8")
    program = build.program("Rain", tmp_path, build.wire, build.client)
    with PrivateDaemon(PACKAGE.parent / "scenes", token="") as daemon:
        done = subprocess.run(
            ["mono", str(program), daemon.endpoint], capture_output=True, text=True, check=False, timeout=60
        )
    assert done.stdout.strip() == "9600", done.stderr


def test_what_a_developer_types_is_named_as_it_is() -> None:
    menu = (PACKAGE / "Editor" / "CreateMenu.cs").read_text(encoding="utf-8")
    window = (PACKAGE / "Editor" / "RoomtoneWindow.cs").read_text(encoding="utf-8")
    assert '"GameObject/Roomtone/Scene"' in menu
    assert '"Window/Audio/Roomtone"' in window
    assert "*GameObject → Roomtone → Scene*" in README
    assert "*Window → Audio → Roomtone*" in README
    assert "?path=/unity_client" in README
