"""One layer as it sounds: its source, its gain, its places, and the handover from one source to another."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples, gain_to_db
from roomtone.dsp.ramps import add_ramped
from roomtone.dsp.random import rng_state, uniform
from roomtone.layers.binding import constantly, followed_parameters, gain_reader
from roomtone.layers.glide import Glide
from roomtone.layers.playing import Playing, Sourced
from roomtone.scene.model import Layer, Parameter, Scatter

# Slow enough that a changed sound grows out of the old one, quick enough for a designer who waits for it.
HANDOVER_S: Final = 1.5
_LEAVE_S: Final = 1.0
_GAIN_ARRIVES_S: Final = 0.15
_REACH_ARRIVES_S: Final = 1.0
# A sound without events is moved while it cannot be heard: this long down, this long up, or a quarter of the gap.
_DUCK_BLOCKS: Final = 50


@dataclass(frozen=True, slots=True)
class Placed:
    """From this block on a scattered layer sounds at `offset_m` from the listener."""

    layer: str
    at_frame: int
    offset_m: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """From this block on a prompt's layer sounds from another source."""

    layer: str
    at_frame: int
    sourced: Sourced


LayerChange: TypeAlias = Placed | SourceChanged


class _Voice:
    """A source and how far it has come in; 1 is fully there."""

    __slots__ = ("goal", "presence", "source", "step")

    def __init__(self, source: Playing, *, presence: float) -> None:
        self.source = source
        self.presence = presence
        self.goal = 1.0
        self.step = BLOCK_S / HANDOVER_S

    def walk(self) -> tuple[float, float]:
        """Move one block on and return the equal-power gains before and after."""
        if self.presence == self.goal == 1.0:
            return 1.0, 1.0
        before = math.sin(self.presence * math.pi / 2.0)
        if self.presence < self.goal:
            self.presence = min(self.goal, self.presence + self.step)
        else:
            self.presence = max(self.goal, self.presence - self.step)
        return before, math.sin(self.presence * math.pi / 2.0)


