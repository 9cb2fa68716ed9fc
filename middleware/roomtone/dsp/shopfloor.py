"""What a factory hall is heard by beside its motors: presses, parts that fall, valves. Made ahead, for banks."""

from typing import Final

import numpy as np

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.dsp.impacts import Body, Sound, draw_body, faded, mixed, scrape, strike_body

_FALLS_MOST: Final = 5


def draw_press(chance: np.random.Generator, *, weight: float) -> tuple[Body, Body]:
    """Draw a press: its frame, and the sheet that it stamps.

    Args:
        chance: decides which.
        weight: 0 (a bench press that clacks) to 1 (as high as the hall).
    """
    frame = draw_body(
        chance, low_hz=95.0 * 0.45**weight, high_hz=1_100.0 * 0.6**weight, modes=10, decay_s=0.05 + 0.07 * weight,
        damping=0.6, tilt_db=-2.5,
    )  # fmt: skip
    sheet = draw_body(
        chance, low_hz=700.0 * 0.6**weight, high_hz=8_500.0, modes=14, decay_s=0.05 + 0.05 * weight, damping=0.45,
        tilt_db=-1.5,
    )  # fmt: skip
    return frame, sheet


def boom(chance: np.random.Generator, press: tuple[Body, Body], *, weight: float) -> Sound:
    """Let the frame of a press take the blow of one stamp."""
    blow = strike_body(chance, press[0], contact_s=0.003 + 0.004 * weight, seconds=0.6)
    crush = scrape(chance, centre_hz=900.0, octaves=1.0, rise_s=0.002, decay_s=0.02, seconds=0.12)
    return mixed((0.0, blow / np.abs(blow).max(), 1.0), (0.0, crush, 0.4), seconds=0.6)


def clang(chance: np.random.Generator, press: tuple[Body, Body], *, weight: float) -> Sound:
    """Let the sheet of one stamp ring, and the ram clack back."""
    sheet = press[1]
    blow = strike_body(chance, sheet, contact_s=0.0003, seconds=0.5)
    back = strike_body(chance, sheet, contact_s=0.0008, seconds=0.25)
    back_s = 0.16 + 0.14 * weight + chance.normal(0.0, 0.01)
    return mixed(
        (0.0, blow / np.abs(blow).max(), 0.5), (back_s, back / np.abs(back).max(), 0.16), seconds=0.7
    )


def fall(chance: np.random.Generator) -> Sound:
    """Drop a piece of metal: it rings, and bounces a few times, each sooner and fainter than the last."""
    piece = draw_body(
        chance, low_hz=chance.uniform(600.0, 2_600.0), high_hz=11_000.0, modes=10,
        decay_s=chance.uniform(0.03, 0.16), damping=0.4, tilt_db=-1.0,
    )  # fmt: skip
    parts, at_s, gap_s, gain = [], 0.0, chance.uniform(0.07, 0.2), 1.0
    for _ in range(chance.integers(1, _FALLS_MOST + 1)):
        blow = strike_body(chance, piece, contact_s=0.0002, seconds=0.6)
        parts.append((at_s, blow / np.abs(blow).max(), gain))
        at_s, gap_s, gain = at_s + gap_s, gap_s * chance.uniform(0.5, 0.8), gain * chance.uniform(0.35, 0.75)
    return mixed(*parts, seconds=1.0)


def vent(chance: np.random.Generator) -> Sound:
    """Let compressed air out: at once, steady while the valve is open, and shut again."""
    open_s = float(chance.uniform(0.08, 0.9))
    rush = scrape(
        chance, centre_hz=chance.uniform(3_500.0, 7_500.0), octaves=0.9, rise_s=0.006, decay_s=0.15 + 0.6 * open_s,
        seconds=open_s + 0.25,
    )  # fmt: skip
    t = np.arange(len(rush)) / SAMPLE_RATE_HZ
    return faded(rush * np.minimum(1.0, np.exp((open_s - t) / 0.03)))


def beep(hz: float, seconds: float) -> Sound:
    """Sound an alarm once: a buzzer whose tone is not pure."""
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tone = sum(
        level * np.sin(2.0 * np.pi * k * hz * t) for k, level in ((1, 1.0), (2, 0.25), (3, 0.3), (5, 0.1))
    )
    edge = np.minimum(1.0, np.minimum(t, seconds - t) / 0.008)
    return np.asarray(tone * edge)
