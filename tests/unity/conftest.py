import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from mono_build import Build, require_mono
from toy_models import install_noise

from roomtone.client.private_daemon import PrivateDaemon

# What these tests share with those of the reference client, the daemon and the codec.
for room in ("client", "daemon", "wire"):
    sys.path.append(str(Path(__file__).parents[1] / room))

from csharp_client import CsharpClient  # noqa: E402
from fake_daemon import FakeDaemon  # noqa: E402

SCENE = """\
scene: yard
seed: 5
parameters:
  rain: {default: 0.6, rise_s: 0.5, fall_s: 0.5}
moods:
  storm: {rain: 1}
layers:
  street: {synth: rain, controls: {intensity: rain}}
  brook: {synth: stream, controls: {flow: rain}, placement: {kind: point, at_m: [3, 0, 0], near_m: 1, reach_m: 30}}
"""

SKY = """\
scene: sky
seed: 2
layers:
  thunder: {synth: thunder, placement: {kind: scatter, every_s: [2, 4], distance_m: [50, 400]}}
"""


@pytest.fixture(scope="session", autouse=True)
def no_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Daemons of these tests have no model, whatever this computer has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROOMTONE_MODELS_DIR", str(tmp_path_factory.mktemp("no_models")))
        patch.setenv("ROOMTONE_CACHE_DIR", str(tmp_path_factory.mktemp("no_clips")))
        yield


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    require_mono()
    return Build(tmp_path_factory.mktemp("mono"))


@pytest.fixture
def csharp(build: Build) -> Iterator[CsharpClient]:
    with CsharpClient(build.runners) as client:
        yield client


@pytest.fixture
def fake() -> Iterator[FakeDaemon]:
    with FakeDaemon() as daemon:
        yield daemon


@pytest.fixture(scope="session")
def scenes_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    (folder / "yard.yaml").write_text(SCENE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def real(scenes_dir: Path, no_models: None) -> Iterator[PrivateDaemon]:
    with PrivateDaemon(scenes_dir) as daemon:
        yield daemon


@pytest.fixture(scope="session")
def real_with_model(
    scenes_dir: Path, no_models: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PrivateDaemon]:
    """A daemon that has somebody to make what is asked for in words."""
    folder = tmp_path_factory.mktemp("models")
    install_noise(folder / "models")
    daemon = PrivateDaemon(scenes_dir)
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ROOMTONE_MODELS_DIR", str(folder / "models"))
            patch.setenv("ROOMTONE_CACHE_DIR", str(folder / "cache"))
            stack.enter_context(daemon)
        yield daemon


@pytest.fixture
def real_thunder(tmp_path: Path) -> Iterator[PrivateDaemon]:
    (tmp_path / "sky.yaml").write_text(SKY, encoding="utf-8")
    with PrivateDaemon(tmp_path) as daemon:
        yield daemon
