"""Crows: hoarse caws in threes and fours, taken up by a flock."""

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
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.turns import Callers, Minds, Songs, minds_state
from roomtone.synths.model import Control, Reach, Synth, placed

_CROWS: Final = 14
_SONGS: Final = 5

_AIR: Final = 0.007 * amplitude(
    (45, 6), (100, 4), (250, 0), (600, -3), (1_500, -7), (4_000, -12), (9_000, -20), (20_000, -42)
)


@dataclass(slots=True)
class _Flock:
    rng: Rng
    minds: Minds
    crows: Callers
    calm: Songs
    alarmed: Songs
    songs: Songs
    agitation: float
    calling: NDArray[np.float64]
    mood: Walks
    place: Outdoors


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crow:
    """One bird's voice: its pitch, its rasp, how long it draws a caw."""

    hz: float
    formants_hz: tuple[float, float, float]
    rasp_hz: float
    seconds: float


def _draw_crow(rng: np.random.Generator) -> _Crow:
    f1, f2, f3 = np.array([1_150.0, 1_750.0, 3_300.0]) * np.exp(rng.normal(0.0, 0.06, 3))
    return _Crow(
        hz=np.exp(rng.normal(np.log(430.0), 0.13)), formants_hz=(f1, f2, f3), rasp_hz=rng.uniform(55.0, 95.0),
        seconds=rng.uniform(0.2, 0.36),
    )  # fmt: skip


def _caw(rng: np.random.Generator, crow: _Crow, alarm: float, gap_s: float) -> NDArray[np.float64]:
    """Write a caw: up and down by a few notes, hoarse from end to end; in alarm higher, harsher and shorter.

    Source: Mates et al. (2015), Acoustic profiling in a complexly social species, the American crow.
    """
    hz = crow.hz * (1.0 + 0.5 * alarm) * np.exp(rng.normal(0.0, 0.03))
    # An open throat is a shorter one.
    f1, f2, f3 = np.array(crow.formants_hz) * (1.0 + 0.22 * alarm)
    return syllable(
        seconds=crow.seconds * (1.0 - 0.3 * alarm), gap_s=gap_s * (1.0 - 0.5 * alarm),
        pitch_hz=(0.8 * hz, hz, 0.72 * hz), turn_at=0.35,
        formants_hz=((0.85 * f1, f2, f3), (f1, f2, f3), (0.8 * f1, 0.95 * f2, f3)),
        gains=(1.0 - 0.25 * alarm, 0.9, 0.6 + 0.3 * alarm), widths_hz=(220.0, 260.0, 500.0),
        bright_hz=2_600.0 + 2_600.0 * alarm, level=0.42, attack=0.13, release=0.3,
        rough=0.45 + 0.3 * alarm, noise=0.15 + 0.2 * alarm, beat=(crow.rasp_hz, 0.4 + 0.25 * alarm),
    )  # fmt: skip


def _draw_calls(rng: np.random.Generator, crow: _Crow) -> tuple[list[list[NDArray[np.float64]]], ...]:
    """Draw the same calls twice: as they are at rest, and in alarm."""
    gaps_s = rng.uniform(0.16, 0.4, _SONGS)
    caws = rng.integers(2, 6, _SONGS)
    first = int(rng.integers(2**31))
    return tuple(
        [
            [_caw(chance, crow, alarm, gap_s * np.exp(chance.normal(0.0, 0.08))) for _ in range(count)]
            for chance, count, gap_s in zip(map(np.random.default_rng, range(first, first + _SONGS)), caws, gaps_s,
                                            strict=True)
        ]
        for alarm in (0.0, 1.0)
    )  # fmt: skip


