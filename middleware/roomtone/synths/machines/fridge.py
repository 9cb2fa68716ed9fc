"""Fridge: a compressor that hums beside the mains, comes on with a click and stops with a shudder; ticks between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.cams import Cam, cam_state, passages
from roomtone.dsp.hits import Hits, hit, hit_anew, hits_state, sound_hits
from roomtone.dsp.impacts import Sound, draw_body, mixed, scrape, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import bank_of
from roomtone.dsp.random import Rng, exponential, normal, rng_state, uniform
from roomtone.dsp.shaft import Shaft, housing, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import power
from roomtone.synths.model import Control, Reach, Synth, placed

_MAINS_HZ: Final = 50.0
# A motor of two poles lags behind the mains: so the two hums beat against each other, twice the slip apart.
_SLIP: Final = 0.018
_CYCLE_S: Final = 110.0
# A thermostat does not change its mind at once.
_DWELL_S: Final = 1.5
_SPIN_UP_S: Final = 0.25
_RUN_DOWN_S: Final = 0.45

_FLOW: Final = power(
    (45, -10), (150, -4), (400, 0), (900, -2), (2500, -9), (6000, -16), (12e3, -26), (2e4, -44)
)
_COIL: Final = power((45, 0), (120, -3), (400, -10), (1000, -20), (4000, -34), (2e4, -60))

_CLINKS, _TICKS, _BUBBLES, _SWITCHES = 12, 8, 40, 5
_CLINK, _TICK, _BUBBLE = 0, _CLINKS, _CLINKS + _TICKS
_START = _BUBBLE + _BUBBLES
_STOP = _START + _SWITCHES
# Bubbles of one gurgle follow one another so fast on average, and all within so long.
_BUBBLES_HZ: Final = 11.0
_GURGLE_S: Final = 0.95


@dataclass(slots=True)
class _Fridge:
    """Where the thermostat is in its cycle, and what turns and rattles.

    Attributes:
        cycle: how far the cycle has come, 0 to 1; it cools while that is less than `running`.
        length_s: of this cycle.
        on: whether the compressor has current.
        dwell_s: how long before that may change.
        effort: 0 (stands) to 1 (at speed).
        strain: what a start costs: 1 at once, then gone.
        idle_s: until the next tick or gurgle.
    """

    rng: Rng
    bed: Bed
    bands: Bands
    compressor: Shaft
    mains: Shaft
    shelf: Cam
    hits: Hits
    flow: Walks
    loose: Walks
    outlet: Outlet
    cycle: float
    length_s: float
    on: bool
    dwell_s: float
    effort: float
    strain: float
    idle_s: float


def _clinks(chance: np.random.Generator) -> list[Sound]:
    """Make what stands on the shelves and touches: bottles and jars, two at a time."""
    jars = [
        draw_body(
            chance,
            low_hz=chance.uniform(1_900.0, 3_400.0),
            high_hz=9_500.0,
            modes=6,
            decay_s=0.02,
            damping=0.5,
        )
        for _ in range(4)
    ]
    sounds = []
    for _ in range(_CLINKS):
        sound = strike_body(chance, jars[chance.integers(4)], contact_s=0.00015, seconds=0.16)
        sounds.append(sound / np.abs(sound).max())
    return sounds


def _ticks(chance: np.random.Generator) -> list[Sound]:
    """Make plastic that gives way as it cools."""
    wall = draw_body(chance, low_hz=420.0, high_hz=3_800.0, modes=9, decay_s=0.014, damping=0.5, tilt_db=-3.0)
    ticks = [strike_body(chance, wall, contact_s=0.0004, seconds=0.09) for _ in range(_TICKS)]
    return [each / np.abs(each).max() for each in ticks]


def _bubble(chance: np.random.Generator) -> Sound:
    """Let a bubble pass in the coolant's pipe: it ends a little higher than it began."""
    hz, seconds = chance.uniform(330.0, 1_100.0), chance.uniform(0.02, 0.07)
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    turns = hz * t * (1.0 + chance.uniform(0.5, 3.0) * t)
    return np.asarray(np.sin(2.0 * np.pi * turns) * np.sin(np.pi * t / seconds) ** 2)


