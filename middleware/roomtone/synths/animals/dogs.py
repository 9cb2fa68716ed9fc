"""Dogs: one that barks in bouts, and the neighbourhood that answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import larynx, turns
from roomtone.dsp.larynx import call_out, syllable, written
from roomtone.dsp.outdoors import Outdoors, echo, open_air, outdoors_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.turns import Callers, Minds, Songs, call_now, minds_state
from roomtone.synths.model import Control, Reach, Synth, placed

_DOGS: Final = 7
# What a dog of 20 kg has for a throat.
_THROAT_HZ: Final = (620.0, 1_350.0, 2_700.0)
_HOWL_HZ: Final = (520.0, 1_000.0, 2_500.0)

_AIR: Final = 0.008 * amplitude(
    (45, 6), (100, 3), (250, -3), (600, -8), (1_500, -15), (4_000, -25), (9_000, -33), (20_000, -50)
)


@dataclass(slots=True)
class _Neighbourhood:
    rng: Rng
    minds: Minds
    dogs: Callers
    songs: Songs
    calling: NDArray[np.float64]
    place: Outdoors
    struck: int


def _bark(rng: np.random.Generator, hz: float, gap_s: float, force: float) -> NDArray[np.float64]:
    """Write a bark: folds that snap shut, a pitch that leaps and falls, a mouth that opens wide and closes.

    Source: Yin & McCowan (2004), Barking in domestic dogs: context specificity and individual identification.
    """
    f1, f2, f3 = np.array(_THROAT_HZ) * np.exp(rng.normal(0.0, 0.04, 3))
    top = hz * np.exp(rng.normal(0.05, 0.06))
    return syllable(
        seconds=rng.uniform(0.11, 0.19), gap_s=gap_s, pitch_hz=(0.62 * top, top, 0.55 * top), turn_at=0.3,
        formants_hz=((0.6 * f1, 0.8 * f2, f3), (1.25 * f1, f2, f3), (0.6 * f1, 0.8 * f2, 0.9 * f3)),
        gains=(1.0, 0.75, 0.6), widths_hz=(150.0, 220.0, 900.0), bright_hz=rng.uniform(1_900.0, 3_000.0),
        level=0.32 * force, attack=0.14, release=0.6, rough=rng.uniform(0.25, 0.65), noise=rng.uniform(0.2, 0.45),
    )  # fmt: skip


def _growl(rng: np.random.Generator, hz: float) -> NDArray[np.float64]:
    low = hz * rng.uniform(0.18, 0.25)
    return syllable(
        seconds=rng.uniform(0.35, 0.9), gap_s=rng.uniform(0.02, 0.15), pitch_hz=(low, 1.15 * low, 1.3 * low),
        formants_hz=((330.0, 1_000.0, 2_300.0),), bright_hz=450.0, level=0.09, attack=0.3, release=0.15,
        turn_at=0.6, rough=0.7, noise=0.3,
    )  # fmt: skip


def _howl(rng: np.random.Generator, hz: float) -> NDArray[np.float64]:
    top = hz * rng.uniform(1.0, 1.25)
    return syllable(
        seconds=rng.uniform(1.2, 2.8), gap_s=rng.uniform(0.3, 0.9), pitch_hz=(0.6 * top, top, 0.72 * top),
        formants_hz=(_HOWL_HZ,), bright_hz=500.0, level=0.2, attack=0.25, release=0.35, turn_at=0.25,
        vibrato=(rng.uniform(4.0, 6.0), 0.03), noise=0.02, rough=0.05,
    )  # fmt: skip


def _bout(rng: np.random.Generator, hz: float, barks: int) -> list[NDArray[np.float64]]:
    """Write a bout: barks in a rhythm of their own, in ones and twos, the last ones tired."""
    beat_s = rng.uniform(0.22, 0.5)
    twos = rng.uniform() < 0.4
    bout = []
    for k in range(barks):
        gap_s = beat_s * np.exp(rng.normal(0.0, 0.12)) * (0.35 if twos and k % 2 == 0 else 1.0)
        bout.append(_bark(rng, hz, gap_s, (0.75 if k == 0 else 1.0) - 0.03 * k))
    return bout


def _draw_calls(rng: np.random.Generator, near: bool) -> list[list[NDArray[np.float64]]]:
    """Draw what one dog has to say; the one near by does not howl."""
    hz = np.exp(rng.normal(np.log(520.0), 0.1 if near else 0.35))
    calls = [_bout(rng, hz, int(count)) for count in rng.permutation([1, 2, 3, 5, 8])]
    last = [_growl(rng, hz), *_bout(rng, hz, 3)]
    if not near and rng.uniform() < 0.5:
        last = [_howl(rng, hz) for _ in range(int(rng.integers(1, 3)))]
    return [*calls, last]


def _draw_dogs(rng: np.random.Generator) -> Callers:
    dogs = np.zeros((_DOGS, larynx.LARYNX_FIELDS))
    dogs[:, turns.DISTANCE_M] = (
        3.0,
        *np.geomspace(18.0, 160.0, _DOGS - 1) * np.exp(rng.normal(0.0, 0.2, _DOGS - 1)),
    )
    dogs[:, turns.PAN] = rng.uniform(-0.25, 0.25), *rng.permutation(np.linspace(-0.95, 0.95, _DOGS - 1))
    dogs[:, turns.PAUSE_S] = 2.2, *rng.uniform(3.0, 9.0, _DOGS - 1)
    dogs[:, turns.PARTNER] = 1, *rng.permutation(_DOGS - 1)
    dogs[:, turns.ANSWERS], dogs[:, turns.REPLY_S] = 0.5, 1.2
    dogs[:, turns.WAIT_S] = rng.uniform(0.1, 1.0, _DOGS) * dogs[:, turns.PAUSE_S]
    dogs[:, larynx.TRACT] = 1.0, *np.exp(rng.normal(0.0, 0.22, _DOGS - 1))
    return dogs


def _start(seed: int) -> _Neighbourhood:
    who = np.random.default_rng(rng_state(seed, "dogs", "who"))
    return _Neighbourhood(
        rng=rng_state(seed, "dogs"),
        minds=minds_state(seed, "dogs", callers=_DOGS),
        dogs=_draw_dogs(who),
        songs=written([_draw_calls(who, dog == 0) for dog in range(_DOGS)]),
        calling=np.zeros((_DOGS, larynx.CALL_FIELDS)),
        place=outdoors_state(seed, "dogs", air=_AIR, decay_s=1.1, longest_s=0.07, dull_hz=4_000.0),
        struck=0,
    )


def _strike(state: _Neighbourhood) -> None:
    state.struck += 1


def _render(state: _Neighbourhood, controls: Sequence[float], out: Samples) -> None:
    rate, company, size, _, _ = controls
    haste = 3.0 * rate
    if state.struck:
        call_now(state.dogs, 0)
        haste, state.struck = max(haste, 1e-6), 0
    open_air(state.place, 1.0, out)
    # A small dog has short folds in a short throat: both by the same.
    register = tract = 2.0 ** (1.5 * (0.5 - size))
    call_out(
        state.rng, state.minds, state.dogs, state.songs, state.calling, 1.0 + (_DOGS - 1) * company,
        haste, register, tract, tract**0.5, 6.0, state.place.send, out,
    )  # fmt: skip
    echo(state.place, wet=0.22, air_hz=15_000.0, out=out)


DOGS: Final = Synth(
    name="dogs",
    summary="A dog that barks in bouts, and dogs further off that answer it.",
    tags=("animals", "dog", "bark", "neighbourhood", "farm"),
    kind="bed",
    controls=(
        Control(name="rate", default=0.5, smooth_s=0.5,
                at_0="only when struck", at_half="a bout every few seconds", at_1="barks without end"),
        Control(name="company", default=0.3, smooth_s=2.0,
                at_0="one dog", at_half="a few answer from afar", at_1="all the neighbourhood"),
        Control(name="size", default=0.5, smooth_s=0.3,
                at_0="a small dog that yaps", at_half="a shepherd dog", at_1="a mastiff, deep and slow"),
        *placed("a few steps away", "down the street", "the next village"),
    ),
    reach=Reach(near_m=4.0, far_m=400.0, open_m=40.0),
    source="S. Yin & B. McCowan (2004), Barking in domestic dogs; T. Riede & W. T. Fitch (1999), Vocal tract length "
           "and acoustics of vocalization in the domestic dog.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
