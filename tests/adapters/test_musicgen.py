"""MusicGen: music from text, one channel or two, and after a tune that is taken out of a recording."""

import json
import random
import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from token_runs import (
    FIRE,
    RAIN,
    Samples,
    Tiny,
    alike,
    asked,
    drawn_by,
    job,
    keep,
    level_db,
    make,
    make_one,
    rank_of_joint,
    tokens,
    work,
)

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_stand_ins import stand_ins
from roomtone.models.adapters.musicgen import MusicGen
from roomtone.models.adapters.tiny import separator
from roomtone.models.adapters.token_draws import uniforms
from roomtone.models.request import Capabilities

RATE_HZ, HOP, FRAME_RATE = 32_000, 640, 50


@pytest.fixture(scope="module")
def model(tiny: Tiny) -> MusicGen:
    """One that follows a tune which is given to it alone."""
    options = {"separate": False, "longest_s": 35.0}
    return MusicGen(str(tiny("musicgen")), device="cpu", options=options)


@pytest.fixture(scope="module")
def stereo(tiny: Tiny) -> MusicGen:
    return MusicGen(str(tiny("musicgen_stereo")), device="cpu", options={})


@pytest.fixture
def folder(tiny: Tiny, tmp_path: Path) -> Path:
    """A melody model with all its parts, which a test may damage."""
    folder = Path(shutil.copytree(tiny("musicgen"), tmp_path / "model"))
    separator.build(folder / "demucs")
    return folder


def play(pitches_hz: Sequence[float], path: Path, *, gain: float = 0.3, seconds: float = 1.0) -> str:
    """Write a tune, one note after another, as the pool gives it to an adapter."""
    t = np.arange(round(48_000 * seconds / len(pitches_hz))) / 48_000
    notes = [np.sin(2 * np.pi * pitch * t) + 0.3 * np.sin(4 * np.pi * pitch * t) for pitch in pitches_hz]
    np.save(path, (gain * np.concatenate(notes)[:, None]).astype(np.float32))
    return str(path)


