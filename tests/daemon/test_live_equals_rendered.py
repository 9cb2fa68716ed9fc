"""What is streamed live and what is rendered to files are the same samples."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from serving import Listening, RawClient, Serving

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.offline import Change, render_scene
from roomtone.scene.files import load_scene
from roomtone.synths.catalogue import catalogue
from roomtone.wire.messages import Set

pytestmark = pytest.mark.system

SCENES = Path(__file__).parents[2] / "scenes"
BLOCKS = 300


@pytest.fixture(scope="module")
def daemon() -> Iterator[Serving]:
    with Serving(SCENES) as serving:
        yield serving


def changes_of(scene_name: str) -> list[Change]:
    """Send every parameter of a scene up and down, the odd ones at a frame that was asked for in advance."""
    scene = load_scene(SCENES / f"{scene_name}.yaml", root=SCENES, catalogue=catalogue())
    return [
        Change(at_s=block * BLOCK_FRAMES / SAMPLE_RATE_HZ, name=name, value=value)
        for i, (name, parameter) in enumerate(scene.parameters.items())
        for block, value in ((20 + 13 * i, parameter.high), (150 + 17 * i, parameter.low))
    ]


def live(daemon: Serving, scene_name: str, changes: list[Change]) -> dict[str, Samples]:
    with RawClient(daemon.endpoint) as client:
        client.hello()
        opened, streams = client.open(scene_name, seed=11)
        ear = Listening(client, opened.scene, streams)
        for i, change in enumerate(sorted(changes, key=lambda change: change.at_s)):
            at_frame = round(change.at_s * SAMPLE_RATE_HZ)
            if i % 2:
                ear.play((at_frame - ear.next_frame) // BLOCK_FRAMES)
                at_frame = 0
            client.say(
                Set(
                    id=client.next_id(),
                    scene=opened.scene,
                    values={change.name: change.value},
                    at_frame=at_frame,
                )
            )
        ear.play(BLOCKS - ear.next_frame // BLOCK_FRAMES)
        widths = {layer.name: layer.channels for layer in opened.layers}
        return {layer: ear.samples(layer, widths[layer]) for layer in streams}


@pytest.mark.parametrize("scene_name", ["night_forest", "rainy_street"])
def test_a_live_stream_is_the_render_sample_for_sample(daemon: Serving, tmp_path: Path, scene_name: str):
    changes = changes_of(scene_name)
    heard = live(daemon, scene_name, changes)
    scene = load_scene(SCENES / f"{scene_name}.yaml", root=SCENES, catalogue=catalogue())
    seconds = BLOCKS * BLOCK_FRAMES / SAMPLE_RATE_HZ
    (tmp_path / "stems").mkdir()
    render_scene(
        scene, tmp_path / "mix.wav", seconds=seconds, seed=11, changes=changes, stems_dir=tmp_path / "stems"
    )
    audible = 0
    for layer, samples in heard.items():
        stem, _ = soundfile.read(tmp_path / "stems" / f"{layer}.wav", dtype="float32", always_2d=True)
        assert stem.tobytes() == samples.tobytes(), layer
        audible += stem.any()
    assert audible >= 3
