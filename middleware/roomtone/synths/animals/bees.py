"""Bees: one that passes one's ear, a meadow of them, a hive that hums."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import wings
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.turns import Minds, minds_state
from roomtone.dsp.wings import Fliers, fly
from roomtone.synths.model import Control, Reach, Synth, placed

_BEES: Final = 14
_BEAT_HZ: Final = 228.0
_AIR: Final = amplitude(
    (45, 4), (100, 3), (250, 0), (600, -4), (1_500, -10), (4_000, -15), (9_000, -22), (20_000, -42)
)
# A hive is thousands of wing beats, no two alike: hills around the beat and its overtones, and the rustle of wings.
_OVERTONES_DB: Final = (0.0, -3.0, -8.0, -12.0, -16.0)
_HILL_OCTAVES: Final = 0.13
_OCTAVES: Final = np.log2(BED_CENTRES_HZ / _BEAT_HZ)
_RUSTLE: Final = amplitude((60, -40), (200, -26), (500, -26), (1_500, -29), (4_000, -36), (12_000, -52))


def _hive(octaves: float) -> NDArray[np.float64]:
    """Draw the hum of a hive whose beat is so much higher than usual, as gains of a bed."""
    hum = _RUSTLE.copy()
    for n, db in enumerate(_OVERTONES_DB, 1):
        away = (_OCTAVES - octaves - math.log2(n)) / (_HILL_OCTAVES / n**0.3)
        hum += 10.0 ** (db / 20.0) * np.exp(-away * away)
    return hum


@dataclass(slots=True)
class _Meadow:
    rng: Rng
    minds: Minds
    bees: Fliers
    bed: Bed
    bands: Bands
    octaves: float
    breeze: Walks
    hive: Walks
    outlet: Outlet


def _draw_bees(rng: np.random.Generator) -> Fliers:
    bees = np.zeros((_BEES, wings.WING_FIELDS))
    bees[:, wings.BEAT_HZ] = _BEAT_HZ * np.exp(rng.normal(0.0, 0.07, _BEES))
    # Now and then a bumblebee, or a hoverfly.
    bees[:, wings.BEAT_HZ] *= rng.choice([1.0, 1.0, 1.0, 1.0, 0.68, 1.25], _BEES)
    bees[:, wings.LOUDNESS] = 0.185 * np.exp(rng.normal(0.0, 0.25, _BEES))
    bees[:, [wings.X, wings.Y]] = rng.uniform(-3.0, 3.0, (_BEES, 2))
    bees[:, wings.REST_S] = rng.uniform(0.05, 1.5, _BEES)
    return bees


def _start(seed: int) -> _Meadow:
    rng = rng_state(seed, "bees")
    return _Meadow(
        rng=rng,
        minds=minds_state(seed, "bees", callers=_BEES),
        bees=_draw_bees(np.random.default_rng(rng_state(seed, "bees", "who"))),
        bed=bed_state(seed, "bees"),
        bands=bands_state([_AIR, _hive(0.0)]),
        octaves=0.0,
        breeze=walks_state(rng, tau_s=np.array([8.0, 2.0, 0.5]), sigma=np.array([1.4, 1.0, 0.5])),
        hive=walks_state(rng, tau_s=np.array([12.0, 1.5, 0.15]), sigma=np.array([1.2, 1.0, 0.8])),
        outlet=outlet_state(2),
    )


def _render(meadow: _Meadow, controls: Sequence[float], out: Samples) -> None:
    swarm, agitation, size, _, _ = controls
    octaves = 0.35 * (agitation - 0.3) + 1.4 * (0.5 - size)
    if octaves != meadow.octaves:
        meadow.octaves = octaves
        meadow.bands.shapes[1] = _hive(octaves)
    breeze_db, hum_db = step_walks(meadow.bed.rng, meadow.breeze), step_walks(meadow.bed.rng, meadow.hive)
    hum = 0.215 * swarm**2.5 * (0.6 + 0.8 * agitation) * 10.0 ** (hum_db / 20.0)
    levels = (0.0048 * 10.0 ** (breeze_db / 20.0), hum)
    render_bed(meadow.bed, layer_bands(meadow.bands, levels), out)
    fly(meadow.rng, meadow.minds, meadow.bees, 1.0 + (_BEES - 1) * swarm**1.2, 0.7 + 1.6 * agitation, 2.0**octaves,
        (450.0 + 700.0 * agitation) * 2.0 ** (0.8 * octaves), out)  # fmt: skip
    finish(out, 0.0, meadow.outlet)


BEES: Final = Synth(
    name="bees",
    summary="Bees from flower to flower, past one's ears, up to a hive that hums.",
    tags=("animals", "insects", "meadow", "garden", "summer"),
    kind="bed",
    controls=(
        Control(name="swarm", default=0.4, smooth_s=2.0,
                at_0="a single bee that comes and goes", at_half="a flower bed full of them",
                at_1="in front of the hive"),
        Control(name="agitation", default=0.3, smooth_s=1.0,
                at_0="drowsy: long rests, a soft hum", at_half="busy", at_1="angry: high, hard and everywhere"),
        Control(name="size", default=0.5, smooth_s=0.5,
                at_0="hoverflies and mosquitoes, thin and high", at_half="honey bees",
                at_1="bumblebees, deep and furry"),
        *placed("among the flowers", "at the end of the garden", "across the meadow"),
    ),
    reach=Reach(near_m=1.5, far_m=40.0, open_m=25.0),
    source="D. L. Altshuler et al. (2005), Short-amplitude high-frequency wing strokes of honeybees (PNAS); "
           "J. A. Moorer (1976), discrete summation formulas.",
    start=_start,
    render=_render,
)  # fmt: skip