def refusal(folder: Path, **options: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        MusicGen(str(folder), device="cpu", options=options)
    return caught.value


# From text ------------------------------------------------------------------------------------


def test_it_says_what_it_can_do(tiny: Tiny, model: MusicGen, stereo: MusicGen):
    for each, channels, longest_s, melody in ((model, 1, 35.0, True), (stereo, 2, 30.0, False)):
        assert json.loads(json.dumps(each.capabilities))
        said = Capabilities(**each.capabilities)
        assert (said.family, said.sample_rate_hz, said.channels) == ("musicgen", RATE_HZ, channels)
        assert (said.longest_s, said.melody, said.loop) == (longest_s, melody, "tokens")
    # Without what separates, it cannot take a tune out of a recording.
    assert not MusicGen(str(tiny("musicgen")), device="cpu", options={}).capabilities["melody"]


@pytest.mark.parametrize("seconds", [0.5, 1.333])
def test_a_clip_is_heard_is_finite_does_not_clip_and_is_as_long_as_asked(
    model: MusicGen, stereo: MusicGen, seconds: float
):
    for each, channels in ((model, 1), (stereo, 2)):
        heard = make_one(each, seconds=seconds)["samples"]
        assert heard.shape == (round(seconds * RATE_HZ), channels)
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() < 0.9
        assert -40.0 < level_db(heard) < -15.0


def test_two_channels_are_two_sounds_of_one_piece(stereo: MusicGen):
    made = make_one(stereo, seconds=2.0)
    left, right = made["samples"].T
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.9
    assert tokens(made).shape == (8, 100)


def test_the_same_job_gives_the_same_samples_and_another_seed_or_text_others(
    model: MusicGen, stereo: MusicGen
):
    for each in (model, stereo):
        first, again, seed, text = (
            make_one(each, **wishes) for wishes in ({}, {}, {"seed": 2}, {"prompt": FIRE})
        )
        np.testing.assert_array_equal(first["samples"], again["samples"])
        assert alike(first, seed) < 0.3
        assert alike(first, text) < 0.5


def test_clips_are_gone_on_from_varied_and_closed(model: MusicGen, stereo: MusicGen, tmp_path: Path):
    for each in (model, stereo):
        earlier = make_one(each)
        kept = keep(earlier, tmp_path / "earlier.npz")
        on, varied = make(
            each,
            job(seed=2, continue_from=kept, keep_s=0.5),
            job(seed=3, vary_from=kept, variation=0.25),
        )
        np.testing.assert_array_equal(tokens(on)[:, :25], tokens(earlier)[:, -25:])
        assert 0.7 < alike(varied, earlier) < 0.95
        ranks = [
            rank_of_joint(made["samples"], HOP)
            for made in make(each, *(job(seed=seed, loop=True) for seed in range(6)))
        ]
        assert 0.2 < np.mean(ranks) < 0.8


def test_a_clip_of_one_model_is_not_gone_on_from_by_another(
    model: MusicGen, stereo: MusicGen, tmp_path: Path
):
    kept = keep(make_one(model), tmp_path / "earlier.npz")
    with pytest.raises(ModelError, match=r"another codec's.*\[model\.bad-latent\]"):
        make_one(stereo, continue_from=kept, keep_s=0.5)


# After a tune ---------------------------------------------------------------------------------


def test_another_tune_gives_another_clip_and_the_same_played_softer_the_same(model: MusicGen, tmp_path: Path):
    low = play([262, 330], tmp_path / "low.npy")
    soft = play([262, 330], tmp_path / "soft.npy", gain=0.1)
    high = play([370, 466], tmp_path / "high.npy")
    without, first, softer, other = (
        make_one(model, seconds=2.0, melody=melody) for melody in ("", low, soft, high)
    )
    assert alike(first, softer) == 1.0
    assert alike(first, other) < 0.9
    assert alike(first, without) < 0.9


def test_a_clip_that_follows_a_tune_is_the_same_alone_and_among_others(model: MusicGen, tmp_path: Path):
    short = play([262, 330], tmp_path / "short.npy")
    long = play([370, 466, 370], tmp_path / "long.npy", seconds=2.5)
    jobs = [job(melody=short), job(), job(melody=long), job(melody=short, seed=2, loop=True)]
    together = make(model, *jobs)
    for each, made in zip(jobs, together, strict=True):
        np.testing.assert_array_equal(make(model, each)[0]["samples"], made["samples"])


@pytest.mark.parametrize("seconds", [2.0, 31.0])
def test_a_tune_is_told_to_the_model_as_audiocraft_tells_it(model: MusicGen, tmp_path: Path, seconds: float):
    from audiocraft.models import MusicGen as TheirMusicGen  # noqa: PLC0415

    recording = np.load(play([262, 330, 392, 330, 262], tmp_path / "tune.npy", seconds=7.0))
    seed, lm = 5, model._lm
    theirs = TheirMusicGen("tiny", model._codec, lm, max_duration=30.0)
    theirs.set_generation_params(duration=seconds, top_k=64)
    # One window of up to 30 s, then one that keeps the last 12 s of it.
    frames = round(seconds * FRAME_RATE)
    windows = [(1, min(frames, 1500)), *([(601, frames - 900)] if frames > 1500 else [])]
    drawn = torch.cat(
        [
            uniforms([(seed, 0, number)], length + 4, 4)[:, first : length + 4]
            for number, (first, length) in enumerate(windows)
        ],
        dim=1,
    )
    with stand_ins(), drawn_by(drawn, 0):
        _, expected = theirs.generate_with_chroma(
            [RAIN], torch.from_numpy(recording.T)[None], 48_000, return_tokens=True
        )
    ours = make_one(model, seconds=seconds, seed=seed, melody=str(tmp_path / "tune.npy"))
    np.testing.assert_array_equal(tokens(ours), expected[0].numpy())
    plain = asked(lm, [RAIN])[0]
    assert plain.wav["self_wav"].length.item() == 0


@pytest.mark.parametrize(
    "recording",
    [
        np.zeros((0, 1), np.float32),
        np.zeros(100, np.float32),
        np.zeros((100, 3), np.float32),
        np.zeros((100, 1), np.float64),
        np.full((100, 1), np.nan, np.float32),
    ],
)
def test_a_recording_that_is_none_is_refused(model: MusicGen, tmp_path: Path, recording: Samples):
    np.save(tmp_path / "tune.npy", recording)
    with pytest.raises(ModelError, match=r"tune\.npy.*\[model\.bad-audio\]") as caught:
        make_one(model, melody=str(tmp_path / "tune.npy"))
    assert caught.value.at == "jobs[0].melody"


def test_a_recording_that_is_not_there_is_refused(model: MusicGen, tmp_path: Path):
    with pytest.raises(ModelError, match=r"\[model\.bad-audio\]"):
        make_one(model, melody=str(tmp_path / "gone.npy"))
    (tmp_path / "text.npy").write_text("la la la")
    with pytest.raises(ModelError, match=r"\[model\.bad-audio\]"):
        make_one(model, melody=str(tmp_path / "text.npy"))


# Out of a recording ---------------------------------------------------------------------------


def test_the_tune_is_what_is_sung_and_played_without_drums_and_bass(folder: Path, tmp_path: Path):
    from demucs.apply import apply_model  # noqa: PLC0415

    model = MusicGen(str(folder), device="cpu", options={})
    assert model.capabilities["melody"]
    conditioner: Any = model._lm.condition_provider.conditioners["self_wav"]
    mix = torch.randn(1, 1, 32_000, generator=torch.Generator().manual_seed(1)) * 0.1
    with torch.no_grad():
        ours = conditioner._get_stemmed_wav(mix, 32_000)
        demucs = conditioner.demucs
        assert demucs.sources == ["drums", "bass", "other", "vocals"]
        parts = apply_model(demucs, _resampled(mix, 32_000, 44_100).expand(-1, 2, -1), shifts=0)
    theirs = _resampled(parts[:, 2:].sum(1).mean(1, keepdim=True), 44_100, 32_000)
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-3)

    tune = play([262, 330], tmp_path / "tune.npy")
    random.seed(1)
    first = make_one(model, melody=tune)
    # The library would shift the recording by a number that is drawn anew each time.
    random.seed(2)
    np.testing.assert_array_equal(make_one(model, melody=tune)["samples"], first["samples"])
    assert alike(first, make_one(model)) < 0.9


