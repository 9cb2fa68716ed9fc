"""Crickets: a field at night, each animal with its own place, pitch and tempo, all as warm as the night."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.chirps import (
    CARRIER_HZ,
    CHIRP_FIELDS,
    CHIRPS_LEFT,
    DISTANCE_M,
    PAN,
    PERIOD_S,
    PULSE_S,
    PULSES,
    WAIT_FRAMES,
    Animals,
    sing_chirps,
)
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.synths.model import Control, Reach, Synth, placed

_ANIMALS: Final = 26
# The snowy tree cricket chirps 7 times a minute more for each degree, and not at all at 4.3 °C.
_SILENT_C: Final = 30.0 / 7.0
_MILD_C: Final = 21.0
_COLD_C, _HOT_C = 12.0, 30.0
_MILD_PERIOD_S: Final = 60.0 / (7.0 * _MILD_C - 30.0)

# The animals too far off to be told apart: hills this many octaves wide around their pitch, and an octave above.
_FAR_HZ: Final = 4_550.0
_FAR_WIDTH, _HIGH_WIDTH = 0.16, 0.4
_DB_PER_NEPER: Final = 20.0 / math.log(10.0)

_BED_HZ: Final = np.array([45, 100, 250, 600, 1_000, 1_600, 3_000, 6_000, 12_000, 20_000], float)
_BED_DB: Final = np.array([11, 9, -3, -3, -4, -7, -11, -13, -16, -34], float)


@dataclass(slots=True)
class _Crickets:
    rng: Rng
    animals: Animals
    bed: Bed
    bands: Bands
    bend: NDArray[np.float64]
    swell: Walks
    chorus: Walks
    reverb: Reverb
    send: NDArray[np.float32]
    noise: Samples


def _draw_animals(rng: np.random.Generator) -> Animals:
    """Place the animals: the nearest few are heard one by one, the rest further and further off."""
    animals = np.zeros((_ANIMALS, CHIRP_FIELDS))
    ring = np.arange(_ANIMALS) / _ANIMALS
    animals[:, CARRIER_HZ] = rng.normal(4_500.0, 320.0, _ANIMALS).clip(3_800.0, 5_200.0)
    animals[:, PULSES] = rng.choice([2.0, 3.0, 3.0, 4.0], _ANIMALS)
    animals[:, PULSE_S] = 1.0 / rng.uniform(22.0, 42.0, _ANIMALS)
    animals[:, PERIOD_S] = _MILD_PERIOD_S * np.exp(rng.normal(0.0, 0.1, _ANIMALS))
    animals[:, DISTANCE_M] = rng.permutation(3.0 + 19.0 * ring)
    animals[:, PAN] = rng.permutation(np.linspace(-0.95, 0.95, _ANIMALS))
    animals[:, CHIRPS_LEFT] = rng.geometric(0.04, _ANIMALS)
    animals[:, WAIT_FRAMES] = np.floor(rng.uniform(100.0, 40_000.0, _ANIMALS))
    animals[0, [PERIOD_S, PAN, DISTANCE_M]] = _MILD_PERIOD_S, rng.uniform(-0.4, 0.4), 4.7
    return animals


def _bands() -> Bands:
    # A hill exp(-(x - p)²/w²) is one that stands still, tilted by 2xp/w²: so it moves with the pitch p for one factor.
    night = 10 ** (np.interp(np.log(BED_CENTRES_HZ), np.log(_BED_HZ), _BED_DB) / 20)
    far, high = np.log2(BED_CENTRES_HZ / _FAR_HZ), np.log2(BED_CENTRES_HZ / (2.0 * _FAR_HZ))
    return bands_state(
        [night, np.exp(-((far / _FAR_WIDTH) ** 2)), np.exp(-((high / _HIGH_WIDTH) ** 2))],
        reaches=[0.0 * night, far * 2.0 / _FAR_WIDTH**2, high * 2.0 / _HIGH_WIDTH**2],
    )


def _start(seed: int) -> _Crickets:
    rng = rng_state(seed, "crickets")
    return _Crickets(
        rng=rng,
        animals=_draw_animals(np.random.default_rng(rng_state(seed, "crickets", "who"))),
        bed=bed_state(seed, "crickets"),
        bands=_bands(),
        bend=np.zeros((1, 1)),
        swell=walks_state(rng, tau_s=np.array([9.0, 2.0, 0.5]), sigma=np.array([1.0, 0.7, 0.4])),
        chorus=walks_state(rng, tau_s=np.array([5.0, 0.6, 0.12]), sigma=np.array([1.2, 1.2, 1.2])),
        reverb=reverb_state(decay_s=0.7, longest_s=0.07, dull_hz=6_000.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
        noise=np.zeros((BLOCK_FRAMES, 2), np.float32),
    )


def _bed_gains(crickets: _Crickets, density: float, pitch: float, brightness: float) -> NDArray[np.float64]:
    """Paint the night, and in it the animals too far off to be told apart: a shimmer around their pitch."""
    night_db = step_walks(crickets.rng, crickets.swell)
    shimmer_db = step_walks(crickets.rng, crickets.chorus)
    octaves = math.log2(pitch)
    crickets.bend[0, 0] = octaves * _DB_PER_NEPER
    shimmer = density**1.5 * 10 ** (shimmer_db / 20)
    far = 0.13 * shimmer * math.exp(-((octaves / _FAR_WIDTH) ** 2))
    high = 0.03 * brightness * shimmer * math.exp(-((octaves / _HIGH_WIDTH) ** 2))
    return layer_bands(crickets.bands, (0.026 * 10 ** (night_db / 20), far, high), stir_db=crickets.bend)


def _render(crickets: _Crickets, controls: Sequence[float], out: Samples) -> None:
    density, temperature, brightness, _, _ = controls
    celsius = _COLD_C + temperature * (_HOT_C - _COLD_C)
    pace = (celsius - _SILENT_C) / (_MILD_C - _SILENT_C)
    pitch = 1.0 + 0.011 * (celsius - _MILD_C)
    render_bed(crickets.bed, _bed_gains(crickets, density, pitch, brightness), out)
    crickets.send[:] = 0.0
    sing_chirps(
        crickets.rng, crickets.animals, 1.0 + (_ANIMALS - 1) * density**1.2, pace, pitch,
        0.01 + 0.15 * brightness**2, crickets.send, out,
    )  # fmt: skip
    surround(crickets.reverb, crickets.send, wet=0.5, air_hz=4_000.0 * 5.0**brightness, out=out)


CRICKETS: Final = Synth(
    name="crickets",
    summary="Field crickets at night: single chirps near by, a shimmering chorus further off.",
    tags=("animals", "insects", "night", "field", "summer"),
    kind="bed",
    controls=(
        Control(name="density", default=0.5, smooth_s=2.0,
                at_0="one animal in a still night", at_half="about ten, in no common time",
                at_1="a whole field, chirps dense over a shimmer"),
        Control(name="temperature", default=0.5, smooth_s=1.0,
                at_0="12 °C: a slow chirp each second, low", at_half="21 °C: two chirps a second",
                at_1="30 °C: three quick chirps a second, higher"),
        Control(name="brightness", default=0.5, smooth_s=0.5,
                at_0="soft and round", at_half="as crickets are",
                at_1="sharp and silvery, with overtones"),
        *placed("in the grass around", "across a garden", "beyond the field, soft and blurred"),
    ),
    reach=Reach(near_m=4.0, far_m=100.0, open_m=40.0),
    source="A. E. Dolbear (1897), The cricket as a thermometer; T. J. Walker (1962), song of Oecanthus; "
           "A. Farnell (2010), Designing Sound.",
    start=_start,
    render=_render,
)  # fmt: skip
