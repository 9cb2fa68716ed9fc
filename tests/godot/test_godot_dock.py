"""The editor's dock shows a running game, its sliders steer it, and what is saved changes one word of a file."""

import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

import pytest
from engine import ROOT, Engine, finished
from places import write_places
from recordings import Stage
from serving import Serving

from roomtone.scene.files import load_scene
from roomtone.synths.catalogue import catalogue

pytestmark = pytest.mark.system

SCENES: Final = sorted((ROOT / "scenes").glob("*.yaml"))
BLOCK: Final = """\
scene: block
parameters:
  wind: # of the hill
    rise_s: 4
    # default: 9 was too much
    default: 0.2 # a breeze
  rain:
    default: 0.5
layers:
  air: {synth: wind, controls: {strength: wind}}
"""
COMPACT: Final = '{"scene": "compact", "parameters": {"rain": {"rise_s": 1, "default": 0.5}}, "layers": {}}'
TWO_LINES: Final = """\
scene: two_lines
parameters:
  rain: {rise_s: 1, # } not the end
         default: 0.5, range: [0, 1]}
layers:
  a: {synth: rain}
"""
NAMESAKE: Final = """\
parameters: {rain: {default: 0.5, wander: {depth: 0.1}},
             depth: {default: 0.3}}
"""


def edits() -> list[dict[str, Any]]:
    asked = [
        {"text": BLOCK, "parameter": "wind", "value": 0.75},
        {"text": COMPACT, "parameter": "rain", "value": 0.25},
        {"text": TWO_LINES, "parameter": "rain", "value": 1.0},
        {"text": BLOCK, "parameter": "air", "value": 1.0},
        {"text": "scene: none\n", "parameter": "rain", "value": 1.0},
        {"text": NAMESAKE, "parameter": "depth", "value": 0.9},
    ]
    for path in SCENES:
        text = path.read_text(encoding="utf-8")
        for name, parameter in load(path).parameters.items():
            asked.append(
                {
                    "text": text,
                    "parameter": name,
                    "value": (parameter.low + parameter.high) / 2,
                    "path": str(path),
                }
            )
    return asked


def load(path: Path) -> Any:
    return load_scene(path, root=path.parent, catalogue=catalogue())


@pytest.fixture(scope="module")
def told(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A game under the debugger, and the dock that shows it: two engines."""
    folder = tmp_path_factory.mktemp("dock")
    scenes = folder / "scenes"
    scenes.mkdir()
    write_places(scenes)
    (folder / "edits.json").write_text(json.dumps(edits()), encoding="utf-8")
    report = folder / "dock.json"
    dock = engine.start("dock_check", report, **{"in": folder / "edits.json"})
    assert dock.stdout is not None
    port = next(line.split()[2] for line in dock.stdout if line.startswith("TOLD port"))
    steps: list[list[Any]] = [["open", "town"], ["tell", "playing"], ["await_file", str(folder / "over")]]
    with pytest.MonkeyPatch.context() as patch, Serving(scenes) as daemon:
        patch.setenv("ROOMTONE_ENDPOINT", daemon.endpoint)
        game = Stage(engine, folder, steps, "--remote-debug", f"tcp://127.0.0.1:{port}")
        game.told("playing")
        found = finished(dock, report)
        (folder / "over").touch()
        game.finished()
    return found


def test_the_dock_says_what_to_do_while_no_game_runs(told: Any) -> None:
    assert "No game is running" in told["idle"][0]


def test_the_dock_shows_the_running_game(told: Any) -> None:
    shown = told["playing"]
    assert any(text.startswith("● the daemon at tcp://127.0.0.1:") for text in shown)
    assert any(re.match(r"underruns \d+ · late blocks \d+ · reconnects 0", text) for text in shown)
    assert any(re.match(r"town   100 % · \d+ ms buffered", text) for text in shown)
    assert {"rain", "street", "air"} <= set(shown)
    assert all(-60.0 < level < 0.0 for level in told["meters"])


def test_a_slider_of_the_dock_steers_the_running_game(told: Any) -> None:
    assert told["values"] == {"rain": 1.0}


def test_the_dock_says_what_it_cannot_save(told: Any) -> None:
    assert any("scene-file.unreadable" in text for text in told["saved"])


def test_a_default_is_written_into_the_file_and_nothing_else_is_touched(told: Any, tmp_path: Path) -> None:
    for asked, edited in zip(edits(), told["edits"], strict=True):
        if "path" not in asked:
            continue
        before, after = asked["text"].splitlines(), edited.splitlines()
        changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
        assert len(changed) <= 1
        shutil.copytree(ROOT / "scenes", tmp_path, dirs_exist_ok=True)
        copy = tmp_path / Path(asked["path"]).name
        copy.write_text(edited, encoding="utf-8")
        scene = load(copy)
        assert scene.parameters[asked["parameter"]].default == pytest.approx(asked["value"], abs=1e-3)


def test_a_default_is_found_however_the_file_is_laid_out(told: Any) -> None:
    block, compact, two_lines, layer, nothing, namesake = told["edits"][:6]
    assert namesake == NAMESAKE.replace("depth: {default: 0.3}", "depth: {default: 0.9}")
    assert block == BLOCK.replace("default: 0.2 # a breeze", "default: 0.75 # a breeze")
    assert compact == COMPACT.replace('"default": 0.5', '"default": 0.25')
    assert two_lines == TWO_LINES.replace("default: 0.5", "default: 1.0")
    assert (layer, nothing) == ("", "")
