"""What is struck, switched and torn inside a ship: sounds made ahead, heard between its walls."""

from functools import lru_cache
from typing import Final

import numpy as np

from roomtone.dsp import impacts
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import rng_state

RELAYS: Final = (0, 10)
THUMPS: Final = (10, 15)
TICKS: Final = (15, 27)
SHRIEKS: Final = (27, 41)
BOOMS: Final = (41, 45)


# Only read, and wanted again wherever the same ship is entered twice.
@lru_cache(maxsize=4)
def hull_bank(seed: int) -> Bank:
    """Make what one ship is heard by: relays, pumps that thump, a hull that ticks, plates that slip, and booms."""
    chance = np.random.default_rng(rng_state(seed, "spacecraft", "things"))
    cabin = impacts.draw_room(chance, decay_s=0.35, share_db=-4.0, seconds=0.3)
    hold = impacts.draw_room(chance, decay_s=1.6, share_db=3.0, seconds=1.2)

    def struck(room: impacts.Sound, low: tuple[float, float], high_hz: float, modes: int, decay_s: float,
               damping: float, contact_s: float, seconds: float) -> impacts.Sound:  # fmt: skip
        body = impacts.draw_body(chance, low_hz=chance.uniform(*low), high_hz=high_hz, modes=modes, decay_s=decay_s,
                                 damping=damping, tilt_db=-2.0)  # fmt: skip
        return _peak1(impacts.heard_in(room, _peak1(
            impacts.strike_body(chance, body, contact_s=contact_s, seconds=seconds)
        )))  # fmt: skip

    relays = [struck(cabin, (900, 2_200), 9_000.0, 9, 0.006, 0.4, 0.0003, 0.06) for _ in range(*RELAYS)]
    thumps = [struck(cabin, (55, 110), 900.0, 8, 0.05, 0.8, 0.008, 0.3) for _ in range(*THUMPS)]
    ticks = [struck(hold, (500, 2_400), 7_000.0, 8, 0.03, 0.5, 0.0004, 0.15) for _ in range(*TICKS)]
    shrieks = [struck(hold, (180, 700), 6_500.0, 16, 0.06, 0.45, 0.0006, 0.2) for _ in range(*SHRIEKS)]
    booms = [struck(hold, (34, 60), 500.0, 10, 0.5, 0.7, 0.012, 1.5) for _ in range(*BOOMS)]
    return bank_of([*relays, *thumps, *ticks, *shrieks, *booms])


def _peak1(sound: impacts.Sound) -> impacts.Sound:
    return np.asarray(sound / np.abs(sound).max())
