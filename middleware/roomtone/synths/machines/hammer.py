"""Hammer: blow after blow on a nail that goes in, on a chisel, on steel; then the hand rests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.hits import Hits, hit_anew, hits_state, sound_hits
from roomtone.dsp.impacts import Sound, draw_body, mixed, scrape, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, exponential, normal, rng_state, uniform
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.surroundings import Surroundings, breathe, give_back, surroundings_state
from roomtone.synths.model import Control, Reach, Synth, placed

# A nail rings higher the less of it stands out; so a series climbs.
_DEPTHS, _TAKES = 6, 10
_KINDS: Final = 3
# Each surface is louder than the last, by about as much.
_KIND_GAINS: Final = (1.0, 1.25, 1.0)
_PER_KIND: Final = _DEPTHS * _TAKES
_BLOW_S: Final = 0.5
_REST_S: Final = 2.6
# A yard between walls, with nobody in it, and what it gives back of a blow.
_AIR: Final = 0.0012 * amplitude(
    (45, 12), (100, 8), (250, 0), (800, -6), (2_500, -14), (8_000, -24), (20_000, -42)
)  # fmt: skip
_WALLS: Final = 0.12


@dataclass(slots=True)
class _Hammer:
    """What is struck, and where the hand is in its series.

    Attributes:
        rest: how much of a rest is left before the next series, as a part of a usual one.
        blow_s: until the next blow of this series.
        left: blows left of it.
        series: how many it has in all.
        weight: of this series beside others.
        struck: blows that were asked for.
    """

    rng: Rng
    hits: Hits
    outlet: Outlet
    around: Surroundings
    rest: float
    blow_s: float
    left: int
    series: int
    weight: float
    struck: int


def _peaked(sound: Sound) -> Sound:
    return np.asarray(sound / np.abs(sound).max())


def _depths() -> Iterator[float]:
    """Go through the blows of a bank: how far a series has come at each, 0 to 1."""
    for depth in range(_DEPTHS):
        for _ in range(_TAKES):
            yield depth / (_DEPTHS - 1.0)


def _nail(chance: np.random.Generator) -> Iterator[Sound]:
    """Drive a nail: its shank rings, the plank thuds, and what stands around answers faintly and for longer."""
    plank = draw_body(
        chance, low_hz=130.0, high_hz=1_500.0, modes=10, decay_s=0.022, damping=0.75, tilt_db=-3.0
    )
    shank = draw_body(
        chance, low_hz=2_100.0, high_hz=7_800.0, modes=6, decay_s=0.008, damping=0.3, tilt_db=-2.0
    )
    for depth in _depths():
        shorter = replace(shank, hz=shank.hz * 1.5**depth)
        ring = _peaked(strike_body(chance, shorter, contact_s=0.00018, seconds=0.12))
        thud = _peaked(strike_body(chance, plank, contact_s=0.0007, seconds=0.3))
        slap = scrape(chance, centre_hz=1_700.0, octaves=1.0, rise_s=0.0, decay_s=0.003, seconds=0.03)
        around = scrape(chance, centre_hz=1_300.0, octaves=1.2, rise_s=0.006, decay_s=0.075, seconds=0.4)
        yield mixed(
            (0.0, ring, 0.55 - 0.25 * depth), (0.0, thud, 0.7 + 0.3 * depth), (0.0, slap, 0.8), (0.008, around, 0.04),
            seconds=0.45,
        )  # fmt: skip


def _chisel(chance: np.random.Generator) -> Iterator[Sound]:
    """Drive a chisel into stone: it clinks, the stone answers dryly, chips fall."""
    steel = draw_body(
        chance, low_hz=2_600.0, high_hz=11_000.0, modes=8, decay_s=0.045, damping=0.5, tilt_db=-2.0
    )
    stone = draw_body(
        chance, low_hz=420.0, high_hz=4_500.0, modes=9, decay_s=0.008, damping=0.6, tilt_db=-2.0
    )
    for _ in _depths():
        clink = _peaked(strike_body(chance, steel, contact_s=0.00012, seconds=0.28))
        knock = _peaked(strike_body(chance, stone, contact_s=0.0003, seconds=0.1))
        chips = []
        for at_s in 0.02 + chance.exponential(0.09, chance.integers(2, 9)):
            chip = scrape(chance, centre_hz=4_500.0, octaves=0.7, rise_s=0.0, decay_s=0.0015, seconds=0.012)
            chips.append((float(at_s), chip, 0.06 * float(np.exp(chance.normal(0.0, 0.7)))))
        yield mixed((0.0, clink, 0.75), (0.0, knock, 0.6), *chips, seconds=0.5)


def _anvil(chance: np.random.Generator) -> Iterator[Sound]:
    """Strike an anvil: it rings on, and the hammer falls back on it once or twice."""
    anvil = draw_body(
        chance, low_hz=1_350.0, high_hz=12_500.0, modes=14, decay_s=0.26, damping=0.35, tilt_db=0.5
    )
    block = draw_body(chance, low_hz=170.0, high_hz=900.0, modes=5, decay_s=0.03, damping=0.7, tilt_db=-3.0)
    for _ in _depths():
        blow = _peaked(strike_body(chance, anvil, contact_s=0.00008, seconds=1.1))
        again = _peaked(strike_body(chance, anvil, contact_s=0.00015, seconds=0.8))
        thud = _peaked(strike_body(chance, block, contact_s=0.001, seconds=0.2))
        back_s, light = chance.uniform(0.09, 0.14), 0.16 * chance.uniform() ** 2
        yield mixed(
            (0.0, blow, 0.9), (0.0, thud, 0.35), (back_s, again, light), (1.55 * back_s, again, 0.4 * light),
            seconds=1.1,
        )  # fmt: skip


@lru_cache(maxsize=8)
def _bank(seed: int) -> Bank:
    chance = np.random.default_rng(rng_state(seed, "hammer", "what"))
    return bank_of([*_nail(chance), *_chisel(chance), *_anvil(chance)])


def _start(seed: int) -> _Hammer:
    rng = rng_state(seed, "hammer")
    return _Hammer(
        rng=rng,
        hits=hits_state(_bank(seed), channels=1),
        outlet=outlet_state(1),
        around=surroundings_state(seed, "hammer", air=_AIR, decay_s=0.7, longest_s=0.045),
        rest=0.2 * uniform(rng),
        blow_s=0.0,
        left=0,
        series=1,
        weight=1.0,
        struck=0,
    )


def _blow(hammer: _Hammer, frame: int, surface: float, force: float, depth: float, weight: float) -> None:
    """Strike once; between two surfaces, both answer."""
    rng = hammer.rng
    loud = weight * 10.0 ** ((-18.5 + 16.0 * force + 1.3 * normal(rng)) / 20.0)
    place = surface * (_KINDS - 1)
    row = min(_DEPTHS - 1, int(depth * _DEPTHS)) * _TAKES
    for kind in range(_KINDS):
        share = max(0.0, 1.0 - abs(place - kind))
        if share > 0.0:
            first, gain = kind * _PER_KIND + row, loud * _KIND_GAINS[kind] * np.sqrt(share)
            hit_anew(hammer.hits, rng, range(first, first + _TAKES), frame=frame, gain=gain)


def _work(hammer: _Hammer, rate: float, surface: float, force: float) -> None:
    """Go on with the series for a block, or rest until the next."""
    rng = hammer.rng
    if hammer.left == 0:
        usual_s = 0.35 + _REST_S * (1.0 / rate - 1.0)
        hammer.rest -= BLOCK_S / usual_s
        if hammer.rest > 0.0:
            return
        hammer.series = hammer.left = 3 + int(6.0 * uniform(rng))
        hammer.weight = np.exp(0.12 * normal(rng))
        hammer.blow_s = 0.008 * uniform(rng)
    while hammer.left > 0 and hammer.blow_s < BLOCK_S:
        done = hammer.series - hammer.left
        # The first taps hold the nail; then the arm swings out.
        weight = hammer.weight * (0.35 if done == 0 else 0.7 if done == 1 else 1.0)
        frame = int(max(0.0, hammer.blow_s) * SAMPLE_RATE_HZ)
        _blow(hammer, frame, surface, force, done / hammer.series, weight)
        hammer.left -= 1
        hammer.blow_s += (
            _BLOW_S * (1.2 - 0.35 * rate) * (0.8 if done == 0 else 1.0) * np.exp(0.05 * normal(rng))
        )
    hammer.blow_s -= BLOCK_S
    if hammer.left == 0:
        hammer.rest = 0.25 + 0.75 * exponential(rng)


def _render(hammer: _Hammer, controls: Sequence[float], out: Samples) -> None:
    rate, surface, force, _, _ = controls
    breathe(hammer.around, min(1.0, rate / 0.2), out)
    for _ in range(hammer.struck):
        frame = int(300 * uniform(hammer.rng))
        _blow(hammer, frame, surface, force, uniform(hammer.rng), 1.0)
    hammer.struck = 0
    if rate > 0.0:
        _work(hammer, rate, surface, force)
    sound_hits(hammer.hits, out)
    give_back(hammer.around, _WALLS, out)
    finish(out, 0.0, hammer.outlet)


def _strike(hammer: _Hammer) -> None:
    hammer.struck += 1


HAMMER: Final = Synth(
    name="hammer",
    summary="A hammer at work: a series of blows on a nail, a chisel or an anvil, and a rest.",
    tags=("machines", "tools", "workshop", "building site", "forge"),
    kind="point",
    controls=(
        Control(name="rate", default=0.6, smooth_s=0.5,
                at_0="nobody works; one blow when struck", at_half="a series, then a rest as long as itself",
                at_1="one series after another, in haste"),
        Control(name="surface", default=0.0, smooth_s=0.0,
                at_0="a nail that goes into wood", at_half="a chisel on stone", at_1="an anvil that rings on",
                names=(("wood", 0.0), ("stone", 0.5), ("steel", 1.0))),
        Control(name="force", default=0.6, smooth_s=0.2,
                at_0="tacks, tapped in", at_half="from the elbow", at_1="from the shoulder"),
        *placed("on the same bench", "across the yard", "from another street"),
    ),
    reach=Reach(near_m=2.0, far_m=250.0, open_m=15.0),
    source="K. van den Doel & D. K. Pai (1998), The sounds of physical shapes; P. R. Cook (2002), Real Sound Synthesis "
           "for Interactive Applications.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