class _Places:
    """Where a scattered layer is, and when it moves next. Every draw comes from one stream of chance."""

    def __init__(self, scatter: Scatter, *, seed: int, layer: str, block: int, events: bool) -> None:
        self._rng = rng_state(seed, layer, "scatter")
        self.scatter = scatter
        # The first event may come at any moment of its gap, or every scene would begin with a silence; a sound
        # without events needs a place before it is heard.
        self.next_block = block + round(uniform(self._rng) * self._gap_blocks()) if events else block
        self.duck = 0.0
        self._duck_blocks = _DUCK_BLOCKS

    def _gap_blocks(self) -> int:
        low, high = self.scatter.every_s
        return max(1, round((low + (high - low) * uniform(self._rng)) / BLOCK_S))

    def move(self, block: int) -> tuple[tuple[float, float, float], float]:
        """Draw the next place; returns the offset from the listener and 0 (near) to 1 (far)."""
        low, high = self.scatter.distance_m
        far = uniform(self._rng)
        bearing = uniform(self._rng) * 2.0 * math.pi
        distance_m = low + (high - low) * far
        gap_blocks = self._gap_blocks()
        self.next_block = block + gap_blocks
        self._duck_blocks = max(1, min(_DUCK_BLOCKS, gap_blocks // 4))
        return (distance_m * math.sin(bearing), 0.0, -distance_m * math.cos(bearing)), far

    def walk_duck(self, block: int) -> float:
        """Move the duck one block on: down before the next move, up after it."""
        goal = 0.0 if self.next_block - block <= self._duck_blocks else 1.0
        step = math.copysign(1.0 / self._duck_blocks, goal - self.duck)
        self.duck = min(1.0, max(0.0, self.duck + step)) if self.duck != goal else goal
        return self.duck


class LayerPlayer:
    """Renders one layer block by block. One owner, one thread; `out` stays valid until the next block."""

    def __init__(self, layer: Layer, source: Playing, *, seed: int, block: int) -> None:
        self.channels = source.channels
        self.in_reach = True
        self.audible = False
        self._out = np.zeros((BLOCK_FRAMES, self.channels), np.float32)
        self._scratch: dict[int, Samples] = {}
        self._voices = [_Voice(source, presence=1.0)]
        self._waiting: Playing | None = None
        self._gain = Glide(_GAIN_ARRIVES_S)
        self._reach = Glide(_REACH_ARRIVES_S)
        self._leave = 1.0
        self._last_gain = -1.0
        self._seed = seed
        self._places: _Places | None = None
        self._bind(layer, block)

    @property
    def leaving(self) -> bool:
        """Whether a reload has removed the layer."""
        return self._leaving

    @property
    def level_db(self) -> float:
        """RMS of the last block, minus infinity for silence."""
        if not self.audible:
            return -math.inf
        return gain_to_db(float(np.sqrt(np.mean(np.square(self._out, dtype=np.float64)))))

    @property
    def gone(self) -> bool:
        """Whether a leaving layer has faded out."""
        return self._leaving and self._leave == 0.0

    def rebind(self, layer: Layer, parameters: Mapping[str, Parameter], block: int) -> None:
        """Follow an edited layer whose source is the same."""
        self.source.bind(layer, parameters)
        self._bind(layer, block)

    def hand_over(self, layer: Layer, source: Playing, block: int) -> None:
        """Crossfade to another source; a handover that is under way is finished first."""
        self._hold()
        self._waiting = source
        self._bind(layer, block)

    def leave(self) -> None:
        """Fade out; `gone` says when that is done."""
        self._leaving = True
        self._hold()
        self._read_gain = constantly(self._gain.value)

    @property
    def source(self) -> Playing:
        """What is heard, or will be as soon as the handover under way is over."""
        return self._waiting or self._voices[-1].source

    def _hold(self) -> None:
        """Let what fades out stand where it is: the parameters that it follows may be gone."""
        for voice in self._voices:
            voice.source.hold()

    def _bind(self, layer: Layer, block: int) -> None:
        self.layer = layer
        self.follows = followed_parameters(layer)
        # A layer that a reload brings back before it has faded out stays.
        self._leaving = False
        self._read_gain = gain_reader(layer.gain_db)
        if not isinstance(layer.placement, Scatter):
            self._places = None
        elif self._places is None or self._places.scatter != layer.placement:
            events = self.source.has_events
            self._places = _Places(
                layer.placement, seed=self._seed, layer=layer.name, block=block, events=events
            )

    def render(
        self, values: Mapping[str, float], block: int
    ) -> tuple[Samples | None, tuple[LayerChange, ...]]:
        """Render the next block, or None for silence; a silent source stands still.

        Args:
            values: the scene state at the block's end.
            block: the block's number on the scene's clock.
        """
        before, after = self._walk_gain(values, block)
        self.audible = before > 0.0 or after > 0.0
        changes: tuple[LayerChange, ...] = self._move_if_due(block)
        self._start_waiting()
        if not self.audible:
            for voice in self._voices:
                voice.source.pass_over(block)
            return None, changes
        self._out.fill(0.0)
        for voice in self._voices:
            changes += self._add_voice(voice, values, block, before, after)
        if len(self._voices) > 1:
            self._voices = [voice for voice in self._voices if voice.goal > 0.0 or voice.presence > 0.0]
        return self._out, changes

    def _move_if_due(self, block: int) -> tuple[Placed, ...]:
        if self._places is None or block < self._places.next_block:
            return ()
        offset_m, far = self._places.move(block)
        for voice in self._voices:
            # Unheard, a source stands still: events struck now would all sound at once when it is heard again.
            if self.audible or not voice.source.has_events:
                voice.source.strike(far)
        return (Placed(self.layer.name, block * BLOCK_FRAMES, offset_m),)

    def _walk_gain(self, values: Mapping[str, float], block: int) -> tuple[float, float]:
        gain = self._gain.toward(self._read_gain(values)) * self._reach.toward(float(self.in_reach))
        if self._places is not None and not self._voices[-1].source.has_events:
            gain *= self._places.walk_duck(block)
        if self._leaving or self._leave < 1.0:
            gain *= self._walk_leave()
        before, self._last_gain = self._last_gain, gain
        return (gain if before < 0.0 else before), gain

    def _walk_leave(self) -> float:
        step = BLOCK_S / _LEAVE_S
        self._leave = max(0.0, self._leave - step) if self._leaving else min(1.0, self._leave + step)
        return self._leave

    def _start_waiting(self) -> None:
        # While the layer leaves, what waits may follow parameters that are gone; if it returns it is bound anew.
        if self._waiting is None or self._leaving or len(self._voices) > 1:
            return
        self._voices[0].goal = 0.0
        self._voices.append(_Voice(self._waiting, presence=0.0 if self.audible else 1.0))
        if not self.audible:
            del self._voices[0]
        self._waiting = None

    def _add_voice(
        self, voice: _Voice, values: Mapping[str, float], block: int, before: float, after: float
    ) -> tuple[LayerChange, ...]:
        start, end = voice.walk()
        samples = self._scratch_for(voice.source.channels)
        sourced = voice.source.render(values, block, samples)
        add_ramped(samples, before * start, after * end, self._out)
        # What fades out has nothing more to say.
        if sourced is None or voice is not self._voices[-1]:
            return ()
        return (SourceChanged(self.layer.name, block * BLOCK_FRAMES, sourced),)

    def _scratch_for(self, channels: int) -> Samples:
        if channels not in self._scratch:
            self._scratch[channels] = np.zeros((BLOCK_FRAMES, channels), np.float32)
        return self._scratch[channels]


def load_kernels() -> None:
    """Compile this room's kernel, or load it from the cache."""
    block = np.zeros((BLOCK_FRAMES, 1), np.float32)
    add_ramped(block, 0.0, 0.0, block)
