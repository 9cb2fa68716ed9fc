"""Animals that sing by wing and file: pure tones cut into pulses, pulses into chirps, chirps into bouts."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, exponential, normal, uniform
from roomtone.dsp.sine import sine

Animals: TypeAlias = NDArray[np.float64]
"""`(animals, CHIRP_FIELDS)`: who each is (by the names below), then what it is doing."""

# Who: set by the synth.
CARRIER_HZ: Final = 0
PULSES: Final = 1
PULSE_S: Final = 2
PERIOD_S: Final = 3
DISTANCE_M: Final = 4
PAN: Final = 5
# What it is doing: zero to start, but for these two.
WAIT_FRAMES: Final = 6
CHIRPS_LEFT: Final = 7
_LENGTH: Final = 8
_DONE: Final = 9
_PHASE: Final = 10
_TURN: Final = 11
_PULSES_LEFT: Final = 12
_SINCE_CHIRP: Final = 13
_DRIFT: Final = 14
_LOUDNESS: Final = 15
_LEFT: Final = 16
_RIGHT: Final = 17
_FAR: Final = 18
_OCTAVE: Final = 19
_STEP_OF_PULSE: Final = 20
CHIRP_FIELDS: Final = 21

# A wing stroke sounds for a little more than half of its period.
_DUTY: Final = 0.58
# A stroke swells slowly and stops soon: u³(1 - u)², scaled to peak at 1.
_PEAK: Final = 3125.0 / 108.0
_CHIRPS_A_BOUT: Final = 34.0
_SILENCE_S: Final = 2.4


@kernel
def _begin_chirp(rng: Rng, animal: NDArray[np.float64]) -> None:
    animal[_PULSES_LEFT] = animal[PULSES] + np.floor(uniform(rng) * 1.12) - np.floor(uniform(rng) * 1.12)
    animal[_DRIFT] = 0.93 * animal[_DRIFT] + 0.018 * normal(rng)
    animal[_LOUDNESS] = np.exp(0.12 * normal(rng))
    animal[_SINCE_CHIRP] = 0.0
    animal[_STEP_OF_PULSE] = 0.0


@kernel
def _begin_pulse(rng: Rng, animal: NDArray[np.float64], pace: float, pitch: float) -> None:
    length_s = _DUTY * animal[PULSE_S] / pace * (1.0 + 0.04 * normal(rng))
    animal[_LENGTH] = max(24.0, np.floor(length_s * SAMPLE_RATE_HZ))
    animal[_DONE] = 0.0
    animal[_TURN] = animal[CARRIER_HZ] * pitch * (1.0 + 0.004 * normal(rng)) / SAMPLE_RATE_HZ
    animal[_PULSES_LEFT] -= 1.0
    animal[_STEP_OF_PULSE] += 1.0


@kernel
def _rest(rng: Rng, animal: NDArray[np.float64], pace: float) -> None:
    """Wait for the next pulse, the next chirp or, at the end of a bout, for some seconds."""
    wait_s = (1.0 - _DUTY) * animal[PULSE_S] / pace
    if animal[_PULSES_LEFT] < 1.0:
        since_s = animal[_SINCE_CHIRP] / SAMPLE_RATE_HZ
        period_s = animal[PERIOD_S] / pace * np.exp(animal[_DRIFT] + 0.025 * normal(rng))
        wait_s = max(1.5 * wait_s, period_s - since_s)
        animal[CHIRPS_LEFT] -= 1.0
        if animal[CHIRPS_LEFT] < 0.0:
            animal[CHIRPS_LEFT] = np.floor(3.0 + _CHIRPS_A_BOUT * exponential(rng))
            wait_s += 0.5 + _SILENCE_S * exponential(rng)
    animal[WAIT_FRAMES] = np.floor(wait_s * SAMPLE_RATE_HZ)


@kernel
def _sing(
    animal: NDArray[np.float64], first: int, frames: int,
    ramp: NDArray[np.float64], send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    phase, turn = animal[_PHASE], animal[_TURN]
    length, done = animal[_LENGTH], animal[_DONE]
    # The first stroke of a chirp is the weakest, and within a stroke the pitch falls a little.
    loudness = _PEAK * animal[_LOUDNESS] * min(1.0, 0.45 + 0.25 * animal[_STEP_OF_PULSE])
    left, right, far, octave = animal[_LEFT : _OCTAVE + 1]
    for i in range(first, first + frames):
        u = done / length
        envelope = loudness * u * u * u * (1.0 - u) * (1.0 - u)
        tone = sine(phase)
        # sin 3x = 3 sin x - 4 sin³ x: the third harmonic for the price of two products.
        overtones = sine(2.0 * phase) + 0.4 * tone * (3.0 - 4.0 * tone * tone)
        y = envelope * (tone + (octave + ramp[3] * i) * overtones)
        out[i, 0] += y * (left + ramp[0] * i)
        out[i, 1] += y * (right + ramp[1] * i)
        send[i] += y * (far + ramp[2] * i)
        phase += turn * (1.012 - 0.03 * u)
        done += 1.0
    animal[_PHASE] = phase - np.floor(phase)
    animal[_DONE] = done


@kernel
def _live(
    rng: Rng, animal: NDArray[np.float64], pace: float, pitch: float,
    ramp: NDArray[np.float64], heard: bool, send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    """Take one animal through one block: wait, stroke, wait."""
    i, frames = 0, out.shape[0]
    while i < frames:
        if animal[WAIT_FRAMES] > 0.0:
            skip = min(frames - i, int(animal[WAIT_FRAMES]))
            animal[WAIT_FRAMES] -= skip
            if animal[WAIT_FRAMES] <= 0.0:
                if animal[_PULSES_LEFT] < 1.0:
                    _begin_chirp(rng, animal)
                _begin_pulse(rng, animal, pace, pitch)
        else:
            skip = min(frames - i, int(animal[_LENGTH] - animal[_DONE]))
            if heard:
                _sing(animal, i, skip, ramp, send, out)
            else:
                animal[_DONE] += skip
            if animal[_DONE] >= animal[_LENGTH]:
                _rest(rng, animal, pace)
        animal[_SINCE_CHIRP] += skip
        i += skip


@kernel
def sing_chirps(
    rng: Rng, animals: Animals, present: float, pace: float, pitch: float, octave: float,
    send: NDArray[np.float32], out: Samples,
) -> None:  # fmt: skip
    """Add one block of every animal that is present.

    Args:
        rng: chance.
        animals: who sings; the first are there first.
        present: how many are there at the end of the block; the last one may be there in part.
        pace: tempo of pulses and chirps, 1 as the animals are given; counts from the next pulse.
        pitch: factor on every carrier; counts from the next pulse.
        octave: level of the second harmonic of an animal that is near, at the end of the block.
        send: (frames,) float32, added to: what fills the place.
        out: (frames, 2) float32, added to: what comes directly.
    """
    goal, ramp = np.empty(4), np.empty(4)
    for a in range(animals.shape[0]):
        animal = animals[a]
        distance_m = animal[DISTANCE_M]
        share = min(max(present - a, 0.0), 1.0)
        direct = 1.5 * share / (0.6 + distance_m)
        angle = (animal[PAN] + 1.0) * (np.pi / 4.0)
        goal[0], goal[1] = direct * np.cos(angle), direct * np.sin(angle)
        goal[2], goal[3] = 0.14 * share, octave / (1.0 + 0.12 * distance_m)
        for c in range(4):
            ramp[c] = (goal[c] - animal[_LEFT + c]) / out.shape[0]
        heard = share > 0.0 or animal[_FAR] > 0.0
        _live(rng, animal, pace, pitch, ramp, heard, send, out)
        for c in range(4):
            animal[_LEFT + c] = goal[c]
