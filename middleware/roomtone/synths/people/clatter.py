"""Clatter: what a café's counter and tables sound like without the people: crockery, cutlery, steam, the till."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp import impacts
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.hits import Hits, hit_anew, hits_state, sound_hits
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, bipolar, normal, rng_state, uniform
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.synths.model import Control, Reach, Synth, placed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ware:
    """One kind of thing on the tables.

    Attributes:
        hz, modes, decay_s, damping: its body, see `draw_body`.
        contact_s: how hard it is touched.
        loudness: against the others.
        pieces: how many of them there are.
    """

    hz: tuple[float, float]
    modes: int
    decay_s: float
    damping: float
    contact_s: float
    loudness: float
    pieces: int


# From light to heavy, so that one control goes through them.
_WARES: Final = {
    "spoon": _Ware(hz=(3_200.0, 12_000.0), modes=9, decay_s=0.05, damping=0.4, contact_s=0.00006, loudness=0.45,
                   pieces=8),
    "glass": _Ware(hz=(2_200.0, 9_000.0), modes=8, decay_s=0.07, damping=0.5, contact_s=0.0001, loudness=0.5, pieces=6),
    "cup": _Ware(hz=(1_500.0, 7_500.0), modes=9, decay_s=0.025, damping=0.6, contact_s=0.0001, loudness=0.7, pieces=8),
    "plate": _Ware(hz=(750.0, 6_500.0), modes=14, decay_s=0.035, damping=0.5, contact_s=0.00015, loudness=0.9,
                   pieces=6),
    "tray": _Ware(hz=(300.0, 5_000.0), modes=18, decay_s=0.06, damping=0.5, contact_s=0.0003, loudness=1.0, pieces=4),
}  # fmt: skip
_TAKES: Final = 8
_PIECES: Final = sum(ware.pieces for ware in _WARES.values())
_KNOCKS, _TILL = _PIECES * _TAKES, _PIECES * _TAKES + _TAKES

# What a hand does: set down, stir, stack, rummage, let rattle. How many touches, how far apart in s, and how much
# weaker each one is; then how often, summed up.
_DOINGS: Final = (
    ((1, 3), 0.09, 0.75),
    ((5, 13), 0.21, 0.98),
    ((2, 5), 0.38, 0.95),
    ((6, 16), 0.045, 0.93),
    ((3, 7), 0.05, 0.7),
)
_OFTEN: Final = np.array([0.40, 0.62, 0.80, 0.92, 1.0])
_MOST_DOINGS_HZ: Final = 4.5
_MANY: Final = 2.0**62
_LATEST_S: Final = 0.99
_TILL_HZ: Final = 0.02
_STEAM_S: Final = 5.5
_STEAM_DB: Final = 18.0

_STEAM: Final = amplitude((45, -40), (300, -22), (900, -10), (2_500, -2), (5_000, 0), (9_000, -5), (14e3, -12),
                          (20e3, -24))  # fmt: skip
_GURGLE: Final = amplitude((45, -14), (110, -4), (250, 0), (500, -5), (1_200, -16), (4_000, -34), (20e3, -60))
_STIRRED = np.ones(BED_BANDS)


@dataclass(slots=True)
class _Clatter:
    """Everything on the tables, and the machine behind the counter.

    Attributes:
        rng: chance of the machine and the till.
        lots: chance of when hands begin: a busier café does all that a calmer one does, and more.
        doings: chance of what each does; it hangs on the same lot.
        touches: (s, first take, gain, pan) of what is still to come of what hands began.
        steam: how strong it is just now, 0 to 1.
        left_s: until the machine begins or ends.
        at: where the machine stands, -1 (left) to 1.
    """

    rng: Rng
    lots: Rng
    doings: Rng
    hits: Hits
    busy: Walks
    touches: list[tuple[float, int, float, float]]
    bed: Bed
    bands: Bands
    flutter: Walks
    steam: float
    steams: bool
    left_s: float
    at: float
    reverb: Reverb
    send: NDArray[np.float32]


@cache
def _bank() -> Bank:
    """Strike everything a few times, then the knocks at the machine and the bell of the till."""
    chance = np.random.default_rng(23)
    sounds = []
    for ware in _WARES.values():
        for _ in range(ware.pieces):
            body = impacts.draw_body(
                chance, low_hz=ware.hz[0] * np.exp(chance.normal(0.0, 0.15)), high_hz=ware.hz[1], modes=ware.modes,
                decay_s=ware.decay_s * np.exp(chance.normal(0.0, 0.5)), damping=ware.damping, tilt_db=0.0,
            )  # fmt: skip
            sounds += [ware.loudness * _touch(chance, ware, body) for _ in range(_TAKES)]
    box = impacts.draw_body(chance, low_hz=110.0, high_hz=1_600.0, modes=12, decay_s=0.03, damping=0.8)
    sounds += [_peak1(impacts.strike_body(chance, box, contact_s=0.001, seconds=0.2)) for _ in range(_TAKES)]
    bell = impacts.draw_body(chance, low_hz=2_300.0, high_hz=9_000.0, modes=6, decay_s=0.35, damping=0.5)
    sounds += [
        0.5 * _peak1(impacts.strike_body(chance, bell, contact_s=0.0001, seconds=1.2)) for _ in range(_TAKES)
    ]
    return bank_of(sounds)


def _touch(chance: np.random.Generator, ware: _Ware, body: impacts.Body) -> impacts.Sound:
    seconds = 0.05 + 4.0 * float(body.decay_s.max())
    ring = impacts.strike_body(
        chance, body, contact_s=ware.contact_s * np.exp(chance.normal(0.0, 0.4)), seconds=seconds
    )
    tick = impacts.scrape(
        chance, centre_hz=1.3 * ware.hz[0], octaves=1.2, rise_s=0.0001, decay_s=0.0012, seconds=0.012
    )
    return impacts.mixed((0.0, _peak1(ring), 1.0), (0.0, tick, 0.45), seconds=seconds)


def _peak1(sound: impacts.Sound) -> impacts.Sound:
    return np.asarray(sound / np.abs(sound).max())


def _start(seed: int) -> _Clatter:
    rng = rng_state(seed, "clatter")
    return _Clatter(
        rng=rng,
        lots=rng_state(seed, "clatter", "lots"),
        doings=np.zeros(1, np.uint64),
        hits=hits_state(_bank(), channels=2),
        busy=walks_state(rng, tau_s=np.array([1.2, 9.0, 70.0]), sigma=np.array([0.45, 0.4, 0.25])),
        touches=[],
        bed=bed_state(seed, "clatter"),
        bands=bands_state([_STEAM, _GURGLE], reaches=[_STIRRED, _STIRRED]),
        flutter=walks_state(rng, tau_s=np.full(8, 0.05), sigma=np.full(8, 1.6)),
        steam=0.0,
        steams=False,
        left_s=_STEAM_S * uniform(rng),
        at=0.35 * bipolar(rng),
        reverb=reverb_state(decay_s=0.7, longest_s=0.05, dull_hz=6_500.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
    )


def _pick(rng: Rng, weight: float) -> int:
    """Pick a piece: light ones or heavy ones, with all the others among them."""
    place = weight + 0.28 * normal(rng)
    return int(min(max(place, 0.0), 0.999) * _PIECES)


def _begin(clatter: _Clatter, weight: float) -> None:
    """Let a hand begin to do something: stir, set down, stack, rummage, let rattle."""
    rng = clatter.doings
    doing = int(np.searchsorted(_OFTEN, uniform(rng), side="right"))
    (fewest, most), gap_s, falls = _DOINGS[doing]
    # Tables are all around: most of them are further off than the nearest.
    metres = 1.5 * np.exp(1.5 * uniform(rng))
    gain, pan = 0.55 / metres * np.exp(0.45 * normal(rng)), 0.9 * bipolar(rng)
    first, other = _pick(rng, weight), _pick(rng, weight)
    at_s = uniform(rng) * BLOCK_S
    for _ in range(fewest + int(uniform(rng) * (most - fewest + 1))):
        piece = first if uniform(rng) < 0.65 else other
        clatter.touches.append((at_s, piece * _TAKES, gain * np.exp(0.5 * normal(rng)), pan))
        gain *= falls
        at_s += gap_s * np.exp(0.35 * normal(rng))


def _make_coffee(clatter: _Clatter, machine: float) -> float:
    """Run the machine for a block and say how strong its steam is: it comes with a rush and dies with a sigh."""
    rng = clatter.rng
    clatter.left_s -= BLOCK_S if clatter.steams else BLOCK_S * 6.0 * machine
    if clatter.left_s <= 0.0:
        clatter.steams = not clatter.steams
        clatter.left_s = _STEAM_S * np.exp(0.3 * normal(rng))
        if not clatter.steams:
            _knock_out(clatter, 0.35 * machine)
    goal, takes_s = (1.0, 0.12) if clatter.steams else (0.0, 0.35)
    clatter.steam += (goal - clatter.steam) * BLOCK_S / takes_s
    return clatter.steam


def _knock_out(clatter: _Clatter, gain: float) -> None:
    """Knock the old coffee out of its holder."""
    rng = clatter.rng
    for k in range(2 + int(2.0 * uniform(rng))):
        at_s = 0.5 + 0.24 * k + 0.03 * normal(rng)
        clatter.touches.append((at_s, _KNOCKS, gain, clatter.at))


def _render(clatter: _Clatter, controls: Sequence[float], out: Samples) -> None:
    activity, weight, machine, _, _ = controls
    rng = clatter.rng
    steam = _make_coffee(clatter, machine)
    step_walks(rng, clatter.flutter)
    level = 0.05 * steam * 10.0 ** (_STEAM_DB * (machine - 1.0) / 20.0) * min(1.0, machine / 0.05)
    render_bed(clatter.bed, layer_bands(clatter.bands, (level, 1.2 * level), stir_db=clatter.flutter), out)
    busy = activity**1.5 * np.exp(step_walks(clatter.lots, clatter.busy))
    lot = uniform(clatter.lots)
    if lot < _MOST_DOINGS_HZ * busy * BLOCK_S:
        clatter.doings[0] = np.uint64(lot * _MANY)
        _begin(clatter, weight)
    if uniform(rng) < _TILL_HZ * activity * BLOCK_S:
        clatter.touches.append((0.0, _TILL, 0.12, clatter.at))
    later = []
    for at_s, first, gain, pan in clatter.touches:
        if at_s < _LATEST_S:
            frame = round(max(at_s, 0.0) * SAMPLE_RATE_HZ)
            hit_anew(clatter.hits, rng, range(first, first + _TAKES), frame=frame, gain=gain, pan=pan)
        else:
            later.append((at_s - BLOCK_S, first, gain, pan))
    clatter.touches = later
    sound_hits(clatter.hits, out)
    np.add(out[:, 0], out[:, 1], out=clatter.send)
    surround(clatter.reverb, clatter.send, wet=0.16, air_hz=15_000.0, out=out)


CLATTER: Final = Synth(
    name="clatter",
    summary="A café at work: cups, plates and cutlery, steam from the coffee machine, now and then the till.",
    tags=("people", "indoor", "cafe", "restaurant", "kitchen", "dishes"),
    kind="bed",
    controls=(
        Control(name="activity", default=0.5, smooth_s=1.0,
                at_0="nothing is touched", at_half="a few guests: something every second",
                at_1="rush hour: hands everywhere"),
        Control(name="weight", default=0.5, smooth_s=0.5,
                at_0="glasses and teaspoons", at_half="cups and saucers among cutlery",
                at_1="stacked plates and trays"),
        Control(name="machine", default=0.3, smooth_s=1.0,
                at_0="no machine", at_half="a cup is frothed every now and then", at_1="it hisses without a rest"),
        *placed("among the tables", "from the back of the room", "through the door of the kitchen"),
    ),
    reach=Reach(near_m=2.0, far_m=30.0, open_m=6.0),
    source="K. van den Doel & D. K. Pai (1998), The sounds of physical shapes; P. R. Cook (1997), PhISM.",
    start=_start,
    render=_render,
)  # fmt: skip
