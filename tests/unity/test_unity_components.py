"""The package's components, in a stub of the engine and against the real daemon."""

import shutil
import socket
import sys
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from mono_build import Build

from roomtone.cli import main
from roomtone.client.private_daemon import PrivateDaemon
from roomtone.demo.story import PLACES, listener_at

pytestmark = pytest.mark.system

SCENES: Final = Path(__file__).parents[2] / "scenes"
FIXTURES = (
    "BakeTests",
    "EditorTests",
    "ImportTests",
    "LifecycleTests",
    "SoundTests",
    "WalkTests",
    "ZoneTests",
)
YARD = """\
scene: yard
seed: 5
parameters:
  rain: {default: 0.6, rise_s: 0.5, fall_s: 0.5}
moods:
  storm: {rain: 1}
layers:
  street: {synth: rain, controls: {intensity: rain}}
  brook: {synth: stream, placement: {kind: point, at_m: [3, 0, 2], near_m: 1, reach_m: 30}}
"""
BROOK = """\
scene: brook
layers:
  brook: {synth: stream, placement: {kind: point, at_m: [3, 0, -2], near_m: 1, reach_m: 30}}
"""
SKY = """\
scene: sky
seed: 2
layers:
  thunder: {synth: thunder, placement: {kind: scatter, every_s: [2, 4], distance_m: [50, 400]}}
"""


BAKED = """\
scene: yard
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
    placement: {kind: scatter, every_s: [0.2, 0.3], distance_m: [60, 200]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("component_scenes")
    for text in (YARD, BROOK, SKY):
        name = text.split("\n", 1)[0].removeprefix("scene: ")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    for scene in SCENES.glob("*.yaml"):
        shutil.copy(scene, folder)
    return folder


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's walk in numbers: share, x, z, yaw, and what is asked of the scenes."""
    path = tmp_path_factory.mktemp("walk") / "way.txt"
    lines = []
    for share in np.linspace(0.0, 1.0, 201):
        pose = listener_at(float(share))
        values = [value for place in PLACES for value in place.values(float(share)).values()]
        lines.append(" ".join(map(str, (share, pose.at_m[0], pose.at_m[2], pose.yaw_deg, *values))))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def baked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's Resources with a bake in them."""
    resources = tmp_path_factory.mktemp("resources")
    (resources / "yard.yaml").write_text(BAKED, encoding="utf-8")
    words = [str(resources / "yard.yaml"), "-o", str(resources / "baked"), "--seconds", "4", "--jobs", "1"]
    assert main(["bake", *words, "--states", "rain=0,0.5,1|wild", "--engine", "unity"]) == 0
    return resources


@pytest.fixture(scope="module")
def results(
    build: Build, folder: Path, way: Path, baked: Path, no_models: None, real_with_model: PrivateDaemon
) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    with PrivateDaemon(folder) as daemon:
        return build.run_nunit(
            build.component_tests,
            ROOMTONE_TEST_ENDPOINT=daemon.endpoint,
            ROOMTONE_TEST_TOKEN=daemon.token,
            ROOMTONE_TEST_MODEL_ENDPOINT=real_with_model.endpoint,
            ROOMTONE_TEST_MODEL_TOKEN=real_with_model.token,
            ROOMTONE_TEST_WALK=str(way),
            ROOMTONE_TEST_SCENES=str(folder),
            ROOMTONE_TEST_BAKED=str(baked),
            ROOMTONE_TEST_FREE_ENDPOINT=free,
            ROOMTONE_TEST_COMMAND=str(Path(sys.executable).with_name("roomtone")),
        )


@pytest.mark.parametrize("fixture", FIXTURES)
def test_the_components_do_what_their_tests_say(results: dict[str, str], fixture: str) -> None:
    mine = {name: failure for name, failure in results.items() if f".{fixture}." in name}
    assert mine
    assert not {name: failure for name, failure in mine.items() if failure}


def test_no_fixture_is_forgotten(results: dict[str, str]) -> None:
    assert {name.split(".")[3] for name in results} == set(FIXTURES)