def _resampled(sound: torch.Tensor, from_hz: int, to_hz: int) -> torch.Tensor:
    import julius  # noqa: PLC0415

    resampled: torch.Tensor = julius.resample_frac(sound, from_hz, to_hz)
    return resampled


def test_a_separator_as_the_hub_has_it_is_the_same(folder: Path, tmp_path: Path):
    pickled = next((folder / "demucs").glob("*.th"))
    with torch.serialization.safe_globals(_demucs_classes()):
        package = torch.load(pickled, weights_only=True)
    tune = play([262, 330], tmp_path / "tune.npy")
    expected = make_one(MusicGen(str(folder), device="cpu", options={}), melody=tune)
    pickled.unlink()
    _write_as_the_hub_does(package, folder / "demucs" / "955717e8.safetensors", "demucs.htdemucs.HTDemucs")
    found = make_one(MusicGen(str(folder), device="cpu", options={}), melody=tune)
    np.testing.assert_array_equal(found["samples"], expected["samples"])


def _write_as_the_hub_does(package: dict[str, Any], path: Path, kind: str) -> None:
    def plain(value: Any) -> Any:
        return {"_type": "fraction", "numerator": value.numerator, "denominator": value.denominator}

    keywords = {
        key: plain(value) if isinstance(value, Fraction) else value
        for key, value in package["kwargs"].items()
    }
    header = {"klass": kind, "args": json.dumps(package["args"]), "kwargs": json.dumps(keywords)}
    safetensors.torch.save_file(package["state"], path, header)


