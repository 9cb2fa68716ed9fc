from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_daemon import FakeDaemon

from roomtone.client.private_daemon import PrivateDaemon

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


@pytest.fixture
def fake() -> Iterator[FakeDaemon]:
    with FakeDaemon() as daemon:
        yield daemon


@pytest.fixture(scope="session")
def scenes_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    (folder / "yard.yaml").write_text(SCENE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def real(scenes_dir: Path) -> Iterator[PrivateDaemon]:
    with PrivateDaemon(scenes_dir) as daemon:
        yield daemon
