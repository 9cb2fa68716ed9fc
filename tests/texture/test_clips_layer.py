"""Recordings on disk become a layer: endless, the same at any frame, refused by name when they are too short."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from takes import S, noise

from roomtone.audio import BLOCK_FRAMES
from roomtone.errors import AudioError
from roomtone.layers.sources import Moment, start_source
from roomtone.scene.model import Bed, ClipsSource, Constant, Layer, Scene
from roomtone.texture.bank import SHORTEST_CLIP_FRAMES


def clips_scene(*files: Path) -> Scene:
    layer = Layer(
        name="bed", source=ClipsSource(files=files, crossfade_s=0.1), gain_db=Constant(0.0), placement=Bed()
    )
    return Scene(name="yard", seed=1, parameters={}, moods={}, layers={"bed": layer}, neighbours=())


@pytest.fixture
def yard(tmp_path: Path) -> Scene:
    for i in range(2):
        soundfile.write(tmp_path / f"{i}.wav", noise(i, 2.0), S, subtype="FLOAT")
    return clips_scene(tmp_path / "0.wav", tmp_path / "1.wav")


def test_recordings_on_disk_become_a_layer(yard: Scene):
    source = start_source(yard, "bed", seed=1)
    out = np.zeros((BLOCK_FRAMES, source.channels), np.float32)
    for block in range(600):
        source.render({}, block, out)
        assert abs(np.std(out) - 0.1) < 0.03


def test_a_layer_begun_later_or_unheard_for_a_while_sounds_as_if_it_had_always_been_heard(yard: Scene):
    always, later, unheard = (
        start_source(yard, "bed", seed=1, moment=Moment(first_frame=frame))
        for frame in (0, 400 * BLOCK_FRAMES, 0)
    )
    expected, out = (np.zeros((BLOCK_FRAMES, always.channels), np.float32) for _ in range(2))
    for block in range(500):
        always.render({}, block, expected)
        if block < 400:
            unheard.pass_over(block)
            continue
        for source in (later, unheard):
            source.render({}, block, out)
            assert np.array_equal(out, expected)


@pytest.mark.parametrize("frames", [1, 2, SHORTEST_CLIP_FRAMES - 1])
def test_a_clip_too_short_to_be_joined_is_refused_by_name(tmp_path: Path, frames: int):
    soundfile.write(tmp_path / "blip.wav", noise(1)[:frames], S, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"blip\.wav.*\[audio\.too-short\]"):
        start_source(clips_scene(tmp_path / "blip.wav"), "bed", seed=1)


def test_a_clip_of_padding_is_refused_by_name_too(tmp_path: Path):
    soundfile.write(tmp_path / "blip.wav", np.pad(noise(1)[:100], ((0, S), (0, 0))), S, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"blip\.wav.*\[audio\.too-short\]"):
        start_source(clips_scene(tmp_path / "blip.wav"), "bed", seed=1)
