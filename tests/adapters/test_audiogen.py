"""AudioGen: a job becomes its clip, alone or among others; clips are gone on from, varied, and closed to loops."""

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from token_runs import (
    FIRE,
    RAIN,
    CancelledByTestError,
    Samples,
    Steps,
    Tiny,
    alike,
    asked,
    conditions_of,
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
from roomtone.models.adapters.audiocraft_codec import decode
from roomtone.models.adapters.audiocraft_stand_ins import stand_ins
from roomtone.models.adapters.audiogen import AudioGen
from roomtone.models.adapters.token_draws import uniforms
from roomtone.models.request import Capabilities, Job

RATE_HZ, HOP, FRAME_RATE = 16_000, 320, 50


@pytest.fixture(scope="module")
def model(tiny: Tiny) -> AudioGen:
    return AudioGen(str(tiny("audiogen")), device="cpu", options={"longest_s": 13.0})


def another(tiny: Tiny, **options: Any) -> AudioGen:
    return AudioGen(str(tiny("audiogen")), device="auto", options=options)


def refusal(model: AudioGen, **wishes: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        make_one(model, **wishes)
    assert caught.value.fix
    return caught.value


# What it is -----------------------------------------------------------------------------------


def test_it_says_what_it_can_do(tiny: Tiny):
    able = another(tiny).capabilities
    assert json.loads(json.dumps(able))
    said = Capabilities(**able)
    assert (said.family, said.sample_rate_hz, said.channels) == ("audiogen", RATE_HZ, 1)
    # The window that it was trained on.
    assert said.longest_s == 10.0
    assert (said.loop, said.continues, said.varies, said.seeds) == ("tokens", True, True, True)
    assert (said.blends, said.melody) == (False, False)
    assert said.batch == 4
    assert another(tiny, batch=2, longest_s=25.0).capabilities["batch"] == 2


def test_a_model_with_little_memory_left_makes_fewer_at_once(tiny: Tiny, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("roomtone.models.adapters.token_models.free_memory_bytes", lambda _: 4_000_000)
    # 2 layers, 820 places, 32 wide, keys and values, for what to make and what to keep away from, in float32.
    assert another(tiny).capabilities["batch"] == 4_000_000 // 2 // (2 * 820 * 32 * 2 * 2 * 4)


# What it makes --------------------------------------------------------------------------------


def test_a_clip_is_heard_is_finite_does_not_clip_and_is_as_long_as_asked(model: AudioGen):
    for seconds in (0.02, 0.5, 1.333):
        made = make_one(model, seconds=seconds)
        heard = made["samples"]
        assert made["rate_hz"] == RATE_HZ
        assert heard.dtype == np.float32
        assert heard.shape == (round(seconds * RATE_HZ), 1)
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() < 0.9
        assert -40.0 < level_db(heard) < -15.0


def test_the_defaults_of_a_job_are_enough(model: AudioGen):
    made = make(model, asdict(Job(prompt=RAIN, seconds=0.5)))
    assert len(made[0]["samples"]) == 8_000
    assert json.loads(json.dumps(made[0]["notes"]))


def test_the_same_job_gives_the_same_samples_and_another_seed_or_text_others(model: AudioGen):
    first, again, seed, text = (
        make_one(model, **wishes) for wishes in ({}, {}, {"seed": 2}, {"prompt": FIRE})
    )
    np.testing.assert_array_equal(first["samples"], again["samples"])
    assert alike(first, seed) < 0.3
    assert alike(first, text) < 0.4
    assert np.corrcoef(first["samples"][:, 0], seed["samples"][:, 0])[0, 1] < 0.5


def test_a_job_is_the_same_alone_and_among_others(model: AudioGen):
    jobs = [
        job(),
        job(prompt=FIRE),
        job(seed=2),
        job(negative="wind"),
        job(seconds=0.7),
        job(guidance=1.0),
        job(seed=3, guidance=5.0),
        job(loop=True),
    ]
    together = make(model, *jobs)
    for each, made in zip(jobs, together, strict=True):
        alone = make(model, each)[0]
        np.testing.assert_array_equal(tokens(alone), tokens(made))
        np.testing.assert_array_equal(alone["samples"], made["samples"])
        assert alone["notes"] == made["notes"]


def test_guidance_and_what_should_not_be_heard_change_what_is_heard(model: AudioGen):
    plain, strict, without = (
        make_one(model, **wishes) for wishes in ({}, {"guidance": 8.0}, {"negative": FIRE})
    )
    assert plain["notes"]["guidance"] == 3.0
    assert alike(plain, strict) < 0.9
    assert alike(plain, without) < 0.9


def test_keeping_away_from_the_prompt_itself_leaves_the_plain_model(model: AudioGen):
    # Both halves of guidance say the same, so that it changes nothing, however strict.
    itself = make_one(model, negative=RAIN, guidance=8.0)
    np.testing.assert_array_equal(tokens(itself), tokens(make_one(model, guidance=1.0)))


def test_cold_sampling_repeats_itself_more(tiny: Tiny):
    def kinds(**options: Any) -> int:
        return len(np.unique(tokens(make_one(another(tiny, **options)))))

    assert kinds(top_k=1) < kinds(temperature=0.3) < kinds()


# Steps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "jobs",
    [
        [job()],
        [job(), job(seed=2), job(prompt=FIRE)],
        [job(seed=seed, seconds=0.5) for seed in range(6)],
        [job(loop=True), job(loop=True, seed=2), job(seconds=0.5)],
        [job(seconds=10.5)],
    ],
)
def test_every_token_and_every_clip_is_a_step_and_their_number_is_known_from_the_first(
    model: AudioGen, jobs: list[dict[str, Any]]
):
    step = Steps()
    make(model, *jobs, step=step)
    of = len(step.said)
    assert step.said == [(done, of) for done in range(1, of + 1)]
    assert of >= FRAME_RATE * jobs[0]["seconds"] + len(jobs)


@pytest.mark.parametrize("end_after", [1, 30, 55])
def test_a_run_that_is_broken_off_leaves_the_model_as_it_was(model: AudioGen, end_after: int):
    jobs = [job(loop=True), job(seed=2, loop=True)]
    first = make(model, *jobs)
    with pytest.raises(CancelledByTestError):
        make(model, *jobs, step=Steps(end_after=end_after))
    again = make(model, *jobs)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one["samples"], other["samples"])


def test_a_clip_that_nobody_wants_any_more_is_left_out_and_the_others_stay_as_they_are(model: AudioGen):
    jobs = [job(), job(seed=2), job(seed=3, loop=True), job(seed=4, loop=True), job(seed=5, seconds=0.5)]
    whole = make(model, *jobs)
    # The second goes in its windows, the fourth while its bridges are made, the last before it is begun.
    step = Steps(unwanted_after={1: 20, 3: 53 + 50, 4: 0})
    some = make(model, *jobs, step=step)
    assert [made is not None for made in some] == [True, False, True, False, False]
    for i in (0, 2):
        np.testing.assert_array_equal(some[i]["samples"], whole[i]["samples"])


# Going on -------------------------------------------------------------------------------------


def test_a_clip_goes_on_from_the_very_end_of_another(model: AudioGen, tmp_path: Path):
    earlier = make_one(model)
    kept = keep(earlier, tmp_path / "earlier.npz")
    made = make_one(model, seed=9, seconds=1.5, continue_from=kept, keep_s=0.4)
    np.testing.assert_array_equal(tokens(made)[:, :20], tokens(earlier)[:, -20:])
    assert made["notes"]["prefix_s"] == 0.4
    assert made["samples"].shape == (24_000, 1)
    # But for the edges, where the decoder hears something else beside it, it sounds as it did.
    before, after = earlier["samples"][-5_600:-1_600, 0], made["samples"][800:4_800, 0]
    assert np.corrcoef(before, after)[0, 1] > 0.95
    assert alike(made, make_one(model, seed=8, seconds=1.5, continue_from=kept, keep_s=0.4)) < 0.5


def test_the_prefix_is_measured_to_where_the_earlier_clip_was_heard_to_end(model: AudioGen, tmp_path: Path):
    # 1.013 s are 50 frames of tokens and 13 ms of another.
    earlier = make_one(model, seconds=1.013)
    kept = keep(earlier, tmp_path / "earlier.npz")
    made = make_one(model, seed=9, seconds=1.5, continue_from=kept, keep_s=0.4)
    assert made["notes"]["prefix_s"] == pytest.approx(0.4 - 0.007, abs=1e-4)
    prefix_frames = round(made["notes"]["prefix_s"] * RATE_HZ)
    before, after = earlier["samples"][-prefix_frames:, 0], made["samples"][:prefix_frames, 0]
    assert np.corrcoef(before[800:-800], after[800:-800])[0, 1] > 0.95


def test_no_more_is_kept_than_there_is(model: AudioGen, tmp_path: Path):
    kept = keep(make_one(model, seconds=0.3), tmp_path / "earlier.npz")
    assert make_one(model, continue_from=kept, keep_s=0.9)["notes"]["prefix_s"] == 0.3


def test_a_clip_longer_than_the_window_is_the_one_that_audiocraft_makes_of_it(
    model: AudioGen, tmp_path: Path
):
    from audiocraft.models import AudioGen as TheirAudioGen  # noqa: PLC0415

    seconds, seed = 12.5, 5
    frames = round(seconds * FRAME_RATE)
    theirs = TheirAudioGen("tiny", model._codec, model._lm, max_duration=10.0)
    theirs.set_generation_params(duration=seconds, top_k=64)
    windows = [500, 500, 425]
    chances = [uniforms([(seed, 0, number)], length + 4, 4) for number, length in enumerate(windows)]
    # They draw window after window; in a later one, from the step on that makes its 401st frame.
    drawn = torch.cat([chances[0][:, 1 : windows[0] + 4]] + [each[:, 401:] for each in chances[1:]], dim=1)
    with stand_ins(), drawn_by(drawn, 0):
        expected = theirs._generate_tokens(asked(model._lm, [RAIN]), None)
    ours = make_one(model, seconds=seconds, seed=seed)
    assert tokens(ours).shape == (4, frames)
    np.testing.assert_array_equal(tokens(ours), expected[0].numpy())


# Varying --------------------------------------------------------------------------------------


def test_a_variation_keeps_as_much_as_it_is_told_to_the_coarsest_longest(model: AudioGen, tmp_path: Path):
    earlier = make_one(model)
    kept = keep(earlier, tmp_path / "earlier.npz")
    shares = []
    for variation in (0.0, 0.125, 0.25, 0.6, 1.0):
        made = make_one(model, seed=9, vary_from=kept, variation=variation)
        same = tokens(made) == tokens(earlier)
        resampled = round(variation * same.size)
        whole, part = divmod(resampled, 50)
        assert same[: 4 - whole - bool(part)].all()
        if part:
            assert same[3 - whole, : 50 - part].all()
        shares.append(same.mean())
    assert shares[0] == 1.0
    assert all(more > less for more, less in pairwise(shares))
    assert shares[-1] < 0.3


def test_a_small_variation_sounds_nearer_than_a_large_one(model: AudioGen, tmp_path: Path):
    earlier = make_one(model)
    kept = keep(earlier, tmp_path / "earlier.npz")

    def likeness(variation: float) -> float:
        heard = make_one(model, seed=9, vary_from=kept, variation=variation)["samples"]
        return float(np.corrcoef(heard[:, 0], earlier["samples"][:, 0])[0, 1])

    assert likeness(0.0) > 0.9999
    assert likeness(0.25) > likeness(0.5) > likeness(1.0)


def test_a_variation_may_be_shorter_or_longer_than_what_it_varies(model: AudioGen, tmp_path: Path):
    earlier = make_one(model)
    kept = keep(earlier, tmp_path / "earlier.npz")
    shorter, longer = (
        make_one(model, seed=9, vary_from=kept, variation=0.0, seconds=seconds) for seconds in (0.6, 1.4)
    )
    np.testing.assert_array_equal(tokens(shorter), tokens(earlier)[:, :30])
    np.testing.assert_array_equal(tokens(longer)[:, :50], tokens(earlier))
    assert tokens(longer).shape == (4, 70)


# Loops ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loops(model: AudioGen) -> list[dict[str, Any]]:
    return make(model, *(job(seed=seed, loop=True, seconds=2.0) for seed in range(8)))


def test_a_loop_is_a_whole_number_of_frames(model: AudioGen, loops: list[dict[str, Any]]):
    assert all(made["samples"].shape == (32_000, 1) for made in loops)
    assert all(made["notes"]["loop"] == "tokens" for made in loops)
    assert len(make_one(model, loop=True, seconds=0.995)["samples"]) == 50 * HOP
    assert len(make_one(model, loop=True, seconds=0.01)["samples"]) == 2 * HOP


def rank_of_last_step(heard: Samples) -> float:
    """The share of steps from sample to sample that are smaller than the one from the last to the first."""
    steps = np.abs(np.diff(heard[:, 0], append=heard[0, 0]))
    return float((steps < steps[-1]).mean())


def test_the_joint_of_a_loop_is_a_place_like_any_other(model: AudioGen, loops: list[dict[str, Any]]):
    # Half of the places are more conspicuous than one that is like any other.
    assert 0.2 < np.mean([rank_of_joint(made["samples"], HOP) for made in loops]) < 0.8
    assert 0.25 < np.mean([rank_of_last_step(made["samples"]) for made in loops]) < 0.75
    # The same measure hears that a clip which is no loop fades at its edges.
    straight = make(model, *(job(seed=seed, seconds=2.0) for seed in range(8)))
    assert np.mean([rank_of_last_step(made["samples"]) for made in straight]) < 0.25


def test_a_loop_sounds_the_same_from_wherever_it_is_begun(model: AudioGen, loops: list[dict[str, Any]]):
    for made in loops[:3]:
        codes = torch.from_numpy(tokens(made).astype(np.int64))
        rolled = decode(model._codec, codes.roll(37, dims=1), circular=True)
        np.testing.assert_allclose(rolled, np.roll(made["samples"], 37 * HOP, axis=0), atol=1e-5)
        plain = decode(model._codec, codes.roll(37, dims=1), circular=False)
        assert np.abs(plain - np.roll(made["samples"], 37 * HOP, axis=0)).max() > 1e-3


def test_of_several_ways_to_close_a_loop_the_likeliest_is_taken(tiny: Tiny):
    one, many = (another(tiny, tries=tries) for tries in (1, 8))
    for seed in range(3):
        first, best = (make_one(each, seed=seed, loop=True)["notes"] for each in (one, many))
        assert best["joint_nats"] >= first["joint_nats"]
    assert best["joint_nats"] > first["joint_nats"]


def test_a_loop_says_how_likely_its_joint_is(model: AudioGen, loops: list[dict[str, Any]]):
    conditions = conditions_of(model._lm, [RAIN])
    for made in loops:
        codes = torch.from_numpy(tokens(made).astype(np.int64))
        # A fifth of it is the bridge; half a second of its beginning is listened to.
        joined = torch.cat([codes, codes[:, :25]], dim=1)[None]
        odds = model._tokens.likelihood(joined, conditions, guidance=[3.0], first_frame=80)
        assert odds[..., 20:].mean().item() == pytest.approx(made["notes"]["joint_nats"], abs=2e-3)
        assert odds[..., :20].mean().item() == pytest.approx(made["notes"]["inside_nats"], abs=2e-3)


def test_a_loop_can_be_varied_and_stays_one(model: AudioGen, tmp_path: Path):
    earlier = make_one(model, loop=True)
    kept = keep(earlier, tmp_path / "earlier.npz")
    same = make_one(model, loop=True, vary_from=kept, variation=0.0)
    np.testing.assert_array_equal(same["samples"], earlier["samples"])
    varied = make_one(model, loop=True, vary_from=kept, variation=0.25, seed=9)
    assert 0.4 < alike(varied, earlier) < 0.95
    # What closes it is made anew as well.
    assert "joint_nats" in varied["notes"]
    np.testing.assert_array_equal(tokens(varied)[:3, :40], tokens(earlier)[:3, :40])


def test_what_was_no_loop_is_closed_when_a_loop_is_asked_of_it(model: AudioGen, tmp_path: Path):
    kept = keep(make_one(model), tmp_path / "earlier.npz")
    closed = make_one(model, loop=True, vary_from=kept, variation=0.0)
    assert "joint_nats" in closed["notes"]


# What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "code", "field"),
    [
        ({"seconds": 13.1}, "model.too-long", "seconds"),
        ({"seconds": 0.0}, "model.bad-job", "seconds"),
        ({"seconds": float("nan")}, "model.bad-job", "seconds"),
        ({"prompt": "rain " * 2_000}, "model.bad-job", "prompt"),
        ({"guidance": -1.0}, "model.bad-job", "guidance"),
        ({"melody": "tune.npy"}, "model.cannot", "melody"),
        ({"blend_prompt": FIRE, "blend_amount": 0.5}, "model.cannot", "blend_prompt"),
        ({"continue_from": "gone.npz", "keep_s": 0.5}, "model.no-latent", "continue_from"),
        ({"vary_from": "gone.npz", "variation": 0.5}, "model.no-latent", "vary_from"),
    ],
)
def test_a_job_that_cannot_be_done_is_refused_by_the_name_of_the_field(
    model: AudioGen, wishes: dict[str, Any], code: str, field: str
):
    error = refusal(model, **wishes)
    assert error.code == code
    assert error.at == f"jobs[0].{field}"


