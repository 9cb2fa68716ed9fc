"""CLAP: clips against texts; long ones are heard in several places, each score is the same in any company."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Tiny
from latent_runs import Samples, Steps
from transformers import ClapFeatureExtractor, ClapModel, RobertaTokenizer

from roomtone.errors import ModelError
from roomtone.models.adapters.clap import Clap
from roomtone.models.request import Capabilities

RATE_HZ = 48_000
Save = Callable[[str, Samples], str]


@pytest.fixture(scope="module")
def clap(tiny: Tiny) -> Clap:
    return Clap(str(tiny("clap")), device="cpu", options={"batch": 3})


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def saved(name: str, samples: Samples) -> str:
        path = tmp_path / f"{name}.npy"
        np.save(path, np.asarray(samples, np.float32)[:, None])
        return str(path)

    return saved


def noise(seconds: float, seed: int = 1) -> Samples:
    return (0.1 * np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ))).astype(np.float32)


def hum(seconds: float) -> Samples:
    return (0.3 * np.sin(2.0 * np.pi * 100.0 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(
        np.float32
    )


def score(clap: Clap, *pairs: tuple[str, str]) -> list[Any]:
    return clap.score([{"text": text, "audio": audio} for text, audio in pairs], Steps())


def test_it_scores_and_makes_nothing(clap: Clap):
    assert Capabilities(**clap.capabilities).tasks == ("score",)
    assert not hasattr(clap, "generate")


def test_texts_and_sounds_are_told_apart(clap: Clap, save: Save):
    sounds = [save("noise", noise(2.0)), save("hum", hum(2.0))]
    texts = ["heavy rain", "a bell"]
    rain, bell = np.reshape(score(clap, *((text, sound) for text in texts for sound in sounds)), (2, 2))
    assert np.abs(rain - bell).min() > 1e-3
    assert abs(rain[0] - rain[1]) > 1e-2
    assert np.abs([rain, bell]).max() <= 1.0


def test_a_score_is_the_cosine_that_the_library_gives(tiny: Tiny, clap: Clap, save: Save):
    folder, clip = tiny("clap"), noise(10.0)
    model = ClapModel.from_pretrained(folder).eval()
    words = RobertaTokenizer.from_pretrained(folder)("heavy rain", return_tensors="pt")
    heard = ClapFeatureExtractor.from_pretrained(folder)(clip, sampling_rate=RATE_HZ, return_tensors="pt")
    text = model.get_text_features(**words).pooler_output
    sound = model.get_audio_features(**heard).pooler_output
    (ours,) = score(clap, ("heavy rain", save("noise", clip)))
    assert ours == pytest.approx(float((text @ sound.T).item()), abs=1e-5)


def test_a_score_is_the_same_alone_and_in_company(clap: Clap, save: Save):
    pairs = [
        ("heavy rain", save("long", noise(23.0))),
        ("a very long text about a bell in a tower by the sea", save("hum", hum(1.0))),
        ("a", save("noise", noise(4.0, seed=2))),
        ("heavy rain", save("hum2", hum(12.0))),
    ]
    alone = [score(clap, pair)[0] for pair in pairs]
    assert score(clap, *pairs) == pytest.approx(alone, abs=1e-5)


def test_all_of_a_long_clip_is_heard(clap: Clap, save: Save):
    """Three windows cover 25 s; whatever stands last must count."""
    rain, end = noise(25.0), noise(25.0)
    end[-5 * RATE_HZ :] = hum(5.0)
    first, last = score(clap, ("rain", save("rain", rain)), ("rain", save("end", end)))
    assert abs(first - last) > 1e-3


def test_a_long_clip_scores_as_the_mean_of_its_windows(tiny: Tiny, clap: Clap, save: Save):
    clip = np.concatenate([noise(10.0), hum(10.0)])
    model, folder = ClapModel.from_pretrained(tiny("clap")).eval(), tiny("clap")
    words = RobertaTokenizer.from_pretrained(folder)("rain", return_tensors="pt")
    halves = ClapFeatureExtractor.from_pretrained(folder)(
        [clip[: 10 * RATE_HZ], clip[10 * RATE_HZ :]], sampling_rate=RATE_HZ, return_tensors="pt"
    )
    mean = model.get_audio_features(**halves).pooler_output.mean(0)
    expected = model.get_text_features(**words).pooler_output[0] @ mean / mean.norm()
    assert score(clap, ("rain", save("both", clip))) == pytest.approx([expected.item()], abs=1e-5)


def test_a_very_long_clip_costs_no_more_than_eight_windows(clap: Clap, save: Save):
    steps = Steps()
    clap.score([{"text": "rain", "audio": save("long", noise(200.0))}], steps)
    assert steps.said == [(1, 3), (2, 3), (3, 3)]


def test_a_clip_against_several_texts_is_heard_once(clap: Clap, save: Save):
    path, steps = save("noise", noise(2.0)), Steps()
    found = clap.score([{"text": text, "audio": path} for text in ("rain", "fire", "a bell")], steps)
    assert len(set(found)) == 3
    assert steps.said == [(1, 1)]


def test_what_nobody_wants_is_not_scored(clap: Clap, save: Save):
    jobs = [{"text": "rain", "audio": save(f"{i}", noise(1.0, seed=i))} for i in range(5)]
    found = clap.score(jobs, Steps(unwanted_after={4: 1}))
    assert found[4] is None
    assert all(isinstance(each, float) for each in found[:4])


@pytest.mark.parametrize(
    ("samples", "complaint"),
    [
        (np.zeros((0, 1), np.float32), "0 s long"),
        (np.zeros((100, 2), np.float32), r"float32 \(100, 2\)"),
        (np.zeros((100, 1), np.int16), r"int16 \(100, 1\)"),
        (np.full((100, 1), np.nan, np.float32), "numbers that are none"),
        (np.array([{"a": 1}], dtype=object), "cannot be read"),
    ],
)
def test_a_clip_that_is_none_is_refused(clap: Clap, tmp_path: Path, samples: Any, complaint: str):
    path = tmp_path / "clip.npy"
    np.save(path, samples)
    with pytest.raises(ModelError, match=rf"jobs\[0\]\.audio: .*{complaint}.*model\.bad-clip"):
        score(clap, ("rain", str(path)))


def test_a_clip_that_is_not_there_is_refused(clap: Clap, tmp_path: Path):
    with pytest.raises(ModelError, match=r"model\.no-clip"):
        score(clap, ("rain", str(tmp_path / "nowhere.npy")))


def test_an_option_that_it_does_not_have_is_refused(tiny: Tiny):
    with pytest.raises(ModelError, match=r"no option 'solver'.*model\.bad-option"):
        Clap(str(tiny("clap")), device="cpu", options={"solver": "ddim"})
