"""Washing machine: water runs in, a drum tumbles to and fro, and spins until the cabinet shakes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.cams import Cam, cam_state, passages
from roomtone.dsp.hits import Hits, hit, hits_state, sound_hits
from roomtone.dsp.impacts import Sound, draw_body, mixed, scrape, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, exponential, normal, pareto, poisson, rng_state, uniform
from roomtone.dsp.shaft import Shaft, beat, housing, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import power
from roomtone.synths.model import Control, Reach, Synth, placed

_WASH_HZ: Final = 0.85
_SPIN_HZ: Final = 20.0
# The belt turns the drum once for twelve turns of the motor.
_GEAR: Final = 12.0
_PADDLES: Final = 3.0
_MAINS_HZ: Final = 50.0
# To one side, rest, to the other: how long on average, and how long the drum takes to gather speed.
_TURN_S, _REST_S, _GATHER_S = 10.0, 3.0, 0.7

_INLET: Final = power(
    (45, -30), (150, -18), (400, -5), (900, -3), (2000, -1), (4500, 0), (9000, -5), (2e4, -24)
)
_TUMBLE: Final = power(
    (45, -8), (110, -1), (220, 0), (400, -3), (900, -10), (2500, -19), (7000, -30), (2e4, -48)
)
_WHIRL: Final = power(
    (45, -4), (110, 0), (250, 0), (600, -4), (1500, -8), (4000, -15), (9000, -25), (2e4, -45)
)
_EVEN: Final = np.ones_like(_INLET)

_FLOPS, _SPLASHES, _BUTTONS = 18, 16, 14
_FLOP, _SPLASH, _BUTTON = 0, _FLOPS, _FLOPS + _SPLASHES


@dataclass(slots=True)
class _Washing:
    """What turns, and where the drum is in its to and fro.

    Attributes:
        turns: whether the drum turns, or rests between two ways.
        left_s: how long it still does.
        gathered: how far it has come up to its speed, 0 to 1.
    """

    rng: Rng
    bed: Bed
    bands: Bands
    drum: Shaft
    motor: Shaft
    pump: Shaft
    paddles: Cam
    hits: Hits
    water: Walks
    drift: Walks
    tones: Samples
    outlet: Outlet
    turns: bool
    left_s: float
    gathered: float


def _flop(chance: np.random.Generator) -> Sound:
    """Let a piece of wet laundry fall: the drum booms, cloth slaps."""
    drum = draw_body(chance, low_hz=70.0, high_hz=900.0, modes=10, decay_s=0.055, damping=0.7, tilt_db=-4.0)
    boom = strike_body(chance, drum, contact_s=0.012, seconds=0.4)
    slap = scrape(chance, centre_hz=480.0, octaves=0.55, rise_s=0.015, decay_s=0.05, seconds=0.35)
    swish = scrape(chance, centre_hz=1_500.0, octaves=0.6, rise_s=0.05, decay_s=0.09, seconds=0.5)
    return mixed((0.0, boom / np.abs(boom).max(), 1.0), (0.0, slap, 0.5), (0.02, swish, 0.12), seconds=0.6)


def _splash(chance: np.random.Generator) -> Sound:
    """Make water that is thrown against the door: drops and bubbles, many at once and then fewer."""
    parts = []
    for at_s in chance.exponential(0.11, chance.integers(14, 40)):
        hz = 500.0 * 12.0 ** chance.uniform()
        seconds = min(0.06, 14.0 / hz)
        t = np.arange(round(seconds * 48_000)) / 48_000
        bubble = (
            np.sin(2.0 * np.pi * hz * t * (1.0 + 4.0 * t))
            * np.exp(-4.0 * t / seconds)
            * np.minimum(1.0, t / 0.0008)
        )
        parts.append((float(at_s), bubble, float(np.exp(chance.normal(-0.5, 0.7)))))
    rush = scrape(chance, centre_hz=1_300.0, octaves=0.7, rise_s=0.03, decay_s=0.1, seconds=0.5)
    return mixed(*parts, (0.0, rush, 0.7), seconds=0.75)


def _buttons(chance: np.random.Generator) -> list[Sound]:
    """Make buttons and zips that fall against steel."""
    steel = draw_body(
        chance, low_hz=1_700.0, high_hz=9_500.0, modes=12, decay_s=0.007, damping=0.3, tilt_db=0.5
    )
    clicks = [strike_body(chance, steel, contact_s=0.0001, seconds=0.09) for _ in range(_BUTTONS)]
    return [each / np.abs(each).max() for each in clicks]


@lru_cache(maxsize=8)
def _bank(seed: int) -> Bank:
    chance = np.random.default_rng(rng_state(seed, "washing_machine", "laundry"))
    flops = [_flop(chance) for _ in range(_FLOPS)]
    return bank_of([*flops, *(_splash(chance) for _ in range(_SPLASHES)), *_buttons(chance)])


def _start(seed: int) -> _Washing:
    rng = rng_state(seed, "washing_machine")
    chance = np.random.default_rng(rng_state(seed, "washing_machine", "which"))
    orders = np.arange(1.0, 9.0)
    drum = shaft_state(
        seed, "washing_machine", "drum", orders=orders,
        levels_db=-3.0 * np.abs(orders - 2.0) + chance.normal(0.0, 2.0, 8),
        wobble=((5.0, 0.004), (0.4, 0.003)), restless_db=2.0, restless_s=0.7,
        housing=housing(chance, low_hz=35.0, high_hz=300.0, modes=5, height_db=9.0, q=3.0),
    )  # fmt: skip
    motor = shaft_state(
        seed, "washing_machine", "motor", orders=(1.0, 2.0, 4.0, 6.0, 12.0, 18.0, 24.0, 36.0, 48.0),
        levels_db=np.array([-4.0, -5.0, -9.0, -6.0, -4.0, -7.0, -5.0, -9.0, -13.0]) + chance.normal(0.0, 3.0, 9),
        wobble=((2.0, 0.008), (0.25, 0.007), (0.05, 0.003)), restless_db=2.5, restless_s=0.15,
        housing=housing(chance, low_hz=120.0, high_hz=2_500.0, modes=9, height_db=10.0, q=4.0),
    )  # fmt: skip
    pump = shaft_state(
        seed, "washing_machine", "pump", orders=(1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 14.0),
        levels_db=np.array([-12.0, 0.0, -5.0, -6.0, -12.0, -14.0, -20.0]) + chance.normal(0.0, 2.0, 7),
        wobble=((10.0, 0.0004),), restless_db=2.5, restless_s=0.08,
    )  # fmt: skip
    return _Washing(
        rng=rng,
        bed=bed_state(seed, "washing_machine", channels=1),
        bands=bands_state([_INLET, _TUMBLE, _WHIRL], reaches=[_EVEN, 0.6 * _EVEN, 0.4 * _EVEN], power=True),
        drum=drum,
        motor=motor,
        pump=pump,
        paddles=cam_state(drum, _PADDLES),
        hits=hits_state(_bank(seed), channels=1),
        water=walks_state(rng, tau_s=chance.uniform(0.03, 0.4, 9), sigma=np.full(9, 1.3)),
        drift=walks_state(rng, tau_s=np.array([40.0, 6.0, 0.8]), sigma=np.array([0.6, 0.7, 0.6])),
        tones=np.zeros((BLOCK_FRAMES, 1), np.float32),
        outlet=outlet_state(1),
        turns=True,
        left_s=float(chance.uniform(2.0, _TURN_S)),
        gathered=1.0,
    )


def _smooth(x: float) -> float:
    x = min(1.0, max(0.0, x))
    return x * x * (3.0 - 2.0 * x)


def _to_and_fro(washing: _Washing) -> None:
    washing.left_s -= BLOCK_S
    if washing.left_s <= 0.0:
        washing.turns = not washing.turns
        washing.left_s = (_TURN_S if washing.turns else _REST_S) * np.exp(0.2 * normal(washing.rng))
    step = BLOCK_S / _GATHER_S
    washing.gathered += min(step, max(-step, float(washing.turns) - washing.gathered))


def _tumble(washing: _Washing, wash: float, load: float) -> None:
    """Let the laundry fall off each paddle that comes over the top."""
    rng, score = washing.rng, washing.hits
    heavy = 10.0 ** ((-27.0 + 17.0 * load) / 20.0) * wash
    for frame in passages(washing.paddles, washing.drum):
        late = frame + int(9_000 * uniform(rng))
        loud = np.exp(0.5 * normal(rng))
        # An armful comes down in pieces, no two times in the same.
        for _ in range(2 + poisson(rng, 0.8)):
            piece = 0.45 * heavy * loud * np.exp(0.5 * normal(rng))
            after = late + int(2_600 * exponential(rng))
            hit(score, _FLOP + int(_FLOPS * uniform(rng)), frame=after, gain=piece)
        splash = 0.035 * wash * (0.5 + 0.5 * loud)
        hit(
            score,
            _SPLASH + int(_SPLASHES * uniform(rng)),
            frame=late + int(2_000 * uniform(rng)),
            gain=splash,
        )
        for _ in range(poisson(rng, 1.3)):
            knock = 0.012 * wash * pareto(rng, 1.3, 10.0)
            hit(
                score,
                _BUTTON + int(_BUTTONS * uniform(rng)),
                frame=late + int(12_000 * uniform(rng)),
                gain=knock,
            )


def _render(washing: _Washing, controls: Sequence[float], out: Samples) -> None:
    cycle, load, wear, _, _ = controls
    fill, whirl = 1.0 - _smooth(cycle / 0.42), _smooth((cycle - 0.58) / 0.42)
    wash = _smooth((cycle - 0.05) / 0.35) * (1.0 - _smooth((cycle - 0.58) / 0.3))
    _to_and_fro(washing)
    step_walks(washing.rng, washing.water)
    drift_db = step_walks(washing.rng, washing.drift)
    turning = washing.gathered * _smooth(cycle / 0.25)
    drum_hz = _WASH_HZ * turning * (1.0 - whirl) + _SPIN_HZ * whirl**1.3
    # What the drum gives off grows with its speed: little at the pace of a tumble.
    pace_db = 20.0 * np.log10(0.08 + drum_hz / _SPIN_HZ)
    inlet = fill * 10.0 ** ((-38.0 + drift_db) / 10.0)
    tumble = wash * (0.15 + turning) * 10.0 ** ((-30.0 + 4.0 * wear + drift_db) / 10.0)
    whirled = whirl * 10.0 ** ((-22.0 + pace_db + 4.0 * wear + drift_db) / 10.0)
    levels = (inlet, tumble, whirled)
    render_bed(washing.bed, layer_bands(washing.bands, levels, stir_db=washing.water), out)
    washing.tones[:] = 0.0
    shaken = 10.0 ** ((-28.9 + 4.6 * load + 0.8 * pace_db) / 20.0)
    spin(washing.drum, hz=drum_hz, level=shaken * whirl, out=washing.tones)
    beat(washing.drum, 1.0, (0.1 + 0.5 * load) * whirl, out)
    whine_db = -49.0 + 19.0 * wear + 8.0 * whirl
    spin(washing.motor, hz=_GEAR * drum_hz, level=10.0 ** (whine_db / 20.0) * min(1.0, 2.0 * turning + whirl),
         tilt=0.15 * (1.0 - whirl) - 0.25 * whirl, out=washing.tones)  # fmt: skip
    draining = 4.0 * whirl * (1.0 - whirl)
    hum = 10.0 ** (-46.0 / 20.0) * (0.5 * fill + draining)
    spin(washing.pump, hz=_MAINS_HZ, level=hum, out=washing.tones)
    out += washing.tones
    _tumble(washing, wash, load)
    for _ in range(poisson(washing.rng, 16.0 * (fill + 0.4 * draining) * BLOCK_S)):
        poured = 0.008 * np.exp(0.6 * normal(washing.rng))
        hit(washing.hits, _SPLASH + int(_SPLASHES * uniform(washing.rng)), frame=int(480 * uniform(washing.rng)),
            gain=poured)  # fmt: skip
    sound_hits(washing.hits, out)
    finish(out, 0.0, washing.outlet)


WASHING_MACHINE: Final = Synth(
    name="washing_machine",
    summary="A washing machine: it fills, tumbles to and fro with slaps and splashes, drains, and spins.",
    tags=("machines", "domestic", "laundry", "water", "motor"),
    kind="point",
    controls=(
        Control(name="cycle", default=0.5, smooth_s=4.0,
                at_0="water runs in, the drum stands", at_half="tumbles to and fro, wet laundry falls",
                at_1="spins as fast as it can",
                names=(("fill", 0.0), ("wash", 0.5), ("spin", 1.0))),
        Control(name="load", default=0.5, smooth_s=1.0,
                at_0="a few socks", at_half="half full", at_1="heavy and to one side: it thumps and walks"),
        Control(name="wear", default=0.4, smooth_s=1.0,
                at_0="new, a soft motor", at_half="a motor that whines as it turns",
                at_1="worn out, it howls and grinds"),
        *placed("in the same room", "in the kitchen, the door open", "through the ceiling"),
    ),
    reach=Reach(near_m=1.2, far_m=30.0, open_m=2.5),
    source="R. H. Lyon (1987), Machinery Noise and Diagnostics; K. van den Doel (2005), Physically based models for "
           "liquid sounds.",
    start=_start,
    render=_render,
)  # fmt: skip
