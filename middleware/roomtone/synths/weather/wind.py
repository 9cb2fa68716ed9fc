"""Wind: a bed that gusts band by band and side by side, things it whistles around, and what it carries along."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp.bed import BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.grains import Grains, bursts, grains_state, heavy_tail, scatter
from roomtone.dsp.gusts import Gusts, gusts_state, step_gusts
from roomtone.dsp.random import rng_state, uniform
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.space import Space, place, space_state
from roomtone.dsp.whistles import Whistles, resonate, whistles_state
from roomtone.synths.model import Control, Reach, Synth, placed

_WHISTLES: Final = 3
# At first it is hardly more than a colour of the wind; at its loudest it howls over it.
_WHISTLE_GAIN: Final = 0.055
_HOWL: Final = 3.2
# Aeolian tones: the smaller what the wind blows through, the higher. From a cave's mouth over a door, a gap and wires
# to the needles of pines, so many that their tones merge: octaves around a gap's, centre over bandwidth, level.
_PLACES: Final = np.linspace(0.0, 1.0, 5)
_OCTAVES: Final = np.linspace(-2.3, 2.1, 5)
_Q: Final = (6.0, 14.0, 36.0, 48.0, 3.0)
_SINGING: Final = (1.6, 1.2, 1.0, 0.8, 0.7)
_SPECK_FRAMES: Final = 192
_SPECKS_HZ: Final = 140.0

# What a full wind over open ground measures, as amplitude density.
_HZ: Final = np.array([45, 90, 160, 300, 500, 800, 1300, 2000, 4000, 8000, 13_000, 20_000], float)
_DB: Final = np.array([-2, 0, 1, -2, -9, -16, -24, -29, -36, -43, -48, -58], float)
_COLOUR_DB: Final = np.interp(np.log(BED_CENTRES_HZ), np.log(_HZ), _DB)
_HEIGHT: Final = np.linspace(0.0, 1.0, len(BED_CENTRES_HZ))
_FULL_DB: Final = 4.3
_STILL_DB: Final = -34.0


@dataclass(slots=True)
class _Wind:
    gusts: Gusts
    bed: Bed
    whistles: Whistles
    pitch: list[float]
    hz: NDArray[np.float64]
    gains: NDArray[np.float64]
    drift: Walks
    specks: Grains
    space: Space
    bank: Samples
    levels: NDArray[np.float32]


@cache
def _specks() -> Samples:
    return bursts(np.random.default_rng(3), 48, _SPECK_FRAMES, low_hz=1_800.0, high_hz=8_000.0, tau_s=0.0008)


def _start(seed: int) -> _Wind:
    rng = rng_state(seed, "wind")
    return _Wind(
        gusts=gusts_state(seed, "wind"),
        bed=bed_state(seed, "wind"),
        whistles=whistles_state(seed, "wind", pans=np.array([-0.6, 0.1, 0.7])),
        pitch=[hz * 2.0 ** (0.4 * uniform(rng)) for hz in (330.0, 560.0, 910.0)],
        hz=np.zeros(_WHISTLES),
        gains=np.zeros(_WHISTLES),
        drift=walks_state(rng, tau_s=np.array([2.5, 4.0, 1.7]), sigma=np.full(_WHISTLES, 1.0)),
        specks=grains_state(seed, "wind", longest_frames=_SPECK_FRAMES, channels=2),
        space=space_state(2),
        bank=_specks(),
        levels=heavy_tail(),
    )


def _render(wind: _Wind, controls: Sequence[float], out: Samples) -> None:
    strength, gustiness, whistle, through, brightness, _, _ = controls
    lack = (1.0 - strength) ** 1.9
    mean_db = _FULL_DB + _STILL_DB * lack
    levels_db = _COLOUR_DB + (mean_db - 14.0 * lack * _HEIGHT)
    gust_db = step_gusts(wind.gusts, levels_db, 0.1 + 1.9 * gustiness)
    render_bed(wind.bed, wind.gusts.gains, out)
    _whistle(wind, whistle, through, strength, gust_db, mean_db, out)
    blown = 10.0 ** ((gust_db + 0.6 * _STILL_DB * lack) / 20.0)
    scatter(
        wind.specks,
        wind.bank,
        wind.levels,
        rate_hz=_SPECKS_HZ * blown * blown,
        gain=0.047 * blown,
        spread=0.9,
        out=out,
    )
    place(wind.space, out, tilt_db=16.0 * (brightness - 0.5), air_hz=16_000.0, diffuse=0.12)


def _whistle(
    wind: _Wind, whistle: float, through: float, strength: float, gust_db: float, mean_db: float, out: Samples
) -> None:
    # An aeolian tone: pitch follows the speed of the wind, and below a certain speed there is none.
    step_walks(wind.gusts.rng, wind.drift)
    speed = (0.35 + 0.65 * strength) * 10.0 ** (gust_db / 45.0)
    size = 2.0 ** np.interp(through, _PLACES, _OCTAVES)
    blown = 10.0 ** ((mean_db + 0.6 * gust_db) / 20.0)
    gain = _WHISTLE_GAIN * np.interp(through, _PLACES, _SINGING) * whistle * _HOWL**whistle * blown
    for i, drift in enumerate(wind.drift[:, 0].tolist()):
        wind.hz[i] = size * wind.pitch[i] * speed * 2.0 ** (0.08 * drift)
        wind.gains[i] = gain * min(max(2.5 * (speed * (1.0 + 0.2 * drift) - 0.3), 0.0), 1.0)
    resonate(wind.whistles, wind.hz, wind.gains, q=float(np.interp(through, _PLACES, _Q)), out=out)


WIND: Final = Synth(
    name="wind",
    summary="Wind, from a breath of air to a gale, and what sings in its gusts, from caves to wires.",
    tags=("weather", "air", "bed"),
    kind="bed",
    controls=(
        Control(
            name="strength", at_0="still air", at_half="fresh wind", at_1="gale", default=0.5, smooth_s=0.5
        ),
        Control(
            name="gustiness",
            at_0="steady",
            at_half="gusts and lulls",
            at_1="squalls",
            default=0.5,
            smooth_s=0.5,
        ),
        Control(
            name="whistle",
            at_0="open ground",
            at_half="what it blows through sings",
            at_1="howling",
            default=0.0,
        ),
        Control(
            name="through",
            at_0="a cave's mouth: hollow and low",
            at_half="wires that hum and sing",
            at_1="needles of pines: a high sough",
            default=0.27,
            smooth_s=1.0,
            names=(("cave", 0.0), ("door", 0.09), ("gap", 0.27), ("wires", 0.54), ("pines", 1.0)),
        ),
        Control(name="brightness", at_0="dull roar", at_half="natural", at_1="hissing", default=0.5),
        *placed("around your ears", "over the field", "beyond the ridge"),
    ),
    reach=Reach(near_m=2.0, far_m=150.0, open_m=60.0),
    source="Farnell (2010), Designing Sound, wind; aeolian tone f = 0.2 U/d (Strouhal).",
    start=_start,
    render=_render,
)
