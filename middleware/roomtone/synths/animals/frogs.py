"""Frogs: a pond at night where neighbours call by turns, one kind over another, and all fall silent together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

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

_FROGS: Final = 18
_SONGS: Final = 4
_MILD: Final = 0.5

_AIR: Final = 0.0062 * amplitude(
    (45, 12), (100, 9), (160, 0), (250, -4), (600, -9), (1_500, -16), (4_000, -22), (9_000, -27), (20e3, -44)
)

Call: TypeAlias = list[NDArray[np.float64]]


@dataclass(slots=True)
class _Pond:
    rng: Rng
    minds: Minds
    frogs: Callers
    by_kind: tuple[Songs, ...]
    strays: NDArray[np.float64]
    pauses: NDArray[np.float64]
    kinds: NDArray[np.int64]
    songs: Songs
    calling: NDArray[np.float64]
    chorus: Walks
    place: Outdoors


def _croak(rng: np.random.Generator, size: float) -> Call:
    """Write a common frog: a low rattle of some forty pulses a second. Source: Gerhardt & Huber (2002), ch. 2."""
    hz = 330.0 * size
    return [
        syllable(
            seconds=rng.uniform(0.28, 0.5), gap_s=rng.uniform(0.12, 0.3), pitch_hz=(0.9 * hz, hz, 0.93 * hz),
            formants_hz=((520.0 * size, 1_150.0 * size, 2_300.0 * size),), gains=(1.0, 0.7, 0.3),
            widths_hz=(110.0, 170.0, 320.0), bright_hz=1_000.0, level=1.1, attack=0.3, release=0.35,
            beat=(rng.uniform(34.0, 46.0), 0.9), rough=0.2, noise=0.06,
        )
        for _ in range(int(rng.integers(1, 4)))
    ]  # fmt: skip


def _trill(rng: np.random.Generator, size: float) -> Call:
    """Write a tree frog: a hard trill that swells, each pulse a hoarse little whoop at one and two kilohertz.

    Every pulse is a syllable, so that no two are alike and a warm night trills faster, as frogs do. Source: Gerhardt &
    Huber (2002), ch. 3, of grey tree frogs.
    """
    hz, pulse_s, count = 1_040.0 * size, rng.uniform(0.02, 0.028), int(rng.integers(8, 20))
    swells = np.interp(np.arange(count), (0.0, 0.4 * count, count), (0.3, 1.0, 0.9))
    swells *= np.exp(rng.normal(0.0, 0.25, count))
    tops_hz = hz * np.exp(rng.normal(0.0, 0.025, count))
    return [
        syllable(
            seconds=0.6 * pulse_s, gap_s=0.45 * pulse_s * np.exp(rng.normal(0.0, 0.3)),
            pitch_hz=(0.68 * top_hz, 1.06 * top_hz, 0.95 * top_hz), formants_hz=((0.87 * hz, 2.0 * hz, 3.43 * hz),),
            gains=(0.24, 1.0, 0.13), widths_hz=(340.0, 280.0, 800.0), bright_hz=2_200.0, level=0.55 * swell,
            attack=0.16, release=0.72, rough=0.2, noise=1.2,
        )
        for top_hz, swell in zip(tops_hz, swells, strict=True)
    ]  # fmt: skip


def _peep(rng: np.random.Generator, size: float) -> Call:
    """Write a spring peeper: one clear note that rises a little. Source: Gerhardt & Huber (2002), ch. 2."""
    hz = 2_750.0 * size
    return [
        syllable(
            seconds=rng.uniform(0.12, 0.18), gap_s=0.1, pitch_hz=(0.9 * hz, 0.99 * hz, 1.04 * hz),
            formants_hz=((hz, 2.0 * hz, 3.0 * hz),), gains=(1.0, 0.3, 0.1), widths_hz=(900.0, 900.0, 900.0),
            bright_hz=700.0, level=0.56, attack=0.25, release=0.35, rough=0.05, noise=0.05,
        )
    ]  # fmt: skip


def _rum(rng: np.random.Generator, size: float) -> Call:
    """Write a bullfrog: two or three deep notes like a bow on a slack string. Source: Bee & Gerhardt (2001)."""
    hz = 98.0 * size
    return [
        syllable(
            seconds=rng.uniform(0.45, 0.7), gap_s=rng.uniform(0.15, 0.3), pitch_hz=(0.92 * hz, 1.02 * hz, 0.95 * hz),
            formants_hz=((230.0 * size, 480.0 * size, 1_450.0 * size),), gains=(1.0, 0.6, 0.35),
            widths_hz=(70.0, 120.0, 300.0), bright_hz=900.0, level=0.48, attack=0.4, release=0.45, rough=0.06,
            noise=0.03,
        )
        for _ in range(int(rng.integers(2, 4)))
    ]  # fmt: skip


# From deep to high: how each kind calls, and how long it rests between calls.
_KINDS: Final[tuple[tuple[Callable[[np.random.Generator, float], Call], float], ...]] = (
    (_rum, 4.5), (_croak, 1.3), (_trill, 5.5), (_peep, 0.75),
)  # fmt: skip
_REST_S: Final = np.array([rest_s for _, rest_s in _KINDS])
# How far the frogs of a pond stray from what most of them are, in kinds: where a kind is at home, it is alone.
_STRAY: Final = 0.45


def _seat(rng: np.random.Generator) -> Callers:
    """Seat the frogs around the pond, each beside one to call by turns with."""
    frogs = np.zeros((_FROGS, larynx.LARYNX_FIELDS))
    frogs[:, turns.DISTANCE_M] = 3.0, *(3.5 + 40.0 * rng.permutation(np.arange(_FROGS - 1) / _FROGS) ** 1.3)
    frogs[:, turns.PAN] = rng.uniform(-0.4, 0.4), *rng.permutation(np.linspace(-0.95, 0.95, _FROGS - 1))
    frogs[:, turns.PARTNER] = np.arange(_FROGS) ^ 1
    frogs[:, turns.ANSWERS], frogs[:, turns.REPLY_S] = 0.75, 0.3
    frogs[:, turns.WAIT_S] = rng.uniform(0.1, 3.0, _FROGS)
    frogs[:, larynx.TRACT] = 1.0
    return frogs


def _learn(rng: np.random.Generator) -> tuple[Songs, ...]:
    """Write how each frog would call if it were of each kind."""
    sizes = np.exp(rng.normal(0.0, 0.065, _FROGS))
    calls = [[[call(rng, size) for _ in range(_SONGS)] for size in sizes] for call, _ in _KINDS]
    longest = max(len(song) for kind in calls for frog in kind for song in frog)
    silence = np.zeros(larynx.CALL_FIELDS)
    return tuple(
        written([[[*song, *[silence] * (longest - len(song))] for song in frog] for frog in kind])
        for kind in calls
    )


def _start(seed: int) -> _Pond:
    rng = rng_state(seed, "frogs")
    who = np.random.default_rng(rng_state(seed, "frogs", "who"))
    by_kind = _learn(who)
    return _Pond(
        rng=rng,
        minds=minds_state(seed, "frogs", callers=_FROGS),
        frogs=_seat(who),
        by_kind=by_kind,
        strays=_STRAY * who.permutation(np.linspace(-1.0, 1.0, _FROGS)),
        pauses=np.exp(who.normal(0.0, 0.12, _FROGS)),
        kinds=np.full(_FROGS, -1),
        songs=np.zeros_like(by_kind[0]),
        calling=np.zeros((_FROGS, larynx.CALL_FIELDS)),
        chorus=walks_state(rng, tau_s=np.array([20.0, 4.0]), sigma=np.array([0.4, 0.5])),
        place=outdoors_state(seed, "frogs", air=_AIR, decay_s=0.8, longest_s=0.075, dull_hz=5_000.0),
    )


def _settle(pond: _Pond, kind: float) -> None:
    """Say who lives in the pond: each frog is the kind next to where it stands, from its next note on."""
    kinds = np.rint((len(_KINDS) - 1) * kind + pond.strays).astype(int).clip(0, len(_KINDS) - 1)
    for frog in np.nonzero(kinds != pond.kinds)[0]:
        pond.songs[frog] = pond.by_kind[kinds[frog]][frog]
        pond.frogs[frog, turns.PAUSE_S] = _REST_S[kinds[frog]] * pond.pauses[frog]
    pond.kinds = kinds


def _render(pond: _Pond, controls: Sequence[float], out: Samples) -> None:
    density, temperature, kind, _, _ = controls
    _settle(pond, kind)
    open_air(pond.place, 1.0, out)
    # A pond swells and falls silent as one.
    pace = 2.0 ** (1.4 * (temperature - _MILD))
    haste = pace**2 * (0.5 + 0.8 * density) * np.exp(step_walks(pond.place.rng, pond.chorus))
    call_out(
        pond.rng, pond.minds, pond.frogs, pond.songs, pond.calling, 1.0 + (_FROGS - 1) * density**1.3,
        haste, 1.0, 1.0, pace, 4.0, pond.place.send, out,
    )  # fmt: skip
    echo(pond.place, wet=0.15, air_hz=13_000.0, out=out)


FROGS: Final = Synth(
    name="frogs",
    summary="A pond of frogs at night: croaks, rattles and peeps that call by turns.",
    tags=("animals", "frogs", "pond", "night", "swamp"),
    kind="bed",
    controls=(
        Control(name="density", default=0.5, smooth_s=2.0,
                at_0="one frog", at_half="half a dozen, by turns", at_1="a full chorus"),
        Control(name="temperature", default=0.5, smooth_s=1.0,
                at_0="a cold spring night: slow, long rests", at_half="mild", at_1="warm: quick calls, hardly a rest"),
        Control(name="kind", default=0.5, smooth_s=2.0,
                names=(("bullfrogs", 0.0), ("common", 0.33), ("tree", 0.87), ("peepers", 1.0)),
                at_0="bullfrogs, deep", at_half="common frogs and tree frogs in one pond",
                at_1="spring peepers, high and clear"),
        *placed("at the edge of the pond", "across the meadow", "beyond the trees"),
    ),
    reach=Reach(near_m=4.0, far_m=250.0, open_m=40.0),
    source="H. C. Gerhardt & F. Huber (2002), Acoustic Communication in Insects and Anurans; H. Schneider (1977), "
           "Acoustic behavior and physiology of vocalization in the European tree frog.",
    start=_start,
    render=_render,
)  # fmt: skip