def _starts_and_stops(chance: np.random.Generator) -> list[Sound]:
    """Make a relay that clicks, and a compressor that shudders on its springs until it lies still."""
    shell = draw_body(chance, low_hz=95.0, high_hz=1_200.0, modes=9, decay_s=0.06, damping=0.6, tilt_db=-4.0)
    relay = draw_body(
        chance, low_hz=1_300.0, high_hz=7_000.0, modes=7, decay_s=0.006, damping=0.4, tilt_db=-1.0
    )
    sounds = []
    for stop in (False,) * _SWITCHES + (True,) * _SWITCHES:
        click = strike_body(chance, relay, contact_s=0.0002, seconds=0.05)
        parts = [(0.0, click / np.abs(click).max(), 0.35)]
        period_s, gain, at_s = chance.uniform(0.085, 0.125), 1.0, 0.03
        for _ in range(7 if stop else 3):
            thud = strike_body(chance, shell, contact_s=0.004, seconds=0.4)
            rub = scrape(chance, centre_hz=260.0, octaves=1.2, rise_s=0.01, decay_s=0.03, seconds=0.15)
            parts += [(at_s, thud / np.abs(thud).max(), gain), (at_s, rub, 0.3 * gain)]
            gain *= chance.uniform(0.5, 0.75)
            at_s += period_s * chance.uniform(0.9, 1.1)
        sounds.append(mixed(*parts, seconds=1.3))
    return sounds


def _start(seed: int) -> _Fridge:
    rng = rng_state(seed, "fridge")
    chance = np.random.default_rng(rng_state(seed, "fridge", "which"))
    orders = np.arange(1, 15)
    compressor = shaft_state(
        seed, "fridge", "compressor", orders=orders.astype(float),
        levels_db=-2.0 * (orders - 1.0) + chance.normal(0.0, 3.0, len(orders)),
        wobble=((7.0, 0.004), (1.0, 0.0015)), restless_db=0.8, restless_s=1.5,
        housing=housing(chance, low_hz=80.0, high_hz=1_200.0, modes=7, height_db=10.0, q=4.0),
    )  # fmt: skip
    harmonics = np.array([2.0, 4.0, 6.0, 8.0, 12.0])
    mains = shaft_state(
        seed, "fridge", "mains", orders=harmonics, levels_db=-2.2 * harmonics + chance.normal(0.0, 3.0, 5),
        wobble=((6.0, 0.0015),), restless_db=0.4, restless_s=3.0,
    )  # fmt: skip
    bubbles = [_bubble(chance) for _ in range(_BUBBLES)]
    sounds = [*_clinks(chance), *_ticks(chance), *bubbles, *_starts_and_stops(chance)]
    return _Fridge(
        rng=rng,
        bed=bed_state(seed, "fridge", channels=1),
        bands=bands_state([_FLOW, _COIL], power=True),
        compressor=compressor,
        mains=mains,
        shelf=cam_state(compressor, 0.5),
        hits=hits_state(bank_of(sounds), channels=1),
        flow=walks_state(rng, tau_s=np.array([25.0, 3.0, 0.5]), sigma=np.array([1.2, 0.7, 0.7])),
        loose=walks_state(rng, tau_s=np.array([20.0, 2.5, 0.4]), sigma=np.array([3.0, 3.5, 3.0])),
        outlet=outlet_state(1),
        # Whoever comes in hears it run: it has just begun.
        cycle=0.15 * chance.uniform(),
        length_s=_CYCLE_S,
        on=True,
        dwell_s=0.0,
        effort=1.0,
        strain=0.0,
        idle_s=chance.exponential(8.0),
    )


def _keep_cold(fridge: _Fridge, running: float, rattle: float) -> None:
    """Follow the thermostat for a block: switch, and let the motor come up to speed or run down."""
    rng = fridge.rng
    fridge.cycle += BLOCK_S / fridge.length_s
    fridge.dwell_s -= BLOCK_S
    if fridge.cycle >= 1.0:
        fridge.cycle -= 1.0
        fridge.length_s = _CYCLE_S * np.exp(0.15 * normal(rng))
    wanted = fridge.cycle < running or running >= 1.0
    if wanted != fridge.on and fridge.dwell_s <= 0.0:
        fridge.on, fridge.dwell_s = wanted, _DWELL_S + exponential(rng)
        fridge.strain = 1.0 if wanted else 0.0
        frame = int(4_800 * uniform(rng))
        first, gain = (_START, 0.08) if wanted else (_STOP, 0.17)
        hit_anew(fridge.hits, rng, range(first, first + _SWITCHES), frame=frame, gain=gain)
        for _ in range(3 + int(4 * uniform(rng))):
            late = frame + int(24_000 * uniform(rng))
            hit(
                fridge.hits,
                _CLINK + int(_CLINKS * uniform(rng)),
                frame=late,
                gain=0.03 * rattle * uniform(rng),
            )
    step = BLOCK_S / (_SPIN_UP_S if fridge.on else _RUN_DOWN_S)
    fridge.effort = min(1.0, fridge.effort + step) if fridge.on else max(0.0, fridge.effort - step)
    fridge.strain *= 0.96


