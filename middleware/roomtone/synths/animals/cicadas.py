"""Cicadas: tymbals that buckle hundreds of times a second, each song a long swell, a valley that swells together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import larynx, turns
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.larynx import call_out, syllable, written
from roomtone.dsp.outdoors import Outdoors, echo, open_air, outdoors_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.turns import Callers, Minds, Songs, minds_state
from roomtone.synths.model import Control, Reach, Synth, placed

_CICADAS: Final = 9
_SONGS: Final = 4
_ABDOMEN_HZ: Final = 5_200.0

_AIR: Final = 0.006 * amplitude(
    (45, 4), (100, 3), (250, 0), (600, -4), (1_500, -9), (4_000, -14), (9_000, -22), (20_000, -42)
)
# The animals too far off to be told apart.
_FAR: Final = amplitude(
    (1_500, -60),
    (2_800, -30),
    (4_000, -10),
    (5_200, 0),
    (6_800, -5),
    (9_000, -14),
    (12_000, -26),
    (20_000, -50),
)


@dataclass(slots=True)
class _Valley:
    rng: Rng
    minds: Minds
    cicadas: Callers
    songs: Songs
    calling: NDArray[np.float64]
    place: Outdoors
    bands: Bands
    shimmer: Walks
    chorus: Walks


def _song(rng: np.random.Generator, rhythm_hz: float, clicks_hz: float) -> list[NDArray[np.float64]]:
    """Write one song: some clicks, a long swell of hundreds a second, and a fall as the muscle tires.

    Source: Young & Bennet-Clark (1995), The role of the tymbal in cicada sound production: each click rings in the
    abdomen, an air sac tuned to some kilohertz.
    """
    seconds = rng.uniform(6.0, 16.0)
    ring = np.array([1.0, 1.22, 1.7]) * _ABDOMEN_HZ
    depth = 0.85 if rhythm_hz > 0.0 else 0.0
    buckle = partial(syllable, gains=(1.0, 0.55, 0.25), widths_hz=(420.0, 650.0, 1_500.0), bright_hz=3_500.0,
                     noise=0.25, rough=0.3)  # fmt: skip
    warm_up = [
        buckle(
            seconds=rng.uniform(0.08, 0.2), gap_s=rng.uniform(0.08, 0.3), pitch_hz=(clicks_hz,) * 3,
            formants_hz=(ring,), level=0.3, attack=0.3, release=0.4,
        )
        for _ in range(int(rng.integers(0, 6)))
    ]  # fmt: skip
    swell = buckle(
        seconds=seconds, gap_s=0.3, pitch_hz=(0.8 * clicks_hz, 1.1 * clicks_hz, 0.7 * clicks_hz), turn_at=0.6,
        formants_hz=(0.96 * ring, 1.03 * ring, 0.93 * ring), level=0.8, attack=rng.uniform(0.25, 0.5),
        release=rng.uniform(0.15, 0.35), beat=(rhythm_hz, depth),
    )  # fmt: skip
    return [*warm_up, swell]


def _draw_songs(rng: np.random.Generator) -> Songs:
    """Teach each its songs: most drone, some have a rhythm of their own that they keep to."""
    songs = []
    for _ in range(_CICADAS):
        rhythm_hz = rng.uniform(3.5, 6.5) if rng.uniform() < 0.45 else 0.0
        clicks_hz = np.exp(rng.uniform(np.log(120.0), np.log(320.0)))
        songs.append([_song(rng, rhythm_hz, clicks_hz) for _ in range(_SONGS)])
    return written(songs)


def _draw_cicadas(rng: np.random.Generator) -> Callers:
    cicadas = np.zeros((_CICADAS, larynx.LARYNX_FIELDS))
    cicadas[:, turns.DISTANCE_M] = 4.0, *rng.permutation(np.geomspace(4.0, 30.0, _CICADAS - 1))
    cicadas[:, turns.PAN] = rng.uniform(-0.5, 0.5), *rng.permutation(np.linspace(-0.95, 0.95, _CICADAS - 1))
    cicadas[:, turns.PAUSE_S] = 3.0, *rng.uniform(4.0, 9.0, _CICADAS - 1)
    cicadas[:, turns.PARTNER] = (np.arange(_CICADAS) + 1) % _CICADAS
    cicadas[:, turns.ANSWERS], cicadas[:, turns.REPLY_S] = 0.6, 1.5
    cicadas[:, turns.WAIT_S] = 0.1, *rng.uniform(0.1, 6.0, _CICADAS - 1)
    cicadas[:, larynx.TRACT] = np.exp(rng.normal(0.0, 0.12, _CICADAS))
    return cicadas


def _start(seed: int) -> _Valley:
    rng = rng_state(seed, "cicadas")
    who = np.random.default_rng(rng_state(seed, "cicadas", "who"))
    return _Valley(
        rng=rng,
        minds=minds_state(seed, "cicadas", callers=_CICADAS),
        cicadas=_draw_cicadas(who),
        songs=_draw_songs(who),
        calling=np.zeros((_CICADAS, larynx.CALL_FIELDS)),
        place=outdoors_state(seed, "cicadas", air=_AIR, decay_s=0.6, longest_s=0.07, dull_hz=7_000.0),
        bands=bands_state([_AIR, _FAR], reaches=[np.zeros_like(_AIR), np.ones_like(_FAR)]),
        shimmer=walks_state(rng, tau_s=np.array([0.4, 0.3, 0.5, 0.3, 0.4]), sigma=np.full(5, 1.2)),
        chorus=walks_state(rng, tau_s=np.array([14.0, 4.0]), sigma=np.array([2.5, 1.2])),
    )


def _render(valley: _Valley, controls: Sequence[float], out: Samples) -> None:
    density, heat, size, _, _ = controls
    swell_db = step_walks(valley.place.rng, valley.chorus)
    step_walks(valley.place.rng, valley.shimmer)
    octaves = 1.2 * (0.5 - size)
    far = 0.12 * density**1.5 * (0.35 + 0.65 * heat) * 10.0 ** (swell_db / 20.0)
    # The breeze that stirs the air carries what is far off as well.
    valley.place.air = layer_bands(valley.bands, (1.0, far), stir_db=valley.shimmer)
    open_air(valley.place, 1.0, out)
    haste = 0.35 * 8.0**heat * 10.0 ** (0.6 * swell_db / 20.0)
    register = 2.0**octaves
    call_out(
        valley.rng, valley.minds, valley.cicadas, valley.songs, valley.calling,
        1.0 + (_CICADAS - 1) * density, haste, 0.75 + 0.5 * heat, register, 0.8 + 0.4 * heat, 4.0,
        valley.place.send, out,
    )  # fmt: skip
    echo(valley.place, wet=0.12, air_hz=16_000.0, out=out)


CICADAS: Final = Synth(
    name="cicadas",
    summary="Cicadas in summer heat: single songs that swell and tire over a valley that shimmers.",
    tags=("animals", "insects", "summer", "heat", "mediterranean"),
    kind="bed",
    controls=(
        Control(name="density", default=0.5, smooth_s=2.0,
                at_0="one cicada in a tree", at_half="a handful near by, more behind", at_1="the whole valley"),
        Control(name="heat", default=0.6, smooth_s=2.0,
                at_0="a cool morning: songs with long rests", at_half="a warm day",
                at_1="midday heat: one song runs into the next"),
        Control(name="size", default=0.5, smooth_s=1.0,
                at_0="small cicadas, thin and high", at_half="a mixed grove", at_1="large ones, low and hard"),
        *placed("in the tree overhead", "along the road", "from the far hillside"),
    ),
    reach=Reach(near_m=4.0, far_m=250.0, open_m=40.0),
    source="D. Young & H. C. Bennet-Clark (1995), The role of the tymbal in cicada sound production.",
    start=_start,
    render=_render,
)  # fmt: skip
