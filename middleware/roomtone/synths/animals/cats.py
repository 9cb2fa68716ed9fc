"""A cat: it purrs, it meows, it yowls, and everything in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp import larynx, turns
from roomtone.dsp.larynx import call_out, syllable, written
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.turns import Callers, Minds, Songs, call_now, minds_state
from roomtone.synths.model import Control, Reach, Synth, placed

_SONGS: Final = 6
# One cat, two voices: what it says, and the purr beneath.
_VOICE, _PURR = 0, 1
_AHEAD: Final = -1.0  # to the left channel alone, which is the one that is heard

# The mouth of a cat saying m-e-a-ow.
_SHUT, _WIDE, _ROUND = (600.0, 1_900.0, 4_200.0), (1_300.0, 2_600.0, 4_800.0), (800.0, 1_500.0, 4_000.0)


@dataclass(slots=True)
class _Cat:
    rng: Rng
    minds: Minds
    cat: Callers
    moods: tuple[Songs, Songs, Songs]
    songs: Songs
    mood: float
    calling: NDArray[np.float64]
    send: NDArray[np.float32]
    both: Samples
    outlet: Outlet
    struck: int


def _trill(rng: np.random.Generator, hz: float) -> NDArray[np.float64]:
    """Write a greeting: lips closed, rolled at the rate of a purr, going up."""
    return syllable(
        seconds=rng.uniform(0.25, 0.4), gap_s=rng.uniform(0.1, 0.4), pitch_hz=(0.55 * hz, 0.7 * hz, 0.95 * hz),
        turn_at=0.5, formants_hz=(_SHUT,), bright_hz=700.0, level=0.16, attack=0.2, release=0.3,
        beat=(rng.uniform(22.0, 28.0), 0.7), noise=0.03,
    )  # fmt: skip


def _meow(rng: np.random.Generator, hz: float) -> NDArray[np.float64]:
    """Write a meow: up and down with the mouth that opens and rounds.

    Source: Schötz, van de Weijer & Eklund (2019), Melody in human-cat communication.
    """
    end = rng.uniform(0.6, 0.95)
    return syllable(
        seconds=rng.uniform(0.5, 0.95), gap_s=rng.uniform(0.1, 0.4), pitch_hz=(0.75 * hz, 1.1 * hz, end * hz),
        turn_at=rng.uniform(0.3, 0.5), formants_hz=(_SHUT, _WIDE, _ROUND), gains=(1.0, 0.8, 0.45),
        widths_hz=(160.0, 200.0, 350.0), bright_hz=1_900.0, level=0.3, attack=0.18, release=0.45,
        vibrato=(rng.uniform(5.0, 7.0), 0.012), noise=0.05, rough=0.04, beat=(25.0, 0.0),
    )  # fmt: skip


def _yowl(rng: np.random.Generator, hz: float) -> NDArray[np.float64]:
    """Write a yowl: long, rising and sinking, tight with anger and breaking into a rasp."""
    return syllable(
        seconds=rng.uniform(1.2, 2.6), gap_s=rng.uniform(0.1, 0.5),
        pitch_hz=(0.8 * hz, rng.uniform(1.2, 1.6) * hz, rng.uniform(0.6, 1.1) * hz), turn_at=rng.uniform(0.4, 0.7),
        formants_hz=(_WIDE, _ROUND, _WIDE), gains=(0.9, 1.0, 0.8), widths_hz=(200.0, 250.0, 450.0),
        bright_hz=4_500.0, level=0.42, attack=0.3, release=0.25, vibrato=(rng.uniform(6.0, 9.0), 0.04),
        noise=0.18, rough=rng.uniform(0.25, 0.5), beat=(30.0, 0.12),
    )  # fmt: skip


def _purr(rng: np.random.Generator, level: float) -> list[NDArray[np.float64]]:
    """Write two breaths of a purr, out and in: the folds flutter at 25 Hz, a little faster on the way in.

    Source: Frazer Sissom, Rice & Peters (1991), How cats purr.
    """
    flutter_hz = rng.uniform(22.0, 26.5)
    breath = [
        syllable(
            seconds=rng.uniform(0.9, 1.2), gap_s=0.04, pitch_hz=(hz, hz, 0.97 * hz), formants_hz=(formants_hz,),
            gains=(1.0, 0.6, 0.25), widths_hz=(90.0, 180.0, 500.0), bright_hz=650.0, level=loud, attack=0.2,
            release=0.2, rough=0.12, noise=0.5, beat=(hz, 0.35),
        )
        for hz, loud, formants_hz in (
            (flutter_hz, level, (170.0, 480.0, 1_900.0)), (1.09 * flutter_hz, 0.7 * level, (220.0, 620.0, 2_500.0)),
        )
    ]  # fmt: skip
    return breath * 4


def _moods(rng: np.random.Generator) -> tuple[Songs, Songs, Songs]:
    """Draw the same calls three times: content, asking, angry; what is in between is a mixture of neighbours."""
    hz = np.exp(rng.normal(np.log(560.0), 0.12))
    rests = rng.integers(1, 3, _SONGS)
    content, asking, angry = (
        [[write(rng, hz) for _ in range(count)] for count in rests] for write in (_trill, _meow, _yowl)
    )
    purrs = [_purr(rng, 0.25) for _ in range(_SONGS)]
    quiet = [[row * (np.arange(len(row)) != turns.LEVEL) for row in purr] for purr in purrs]
    return written([content, purrs]), written([asking, quiet]), written([angry, quiet])


def _start(seed: int) -> _Cat:
    who = np.random.default_rng(rng_state(seed, "cats", "who"))
    moods = _moods(who)
    cat = np.zeros((2, larynx.LARYNX_FIELDS))
    cat[:, turns.PAN], cat[:, turns.PARTNER], cat[:, larynx.TRACT] = _AHEAD, -1.0, 1.0
    cat[_VOICE, turns.PAUSE_S], cat[_PURR, turns.PAUSE_S] = 2.5, 0.1
    cat[_VOICE, turns.WAIT_S] = who.uniform(0.1, 2.5)
    return _Cat(
        rng=rng_state(seed, "cats"),
        minds=minds_state(seed, "cats", callers=2),
        cat=cat,
        moods=moods,
        songs=moods[0].copy(),
        mood=0.0,
        calling=np.zeros((2, larynx.CALL_FIELDS)),
        send=np.zeros(BLOCK_FRAMES, np.float32),
        both=np.zeros((BLOCK_FRAMES, 2), np.float32),
        outlet=outlet_state(1),
        struck=0,
    )


def _strike(state: _Cat) -> None:
    state.struck += 1


def _feel(state: _Cat, mood: float) -> None:
    """Mix every call from those of the two moods to either side; it counts from the next syllable."""
    if mood != state.mood:
        state.mood = mood
        k = min(int(2.0 * mood), 1)
        low, high = state.moods[k], state.moods[k + 1]
        np.subtract(high, low, out=state.songs)
        state.songs *= 2.0 * mood - k
        state.songs += low


def _render(state: _Cat, controls: Sequence[float], out: Samples) -> None:
    rate, mood, size, _, _ = controls
    _feel(state, mood)
    haste = 2.5 * rate
    if state.struck:
        for voice in (_VOICE, _PURR):
            call_now(state.cat, voice)
        haste, state.struck = max(haste, 1e-6), 0
    state.both[:] = 0.0
    register, tract = 2.0 ** (1.5 * (0.5 - size)), 2.0 ** (1.2 * (0.5 - size))
    call_out(
        state.rng, state.minds, state.cat, state.songs, state.calling, 2.0, haste, register, tract,
        tract**0.4, 1.0, state.send, state.both,
    )  # fmt: skip
    out[:, 0] = state.both[:, 0]
    finish(out, 0.0, state.outlet)


CATS: Final = Synth(
    name="cats",
    summary="A cat: purring on a lap, asking at a door, yowling on a roof.",
    tags=("animals", "cat", "home", "alley"),
    kind="point",
    controls=(
        Control(name="rate", default=0.5, smooth_s=0.5,
                at_0="only when struck", at_half="a call now and then", at_1="goes on and on"),
        Control(name="mood", default=0.7, smooth_s=1.0, names=(("purr", 0.0), ("meow", 0.7), ("yowl", 1.0)),
                at_0="content: purrs, with a trill of greeting", at_half="short soft meows over a purr",
                at_1="angry: yowls"),
        Control(name="size", default=0.5, smooth_s=0.5,
                at_0="a kitten", at_half="a cat", at_1="a big old tom"),
        *placed("on the lap", "across the yard", "some roofs away"),
    ),
    reach=Reach(near_m=1.0, far_m=100.0, open_m=20.0),
    source="S. Schötz, J. van de Weijer & R. Eklund (2019), Melody in human-cat communication; D. E. Frazer Sissom, "
           "D. A. Rice & G. Peters (1991), How cats purr.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
