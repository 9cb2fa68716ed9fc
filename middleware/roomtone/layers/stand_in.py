"""What is heard of a prompt until there are clips: one synth, or several at once."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples, db_to_gain
from roomtone.dsp.ramps import add_ramped
from roomtone.dsp.random import rng_state
from roomtone.layers.playing import PlayingSynth
from roomtone.scene.model import Bed, Layer, Parameter, PromptSource, StandIn
from roomtone.synths import SYNTHS
from roomtone.synths.warm import warm_synth


class PlayingStandIn:
    """The stand-ins of a prompt's layer, as one source. One owner, one thread."""

    def __init__(self, parts: tuple[StandIn, ...], seed: int) -> None:
        for part in parts:
            warm_synth(SYNTHS[part.source.synth])
        self._synths = tuple(
            PlayingSynth(SYNTHS[part.source.synth], int(rng_state(seed, "stand_in", i)[0]))
            for i, part in enumerate(parts)
        )
        self.channels = max(synth.channels for synth in self._synths)
        self._gains = tuple(db_to_gain(part.gain_db) for part in parts)
        self._scratch = {
            synth.channels: np.zeros((BLOCK_FRAMES, synth.channels), np.float32) for synth in self._synths
        }

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None:
        """Follow the stand-ins' bindings of `layer`; the synths are the same as before."""
        assert isinstance(layer.source, PromptSource)
        self._gains = tuple(db_to_gain(part.gain_db) for part in layer.source.stand_in)
        for synth, part in zip(self._synths, layer.source.stand_in, strict=True):
            # Clips are no events that could be struck one by one, so neither is what stands in for them.
            synth.bind(replace(layer, source=part.source, placement=Bed()), parameters)

    def hold(self) -> None:
        """Stand still where the bindings are now."""
        for synth in self._synths:
            synth.hold()

    def render(self, values: Mapping[str, float], block: int, out: Samples) -> None:
        """Overwrite `out` with the next block."""
        out.fill(0.0)
        for synth, gain in zip(self._synths, self._gains, strict=True):
            scratch = self._scratch[synth.channels]
            synth.render(values, block, scratch)
            add_ramped(scratch, gain, gain, out)
