"""A prompt's layers as they are heard where the listener stands: each by itself, and all together."""

from pathlib import Path
from types import MappingProxyType

import soundfile

from roomtone.audio import Samples
from roomtone.layers.describe import describe_placement
from roomtone.mixing import Pose, placed_gains
from roomtone.offline import render_scene
from roomtone.reading.reading import Reading, layers_of
from roomtone.scene.model import Scene


def scene_of(reading: Reading) -> Scene:
    return Scene(
        name="prompt",
        seed=3,
        parameters=MappingProxyType({}),
        moods=MappingProxyType({}),
        layers=MappingProxyType({layer.name: layer for layer in layers_of(reading)}),
        neighbours=(),
    )


def hear(reading: Reading, folder: Path, *, seconds: float) -> tuple[Samples, dict[str, Samples]]:
    """Render the mix, and every layer in stereo as it is placed for a listener at the origin."""
    scene = scene_of(reading)
    render_scene(scene, folder / "mix.wav", seconds=seconds, stems_dir=folder)
    mix = soundfile.read(folder / "mix.wav", dtype="float32", always_2d=True)[0]
    return mix, {name: _placed(scene, name, folder) for name in scene.layers}


def _placed(scene: Scene, name: str, folder: Path) -> Samples:
    stem = soundfile.read(folder / f"{name}.wav", dtype="float32", always_2d=True)[0]
    # A scatter's bearing changes from event to event; its power at the ears does not.
    gains = placed_gains(describe_placement(scene.layers[name].placement), Pose(), channels=stem.shape[1])
    return stem @ gains
