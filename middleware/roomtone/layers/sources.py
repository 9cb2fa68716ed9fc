"""What a layer plays: a synth or a shuffle of clips, behind one small interface."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from roomtone.audio import Samples
from roomtone.audio_files import read_clip
from roomtone.dsp.random import rng_state
from roomtone.errors import AudioError
from roomtone.layers.binding import Read
from roomtone.layers.controls import Controls
from roomtone.scene.model import Binding, ClipsSource, Constant, Layer, Parameter, Scatter, Scene, SynthSource
from roomtone.synths import SYNTHS
from roomtone.synths.model import Synth
from roomtone.synths.warm import warm_synth
from roomtone.texture.shuffle import SHORTEST_CLIP_FRAMES, Shuffle, render_shuffle, shuffle_state

# With what a struck synth is kept from sounding by itself, and what a scattered one hears of its distance.
_RATE, _DISTANCE = "rate", "distance"


class Playing(Protocol):
    """A source that sounds. Owned by one player; made off the audio path, rendered on it."""

    channels: int
    has_events: bool

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None:
        """Follow `layer`'s bindings from the next block on, without a jump."""

    def hold(self) -> None:
        """Stand still where the bindings are now, whatever becomes of the parameters."""

    def render(self, values: Mapping[str, float], out: Samples) -> None:
        """Overwrite `out` with the next block; `values` is the scene state at the block's end."""

    def strike(self, distance: float) -> None:
        """Begin one event at `distance`, 0 (near) to 1; a source without events only moves there."""


class PlayingSynth:
    """A synth with its controls bound to the scene state."""

    def __init__(self, synth: Synth, seed: int) -> None:
        self.channels = synth.channels
        self.has_events = synth.strike is not None
        self._synth = synth
        self._state = synth.start(seed)
        self._controls = Controls(synth.controls)
        self._distance = 0.5

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None:
        """See `Playing`."""
        assert isinstance(layer.source, SynthSource)
        bound, scattered = layer.source.controls, isinstance(layer.placement, Scatter)
        bindings = [
            bound.get(control.name) or self._unbound(control.name, control.default, scattered=scattered)
            for control in self._synth.controls
        ]
        self._controls.bind(bindings, parameters)

    def _unbound(self, name: str, default: float, *, scattered: bool) -> Binding | Read:
        """A scattered sound is as far as it is placed, and sounds when it is struck."""
        if scattered and name == _DISTANCE:
            return lambda _: self._distance
        if scattered and name == _RATE and self.has_events:
            return Constant(0.0)
        return Constant(default)

    def hold(self) -> None:
        """See `Playing`."""
        self._controls.hold()

    def render(self, values: Mapping[str, float], out: Samples) -> None:
        """See `Playing`."""
        self._synth.render(self._state, self._controls.advance(values), out)

    def strike(self, distance: float) -> None:
        """See `Playing`."""
        self._distance = distance
        if self._synth.strike is not None:
            self._synth.strike(self._state)


class PlayingClips:
    """Recordings shuffled into an endless stream. Nothing of them follows the scene state."""

    def __init__(self, shuffle: Shuffle) -> None:
        self.channels = shuffle.pcm.shape[1]
        self.has_events = False
        self._shuffle = shuffle

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None:
        """See `Playing`."""

    def hold(self) -> None:
        """See `Playing`."""

    def render(self, values: Mapping[str, float], out: Samples) -> None:  # noqa: ARG002 - the interface
        """See `Playing`."""
        render_shuffle(self._shuffle, out)

    def strike(self, distance: float) -> None:
        """See `Playing`."""


def start_source(scene: Scene, layer_name: str, *, seed: int) -> Playing:
    """Make the source of a layer ready to sound. Slow (tables, files): never on the audio path.

    Args:
        scene: where the layer stands.
        layer_name: one of its layers.
        seed: of the performance; every layer draws its own from it.

    Raises:
        AudioError: a clip cannot be read, or is too short (`audio.too-short`).
    """
    layer = scene.layers[layer_name]
    layer_seed = int(rng_state(seed, scene.name, layer_name)[0])
    source: Playing
    if isinstance(layer.source, SynthSource):
        synth = SYNTHS[layer.source.synth]
        warm_synth(synth)
        source = PlayingSynth(synth, layer_seed)
    else:
        source = PlayingClips(_load_shuffle(layer.source, layer_seed))
    source.bind(layer, scene.parameters)
    return source


def _load_shuffle(clips: ClipsSource, seed: int) -> Shuffle:
    pcm = tuple(_read_clip(path) for path in clips.files)
    return shuffle_state(pcm, seed=seed, crossfade_s=clips.crossfade_s)


def _read_clip(path: Path) -> Samples:
    clip = read_clip(path)
    if len(clip) < SHORTEST_CLIP_FRAMES:
        what = f"it has {len(clip)} frames, too few to be joined to another clip"
        raise AudioError("audio.too-short", at=str(path), what=what, fix="use a longer recording")
    return clip


def layer_channels(layer: Layer) -> int:
    """Say how many channels a layer has without making it: 2 for beds, 1 for points.

    Clips are described by their files, which only `start_source` opens: their layers count as stereo.
    """
    return SYNTHS[layer.source.synth].channels if isinstance(layer.source, SynthSource) else 2


def same_source(a: Layer, b: Layer) -> bool:
    """Say whether `b` can go on with the source of `a` under new bindings."""
    if isinstance(a.source, SynthSource) and isinstance(b.source, SynthSource):
        return a.source.synth == b.source.synth
    return a.source == b.source
