"""Owls: a tawny owl that hoots, a mate that answers, and rivals further off in the wood."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import syrinx as s
from roomtone.dsp.outdoors import Outdoors, echo, open_air, outdoors_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.syrinx import Birds, Songs, sing_birds
from roomtone.dsp.turns import Minds, call_now, minds_state
from roomtone.synths.model import Control, Reach, Synth, placed

_OWLS: Final = 5
_MATE: Final = 1
_SONGS: Final = 6
_SLOTS: Final = 8
_AWAKE: Final = np.ones(_OWLS)

_AIR: Final = 0.004 * amplitude(
    (45, 6), (100, 4), (250, 0), (600, -3), (1_500, -9), (4_000, -16), (9_000, -24), (20_000, -44)
)


@dataclass(slots=True)
class _Wood:
    rng: Rng
    minds: Minds
    owls: Birds
    songs: Songs
    calling: NDArray[np.float64]
    place: Outdoors
    struck: int


def _note(
    seconds: float, gap_s: float, hz: tuple[float, float, float], *, level: float = 0.35, turn_at: float = 0.35,
    quaver: tuple[float, float] = (0.0, 0.0), attack: float = 0.25, release: float = 0.4,
    overtones: tuple[float, float] = (0.05, 0.03),
) -> NDArray[np.float64]:  # fmt: skip
    row = np.zeros(s.SYLLABLE_FIELDS)
    row[[s.DURATION_S, s.GAP_S, s.TURN_AT, s.LEVEL]] = seconds, gap_s, turn_at, level
    row[s.START_HZ : s.TURN_AT] = hz
    row[[s.ATTACK, s.RELEASE, s.SECOND, s.THIRD]] = attack, release, *overtones
    row[[s.BUZZ_HZ, s.BUZZ_DEPTH]] = quaver
    return row


def _hoot(rng: np.random.Generator, hz: float, whole: bool) -> list[NDArray[np.float64]]:
    """Write a male's hoot: a long note, a wait, a short one, and a last that quavers before it holds.

    Source: Galeotti (1998), Correlates of hoot rate and structure in male tawny owls.
    """
    first = _note(
        rng.uniform(0.7, 1.0), rng.uniform(1.6, 3.4), (0.93 * hz, 1.04 * hz, 0.86 * hz), release=0.5
    )
    if not whole:
        return [first]
    short = _note(rng.uniform(0.12, 0.2), rng.uniform(0.3, 0.5), (0.9 * hz, hz, 0.92 * hz), level=0.2)
    quaver = (rng.uniform(11.0, 15.0), rng.uniform(0.75, 0.95))
    trembling = _note(rng.uniform(0.5, 0.8), 0.012, (0.95 * hz, 0.98 * hz, 1.0 * hz), level=0.25, quaver=quaver,
                      release=0.12)  # fmt: skip
    held = _note(
        rng.uniform(0.8, 1.2), 0.1, (0.98 * hz, 1.05 * hz, 0.84 * hz), level=0.38, attack=0.12, release=0.55
    )
    return [first, short, trembling, held]


def _kewick(rng: np.random.Generator, hz: float) -> list[NDArray[np.float64]]:
    """Write a female's contact call: `ke` low and short, `wick` leaping up, once to four times."""
    rough = (0.3, 0.2)
    ke = _note(0.08, 0.03, (0.9 * hz, 1.1 * hz, 1.25 * hz), level=0.22, overtones=rough)
    wick = _note(rng.uniform(0.2, 0.28), rng.uniform(0.5, 1.1), (1.3 * hz, 2.3 * hz, 1.5 * hz), level=0.35,
                 turn_at=0.45, quaver=(95.0, 0.3), overtones=rough)  # fmt: skip
    return [ke, wick] * int(rng.integers(1, 4))


def _draw_songs(rng: np.random.Generator) -> Songs:
    songs = np.zeros((_OWLS, _SONGS, _SLOTS, s.SYLLABLE_FIELDS))
    for owl in range(_OWLS):
        hz = np.exp(rng.normal(np.log(820.0), 0.07))
        for k, song in enumerate(songs[owl]):
            phrase = _kewick(rng, 1.1 * hz) if owl == _MATE else _hoot(rng, hz, whole=k > 0)
            song[: len(phrase)] = phrase
    return songs


def _draw_owls(rng: np.random.Generator) -> Birds:
    owls = np.zeros((_OWLS, s.BIRD_FIELDS))
    owls[:, s.DISTANCE_M] = 10.0, rng.uniform(14.0, 30.0), *rng.uniform(50.0, 130.0, _OWLS - 2)
    owls[:, s.PAN] = rng.uniform(-0.35, 0.35), *rng.permutation([-0.9, -0.5, 0.5, 0.9])
    owls[:, s.PAUSE_S] = 5.0, 11.0, *[9.0] * (_OWLS - 2)
    owls[:, s.PARTNER] = _MATE, 0, 0, 0, 0
    owls[:, s.ANSWERS], owls[:, s.REPLY_S] = 0.5, 1.5
    owls[:, s.WAIT_S] = rng.uniform(0.1, 1.0, _OWLS) * owls[:, s.PAUSE_S]
    return owls


def _start(seed: int) -> _Wood:
    who = np.random.default_rng(rng_state(seed, "owl", "who"))
    return _Wood(
        rng=rng_state(seed, "owl"),
        minds=minds_state(seed, "owl", callers=_OWLS),
        owls=_draw_owls(who),
        songs=_draw_songs(who),
        calling=np.zeros((_OWLS, s.SYLLABLE_FIELDS)),
        place=outdoors_state(seed, "owl", air=_AIR, decay_s=1.6, longest_s=0.085, dull_hz=4_500.0),
        struck=0,
    )


def _strike(wood: _Wood) -> None:
    wood.struck += 1


def _render(wood: _Wood, controls: Sequence[float], out: Samples) -> None:
    rate, company, size, _, _ = controls
    haste = 2.2 * rate
    if wood.struck:
        call_now(wood.owls, 0)
        haste, wood.struck = max(haste, 1e-6), 0
    open_air(wood.place, 1.0, out)
    register = 2.0 ** (2.0 * (0.5 - size))
    sing_birds(
        wood.rng, wood.minds, wood.owls, wood.songs, wood.calling, _AWAKE, 1.0 + (_OWLS - 1) * company,
        haste, 1.0, register, register**0.3, wood.place.send, out,
    )  # fmt: skip
    echo(wood.place, wet=0.3, air_hz=9_000.0, out=out)


OWL: Final = Synth(
    name="owl",
    summary="Owls at night: a tawny owl's hoots, a mate's answer, rivals far off in the wood.",
    tags=("animals", "birds", "night", "forest", "spooky"),
    kind="bed",
    controls=(
        Control(name="rate", default=0.5, smooth_s=1.0,
                at_0="only when struck", at_half="a phrase, then a rest as long", at_1="one phrase after another"),
        Control(name="company", default=0.3, smooth_s=2.0,
                at_0="one owl, nobody answers", at_half="a mate that answers, a rival far off",
                at_1="owls all over the wood"),
        Control(name="size", default=0.5, smooth_s=0.5,
                at_0="a small owl: high, quick hoots", at_half="a tawny owl", at_1="an eagle owl: slow and deep"),
        *placed("in the next tree", "at the edge of the wood", "across the valley"),
    ),
    reach=Reach(near_m=10.0, far_m=400.0, open_m=60.0),
    source="P. Galeotti (1998), Correlates of hoot rate and structure in male tawny owls Strix aluco; "
           "Mindlin & Laje (2005), The Physics of Birdsong.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