def _draw_crows(rng: np.random.Generator) -> Callers:
    crows = np.zeros((_CROWS, larynx.LARYNX_FIELDS))
    crows[:, turns.DISTANCE_M] = 9.0, *rng.permutation(np.geomspace(9.0, 110.0, _CROWS - 1))
    crows[:, turns.PAN] = rng.uniform(-0.4, 0.4), *rng.permutation(np.linspace(-0.95, 0.95, _CROWS - 1))
    crows[:, turns.PAUSE_S] = 4.0, *rng.uniform(3.0, 10.0, _CROWS - 1)
    crows[:, turns.PARTNER] = (np.arange(_CROWS) + rng.integers(1, _CROWS, _CROWS)) % _CROWS
    crows[:, turns.ANSWERS], crows[:, turns.REPLY_S] = 0.45, 1.5
    crows[:, turns.WAIT_S] = 0.3, *rng.uniform(0.5, 8.0, _CROWS - 1)
    crows[:, larynx.TRACT] = np.exp(rng.normal(0.0, 0.05, _CROWS))
    return crows


def _start(seed: int) -> _Flock:
    rng = rng_state(seed, "crows")
    who = np.random.default_rng(rng_state(seed, "crows", "who"))
    drawn = [_draw_calls(who, _draw_crow(who)) for _ in range(_CROWS)]
    calm, alarmed = (written([calls[alarm] for calls in drawn]) for alarm in (0, 1))
    return _Flock(
        rng=rng,
        minds=minds_state(seed, "crows", callers=_CROWS),
        crows=_draw_crows(who),
        calm=calm,
        alarmed=alarmed,
        songs=calm.copy(),
        agitation=0.0,
        calling=np.zeros((_CROWS, larynx.CALL_FIELDS)),
        mood=walks_state(rng, tau_s=np.array([25.0, 5.0]), sigma=np.array([0.35, 0.35])),
        place=outdoors_state(seed, "crows", air=_AIR, decay_s=1.2, longest_s=0.08, dull_hz=5_000.0),
    )


def _alarm(flock: _Flock, agitation: float) -> None:
    """Bend every call towards how it sounds in alarm; it counts from the next caw."""
    if agitation != flock.agitation:
        flock.agitation = agitation
        np.subtract(flock.alarmed, flock.calm, out=flock.songs)
        flock.songs *= agitation
        flock.songs += flock.calm


def _render(flock: _Flock, controls: Sequence[float], out: Samples) -> None:
    activity, agitation, size, _, _ = controls
    _alarm(flock, agitation)
    open_air(flock.place, 1.0, out)
    haste = (0.4 + 1.4 * activity) * (1.0 + agitation) * np.exp(step_walks(flock.place.rng, flock.mood))
    register = 2.0 ** (1.6 * (0.5 - size))
    tract = 2.0 ** (0.9 * (0.5 - size))
    call_out(
        flock.rng, flock.minds, flock.crows, flock.songs, flock.calling,
        1.0 + (_CROWS - 1) * activity**1.3, haste, register, tract, tract**0.5, 8.0, flock.place.send,
        out,
    )  # fmt: skip
    echo(flock.place, wet=0.2, air_hz=12_000.0, out=out)


CROWS: Final = Synth(
    name="crows",
    summary="Crows: one that caws on a roof, a flock that takes it up, a rookery.",
    tags=("animals", "birds", "crow", "autumn", "graveyard"),
    kind="bed",
    controls=(
        Control(name="activity", default=0.4, smooth_s=2.0,
                at_0="one crow, a few caws now and then", at_half="a handful that answer one another",
                at_1="a rookery at dusk"),
        Control(name="agitation", default=0.3, smooth_s=1.0,
                at_0="at rest: long, round caws", at_half="uneasy", at_1="mobbing: short, high and harsh"),
        Control(name="size", default=0.5, smooth_s=0.5,
                at_0="jackdaws: high and short", at_half="carrion crows", at_1="ravens, deep in the throat"),
        *placed("in the tree above", "over the field", "far across the valley"),
    ),
    reach=Reach(near_m=10.0, far_m=500.0, open_m=70.0),
    source="E. A. Mates et al. (2015), Acoustic profiling in a complexly social species, the American crow; "
           "Mindlin & Laje (2005), The Physics of Birdsong, rough sounds.",
    start=_start,
    render=_render,
)  # fmt: skip
