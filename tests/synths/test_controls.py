"""No setting of any synth's controls breaks its sound, and none is reached with a jump."""

from itertools import product

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.synths import SYNTHS, Synth
from roomtone.synths.instance import Instance
from roomtone.synths.voice import Voice

# A control is held for this many blocks between jumps, so that what it does can be heard.
_HOLD_BLOCKS = 8
_JUMPS = 60


@pytest.mark.parametrize("synth", SYNTHS.values(), ids=SYNTHS)
def test_no_corner_of_the_controls_breaks_the_sound(synth: Synth):
    for corner in product((0.0, 1.0), repeat=len(synth.controls)):
        controls = dict(zip((control.name for control in synth.controls), corner, strict=True))
        sound = Voice(synth, 5, controls).read(24_000)
        assert np.isfinite(sound).all(), controls
        assert hearing.peak(sound) <= 0.95, controls


@pytest.mark.parametrize("synth", SYNTHS.values(), ids=SYNTHS)
def test_a_control_that_jumps_does_not_click(synth: Synth):
    # Without a voice's smoothing: the primitives themselves must ramp within the block.
    for i in range(len(synth.controls)):
        sound, jumps = _jumping(synth, i)
        elsewhere = jumps + _HOLD_BLOCKS * BLOCK_FRAMES // 2 + 137
        at_jumps = hearing.roughness_at(sound, jumps)
        at_rest = hearing.roughness_at(sound, elsewhere)
        name = synth.controls[i].name
        assert np.median(at_jumps) < 1.5 * np.median(at_rest) + 0.5, name
        assert np.quantile(at_jumps, 0.9) < 2.0 * np.quantile(at_rest, 0.9) + 1.0, name


def test_a_click_would_be_heard():
    sound = Voice(SYNTHS["wind"], 1).read(96_000)
    clicks = np.arange(1, 39) * 2_400
    at_rest = np.median(hearing.roughness_at(sound, clicks))
    for frame in clicks:
        sound[frame : frame + 480] *= 0.8
    assert np.median(hearing.roughness_at(sound, clicks)) > 1.5 * at_rest + 0.5


def _jumping(synth: Synth, i: int) -> tuple[Samples, np.ndarray]:
    instance = Instance(synth, 11)
    values = [control.default for control in synth.controls]
    blocks = _HOLD_BLOCKS * (_JUMPS + 2)
    sound = np.zeros((blocks * BLOCK_FRAMES, synth.channels), np.float32)
    instance.strike()
    for b in range(blocks):
        values[i] = float(b // _HOLD_BLOCKS % 2)
        instance.render(values, sound[b * BLOCK_FRAMES : (b + 1) * BLOCK_FRAMES])
    return sound, np.arange(1, _JUMPS + 1) * _HOLD_BLOCKS * BLOCK_FRAMES


@pytest.mark.parametrize("synth", SYNTHS.values(), ids=SYNTHS)
def test_a_setting_that_is_rushed_through_leaves_no_trace(synth: Synth):
    names = [control.name for control in synth.controls]
    voice = Voice(synth, 6)
    for value in (0.0, 1.0, 0.0, 1.0):
        voice.read(1_000, dict.fromkeys(names, value))
    voice.read(5 * 48_000, {control.name: control.default for control in synth.controls})
    later = hearing.level_db(voice.read(5 * 48_000, {"rate": 1.0} if "rate" in names else None))
    steady = hearing.level_db(_steady(synth, names).read(5 * 48_000))
    assert abs(later - steady) < 8.0


def _steady(synth: Synth, names: list[str]) -> Voice:
    voice = Voice(synth, 6, {"rate": 1.0} if "rate" in names else None)
    voice.read(48_000)
    return voice
