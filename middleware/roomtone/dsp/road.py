"""A road: vehicles that come, pass and go, each heard through the air and over the ground between it and an ear.

Vehicles are always under way, on lanes that carry them round; how many of them are heard, and how many are
lorries, is a threshold against a rank of each: so it changes at once and without a step.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, SAMPLE_RATE_HZ
from roomtone.dsp.bed import BED_BANDS, BED_CENTRES_HZ
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, exponential, normal, rng_state, uniform
from roomtone.dsp.sine import sine
from roomtone.dsp.spectra import curve

SOUND_M_S: Final = 340.0
REACH_M: Final = 115.0
"""How far up and down the road a vehicle is followed; beyond, it is part of what is heard from afar."""

# How far each lane is from the ear, and which way it goes: two each way, and a verge between.
_LANES_M: Final = np.array([5.5, 9.0, 13.5, 17.0])
_LANE_WAYS: Final = np.array([1.0, 1.0, -1.0, -1.0])
_PER_LANE: Final = 8
VEHICLES: Final = _PER_LANE * len(_LANES_M)
_PLATOON: Final = 0.6
# Beyond this an engine is drowned by tyres.
_ENGINE_REACH_M: Final = 50.0
_EAR_M: Final = 1.6

# Octave bands from 63 Hz: sound power in dB of rolling and propulsion at 70 km/h, and how each grows with speed.
# Source: Directive (EU) 2015/996, CNOSSOS-EU, table F-1, vehicle categories 1 (cars) and 3 (heavy).
_OCTAVES_HZ: Final = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
_ROLLING_DB: Final = (
    (79.7, 85.7, 84.5, 90.2, 97.3, 93.9, 84.1, 74.3),
    (87.0, 91.7, 94.1, 100.7, 100.8, 94.3, 87.1, 82.5),
)
_ROLLING_GROWTH: Final = (
    (30.0, 41.5, 38.9, 25.7, 32.5, 37.2, 39.0, 40.0),
    (30.0, 33.5, 31.3, 25.4, 31.8, 37.1, 38.6, 40.6),
)
_PROPULSION_DB: Final = (
    (94.5, 89.2, 88.0, 85.9, 84.2, 86.9, 83.3, 76.1),
    (104.4, 100.6, 101.7, 101.0, 100.1, 95.9, 91.3, 85.3),
)
_PROPULSION_GROWTH: Final = (
    (-1.3, 7.2, 7.7, 8.0, 8.0, 8.0, 8.0, 8.0),
    (0.0, 3.0, 4.6, 5.0, 5.0, 5.0, 5.0, 5.0),
)
_REFERENCE_KMH: Final = 70.0

# The way from a vehicle to the ear, by range: 1/r², air, and the ground under rolling tyres and under an engine.
_RANGES: Final = 128
_NEAREST_M: Final = 4.0
_FARTHEST_M: Final = 130.0
_HEIGHTS_M: Final = (0.05, 0.6)
_RANGE_STEPS: Final = (_RANGES - 1.0) / float(np.log(_FARTHEST_M / _NEAREST_M))

# Columns of a vehicle.
X_M, LATERAL_M, WAY, RANK, WEIGHT, PACE, LEVEL, TUNE, TURNED, HZ, LEFT, RIGHT, SPEED_M_S = range(13)
COLUMNS: Final = 13
# An engine is heard at the firing of its cylinders, at half of it where they differ, and above.
_ORDERS: Final = np.array([0.5, 1.0, 2.0, 3.0, 4.0, 6.0])
_ORDER_LEVELS: Final = np.array([0.2, 0.8, 0.5, 0.35, 0.25, 0.2])


def _density_db(octaves_db: tuple[float, ...]) -> NDArray[np.float64]:
    """Turn levels of octave bands into levels of each hertz, over the bands of a bed."""
    per_hz = [level - 10.0 * np.log10(0.707 * hz) for hz, level in zip(_OCTAVES_HZ, octaves_db, strict=True)]
    # Beyond the standard's bands the fall goes on.
    ends = [(22.0, per_hz[0] - 3.0), *zip(_OCTAVES_HZ, per_hz, strict=True), (16_000.0, per_hz[-1] - 15.0)]
    return curve(*ends, (21_000.0, per_hz[-1] - 24.0))


def _growth(octaves: tuple[float, ...]) -> NDArray[np.float64]:
    return curve(*zip(_OCTAVES_HZ, octaves, strict=True))


def _ways() -> NDArray[np.float64]:
    """Work out (2 heights, RANGES, BANDS) of power: what arrives of what a tyre, and an engine, gives off."""
    range_m = np.geomspace(_NEAREST_M, _FARTHEST_M, _RANGES)[:, None]
    hz = BED_CENTRES_HZ
    air_db = 2.0 * 0.117 * (hz / 8_000.0) ** 1.8 * range_m
    rows = []
    for height_m in _HEIGHTS_M:
        detour_m = 2.0 * height_m * _EAR_M / range_m
        # Turbulence and the size of the source blur what the ground gives back, the more the higher the pitch.
        alike = 0.8 * np.exp(-((hz / 2_500.0) ** 2) * detour_m / 0.2)
        comb = 1.0 + 0.7 + 2.0 * alike * np.cos(2.0 * np.pi * hz * detour_m / SOUND_M_S)
        rows.append(comb / 1.7 * 10.0 ** (-air_db / 10.0) / range_m**2)
    return np.stack(rows)


_WAYS: Final = _ways()
_EMISSION_DB: Final = np.stack([_density_db(row) for row in (*_ROLLING_DB, *_PROPULSION_DB)])
_EMISSION_GROWTH: Final = np.stack([_growth(row) for row in (*_ROLLING_GROWTH, *_PROPULSION_GROWTH)])


@dataclass(slots=True)
class Road:
    """The state of one road.

    Attributes:
        rng: chance.
        vehicles: (VEHICLES, COLUMNS).
        emission: (4, BED_BANDS) power of a car's and a lorry's rolling, and of their propulsion, at the present speed.
        power: (2, BED_BANDS) what arrives of all of them on either side, at each hertz.
        tones: (2, BLOCK_FRAMES) their engines.
        line: (2, BLOCK_FRAMES) scratch.
    """

    rng: Rng
    vehicles: NDArray[np.float64]
    emission: NDArray[np.float64]
    power: NDArray[np.float64]
    tones: NDArray[np.float64]
    line: NDArray[np.float64]


def road_state(seed: int, *path: str | int) -> Road:
    """Start a road that has been busy for a while."""
    rng = rng_state(seed, *path, "road")
    vehicles = np.zeros((VEHICLES, COLUMNS))
    for lane, (lateral_m, way) in enumerate(zip(_LANES_M, _LANE_WAYS, strict=True)):
        rows = vehicles[lane * _PER_LANE : (lane + 1) * _PER_LANE]
        rows[:, LATERAL_M], rows[:, WAY] = lateral_m, way
        for i in range(_PER_LANE):
            rows[i, X_M] = way * REACH_M * (1.0 - 2.0 * (i + 0.2 + 0.6 * uniform(rng)) / _PER_LANE)
            _enter(rng, rows, i)
    return Road(
        rng=rng,
        vehicles=vehicles,
        emission=np.zeros((4, BED_BANDS)),
        power=np.zeros((2, BED_BANDS)),
        tones=np.zeros((2, BLOCK_FRAMES)),
        line=np.zeros((2, BLOCK_FRAMES)),
    )


@kernel
def _enter(rng: Rng, lane: NDArray[np.float64], i: int) -> None:
    """Make row `i` of a lane another vehicle, which may belong to the platoon of the last one."""
    row, ahead = lane[i], lane[(i - 1) % lane.shape[0]]
    follows = uniform(rng) < _PLATOON
    rank = uniform(rng)
    row[RANK] = min(1.0, max(0.0, ahead[RANK] + 0.25 * (rank - 0.5))) if follows else rank
    row[WEIGHT] = uniform(rng)
    row[PACE] = np.exp(0.07 * normal(rng))
    row[LEVEL] = np.exp(0.115 * 2.0 * normal(rng))
    row[TUNE] = np.exp(0.12 * normal(rng))
    row[HZ], row[LEFT], row[RIGHT] = 0.0, 0.0, 0.0


@kernel
def _smooth(x: float) -> float:
    x = min(1.0, max(0.0, x))
    return x * x * (3.0 - 2.0 * x)


@kernel
def _emit(speed_m_s: float, emission: NDArray[np.float64]) -> None:
    kmh = max(3.6 * speed_m_s, 10.0)
    rolling, propulsion = np.log10(kmh / _REFERENCE_KMH), (kmh - _REFERENCE_KMH) / _REFERENCE_KMH
    for k in range(4):
        growth = rolling if k < 2 else propulsion
        for b in range(BED_BANDS):
            emission[k, b] = 10.0 ** ((_EMISSION_DB[k, b] + growth * _EMISSION_GROWTH[k, b]) / 10.0)


@kernel
def _hear(
    emission: NDArray[np.float64], spray: NDArray[np.float64], wet: float, row: NDArray[np.float64], heard: float,
    lorry: float, range_m: float, towards: float, power: NDArray[np.float64],
) -> None:  # fmt: skip
    near = min(max(int(_RANGE_STEPS * np.log(range_m / _NEAREST_M)), 0), _RANGES - 1)
    roll_way, engine_way = _WAYS[0, near], _WAYS[1, near]
    side = row[X_M] / range_m
    left, right = 0.5 * heard * (1.0 - 0.9 * side), 0.5 * heard * (1.0 + 0.9 * side)
    # What comes nearer is heard higher: a band is about a third of an octave, so the spectrum moves by a part of one.
    shift = 3.2 * np.log2(1.0 + towards / SOUND_M_S)
    for b in range(BED_BANDS):
        from_b = b - shift
        below = min(max(int(from_b), 0), BED_BANDS - 2)
        part = min(max(from_b - below, 0.0), 1.0)
        rolled = emission[0, below] * (1.0 - lorry) + emission[1, below] * lorry
        rolled += part * (emission[0, below + 1] * (1.0 - lorry) + emission[1, below + 1] * lorry - rolled)
        driven = emission[2, below] * (1.0 - lorry) + emission[3, below] * lorry
        total = (rolled * (1.0 + wet * spray[b])) * roll_way[b] + driven * engine_way[b]
        power[0, b] += left * total
        power[1, b] += right * total


@kernel
def _purr(
    row: NDArray[np.float64], hz: float, left: float, right: float, turns: NDArray[np.float64],
    line: NDArray[np.float64], tones: NDArray[np.float64],
) -> None:  # fmt: skip
    frames = len(turns)
    if row[HZ] == 0.0:
        row[HZ] = hz
    now, turned, step = row[HZ], row[TURNED], (hz - row[HZ]) / frames
    for i in range(frames):
        now += step
        turned += now * (1.0 / SAMPLE_RATE_HZ)
        turns[i] = turned
    line[:] = 0.0
    for k in range(len(_ORDERS)):
        order, gain = _ORDERS[k], _ORDER_LEVELS[k]
        for i in range(frames):
            line[i] += gain * sine(order * turns[i] + 0.37 * k * k)
    gain, step = row[LEFT], (left - row[LEFT]) / frames
    for i in range(frames):
        tones[0, i] += line[i] * (gain + step * (i + 1))
    gain, step = row[RIGHT], (right - row[RIGHT]) / frames
    for i in range(frames):
        tones[1, i] += line[i] * (gain + step * (i + 1))
    row[HZ], row[TURNED], row[LEFT], row[RIGHT] = hz, turned % 2.0, left, right


@kernel
def _engine_hz(speed_m_s: float, lorry: float, tune: float) -> float:
    """Firing rate in the gear that fits: a car between 55 and 95 Hz, a lorry between 45 and 75."""
    within = np.log2(max(speed_m_s, 2.0) / 3.0) * 1.3
    gear = within - np.floor(within)
    # The last bit of a gear glides back to the foot of the next, as fast as a hand shifts.
    ramp = gear / 0.93 if gear < 0.93 else (1.0 - gear) / 0.07
    return float(tune * (55.0 + 40.0 * ramp) * (1.0 - 0.2 * lorry))


@kernel
def _drive(
    rng: Rng, vehicles: NDArray[np.float64], emission: NDArray[np.float64], spray: NDArray[np.float64],
    density: float, speed_m_s: float, lorries: float, wet: float, urban: float, power: NDArray[np.float64],
    line: NDArray[np.float64], tones: NDArray[np.float64],
) -> None:  # fmt: skip
    _emit(speed_m_s, emission)
    power[:] = 0.0
    tones[:] = 0.0
    for n in range(VEHICLES):
        row = vehicles[n]
        # In town each slows down for the crossing on one side and speeds up away from it.
        here = speed_m_s * row[PACE] * (1.0 + 0.35 * urban * np.sin(np.pi * row[X_M] / REACH_M))
        row[SPEED_M_S] = here
        row[X_M] += row[WAY] * here * BLOCK_S
        if row[WAY] * row[X_M] > REACH_M:
            first = n // _PER_LANE * _PER_LANE
            row[X_M] -= row[WAY] * (2.0 * REACH_M + 6.0 * exponential(rng))
            _enter(rng, vehicles[first : first + _PER_LANE], n - first)
        edge = 1.0 - (row[X_M] / REACH_M) ** 2
        present = _smooth((1.06 * density - row[RANK]) / 0.06)
        if edge <= 0.0 or present <= 0.0:
            if row[LEFT] + row[RIGHT] > 0.0:
                _purr(row, row[HZ], 0.0, 0.0, line[0], line[1], tones)
            row[HZ] = 0.0
            continue
        range_m = np.sqrt(row[X_M] ** 2 + row[LATERAL_M] ** 2)
        towards = -row[WAY] * here * row[X_M] / range_m
        lorry = _smooth((lorries - row[WEIGHT]) / 0.1 + 0.5)
        heard = present * edge * edge * row[LEVEL] ** 2 * row[PACE] ** 3
        _hear(emission, spray, wet, row, heard, lorry, range_m, towards, power)
        # Half of what the propulsion gives off below 150 Hz is the firing itself.
        close = max(0.0, 1.0 - (row[X_M] / _ENGINE_REACH_M) ** 2)
        firing = (
            (1.0 + 2.2 * lorry)
            * (0.6 + 0.5 * urban)
            * row[LEVEL]
            * np.sqrt(present)
            * close
            * close
            / range_m
        )
        if firing > 0.0 or row[LEFT] + row[RIGHT] > 0.0:
            side = 0.9 * row[X_M] / range_m
            hz = _engine_hz(here, lorry, row[TUNE]) * (1.0 + towards / SOUND_M_S)
            left, right = firing * np.sqrt(0.5 - 0.5 * side), firing * np.sqrt(0.5 + 0.5 * side)
            _purr(row, hz, left, right, line[0], line[1], tones)


def drive(
    road: Road, *, density: float, speed_m_s: float, lorries: float, wet: float, urban: float,
    spray: NDArray[np.float64],
) -> None:  # fmt: skip
    """Move all vehicles on by one block: sets `road.power` and `road.tones`.

    Args:
        road: from `road_state`.
        density: what part of the vehicles is there, 0 to 1.
        speed_m_s: of the traffic; each has a pace of its own.
        lorries: what part of them is heavy.
        wet: 0 (dry) to 1 (a film of water all over).
        urban: 0 (flowing) to 1 (slowing down and starting again).
        spray: (BED_BANDS,) how much more power tyres give off on a wet road, beside 1.

    Source: CNOSSOS-EU (Kephalopoulos et al. 2012) for what is given off; ISO 9613-1 for the air.
    """
    _drive(
        road.rng, road.vehicles, road.emission, spray, density, speed_m_s, lorries, wet, urban, road.power, road.line,
        road.tones,
    )  # fmt: skip
