"""A prompt's layer as it sounds: its stand-in, its banks, and the crossfades between all of them."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples, db_to_gain
from roomtone.dsp.ramps import add_ramped
from roomtone.layers.glide import Glide
from roomtone.layers.level_law import FLOOR_DB, LevelLaw
from roomtone.layers.match import Match
from roomtone.layers.playing import Rung, Sourced
from roomtone.layers.recipes import prompts_at
from roomtone.layers.stand_in import PlayingStandIn
from roomtone.layers.stops import Position, Stop, circles, is_exact, mix, position, whole_stops
from roomtone.scene.model import Layer, Parameter, PromptSource
from roomtone.texture.stitch import Stitch, render_stitch

CROSSFADE_S: Final = 2.0
"""From one source to another, where nothing but their being there decides."""
HEARD_S: Final = 2.0
"""How much of what was heard is kept to match what comes to it."""

# Where the law itself changes, by an edit.
_LEVEL_ARRIVES_S: Final = 0.5
_HEARD_BLOCKS: Final = round(HEARD_S / BLOCK_S)
# What is not heard walks on at this interval, so that it has little to catch up with when it is.
_WALK_BLOCKS: Final = 128

# Why a layer sounds as it does, in the words of the protocol.
OPENED: Final = "opened"
READY: Final = "ready"
MOVED: Final = "moved"
EVICTED: Final = "evicted"
MAKING: Final = "making"
NO_MODEL: Final = "no-model"

_STAND_IN: Final = 0
"""Among the voices; banks are numbered from 1 in the order in which they came."""


@dataclass(slots=True)
class BankVoice:
    """One bank of a prompt, stitched.

    Attributes:
        stop: which wording it is of.
        keys: of its clips, in the order of their variations.
        stitch: the endless stream.
        level_db: K-weighted, of its clips.
        match: makes it resemble what was heard when it came; None when it is itself.
    """

    stop: Stop
    keys: tuple[str, ...]
    stitch: Stitch
    level_db: float
    match: Match | None = None
    gain: float = -1.0

    def render(self, block: int, out: Samples, *, alone: bool) -> None:
        """Overwrite `out` with a block of the stream, which stands on the scene's clock."""
        render_stitch(self.stitch, block * BLOCK_FRAMES, out)
        if self.match is not None:
            self.match.apply(out, relax=alone)
            if self.match.is_over:
                self.match = None


