"""What is measured of sounds tells good from bad."""

from pathlib import Path

import numpy as np
import pytest

from listening import space
from listening.endless import seam
from listening.likeness import judge, kinds
from listening.mixes import AS_IT_COMES, mix
from listening.texture import STATISTICS
from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ
from roomtone.bake.measuring import true_peak_db
from roomtone.scene.files import find_scenes, load_scene
from roomtone.synths.catalogue import catalogue

SCENES = Path(__file__).parents[2] / "scenes"
_SECONDS = 12


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return np.random.default_rng(1).normal(0.0, 0.1, (_SECONDS * SAMPLE_RATE_HZ, 2)).astype(np.float32)


def test_noise_has_no_seam(noise: np.ndarray):
    assert 0.75 < seam(noise) < 1.25


def test_a_step_between_blocks_is_a_seam(noise: np.ndarray):
    stepped = noise.copy()
    stepped += np.where(np.arange(len(noise)) // BLOCK_FRAMES % 2, 0.6, -0.6).astype(np.float32)[:, None]
    assert seam(stepped) > 1.5


def test_the_highest_point_may_lie_between_samples():
    between = np.sin(np.pi / 2.0 * np.arange(4_800) + np.pi / 4.0).astype(np.float32)[:, None]
    assert 20.0 * np.log10(np.abs(between).max()) == pytest.approx(-3.01, abs=0.05)
    assert true_peak_db(between) == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize(
    ("right", "lost_db"), [((1.0, 0.0), 0.0), ((0.0, 1.0), -3.0)], ids=["the same", "nothing in common"]
)
def test_sides_in_mono_lose_what_they_do_not_have_in_common(
    noise: np.ndarray, right: tuple[float, float], lost_db: float
):
    left = noise[:, 0]
    sides = np.stack([left, right[0] * left + right[1] * noise[:, 1]], 1)
    assert space.measure(sides).fold_db == pytest.approx([lost_db] * len(space.OCTAVES_HZ), abs=0.3)


def test_sides_against_each_other_vanish_in_mono(noise: np.ndarray):
    assert space.measure(np.stack([noise[:, 0], -noise[:, 0]], 1)).worst_db < -20.0


@pytest.mark.parametrize("kind", kinds())
def test_what_a_codec_did_to_the_recordings_is_not_asked_of_a_sound(kind: str):
    usual, real = judge(kinds()[kind].mean, kind), kinds()[kind]
    for i, statistic in enumerate(STATISTICS):
        elsewhere = real.mean.copy()
        elsewhere[i] += 20.0 * real.spread[i]
        judged = judge(elsewhere, kind)
        own = {family.family: family.own for family in judged.families}[statistic.family]
        assert (own < 1e-6) == (statistic.label in usual.left_out), statistic
        assert (judged.worst[0].label == statistic.label) == (statistic.label not in usual.left_out)


@pytest.mark.parametrize("path", find_scenes(SCENES).values(), ids=lambda path: path.stem)
def test_a_scene_of_the_gallery_stands_beside_the_others(path: Path) -> None:
    heard = mix(load_scene(path, root=SCENES, catalogue=catalogue()), AS_IT_COMES, seconds=12.0)
    assert heard.is_usual, heard
