"""Factory: a hall of machines, each in its own time: motors, presses, rollers, valves, parts that fall."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.cams import Cam, cam_state, passages
from roomtone.dsp.hits import Hits, hit, hit_anew, hits_state, sound_hits
from roomtone.dsp.impacts import Sound
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, bipolar, exponential, normal, pareto, poisson, rng_state, uniform
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.shaft import Shaft, housing, shaft_state, spin
from roomtone.dsp.shopfloor import beep, boom, clang, draw_press, fall, vent
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import power
from roomtone.synths.model import Control, Reach, Synth, placed

_RUMBLE: Final = power((45, 0), (90, 1), (180, -2), (400, -8), (1000, -18), (4000, -36), (2e4, -60))
_CLATTER: Final = power((45, -14), (200, -4), (500, 0), (1200, -1), (2500, -5), (6000, -14), (2e4, -36))
_AIR: Final = power((45, -40), (800, -16), (2500, -5), (5000, 0), (9000, -1), (14e3, -7), (2e4, -20))
_EVEN: Final = np.ones_like(_RUMBLE)

# Weight, usual period and place of each press; the heavy one is the slow one.
_PRESSES: Final = ((0.95, 3.1, -0.45), (0.5, 1.7, 0.55), (0.1, 0.72, 0.15))
_STAMPS, _FALLS, _VENTS = 7, 24, 20
# A valve has so many of the vents, mixed anew each time it opens.
_VALVE: Final = 4
_FALL: Final = 2 * _STAMPS * len(_PRESSES)
_VENT: Final = _FALL + _FALLS
_BEEP: Final = _VENT + _VENTS
_BEEPS: Final = 6
_SHIFT_S: Final = 25.0


@dataclass(slots=True)
class _Press:
    """One press, and whether somebody feeds it just now.

    Attributes:
        until_s: the next stamp.
        shift_s: how long it still runs, or stands.
        runs: which of the two.
    """

    until_s: float
    shift_s: float
    runs: bool


@dataclass(slots=True)
class _Lorry:
    """What beeps as it backs: until when it is silent, how often it still beeps, how, and where."""

    wait_s: float
    beeps: int
    sound: int
    gain: float
    pan: float


@dataclass(slots=True)
class _Factory:
    rng: Rng
    bed: Bed
    bands: Bands
    motors: tuple[Shaft, ...]
    rollers: Cam
    hits: Hits
    presses: list[_Press]
    hall: Walks
    eddies: Walks
    busy: Walks
    lorry: _Lorry
    reverb: Reverb
    send: NDArray[np.float32]


@lru_cache(maxsize=8)
def _bank(seed: int) -> Bank:
    chance = np.random.default_rng(rng_state(seed, "factory", "floor"))
    sounds: list[Sound] = []
    for weight, _, _ in _PRESSES:
        press = draw_press(chance, weight=weight)
        for make in (boom, clang):
            sounds += [make(chance, press, weight=weight) for _ in range(_STAMPS)]
    sounds += [fall(chance) for _ in range(_FALLS)]
    sounds += [vent(chance) for _ in range(_VENTS)]
    hz = chance.uniform(1_050.0, 1_350.0)
    return bank_of(
        [*sounds, *(beep(hz * chance.normal(1.0, 0.012), chance.uniform(0.36, 0.46)) for _ in range(_BEEPS))]
    )


def _motor(seed: int, chance: np.random.Generator, name: str, teeth: int, pan: float) -> Shaft:
    """Set up a motor with its gear: rotor, mains, and teeth with the sidebands that an uneven gear has."""
    orders = np.array([1.0, 2.0, 3.0, 4.0, 6.0, teeth - 1.0, teeth, teeth + 1.0, 2.0 * teeth])
    levels_db = np.array([-6.0, 0.0, -5.0, -3.0, -8.0, -20.0, -15.0, -19.0, -24.0]) + chance.normal(
        0.0, 2.0, 9
    )
    side = np.sqrt(0.5 * np.array([1.0 - pan, 1.0 + pan]))
    return shaft_state(
        seed, "factory", name, orders=orders, levels_db=levels_db, wobble=((15.0, 0.002), (1.0, 0.0012)),
        restless_db=2.5, restless_s=0.5, sides=np.tile(side, (9, 1)),
        housing=housing(chance, low_hz=50.0, high_hz=2_000.0, modes=7, height_db=8.0, q=3.0),
    )  # fmt: skip


def _start(seed: int) -> _Factory:
    rng = rng_state(seed, "factory")
    chance = np.random.default_rng(rng_state(seed, "factory", "which"))
    motors = (_motor(seed, chance, "mill", 23, -0.5), _motor(seed, chance, "conveyor", 17, 0.6))
    presses = [
        _Press(
            float(chance.uniform(0.2, period_s)),
            float(chance.exponential(_SHIFT_S)),
            bool(chance.uniform() < 0.75),
        )
        for _, period_s, _ in _PRESSES
    ]
    presses[int(chance.integers(len(presses)))].runs = True
    return _Factory(
        rng=rng,
        bed=bed_state(seed, "factory"),
        bands=bands_state([_RUMBLE, _CLATTER, _AIR], reaches=[0.4 * _EVEN, _EVEN, 0.7 * _EVEN], power=True),
        motors=motors,
        rollers=cam_state(motors[1], 0.31),
        hits=hits_state(_bank(seed), channels=2),
        presses=presses,
        hall=walks_state(rng, tau_s=np.array([45.0, 7.0, 1.0]), sigma=np.array([0.8, 0.7, 0.5])),
        eddies=walks_state(rng, tau_s=chance.uniform(0.05, 0.8, 9), sigma=np.full(9, 1.4)),
        busy=walks_state(rng, tau_s=np.array([20.0, 4.0]), sigma=np.array([0.5, 0.5])),
        lorry=_Lorry(wait_s=float(chance.exponential(25.0)), beeps=0, sound=0, gain=0.0, pan=0.0),
        reverb=reverb_state(decay_s=2.4, longest_s=0.08, dull_hz=4_500.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
    )


def _stamp(factory: _Factory, activity: float, level: float) -> None:
    rng = factory.rng
    for i, press in enumerate(factory.presses):
        weight, period_s, pan = _PRESSES[i]
        press.shift_s -= BLOCK_S
        if press.shift_s <= 0.0:
            press.runs = not press.runs
            press.shift_s = _SHIFT_S * exponential(rng) * (1.0 if press.runs else 0.6)
        press.until_s -= BLOCK_S * (0.75 + 0.5 * activity)
        if press.until_s > 0.0:
            continue
        frame = int(480 * uniform(rng))
        press.until_s += period_s * np.exp(0.03 * normal(rng)) + (
            0.7 * period_s if uniform(rng) < 0.06 else 0.0
        )
        if press.runs:
            gain = level * (0.55 + 0.6 * weight) * np.exp(0.12 * normal(rng))
            # No sheet rings as the last one did, however alike the blows are.
            for part in range(2):
                first, late = (2 * i + part) * _STAMPS, int(180 * uniform(rng))
                loud = gain * np.exp((0.1 + 0.35 * part) * normal(rng))
                takes = range(first, first + _STAMPS)
                hit_anew(factory.hits, rng, takes, frame=frame + late, gain=loud, pan=pan)


def _drop(factory: _Factory, activity: float, stamping: float) -> None:
    """Let parts fall and tools knock, near and far, more in some minutes than in others; and let rollers clatter."""
    rng = factory.rng
    busy = np.exp(min(1.2, step_walks(rng, factory.busy)))
    for _ in range(poisson(rng, (0.5 + 1.6 * stamping) * (0.3 + activity) * busy * BLOCK_S)):
        gain = 0.02 * 3.5**stamping * pareto(rng, 1.5, 9.0)
        hit(factory.hits, _FALL + int(_FALLS * uniform(rng)), frame=int(480 * uniform(rng)), gain=gain,
            pan=0.9 * bipolar(rng))  # fmt: skip
    for frame in passages(factory.rollers, factory.motors[1]):
        if uniform(rng) < 0.75:
            gain = 0.011 * activity * busy * np.exp(0.6 * normal(rng))
            late = frame + int(900 * uniform(rng))
            hit(
                factory.hits,
                _FALL + int(_FALLS * uniform(rng)),
                frame=late,
                gain=gain,
                pan=0.6 + 0.2 * bipolar(rng),
            )


def _let_out(factory: _Factory, activity: float, air: float) -> None:
    rng = factory.rng
    for _ in range(poisson(rng, (0.04 + 0.9 * air) * (0.5 + 0.7 * activity) * BLOCK_S)):
        gain = 0.03 * 5.0**air * np.exp(0.5 * normal(rng)) * min(1.0, 10.0 * air)
        first = _VENT + _VALVE * int(_VENTS // _VALVE * uniform(rng))
        hit_anew(factory.hits, rng, range(first, first + _VALVE), frame=int(480 * uniform(rng)), gain=gain,
                 pan=0.8 * bipolar(rng))  # fmt: skip


def _warn(factory: _Factory, activity: float) -> None:
    """Let a lorry far off in the hall beep as it backs, once in a while."""
    rng, lorry = factory.rng, factory.lorry
    lorry.wait_s -= BLOCK_S * (0.3 + activity)
    if lorry.wait_s > 0.0:
        return
    if lorry.beeps == 0:
        lorry.beeps, lorry.sound = 3 + int(6.0 * uniform(rng)), int(_BEEPS * uniform(rng))
        lorry.gain, lorry.pan = 0.006 * (0.5 + uniform(rng)), 0.8 * bipolar(rng)
    hit(factory.hits, _BEEP + lorry.sound, frame=int(480 * uniform(rng)), gain=lorry.gain, pan=lorry.pan)
    lorry.beeps -= 1
    lorry.wait_s = 0.85 if lorry.beeps > 0 else 50.0 * exponential(rng) + 5.0


def _render(factory: _Factory, controls: Sequence[float], out: Samples) -> None:
    activity, stamping, air, _, _ = controls
    hall_db = step_walks(factory.rng, factory.hall)
    step_walks(factory.rng, factory.eddies)
    rumble = 10.0 ** ((-31.5 + 12.0 * activity + hall_db) / 10.0)
    clatter = 10.0 ** ((-38.0 + 17.0 * activity + hall_db) / 10.0)
    rush = 10.0 ** ((-55.5 + 14.0 * activity + 10.0 * air + hall_db) / 10.0)
    render_bed(factory.bed, layer_bands(factory.bands, (rumble, clatter, rush), stir_db=factory.eddies), out)
    mill, conveyor = factory.motors
    spin(mill, hz=24.6, level=10.0 ** ((-40.0 + 11.0 * activity) / 20.0), out=out)
    spin(conveyor, hz=16.3 + 9.0 * activity, level=10.0 ** ((-50.0 + 18.0 * activity) / 20.0), out=out)
    _stamp(factory, activity, 0.5 * 10.0 ** ((-25.0 + 21.0 * stamping + 6.0 * activity) / 20.0))
    _drop(factory, activity, stamping)
    _let_out(factory, activity, air)
    _warn(factory, activity)
    sound_hits(factory.hits, out)
    np.add(out[:, 0], out[:, 1], out=factory.send)
    surround(factory.reverb, factory.send, wet=0.16, air_hz=15_000.0, out=out)


FACTORY: Final = Synth(
    name="factory",
    summary="A factory hall: motors, presses in their own times, a conveyor, compressed air, parts that fall.",
    tags=("machines", "industrial", "hall", "metal", "bed"),
    kind="bed",
    controls=(
        Control(name="activity", default=0.5, smooth_s=3.0,
                at_0="at night, one motor and the ventilation", at_half="a shift like any other",
                at_1="every machine runs"),
        Control(name="stamping", default=0.5, smooth_s=1.0,
                at_0="presses far down the hall", at_half="presses a few machines away", at_1="beside the presses"),
        Control(name="air", default=0.4, smooth_s=1.0,
                at_0="no valve opens", at_half="air is let out now and then", at_1="hissing everywhere"),
        *placed("in the middle of the hall", "by the gate", "from beyond the fence"),
    ),
    reach=Reach(near_m=6.0, far_m=400.0, open_m=25.0),
    source="R. H. Lyon (1987), Machinery Noise and Diagnostics; K. van den Doel & D. K. Pai (1998), The sounds "
           "of physical shapes; Jot & Chaigne (1991), feedback delay networks.",
    start=_start,
    render=_render,
)  # fmt: skip