@pytest.mark.parametrize(
    "change",
    [
        {"tokens": np.full((4, 10), 64, np.int16)},
        {"tokens": np.full((4, 10), -1, np.int16)},
        {"tokens": np.zeros((3, 10), np.int16)},
        {"tokens": np.zeros((4, 0), np.int16)},
        {"tokens": np.zeros((4, 10), np.int64)},
        {"tokens": np.zeros(10, np.int16)},
        {"codec": np.array([32_000, 640, 1, 4, 64], np.int32)},
        {"heard_frames": np.array(0)},
        {"heard_frames": np.array(1 << 40)},
        {"heard_frames": np.array("many")},
    ],
)
def test_what_is_no_clip_of_this_model_is_not_gone_on_from(
    model: AudioGen, tmp_path: Path, change: dict[str, Any]
):
    whole = make_one(model, seconds=0.2)
    kept = keep({"latent": {**whole["latent"], **change}}, tmp_path / "earlier.npz")
    error = refusal(model, continue_from=kept, keep_s=0.1)
    assert error.code == "model.bad-latent"
    assert kept in error.what


def test_a_file_that_is_none_is_not_gone_on_from(model: AudioGen, tmp_path: Path):
    path = tmp_path / "earlier.npz"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    assert refusal(model, vary_from=str(path), variation=0.5).code == "model.bad-latent"
    np.savez_compressed(path, tokens=np.zeros((4, 2_000_000), np.int16))
    assert path.stat().st_size < 100_000
    error = refusal(model, vary_from=str(path), variation=0.5)
    assert "unpacks to" in error.what
    np.savez(path, tokens=np.array([object()], dtype=object))
    assert refusal(model, vary_from=str(path), variation=0.5).code == "model.bad-latent"


