"""Bells: a tower of church bells, tolled one at a time or rung in changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.hits import Hits, hit_anew, hits_state, sound_hits
from roomtone.dsp.impacts import draw_body, mixed, scrape, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, normal, rng_state, uniform
from roomtone.dsp.ringing import MODES, Ringing, ring, ringing_state, sound_ringing, tune
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.surroundings import Surroundings, breathe, give_back, surroundings_state
from roomtone.synths.model import Control, Reach, Synth, placed

# Partials of a bell: ratio to its prime, level when struck, T60 in s of a bell whose prime is 500 Hz. Hum, prime,
# tierce, quint, nominal, then what is above. Source: N. H. Fletcher & T. D. Rossing (1998), ch. 21; T60 seven tenths
# of A. Lehr's (1986): what of it stands out of a town.
_PARTIALS: Final = np.array([
    [0.5, 0.21, 12.0], [1.0, 0.36, 6.3], [1.2, 0.55, 5.2], [1.5, 0.12, 2.8], [2.0, 0.80, 3.2], [2.52, 0.14, 1.8],
    [3.01, 0.55, 2.0], [4.17, 0.45, 1.3], [5.43, 0.35, 0.9], [6.79, 0.28, 0.7], [8.2, 0.22, 0.6],
])  # fmt: skip
# A bell is never quite round: the lower partials are pairs that beat.
_PAIRS: Final = MODES - len(_PARTIALS)
# The bells of a ring, the tenor last: a major scale.
_SCALE: Final = np.array([2.0, 15 / 8, 5 / 3, 3 / 2, 4 / 3, 5 / 4, 9 / 8, 1.0])
_BELLS: Final = len(_SCALE)
_SMALL_HZ, _GREAT_HZ = 900.0, 130.0
_FASTEST_ROWS_HZ: Final = 0.62
_UNEVEN_S: Final = 0.022
_CLAPS: Final = 5
_LEVEL: Final = 0.085
# The town below: its traffic's rumble at the foot of the tower, some 10 dB under the bells, where they come closest to
# recordings of bells; and what the walls of its streets send back.
_AIR: Final = 0.055 * amplitude(
    (45, 4), (100, 7), (160, 6), (400, 2), (1_000, -3), (3_000, -9), (10e3, -19), (20e3, -40)
)
_STREETS: Final = 0.6


@dataclass(slots=True)
class _Bells:
    """The bells, and where their ringers are in the change.

    Attributes:
        tunes: (bells, MODES, 3) ratio to the prime, level, T60 of each mode of each.
        row: which bell comes when.
        place: of the next bell in the row.
        rows: how many have been rung.
        wait: until the next bell, in places.
    """

    rng: Rng
    ringing: Ringing
    claps: Hits
    outlet: Outlet
    around: Surroundings
    tunes: NDArray[np.float64]
    row: list[int]
    place: int
    rows: int
    wait: float
    struck: int


def _cast(chance: np.random.Generator) -> NDArray[np.float64]:
    """Cast one bell: (MODES, 3). Founders tune five partials well and leave the rest to chance."""
    modes = np.zeros((MODES, 3))
    modes[: len(_PARTIALS)] = _PARTIALS
    modes[: len(_PARTIALS), 0] *= 1.0 + chance.normal(0.0, np.where(_PARTIALS[:, 0] <= 2.0, 0.004, 0.012))
    modes[: len(_PARTIALS), 1:] *= np.exp(chance.normal(0.0, 0.25, (len(_PARTIALS), 2)))
    modes[len(_PARTIALS) :] = modes[:_PAIRS]
    share = chance.uniform(0.25, 0.6, _PAIRS)
    modes[:_PAIRS, 1] *= 1.0 - share
    modes[len(_PARTIALS) :, 1] *= share
    modes[len(_PARTIALS) :, 0] *= 1.0 + chance.uniform(0.0006, 0.003, _PAIRS)
    return modes


# Only read, and wanted again wherever the same bells ring twice.
@lru_cache(maxsize=4)
def _claps(seed: int) -> Bank:
    """Let the clapper meet the bronze: a clank that is gone before the bell has found its note."""
    chance = np.random.default_rng(rng_state(seed, "bells", "clapper"))
    rim = draw_body(
        chance, low_hz=1_900.0, high_hz=8_500.0, modes=26, decay_s=0.05, damping=0.7, tilt_db=-2.0
    )
    sounds = []
    for _ in range(_CLAPS):
        clank = strike_body(chance, rim, contact_s=0.0002, seconds=0.35)
        thump = scrape(chance, centre_hz=500.0, octaves=1.2, rise_s=0.0003, decay_s=0.006, seconds=0.05)
        sounds.append(mixed((0.0, clank / np.abs(clank).max(), 1.0), (0.0, thump, 0.5), seconds=0.35))
    return bank_of(sounds)


def _start(seed: int) -> _Bells:
    chance = np.random.default_rng(rng_state(seed, "bells", "foundry"))
    return _Bells(
        rng=rng_state(seed, "bells"), ringing=ringing_state(_BELLS), claps=hits_state(_claps(seed), channels=1),
        outlet=outlet_state(1),
        around=surroundings_state(seed, "bells", air=_AIR, decay_s=1.8, longest_s=0.08, dull_hz=6_000.0),
        tunes=np.stack([_cast(chance) for _ in range(_BELLS)]),
        row=list(range(_BELLS)), place=0, rows=0, wait=0.0, struck=0,
    )  # fmt: skip


def _strike_bell(bells: _Bells, bell: int, frame: int, size: float) -> None:
    rng, tuned = bells.rng, bells.tunes[bell]
    prime_hz = _SMALL_HZ * (_GREAT_HZ / _SMALL_HZ) ** size * _SCALE[bell]
    hz = np.minimum(tuned[:, 0] * prime_hz, 16_000.0)
    tune(bells.ringing, bell, hz, tuned[:, 2] * (500.0 / prime_hz) ** 0.6)
    loud = _LEVEL * 10.0 ** (1.2 * normal(rng) / 20.0)
    # The clapper never meets the same spot, so the partials are never in the same proportion.
    spots = np.array([np.exp(0.12 * normal(rng)) for _ in range(MODES)])
    # What is higher than the clapper is soft is not excited.
    soft = 1.0 / (1.0 + (hz / 8_000.0) ** 2)
    ring(bells.ringing, bell, frame=frame, levels=loud * tuned[:, 1] * spots * soft)
    hit_anew(bells.claps, rng, range(_CLAPS), frame=frame, gain=loud)


def _change(bells: _Bells) -> None:
    """Change the order as ringers do: neighbours swap, the even pairs or the odd ones by turns; some wait."""
    first = bells.rows % 2
    for place in range(first, _BELLS - 1, 2):
        if uniform(bells.rng) > 0.12:
            bells.row[place], bells.row[place + 1] = bells.row[place + 1], bells.row[place]
    bells.rows += 1


def _next(bells: _Bells, peal: float) -> int:
    """Say which bell comes next."""
    while True:
        bell = bells.row[bells.place]
        bells.place += 1
        if bells.place == _BELLS:
            bells.place = 0
            _change(bells)
        if _takes_part(bells, bell, peal):
            return bell


def _takes_part(bells: _Bells, bell: int, peal: float) -> bool:
    """Whether a bell is rung in this row: the tenor always, the lighter ones as the ring grows."""
    return bool(uniform(bells.rng) < _BELLS**peal - (_BELLS - 1 - bell))


def _render(bells: _Bells, controls: Sequence[float], out: Samples) -> None:
    rate, size, peal, _, _ = controls
    breathe(bells.around, min(1.0, rate / 0.1), out)
    for _ in range(bells.struck):
        _strike_bell(bells, _BELLS - 1, 0, size)
    bells.struck = 0
    # Every bell comes once in a row, however many there are.
    hz = _FASTEST_ROWS_HZ * rate**1.5 * _BELLS**peal
    block_places = hz * BLOCK_FRAMES / SAMPLE_RATE_HZ
    while hz > 0.0 and bells.wait < block_places:
        bell = _next(bells, peal)
        late_s = max(0.0, _UNEVEN_S * (1.0 + normal(bells.rng)))
        frame = int((bells.wait / hz + late_s) * SAMPLE_RATE_HZ)
        _strike_bell(bells, bell, min(frame, BLOCK_FRAMES - 1), size)
        # After each second row ringers leave a gap of one bell.
        gap = 1.0 if peal > 0.0 and bells.place == 0 and bells.rows % 2 == 0 else 0.0
        bells.wait += 1.0 + gap + 0.06 * normal(bells.rng)
    bells.wait -= block_places
    sound_ringing(bells.ringing, out)
    sound_hits(bells.claps, out)
    give_back(bells.around, _STREETS, out)
    finish(out, 0.0, bells.outlet)


def _strike(bells: _Bells) -> None:
    bells.struck += 1


BELLS: Final = Synth(
    name="bells",
    summary="Church bells: one that tolls, a few by turns, or a whole ring in changes.",
    tags=("people", "church", "bell", "tower", "town", "village"),
    kind="point",
    controls=(
        Control(name="rate", default=0.7, smooth_s=1.0,
                at_0="no bell rings; the great one sounds when struck", at_half="solemn, with room to ring out",
                at_1="as fast as a ring is rung"),
        Control(name="size", default=0.6, smooth_s=0.0,
                at_0="small bells of a chapel, high and short", at_half="the bells of a parish church",
                at_1="the great bells of a cathedral"),
        Control(name="peal", default=0.7, smooth_s=1.0,
                at_0="a single bell tolls", at_half="two or three bells by turns", at_1="all eight, in changes"),
        *placed("below the tower", "from across the town", "from the next valley", default=0.1),
    ),
    reach=Reach(near_m=20.0, far_m=1_500.0, open_m=120.0),
    source="N. H. Fletcher & T. D. Rossing (1998), The physics of musical instruments, ch. 21; A. Lehr (1986), "
           "Partial groups in the bell sound.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