def _settle(fridge: _Fridge) -> None:
    """Let the cabinet tick and the coolant run on, now and then; more so while the motor rests."""
    rng = fridge.rng
    fridge.idle_s -= BLOCK_S * (1.0 if fridge.on else 2.5)
    if fridge.idle_s > 0.0:
        return
    fridge.idle_s = 9.0 * exponential(rng)
    loud = np.exp(0.6 * normal(rng))
    if uniform(rng) < 0.5:
        ticks, frame = range(_TICK, _TICK + _TICKS), int(480 * uniform(rng))
        hit_anew(fridge.hits, rng, ticks, frame=frame, gain=0.02 * loud)
        return
    # Coolant runs on in its pipe.
    at_s = 0.01 * uniform(rng)
    while at_s < _GURGLE_S:
        bubble, size = _BUBBLE + int(_BUBBLES * uniform(rng)), 0.2 + 0.8 * uniform(rng)
        hit(fridge.hits, bubble, frame=int(at_s * SAMPLE_RATE_HZ), gain=0.006 * loud * size)
        at_s += exponential(rng) / _BUBBLES_HZ


def _render(fridge: _Fridge, controls: Sequence[float], out: Samples) -> None:
    running, hum, rattle, _, _ = controls
    _keep_cold(fridge, running, rattle)
    _settle(fridge)
    flow_db = step_walks(fridge.rng, fridge.flow)
    air = fridge.effort * 10.0 ** ((-38.0 + flow_db) / 10.0)
    coil = fridge.effort * 10.0 ** ((-30.0 + 0.5 * flow_db) / 10.0)
    render_bed(fridge.bed, layer_bands(fridge.bands, (air + 1e-9, coil)), out)
    drone = 10.0 ** ((-42.0 + 22.0 * hum + 7.0 * fridge.strain) / 20.0)
    speed = fridge.effort**0.6
    spin(fridge.compressor, hz=_MAINS_HZ * (1.0 - _SLIP * (1.0 + 2.0 * fridge.strain)) * speed,
         level=drone * speed, tilt=-0.1 + 0.4 * fridge.strain, out=out)  # fmt: skip
    spin(fridge.mains, hz=_MAINS_HZ, level=0.6 * drone * fridge.effort, out=out)
    loose_db = step_walks(fridge.rng, fridge.loose)
    shaken = (
        10.0 ** ((-52.0 + 24.0 * rattle + 1.3 * loose_db) / 20.0) * min(1.0, 8.0 * rattle) * fridge.effort
    )
    for frame in passages(fridge.shelf, fridge.compressor):
        if uniform(fridge.rng) < 0.7:
            gain = shaken * np.exp(0.4 * normal(fridge.rng))
            hit(fridge.hits, _CLINK + int(_CLINKS * uniform(fridge.rng)), frame=frame, gain=gain)
    sound_hits(fridge.hits, out)
    finish(out, 0.0, fridge.outlet)


FRIDGE: Final = Synth(
    name="fridge",
    summary="A fridge that hums, stops with a shudder, ticks and gurgles, and starts again.",
    tags=("machines", "domestic", "kitchen", "hum", "room"),
    kind="point",
    controls=(
        Control(name="running", default=0.75, smooth_s=0.0,
                at_0="off: a tick or a gurgle now and then", at_half="hums for half of the time, a minute at a time",
                at_1="never stops"),
        Control(name="hum", default=0.5, smooth_s=0.5,
                at_0="new, a soft rush", at_half="an even hum that beats slowly", at_1="old, droning through the wall"),
        Control(name="rattle", default=0.2, smooth_s=0.5,
                at_0="nothing stands loose", at_half="two jars that touch, now more, now less",
                at_1="a door full of bottles, chattering"),
        *placed("beside it", "from the table", "from another room, the door open"),
    ),
    reach=Reach(near_m=0.8, far_m=25.0, open_m=2.5),
    source="R. H. Lyon (1987), Machinery Noise and Diagnostics; W. Soedel (2006), Sound and Vibrations of Positive "
           "Displacement Compressors.",
    start=_start,
    render=_render,
)  # fmt: skip