# In a worker ----------------------------------------------------------------------------------


@pytest.mark.system
def test_a_worker_loads_it_and_makes_clips_and_goes_on_from_them(tiny: Tiny, model: AudioGen, tmp_path: Path):
    load = {
        "t": "load",
        "adapter": "roomtone.models.adapters.audiogen:AudioGen",
        "folder": str(tiny("audiogen")),
    }
    run = {"t": "run", "task": "generate", "staging": str(tmp_path)}
    on = job(seed=2, continue_from=str(tmp_path / "1_0.npz"), keep_s=0.5)
    said = work(
        {**load, "device": "cpu", "options": {}},
        {**run, "run": 1, "jobs": [job(), job(loop=True)]},
        {**run, "run": 2, "jobs": [on]},
        {**run, "run": 3, "jobs": [job(seconds=99.0)]},
    )
    answers = [message for message in said if message["t"] != "progress"]
    assert [message["t"] for message in answers] == ["ready", "done", "done", "failed"]
    assert answers[0]["capabilities"]["family"] == "audiogen"
    np.testing.assert_allclose(np.load(tmp_path / "1_0.npy"), make_one(model)["samples"], atol=1e-6)
    assert answers[1]["outputs"][1]["notes"]["loop"] == "tokens"
    assert answers[2]["outputs"][0]["notes"]["prefix_s"] == 0.5
    with np.load(tmp_path / "1_0.npz") as first, np.load(tmp_path / "2_0.npz") as second:
        np.testing.assert_array_equal(first["tokens"][:, -25:], second["tokens"][:, :25])
    assert answers[3]["code"] == "model.too-long"
    progress = [(message["step"], message["steps"]) for message in said if message["t"] == "progress"]
    assert progress
    assert all(done <= of for done, of in progress)
