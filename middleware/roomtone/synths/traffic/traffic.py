"""Traffic: vehicles that come in platoons, pass and go, and behind them the roar of all roads further off."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.flurries import Flurries, flurries_state, flurry
from roomtone.dsp.grains import bursts, heavy_tail
from roomtone.dsp.hits import Hits, hit, hits_state, sound_hits
from roomtone.dsp.impacts import crumble, draw_body, mixed, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, normal, rng_state, uniform
from roomtone.dsp.road import LEFT, RIGHT, SPEED_M_S, WAY, WEIGHT, X_M, Road, drive, road_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import curve, power
from roomtone.dsp.twinkle import Twinkle, twinkle, twinkle_state
from roomtone.synths.model import Control, Reach, Synth, placed

_STREET_KMH, _MOTORWAY_KMH = 30.0, 125.0
# The standard's sound powers, in dB of a picowatt and by the hertz, as amplitudes of a bed.
_SCALE: Final = 2.4e-7
_TONES_GAIN: Final = 0.28

# Roads further off: what is left of them is low and even.
_FAR: Final = power(
    (30, 0), (60, 2), (120, 0), (400, -6), (1_000, -9), (2_500, -22), (8_000, -50), (2e4, -80)
)
_FAR_GAIN: Final = 2.8e-3
# How much more tyres give off on a wet road: a hiss that grows with the pitch. Source: measured spectra of pass-bys on
# wet asphalt, e.g. U. Sandberg & J. A. Ejsmont (2002), Tyre/Road Noise Reference Book.
_SPRAY: Final = power((100, -20), (500, -10), (1_500, 0), (3_000, 9), (6_000, 15), (12_000, 17), (2e4, 14))
# Stones and drops that tyres throw, loads and covers that rattle: heard of what is near, so by the power up there.
_GRIT_BAND: Final = slice(20, 28)
_GRIT_GAIN: Final = 8.0
_GRIT_HZ: Final = 5.0
_PLACES: Final = 4
_LANES: Final = 4

# Covers in the road that wheels knock, one in each lane's way; axles so far apart; what is loaded rattles after.
_COVERS: Final = 16
_CAR_AXLES_M, _LORRY_AXLES_M = 2.7, 5.2
_KNOCK_GAIN, _LOUDEST_KNOCK = 2.0, 0.25

# Every engine has its own hesitations, and air that moves lets every pitch through by itself: a walk every three bands.
_STIR_PACES: Final = ((0.12, 1.9), (0.5, 1.7))
_STIR_PLACES: Final = 11
_AT: Final = np.linspace(0.0, _STIR_PLACES - 1.0, BED_BANDS)
# The road's surface changes from yard to yard: that is heard above all in the hiss.
_STIRRED: Final = curve((300, 1.0), (2_000, 1.4), (5_000, 2.6), (12_000, 3.0))


@dataclass(slots=True)
class _Traffic:
    rng: Rng
    road: Road
    bed: Bed
    gains: NDArray[np.float64]
    city: Walks
    stir: Twinkle
    grit: Flurries
    alike: NDArray[np.float64]
    covers_m: NDArray[np.float64]
    loose: NDArray[np.float64]
    to_go_m: NDArray[np.float64]
    knocks: Hits
    tones_gain: float
    outlet: Outlet


@cache
def _grit() -> Samples:
    return bursts(np.random.default_rng(3), 96, 960, low_hz=2_000.0, high_hz=9_000.0, tau_s=0.003)


@cache
def _knocks() -> Bank:
    """Make covers and seams that wheels knock: a thud of the tyre, the iron, and a body or a load that shakes."""
    chance = np.random.default_rng(8)
    sounds = []
    for _ in range(_COVERS):
        iron = draw_body(
            chance, low_hz=170.0, high_hz=3_200.0, modes=14, decay_s=0.045, damping=0.4, tilt_db=-2.5
        )
        clank = strike_body(chance, iron, contact_s=0.001, seconds=0.25)
        thud = draw_body(chance, low_hz=55.0, high_hz=260.0, modes=5, decay_s=0.06, damping=0.6, tilt_db=-2.0)
        tyre = strike_body(chance, thud, contact_s=0.006, seconds=0.25)
        body = crumble(chance, grains=30, low_hz=900.0, high_hz=9_000.0, grain_s=0.004, rise_s=0.02, decay_s=0.09,
                       seconds=0.4)  # fmt: skip
        parts = [
            (at_s, part / np.abs(part).max(), share)
            for at_s, part, share in (
                (0.0, clank, chance.uniform(0.2, 0.6)),
                (0.0, tyre, 0.7),
                (0.004, body, chance.uniform(0.1, 0.35)),
            )
        ]
        sounds.append(mixed(*parts, seconds=0.45))
    return bank_of(sounds)


def _start(seed: int) -> _Traffic:
    rng = rng_state(seed, "traffic")
    road, chance = road_state(seed, "traffic"), np.random.default_rng(rng_state(seed, "traffic", "covers"))
    lanes = len(road.vehicles) // _LANES
    return _Traffic(
        rng=rng,
        road=road,
        bed=bed_state(seed, "traffic"),
        gains=np.zeros((2, BED_BANDS)),
        city=walks_state(rng, tau_s=np.array([60.0, 12.0, 3.0]), sigma=np.array([1.2, 1.0, 0.7])),
        stir=twinkle_state(rng, places=_STIR_PLACES, paces=_STIR_PACES),
        grit=flurries_state(
            seed,
            "traffic",
            longest_frames=960,
            pans=np.array([-0.7, -0.2, 0.3, 0.8]),
            tau_s=np.array([0.9, 0.5, 0.7, 1.1]),
            sigma=1.5,
        ),
        alike=np.ones(_PLACES),
        covers_m=np.repeat(chance.uniform(-18.0, 18.0, _LANES), lanes),
        loose=np.repeat(np.exp(chance.normal(0.0, 0.5, _LANES)), lanes),
        to_go_m=np.zeros(len(road.vehicles)),
        knocks=hits_state(_knocks(), channels=2),
        tones_gain=-1.0,
        outlet=outlet_state(2),
    )


def _render(traffic: _Traffic, controls: Sequence[float], out: Samples) -> None:
    density, speed, lorries, wet, _, _ = controls
    road, gains = traffic.road, traffic.gains
    kmh = _STREET_KMH * (_MOTORWAY_KMH / _STREET_KMH) ** speed
    urban = max(0.0, 1.0 - 1.6 * speed)
    drive(
        road, density=density**1.4, speed_m_s=kmh / 3.6, lorries=lorries, wet=wet, urban=urban, spray=_SPRAY
    )
    far_db = step_walks(traffic.rng, traffic.city) + 16.0 * density + 8.0 * speed
    # Listeners step back from what is fast and heavy: or no setting would leave room for the others.
    back_db = 7.0 * speed + 3.4 * lorries + 3.0 * wet
    near = _SCALE * road.power * 10.0 ** ((_stirred_db(traffic) - back_db) / 10.0)
    np.sqrt(near + _FAR_GAIN * 10.0 ** (far_db / 10.0) * _FAR, out=gains)
    render_bed(traffic.bed, gains, out)
    before, traffic.tones_gain = traffic.tones_gain, _TONES_GAIN * 10.0 ** (-back_db / 20.0)
    ramp = np.linspace(traffic.tones_gain if before < 0.0 else before, traffic.tones_gain, len(out))
    out += (ramp * road.tones).T.astype(np.float32)
    _throw_grit(traffic, near, wet, out)
    _knock(traffic, lorries, back_db)
    sound_hits(traffic.knocks, out)
    finish(out, 0.0, traffic.outlet)


def _stirred_db(traffic: _Traffic) -> NDArray[np.float64]:
    return _STIRRED * np.interp(_AT, np.arange(_STIR_PLACES), twinkle(traffic.stir)[:, 0])


def _knock(traffic: _Traffic, lorries: float, back_db: float) -> None:
    """Let what has come to a cover knock it, with either axle."""
    rows, rng = traffic.road.vehicles, traffic.rng
    before = traffic.to_go_m.copy()
    np.subtract(traffic.covers_m, rows[:, X_M], out=traffic.to_go_m)
    traffic.to_go_m *= rows[:, WAY]
    for n in np.flatnonzero((before > 0.0) & (traffic.to_go_m <= 0.0)):
        row = rows[n]
        # Who steers past it is not heard; who is, as loud as its engine is near and heavy.
        heard = np.hypot(row[LEFT], row[RIGHT])
        if heard <= 0.0 or uniform(rng) < 0.4:
            continue
        gain = _KNOCK_GAIN * 10.0 ** (-back_db / 20.0) * heard * traffic.loose[n] * np.exp(0.6 * normal(rng))
        gain = min(gain * (row[SPEED_M_S] / 14.0) ** 0.5, _LOUDEST_KNOCK)
        axles_m = _LORRY_AXLES_M if row[WEIGHT] < lorries else _CAR_AXLES_M
        into = before[n] / (before[n] - traffic.to_go_m[n]) * BLOCK_FRAMES
        pan = (row[RIGHT] - row[LEFT]) / (row[RIGHT] + row[LEFT])
        for frame in (into, into + axles_m / row[SPEED_M_S] * SAMPLE_RATE_HZ):
            loud = float(gain * np.exp(0.25 * normal(rng)))
            hit(traffic.knocks, int(_COVERS * uniform(rng)), frame=int(frame), gain=loud, pan=float(pan))


def _throw_grit(traffic: _Traffic, near: NDArray[np.float64], wet: float, out: Samples) -> None:
    level = float(np.sqrt(near[:, _GRIT_BAND].mean()))
    flurry(
        traffic.grit, _grit(), heavy_tail(), rates_hz=_GRIT_HZ * (1.0 + 3.0 * wet) * traffic.alike,
        gains=_GRIT_GAIN / (1.0 + 2.5 * wet) * level * traffic.alike, choice=0.5, choice_width=0.5, out=out,
    )  # fmt: skip


TRAFFIC: Final = Synth(
    name="traffic",
    summary="Traffic, from a car now and then in a street to a motorway at rush hour, on a dry or a wet road.",
    tags=("traffic", "cars", "road", "street", "city", "motorway"),
    kind="bed",
    controls=(
        Control(name="density", default=0.75, smooth_s=3.0,
                at_0="an empty road, the city far off", at_half="cars in loose groups, with gaps",
                at_1="a stream without a gap"),
        Control(name="speed", default=0.6, smooth_s=3.0,
                at_0="30 km/h in a street: engines, stopping and starting", at_half="a main road at 60 km/h",
                at_1="a motorway at 125 km/h: tyres and rush"),
        Control(name="lorries", default=0.08, smooth_s=3.0,
                at_0="cars only", at_half="every second one is heavy", at_1="lorries and buses only, low and loud"),
        Control(name="wet", default=0.0, smooth_s=3.0,
                at_0="a dry road", at_half="damp, tyres hiss", at_1="standing water, tyres spray"),
        *placed("at the kerb", "a block away", "beyond the houses"),
    ),
    reach=Reach(near_m=10.0, far_m=500.0, open_m=60.0),
    source="CNOSSOS-EU (Kephalopoulos, Paviotti & Anfosso-Lédée 2012), road traffic source emission; ISO 9613.",
    start=_start,
    render=_render,
)  # fmt: skip
