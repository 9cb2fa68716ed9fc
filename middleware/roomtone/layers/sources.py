"""What a layer plays is made here: a synth, an endless stream of clips, or a prompt with its stand-in."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.audio_files import read_clip
from roomtone.dsp.random import rng_state
from roomtone.errors import AudioError, CacheError
from roomtone.layers.banks import BankRoom, voice_of
from roomtone.layers.level_law import measure_level_law
from roomtone.layers.playing import Playing, PlayingSynth
from roomtone.layers.prompted import NO_MODEL, OPENED, PlayingPrompt
from roomtone.layers.stand_in import PlayingStandIn
from roomtone.scene.model import ClipsSource, Layer, Parameter, PromptSource, Scene, SynthSource
from roomtone.synths import SYNTHS
from roomtone.synths.warm import warm_synth
from roomtone.texture.bank import make_bank
from roomtone.texture.stitch import Stitch, load_kernels, pass_stitch, render_stitch, stitch_state


class PlayingClips:
    """Recordings stitched into an endless stream. Nothing of them follows the scene state."""

    def __init__(self, stitch: Stitch) -> None:
        self.channels = stitch.bank.channels
        self.has_events = False
        self._stitch = stitch

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None:
        """See `Playing`."""

    def hold(self) -> None:
        """See `Playing`."""

    def render(self, values: Mapping[str, float], block: int, out: Samples) -> None:  # noqa: ARG002 - the interface
        """See `Playing`."""
        render_stitch(self._stitch, block * BLOCK_FRAMES, out)

    def pass_over(self, block: int) -> None:
        """See `Playing`; the stream goes on unheard."""
        pass_stitch(self._stitch, block * BLOCK_FRAMES)

    def strike(self, distance: float) -> None:
        """See `Playing`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When and where a layer begins, for what sounds differently by then.

    Attributes:
        first_frame: about where it is heard first, on the scene's clock.
        values: the scene's state there; None for the parameters' defaults.
        whole: whether every bank of a prompt is wanted at once, as for a render that waits for nothing.
    """

    first_frame: int = 0
    values: Mapping[str, float] | None = None
    whole: bool = False


def start_source(
    scene: Scene,
    layer_name: str,
    *,
    seed: int,
    banks: BankRoom | None = None,
    moment: Moment = Moment(),
) -> Playing:
    """Make the source of a layer ready to sound. Slow (tables, files): never on the audio path.

    Args:
        scene: where the layer stands.
        layer_name: one of its layers.
        seed: of the performance; every layer draws its own from it.
        banks: where a prompt's clips are; None leaves it to its stand-in.
        moment: see `Moment`.

    Raises:
        AudioError: a clip cannot be read, or is too short (`audio.too-short`).
    """
    layer = scene.layers[layer_name]
    layer_seed = int(rng_state(seed, scene.name, layer_name)[0])
    source: Playing
    match layer.source:
        case SynthSource(synth=name):
            synth = SYNTHS[name]
            warm_synth(synth)
            source = PlayingSynth(synth, layer_seed)
        case ClipsSource():
            source = PlayingClips(_load_clips(layer.source, layer_seed, moment.first_frame))
        case PromptSource():
            return _start_prompt(scene, layer, layer_seed, banks, moment)
    source.bind(layer, scene.parameters)
    return source


def _start_prompt(
    scene: Scene, layer: Layer, seed: int, banks: BankRoom | None, moment: Moment
) -> PlayingPrompt:
    assert isinstance(layer.source, PromptSource)
    stand_in = PlayingStandIn(layer.source.stand_in, seed)
    prompt = PlayingPrompt(stand_in, seed=seed)
    prompt.bind(layer, scene.parameters)
    if banks is None:
        prompt.explain(NO_MODEL)
        return prompt
    values = moment.values or {name: parameter.default for name, parameter in scene.parameters.items()}
    for stop in prompt.all_stops if moment.whole else prompt.stops_at(values):
        # A cache that cannot be read is no reason to be silent: whoever supplies the layer finds out and says so.
        with suppress(CacheError, AudioError):
            loaded = banks.cached(layer.source, stop)
            if loaded is not None:
                prompt.law = measure_level_law(scene, layer)
                prompt.install(voice_of(loaded, stop, seed=seed, first_frame=moment.first_frame), OPENED)
    if not prompt.stops:
        prompt.explain(banks.outlook(layer.source))
    return prompt


def _load_clips(clips: ClipsSource, seed: int, first_frame: int) -> Stitch:
    pcm, names = [read_clip(path) for path in clips.files], [str(path) for path in clips.files]
    load_kernels()
    bank = make_bank(pcm, crossfade_s=clips.crossfade_s, names=names)
    return stitch_state(bank, seed=seed, first_frame=first_frame)


def layer_channels(layer: Layer) -> int:
    """Say how many channels a layer has without making it: 2 for beds, 1 for points.

    Clips are described by their files, which only `start_source` opens: their layers count as stereo. A prompt's layer
    has as many as its stand-in, whatever its model makes.
    """
    match layer.source:
        case SynthSource(synth=name):
            return SYNTHS[name].channels
        case PromptSource(stand_in=parts):
            return max(SYNTHS[part.source.synth].channels for part in parts)
        case _:
            return 2


def same_source(a: Layer, b: Layer) -> bool:
    """Say whether `b` can go on with the source of `a` under new bindings."""
    match a.source, b.source:
        case SynthSource(synth=before), SynthSource(synth=after):
            return before == after
        case PromptSource(), PromptSource():
            return _apart_from_bindings(a.source) == _apart_from_bindings(b.source)
        case _:
            return a.source == b.source


def _apart_from_bindings(source: PromptSource) -> tuple[PromptSource, tuple[str, ...]]:
    """Take out of a prompt what can be bound anew: how its stand-ins are steered, and how loud each is."""
    return replace(source, stand_in=()), tuple(part.source.synth for part in source.stand_in)
