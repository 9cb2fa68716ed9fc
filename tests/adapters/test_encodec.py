"""EnCodec: a clip becomes tokens and comes back as the codec hears it, as long as it was, and a loop as a loop."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from token_runs import RAIN, Samples, Steps, Tiny, keep, make_one, rank_of_joint, tokens, work

from roomtone.errors import ModelError
from roomtone.models.adapters.audiogen import AudioGen
from roomtone.models.adapters.encodec import EnCodec
from roomtone.models.adapters.recordings import converted, folded, ring_of
from roomtone.models.request import Capabilities

RATE_HZ, HOP = 32_000, 640


@pytest.fixture(scope="module")
def codec(tiny: Tiny) -> EnCodec:
    return EnCodec(str(tiny("encodec")), device="cpu", options={})


def hiss(seconds: float, *, channels: int = 1, seed: int = 1) -> Samples:
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal((round(seconds * 48_000), channels))).astype(np.float32)


def saved(samples: Samples, path: Path) -> str:
    np.save(path, samples)
    return str(path)


def coded(codec: EnCodec, samples: Samples, tmp_path: Path, *, loop: bool = False) -> dict[str, Any]:
    [output] = codec.encode([{"audio": saved(samples, tmp_path / "sound.npy"), "loop": loop}], Steps())
    assert output is not None
    return output


def decoded(codec: EnCodec, output: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    [back] = codec.decode([{"continue_from": keep(output, tmp_path / "sound.npz")}], Steps())
    assert back is not None
    return back


def refusal(codec: EnCodec, task: str, **job: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        getattr(codec, task)([job], Steps())
    assert caught.value.fix
    return caught.value


def test_it_says_what_it_can_do(codec: EnCodec):
    assert json.loads(json.dumps(codec.capabilities))
    said = Capabilities(**codec.capabilities)
    assert (said.family, said.sample_rate_hz, said.channels) == ("encodec", RATE_HZ, 1)
    assert said.tasks == ("encode", "decode")


# There and back -------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0.01, 1.0, 1.2345])
def test_the_tokens_and_what_is_heard_of_them_are_those_of_the_codec_itself(
    codec: EnCodec, tmp_path: Path, seconds: float
):
    sound = hiss(seconds)
    output = coded(codec, sound, tmp_path)
    at_rate = converted(sound, rate_hz=RATE_HZ, channels=1)[: round(len(sound) * 2 / 3)]
    theirs = codec._codec.model
    with torch.no_grad():
        codes = theirs.encode(torch.from_numpy(at_rate.T)[None]).audio_codes
        heard = theirs.decode(codes, [None]).audio_values
    np.testing.assert_array_equal(tokens(output), codes[0, 0].numpy())
    np.testing.assert_allclose(output["samples"].T, heard[0, :, : len(at_rate)].numpy(), atol=1e-6)
    assert output["samples"].shape == (len(at_rate), 1)


def test_what_is_decoded_later_is_what_was_heard_when_it_was_encoded(codec: EnCodec, tmp_path: Path):
    for loop in (False, True):
        output = coded(codec, hiss(1.2345), tmp_path, loop=loop)
        back = decoded(codec, output, tmp_path)
        np.testing.assert_array_equal(back["samples"], output["samples"])
        assert back["rate_hz"] == RATE_HZ
        assert len(back["samples"]) == round(1.2345 * RATE_HZ)


def test_the_tokens_are_a_hundredth_of_the_clip(codec: EnCodec, tmp_path: Path):
    sound = hiss(10.0)
    output = coded(codec, sound, tmp_path)
    assert tokens(output).nbytes == 500 * 4 * 2
    assert Path(keep(output, tmp_path / "sound.npz")).stat().st_size < sound.nbytes / 100


def test_another_sound_has_other_tokens(codec: EnCodec, tmp_path: Path):
    one, same, other = (tokens(coded(codec, hiss(1.0, seed=seed), tmp_path)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one == other).mean() < 0.9


def test_two_channels_are_folded_into_one(codec: EnCodec, tmp_path: Path):
    mono = hiss(0.5)
    both = coded(codec, np.repeat(mono, 2, axis=1), tmp_path)
    np.testing.assert_array_equal(tokens(both), tokens(coded(codec, mono, tmp_path)))


def test_the_codec_of_a_token_model_reads_that_models_clips(tiny: Tiny, tmp_path: Path):
    model = AudioGen(str(tiny("audiogen")), device="cpu", options={})
    codec = EnCodec(str(tiny("audiogen")), device="cpu", options={})
    assert codec.capabilities["sample_rate_hz"] == 16_000
    for wishes in ({"seconds": 0.77}, {"loop": True}):
        made = make_one(model, prompt=RAIN, **wishes)
        back = decoded(codec, made, tmp_path)
        np.testing.assert_array_equal(back["samples"], made["samples"])
        assert back["notes"].get("loop") == made["notes"].get("loop")


def test_fewer_codebooks_are_smaller_and_rougher(tiny: Tiny, tmp_path: Path):
    whole, half = (
        EnCodec(str(tiny("audiogen")), device="cpu", options=options) for options in ({}, {"codebooks": 2})
    )
    sound = hiss(0.5)
    four, two = (coded(codec, sound, tmp_path) for codec in (whole, half))
    np.testing.assert_array_equal(tokens(two), tokens(four)[:2])
    assert not np.allclose(two["samples"], four["samples"])


# Loops ----------------------------------------------------------------------------------------


def ring(seconds: float, *, seed: int) -> Samples:
    """Make a hiss that closes on itself: it has the lines of its own length only."""
    frames = round(seconds * 48_000)
    return ring_of(hiss(1.0, seed=seed), frames)


@pytest.mark.parametrize("seconds", [1.0, 1.003, 0.5])
def test_a_loop_comes_back_as_a_loop_of_the_same_length(codec: EnCodec, tmp_path: Path, seconds: float):
    ranks = []
    for seed in range(6):
        output = coded(codec, ring(seconds, seed=seed), tmp_path, loop=True)
        assert len(output["samples"]) == round(seconds * RATE_HZ)
        assert output["notes"] == {"loop": "tokens"}
        ranks.append(rank_of_joint(output["samples"], HOP))
    assert 0.15 < np.mean(ranks) < 0.85


def test_a_loop_has_the_same_tokens_from_wherever_it_is_begun(codec: EnCodec, tmp_path: Path):
    sound = ring(1.0, seed=3)
    # 13 frames of tokens are 12,480 frames at 48 kHz.
    straight, turned = (
        coded(codec, np.roll(sound, -960 * shift, axis=0), tmp_path, loop=True) for shift in (0, 13)
    )
    same = np.roll(tokens(straight), -13, axis=1) == tokens(turned)
    assert same.mean() > 0.98
    plain = coded(codec, np.roll(sound, -960 * 13, axis=0), tmp_path)
    edges = np.roll(tokens(straight), -13, axis=1) == tokens(plain)
    assert edges[:, :2].mean() < same[:, :2].mean()


def test_a_ring_is_laid_out_anew_without_a_change_of_sound():
    t = np.arange(4_800) / 4_800
    tone = np.stack([np.sin(2 * np.pi * 7 * t), 0.5 + np.cos(2 * np.pi * 100 * t)], 1).astype(np.float32)
    for frames in (3_200, 3_201, 4_800, 7_000):
        places = np.arange(frames) / frames
        expected = np.stack([np.sin(2 * np.pi * 7 * places), 0.5 + np.cos(2 * np.pi * 100 * places)], 1)
        np.testing.assert_allclose(ring_of(tone, frames), expected, atol=1e-5)


def test_channels_are_folded_by_their_mean_and_spread_as_they_are():
    both = np.array([[1.0, 0.0], [0.5, 0.5]], np.float32)
    np.testing.assert_array_equal(folded(both, 1), [[0.5], [0.5]])
    np.testing.assert_array_equal(folded(folded(both, 1), 2), [[0.5, 0.5], [0.5, 0.5]])


# Steps ----------------------------------------------------------------------------------------


def test_each_clip_is_a_step_and_what_nobody_wants_is_left_out(codec: EnCodec, tmp_path: Path):
    jobs = [{"audio": saved(hiss(0.2, seed=i), tmp_path / f"{i}.npy")} for i in range(3)]
    step = Steps(unwanted_after={1: 1})
    outputs = codec.encode(jobs, step)
    assert step.said == [(1, 3), (2, 3), (3, 3)]
    assert [output is not None for output in outputs] == [True, False, True]


# What is refused ------------------------------------------------------------------------------


def test_what_is_no_sound_or_too_long_is_refused(codec: EnCodec, tmp_path: Path):
    error = refusal(codec, "encode", audio=str(tmp_path / "gone.npy"))
    assert (error.code, error.at) == ("model.bad-audio", "jobs[0].audio")
    endless = saved(np.zeros((48_000 * 61, 1), np.float32), tmp_path / "endless.npy")
    assert refusal(codec, "encode", audio=endless).code == "model.too-long"


def test_another_codecs_tokens_are_refused(codec: EnCodec, tiny: Tiny, tmp_path: Path):
    other = EnCodec(str(tiny("audiogen")), device="cpu", options={})
    kept = keep(coded(other, hiss(0.2), tmp_path), tmp_path / "other.npz")
    assert refusal(codec, "decode", continue_from=kept).code == "model.bad-latent"
    assert refusal(codec, "decode", continue_from=str(tmp_path / "gone.npz")).code == "model.no-latent"


@pytest.mark.parametrize(
    "options", [{"codebooks": 0}, {"codebooks": 5}, {"codebooks": 3}, {"codebooks": True}, {"bitrate": 6}]
)
def test_options_that_the_codec_does_not_have_are_refused(tiny: Tiny, options: dict[str, Any]):
    with pytest.raises(ModelError, match=r"\[model\.bad-option\]"):
        EnCodec(str(tiny("encodec")), device="cpu", options=options)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"model_type": "dac"}, "model.wrong-family"),
        ({"chunk_length_s": 1.0}, "model.unsupported"),
        ({"normalize": True}, "model.unsupported"),
        ({"num_filters": 8}, "model.damaged"),
    ],
)
def test_another_codec_is_refused(tiny: Tiny, tmp_path: Path, change: dict[str, Any], code: str):
    folder = Path(shutil.copytree(tiny("encodec"), tmp_path / "codec"))
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**settings, **change}))
    with pytest.raises(ModelError) as caught:
        EnCodec(str(folder), device="cpu", options={})
    assert caught.value.code == code


def test_a_folder_without_a_codec_is_refused(tmp_path: Path):
    for folder, code in ((tmp_path / "nowhere", "model.no-folder"), (tmp_path, "model.incomplete")):
        with pytest.raises(ModelError) as caught:
            EnCodec(str(folder), device="cpu", options={})
        assert caught.value.code == code


# In a worker ----------------------------------------------------------------------------------


@pytest.mark.system
def test_a_worker_codes_a_clip_and_brings_it_back(tiny: Tiny, tmp_path: Path):
    run = {"t": "run", "staging": str(tmp_path)}
    said = work(
        {
            "t": "load",
            "adapter": "roomtone.models.adapters.encodec:EnCodec",
            "folder": str(tiny("encodec")),
            "device": "cpu",
            "options": {},
        },
        {**run, "run": 1, "task": "encode", "jobs": [{"audio": saved(hiss(1.0), tmp_path / "sound.npy")}]},
        {**run, "run": 2, "task": "decode", "jobs": [{"continue_from": str(tmp_path / "1_0.npz")}]},
    )
    answers = [message for message in said if message["t"] != "progress"]
    assert [message["t"] for message in answers] == ["ready", "done", "done"]
    assert answers[1]["outputs"][0]["latent"] == "1_0.npz"
    np.testing.assert_array_equal(np.load(tmp_path / "1_0.npy"), np.load(tmp_path / "2_0.npy"))