def _demucs_classes() -> list[Any]:
    from demucs.htdemucs import HTDemucs  # noqa: PLC0415

    return [HTDemucs, Fraction]


def test_a_separator_that_names_another_class_or_would_run_code_is_refused(folder: Path, tmp_path: Path):
    pickled = next((folder / "demucs").glob("*.th"))
    with torch.serialization.safe_globals(_demucs_classes()):
        package = torch.load(pickled, weights_only=True)

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.mkdir, (tmp_path / "sprung",))

    torch.save({**package, "training_args": Trap()}, pickled)
    assert refusal(folder).code == "model.unsafe"
    pickled.unlink()
    _write_as_the_hub_does(package, folder / "demucs" / "955717e8.safetensors", "os.system")
    assert refusal(folder).code == "model.damaged"
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda demucs: next(demucs.glob("*.th")).unlink(), "model.incomplete"),
        (lambda demucs: next(demucs.glob("*.th")).write_bytes(b"PK"), "model.damaged"),
        (lambda demucs: (demucs / "htdemucs.yaml").write_text("models: []"), "model.damaged"),
        (lambda demucs: (demucs / "htdemucs.yaml").unlink(), "model.needs-separator"),
    ],
)
def test_a_separator_that_is_not_whole_is_refused(folder: Path, change: Any, code: str):
    change(folder / "demucs")
    assert refusal(folder).code == code
    # Who needs none is not kept from using the model.
    assert MusicGen(str(folder), device="cpu", options={"separate": False}).capabilities["melody"]


def test_without_a_separator_a_tune_is_refused_with_what_to_install_and_text_is_not(
    tiny: Tiny, tmp_path: Path
):
    bare = MusicGen(str(tiny("musicgen")), device="cpu", options={})
    assert len(make_one(bare)["samples"]) == RATE_HZ
    with pytest.raises(ModelError, match=r"pip install --no-deps demucs.*\[model\.needs-separator\]"):
        make_one(bare, melody=play([262], tmp_path / "tune.npy"))


# Its codec ------------------------------------------------------------------------------------


def test_a_codec_that_is_only_named_has_to_be_there(tiny: Tiny, tmp_path: Path):
    folder = Path(shutil.copytree(tiny("musicgen_stereo"), tmp_path / "model"))
    shutil.rmtree(folder / "encodec")
    error = refusal(folder)
    assert error.code == "model.incomplete"
    assert "facebook/encodec_32khz" in error.fix


# In a worker ----------------------------------------------------------------------------------


@pytest.mark.system
def test_a_worker_loads_it_and_follows_a_tune(tiny: Tiny, model: MusicGen, tmp_path: Path):
    tune = play([262, 330], tmp_path / "tune.npy")
    said = work(
        {
            "t": "load",
            "adapter": "roomtone.models.adapters.musicgen:MusicGen",
            "folder": str(tiny("musicgen")),
            "device": "auto",
            "options": {"separate": False},
        },
        {
            "t": "run",
            "run": 1,
            "task": "generate",
            "staging": str(tmp_path),
            "jobs": [job(melody=tune), job(loop=True)],
        },
    )
    answers = [message for message in said if message["t"] != "progress"]
    assert [message["t"] for message in answers] == ["ready", "done"]
    assert answers[0]["capabilities"]["melody"] is True
    assert [output["rate_hz"] for output in answers[1]["outputs"]] == [RATE_HZ] * 2
    heard = np.load(tmp_path / answers[1]["outputs"][0]["file"])
    # The worker's process may share out its sums among other threads than this one.
    np.testing.assert_allclose(heard, make_one(model, melody=tune)["samples"], atol=1e-6)