class PlayingPrompt:
    """A prompt's layer. One owner, one thread; banks come and go between blocks.

    Args:
        stand_in: what sounds where there is no bank.
        seed: of the layer: decides how clips are joined.

    Attributes:
        law: how loud banks are; to be there before the first of them.
    """

    has_events = False

    def __init__(self, stand_in: PlayingStandIn, *, seed: int) -> None:
        self.channels = stand_in.channels
        self.law: LevelLaw | None = None
        self.seed = seed
        self._stand_in = stand_in
        self._voices: dict[int, BankVoice] = {}
        self._current: dict[Stop, int] = {}
        self._level = Glide(_LEVEL_ARRIVES_S)
        self._level_db = FLOOR_DB
        self._numbered = _STAND_IN
        self._shares: dict[int, float] = {}
        self._goal: dict[int, float] = {}
        self._goal_for: object = None
        self._at: Position = ()
        self._said: tuple[Rung, Stop | None] | None = None
        self._reason = OPENED
        self._out: dict[int, Samples] = {}
        self._heard = np.zeros((_HEARD_BLOCKS * BLOCK_FRAMES, self.channels), np.float32)
        self._heard_blocks = 0

    # The interface of every source ----------------------------------------------------------------

    def bind(self, layer: Layer, parameters: Mapping[str, Parameter]) -> None:
        """See `Playing`."""
        assert isinstance(layer.source, PromptSource)
        self.source, self._parameters = layer.source, parameters
        self._around = circles(layer.source, parameters)
        self._stand_in.bind(layer, parameters)
        self._goal_for = None
        self._held = False

    def hold(self) -> None:
        """See `Playing`."""
        self._stand_in.hold()
        self._held = True

    def pass_over(self, block: int) -> None:
        """See `Playing`; banks stand on the scene's clock and walk on."""
        self._heard_blocks = 0
        self._walk_on(block, heard=())

    def strike(self, distance: float) -> None:
        """See `Playing`."""

    def render(self, values: Mapping[str, float], block: int, out: Samples) -> Sourced | None:
        """See `Playing`."""
        self._aim(values)
        before, after = self._shares, self._moved()
        self._shares = after
        out.fill(0.0)
        for number in {**before, **after}:
            start, end = math.sqrt(before.get(number, 0.0)), math.sqrt(after.get(number, 0.0))
            if number == _STAND_IN:
                self._add_stand_in(values, block, start, end, out)
            else:
                self._add_bank(self._voices[number], block, start, end, out)
        self._let_go()
        self._walk_on(block, heard=after)
        self._keep_heard(out)
        return self._say()

    # Banks ----------------------------------------------------------------------------------------

    def install(self, voice: BankVoice, reason: str = READY) -> None:
        """Let a bank be heard where its stop is; one that is there for the same stop is faded out."""
        assert self.law is not None
        self._numbered += 1
        self._voices[self._numbered] = voice
        self._current[voice.stop] = self._numbered
        self._reason = reason
        self._goal_for = None

    def dismiss(self, stop: Stop, reason: str = EVICTED) -> None:
        """Let a stop's bank fade out."""
        if self._current.pop(stop, None) is not None:
            self._reason = reason
            self._goal_for = None

    def explain(self, reason: str) -> None:
        """Say why the layer sounds as it does, though nothing has changed: its model failed, or is at work."""
        self._reason = reason
        self._said = None

    @property
    def all_stops(self) -> tuple[Stop, ...]:
        """The stops of the prompt's wordings, whether they have a bank or not."""
        return whole_stops(self.source)

    def stops_at(self, values: Mapping[str, float]) -> tuple[Stop, ...]:
        """Name the stops that are heard at a state when all have a bank, the loudest first."""
        shares = mix(position(self.source, self._parameters, values), self.all_stops, self._around)
        return tuple(sorted(shares, key=lambda stop: (-shares[stop], stop)))

    @property
    def stops(self) -> frozenset[Stop]:
        """The stops that have a bank."""
        return frozenset(self._current)

    def keys_of(self, stop: Stop) -> tuple[str, ...]:
        """Name the clips of a stop's bank; empty where there is none."""
        return self._voices[self._current[stop]].keys if stop in self._current else ()

    def heard(self) -> Samples | None:
        """Copy what was heard last, `HEARD_S` long; None while less was."""
        if self._heard_blocks < _HEARD_BLOCKS:
            return None
        cursor = self._heard_blocks % _HEARD_BLOCKS * BLOCK_FRAMES
        return np.concatenate((self._heard[cursor:], self._heard[:cursor]))

    # What is heard --------------------------------------------------------------------------------

    def _aim(self, values: Mapping[str, float]) -> None:
        """Find the share of every voice at this state; the same values need no second look."""
        if self._held:
            return
        if self.law is not None:
            self._level_db = self._level.toward(self.law.at(values))
        if self._goal_for is values:
            return
        self._goal_for = values
        self._at = position(self.source, self._parameters, values)
        if self._current:
            shares = mix(self._at, self._current, self._around)
            self._goal = {self._current[stop]: share for stop, share in shares.items()}
        else:
            self._goal = {_STAND_IN: 1.0}
        if not self._shares:
            # The first block begins as it means to go on.
            self._shares = dict(self._goal)

    def _moved(self) -> dict[int, float]:
        """Go straight towards the goal, so that powers always add up to one."""
        shares, goal = self._shares, self._goal
        if shares == goal:
            return shares
        furthest = max(abs(goal.get(number, 0.0) - shares.get(number, 0.0)) for number in {**shares, **goal})
        step = BLOCK_S / CROSSFADE_S
        if furthest <= step:
            return goal
        way = step / furthest
        return {
            number: shares.get(number, 0.0) + way * (goal.get(number, 0.0) - shares.get(number, 0.0))
            for number in {**shares, **goal}
        }

    def _add_stand_in(
        self, values: Mapping[str, float], block: int, start: float, end: float, out: Samples
    ) -> None:
        scratch = self._scratch(self.channels)
        self._stand_in.render(values, block, scratch)
        add_ramped(scratch, start, end, out)

    def _add_bank(
        self,
        voice: BankVoice,
        block: int,
        start: float,
        end: float,
        out: Samples,
    ) -> None:
        scratch = self._scratch(voice.stitch.bank.channels)
        voice.render(block, scratch, alone=self._shares == self._goal)
        gain = db_to_gain(self._level_db - voice.level_db) if self._level_db > FLOOR_DB else 0.0
        before = gain if voice.gain < 0.0 else voice.gain
        voice.gain = gain
        add_ramped(scratch, before * start, gain * end, out)

    def _scratch(self, channels: int) -> Samples:
        if channels not in self._out:
            self._out[channels] = np.zeros((BLOCK_FRAMES, channels), np.float32)
        return self._out[channels]

    def _let_go(self) -> None:
        """Forget banks that were replaced or dismissed and have faded out."""
        if len(self._voices) > len(self._current):
            kept = {*self._current.values(), *self._shares}
            self._voices = {number: voice for number, voice in self._voices.items() if number in kept}

    def _walk_on(self, block: int, *, heard: Collection[int]) -> None:
        if block % _WALK_BLOCKS == 0:
            for number, voice in self._voices.items():
                if number not in heard:
                    voice.render(block, self._scratch(voice.stitch.bank.channels), alone=True)

    def _keep_heard(self, out: Samples) -> None:
        cursor = self._heard_blocks % _HEARD_BLOCKS * BLOCK_FRAMES
        self._heard[cursor : cursor + BLOCK_FRAMES] = out
        self._heard_blocks += 1

    # What is said of it ---------------------------------------------------------------------------

    def _say(self) -> Sourced | None:
        number = max(self._goal, key=self._goal.__getitem__)
        stop = None if number == _STAND_IN else self._voices[number].stop
        rung: Rung = "stand_in"
        if stop is not None:
            rung = "exact" if is_exact(self._at, stop, self._around) else "nearest"
        if self._said == (rung, stop):
            return None
        self._said = (rung, stop)
        reason, self._reason = self._reason, MOVED
        return Sourced(rung=rung, bank="" if stop is None else wording(self.source, stop), reason=reason)


def wording(source: PromptSource, stop: Stop) -> str:
    """Write the prompt of a stop; between two wordings, both."""
    prompt, blend = prompts_at(source, stop)
    return f"{prompt} / {blend.prompt}" if blend else prompt
