"""What holds for every model that denoises latents: seeds, company, cancelling, loops, going on, variations."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import Tiny
from latent_runs import (
    ADAPTERS,
    FIRE,
    CancelledByTestError,
    Steps,
    distance,
    job,
    jumps,
    keep,
    latent,
    levels_db,
    make,
    samples,
)
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from roomtone.errors import ModelError
from roomtone.models.request import Capabilities
from roomtone.models.worker import explained

# Three kinds of kernels add in three orders.
ROUNDING = 1e-3


@pytest.fixture(params=["audioldm2", "stable_audio", "stable_audio3"])
def model(request: pytest.FixtureRequest, loaded: Callable[[str], Any]) -> Any:
    return loaded(request.param)


def test_a_model_says_what_it_can_do(model: Any):
    able = Capabilities(**model.capabilities)
    assert able.tasks == ("generate",)
    assert (able.sample_rate_hz, able.channels) in {(16_000, 1), (44_100, 2)}
    assert able.loop == "latent"
    assert able.continues
    assert able.varies
    assert not able.melody


def test_a_clip_is_heard_and_does_not_clip(model: Any):
    heard = samples(model)
    assert heard.shape == (model.capabilities["sample_rate_hz"], model.capabilities["channels"])
    assert heard.dtype == np.float32
    assert 0.03 < np.std(heard) < 0.3
    assert np.abs(heard).max() < 1.0


def test_the_same_seed_gives_the_same_samples_and_another_seed_others(model: Any):
    first = samples(model)
    assert np.array_equal(first, samples(model))
    assert distance(first, samples(model, seed=2)) > 0.5


def test_prompts_sound_different(model: Any):
    assert distance(samples(model), samples(model, prompt=FIRE)) > 0.2


def test_guidance_is_heard(model: Any):
    assert distance(samples(model, guidance=2.0), samples(model, guidance=6.0)) > 0.1


def test_what_should_not_be_heard_is_heard_about_where_the_model_understands_it(model: Any):
    if model.capabilities["negative"]:
        assert distance(samples(model), samples(model, negative="wind in the forest")) > 0.02
    else:
        with pytest.raises(ModelError, match=r"model\.cannot"):
            samples(model, negative="wind in the forest")


@pytest.mark.parametrize("seconds", [0.3, 1.0, 1.7])
def test_a_clip_is_as_long_as_asked(model: Any, seconds: float):
    assert len(samples(model, seconds=seconds, steps=1)) == round(
        seconds * model.capabilities["sample_rate_hz"]
    )


def test_a_clip_is_the_same_alone_and_in_company(model: Any):
    jobs = [
        job(),
        job(prompt=FIRE, seed=2, steps=3, guidance=5.0),
        job(seed=3, seconds=0.7),
        job(seed=4, guidance=1.0),
        job(seed=5, loop=True),
    ]
    together = make(model, *jobs)
    for one, output in zip(jobs, together, strict=True):
        assert distance(output["samples"], make(model, one)[0]["samples"]) < ROUNDING


def test_every_step_is_told(model: Any):
    steps = Steps()
    model.generate([job(steps=4), job(seed=2, steps=2), job(seconds=0.5, steps=3)], steps)
    # Two lengths go one after the other; what takes fewer steps than its neighbour waits for nobody. Then each clip is
    # decoded.
    assert steps.said == [(done, 7 + 3) for done in range(1, 11)]


def test_a_clip_that_nobody_wants_is_not_decoded_and_a_run_can_end_between_two(
    model: Any, monkeypatch: pytest.MonkeyPatch
):
    decoded: list[int] = []
    decode = model._decode

    def counted(latents: torch.Tensor, ring: bool) -> torch.Tensor:
        decoded.append(len(latents))
        sound: torch.Tensor = decode(latents, ring)
        return sound

    monkeypatch.setattr(model, "_model", replace(model._model, decoder=counted))
    jobs = [job(seed=seed, steps=2) for seed in range(3)]
    first, second, third = model.generate(jobs, Steps(unwanted_after={1: 2}))
    assert (len(decoded), second) == (2, None)
    assert first["samples"].shape == third["samples"].shape
    decoded.clear()
    with pytest.raises(CancelledByTestError):
        model.generate(jobs, Steps(end_after=3))
    assert len(decoded) == 1


class Away(TorchDispatchMode):
    """A device that is not the processor: counts what it is sent, and fails where the two are mixed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = func(*args, **(kwargs or {}))
        tensors = [each for each in tree_leaves((args, kwargs, found)) if isinstance(each, torch.Tensor)]
        places = {each.device.type for each in tensors if each.dim()}
        if len(places) > 1:
            assert func.name().startswith(("aten::to", "aten::_to_copy", "aten::copy_")), func
            self.sent += 1
        return found


def test_a_step_waits_for_nothing(tiny: Tiny, model: Any, monkeypatch: pytest.MonkeyPatch):
    """On a device without values: whatever a step would read back, it cannot. What it draws, each clip is sent once."""
    family, away = model.capabilities["family"], torch.device("meta")
    loaded = ADAPTERS[family](str(tiny(family)), device="cpu", options={"batch": 2})
    getattr(loaded._pipe, "unet" if family == "audioldm2" else "transformer").to(away)
    condition = loaded._model.condition
    there = lambda plan: {name: each.to(away) for name, each in condition(plan).items()}  # noqa: E731
    monkeypatch.setattr(loaded, "_model", replace(loaded._model, device=away, condition=there))
    counts: list[int] = []

    class Counted(Steps):
        def __call__(self, done: int, of: int) -> None:
            counts.append(device.sent)
            super().__call__(done, of)
            if done == 6:
                raise CancelledByTestError

    with Away() as device, pytest.raises(CancelledByTestError):
        loaded.generate([job(steps=6), job(seed=2, steps=6)], Counted())
    drawn = 0 if family == "audioldm2" else 2
    assert set(np.diff(counts)) == {drawn}


def test_a_cancelled_run_ends_at_once_and_leaves_the_model_as_it_was(model: Any):
    before = samples(model)
    steps = Steps(end_after=2)
    with pytest.raises(CancelledByTestError):
        model.generate([job(seed=8, steps=20)], steps)
    assert len(steps.said) == 2
    assert np.array_equal(before, samples(model))


def test_a_clip_that_nobody_wants_any_more_leaves_the_batch(model: Any, monkeypatch: pytest.MonkeyPatch):
    seen: list[int] = []
    network = model._predict
    plain = make(model, job(seed=1, guidance=1.0))[0]["samples"]

    def counted(latents: torch.Tensor, *told: Any, **condition: Any) -> torch.Tensor:
        seen.append(len(latents))
        return network(latents, *told, **condition)

    monkeypatch.setattr(model, "_model", replace(model._model, network=counted))
    outputs = model.generate(
        [job(seed=i, guidance=1.0) for i in range(3)], Steps(unwanted_after={0: 2, 2: 3})
    )
    assert seen == [3, 3, 2, 1, 1]
    assert outputs[0] is None
    assert outputs[2] is None
    assert distance(plain, outputs[1]["samples"]) < ROUNDING


def test_too_little_memory_is_told_as_that(loaded: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch):
    model = loaded("stable_audio3")
    greedy = replace(model._model, network=lambda *_told, **_condition: torch.empty(10**15))
    monkeypatch.setattr(model, "_model", greedy)
    with pytest.raises(MemoryError) as failed:
        make(model, job())
    assert explained(failed.value, "model.failed")["code"] == "model.out-of-memory"


# Loops ------------------------------------------------------------------------------------------


def test_the_joint_of_a_loop_is_a_place_like_any_other(model: Any):
    hop = model._model.hop_frames
    jobs = [job(seed=seed, seconds=1.5, loop=True) for seed in range(12)]
    loops = [output["samples"] for output in make(model, *jobs)]
    joint, *others = levels_db(loops, hop)
    assert min(others) < joint < max(others)
    assert jumps(loops, hop)[0] < 1.05
    with_two_ends = make(model, *(wish | {"loop": False} for wish in jobs))
    joint, *others = levels_db([output["samples"] for output in with_two_ends], hop)
    assert not min(others) < joint < max(others)


def test_a_loop_is_as_long_as_asked_to_within_a_latent(model: Any):
    hop = model._model.hop_frames
    for seconds in (0.9, 1.0, 1.3):
        output = make(model, job(seconds=seconds, steps=1, loop=True))[0]
        frames = len(output["samples"])
        assert output["notes"]["loop"] == "latent"
        assert frames % hop == 0
        assert abs(frames - seconds * output["rate_hz"]) <= hop / 2 + 1


def test_a_loop_has_no_step_at_its_joint(model: Any):
    for seed in range(4):
        heard = samples(model, seed=seed, seconds=1.5, loop=True)
        inside = np.abs(np.diff(heard, axis=0))
        assert np.abs(heard[0] - heard[-1]).max() <= inside.max()


def test_a_turned_ring_is_the_same_sound_turned(model: Any):
    """Decoding knows of no beginning; of a clip with two ends it does."""
    latents = torch.randn(model._model.shape(24), generator=torch.Generator().manual_seed(5))
    turned = torch.roll(latents, 7, 2)

    def error(ring: bool) -> float:
        sound, other = (model._model.decoder(each, ring)[0].numpy() for each in (latents, turned))
        return distance(np.roll(sound, 7 * model._model.hop_frames, axis=-1), other)

    assert error(ring=True) < 1e-3
    assert error(ring=False) > 0.05


# Going on ---------------------------------------------------------------------------------------


def test_a_clip_begins_with_the_end_of_the_one_it_goes_on_from(model: Any, tmp_path: Path):
    rate = model.capabilities["sample_rate_hz"]
    earlier = make(model, job(seconds=1.9))[0]
    wishes = {"seed": 9, "prompt": FIRE, "seconds": 2.0, "keep_s": 0.8}
    output = make(model, job(**wishes, continue_from=keep(earlier, tmp_path / "a.npz")))[0]
    prefix_frames = round(0.8 * rate)
    assert output["notes"]["prefix_s"] == pytest.approx(0.8, abs=1e-4)
    assert len(output["samples"]) == 2 * rate
    # Towards its end the earlier clip had nothing after it, and now has.
    end, begin = earlier["samples"][-prefix_frames:], output["samples"][:prefix_frames]
    first_half = slice(0, prefix_frames // 2)
    assert np.corrcoef(end[first_half, 0], begin[first_half, 0])[0, 1] > 0.95
    assert np.corrcoef(end[:, 0], begin[:, 0])[0, 1] > 0.85
    new = samples(model, **{**wishes, "keep_s": 0.0})
    assert distance(new[:prefix_frames], begin) > 0.5


def test_going_on_again_and_again_is_possible(model: Any, tmp_path: Path):
    output = make(model, job(seconds=1.3))[0]
    for i in range(3):
        path = keep(output, tmp_path / f"{i}.npz")
        following = make(model, job(seed=i, seconds=1.3, continue_from=path, keep_s=0.5))[0]
        quarter = round(0.25 * output["rate_hz"])
        end, begin = output["samples"][-2 * quarter : -quarter, 0], following["samples"][:quarter, 0]
        assert np.corrcoef(end, begin)[0, 1] > 0.9
        output = following


# Variations -------------------------------------------------------------------------------------


def test_a_variation_goes_from_the_same_to_another(model: Any, tmp_path: Path):
    earlier = make(model, job(steps=10))[0]
    path = keep(earlier, tmp_path / "a.npz")
    varied = make(
        model,
        *(job(seed=7, steps=10, vary_from=path, variation=share) for share in (0.0, 0.2, 0.6, 0.9, 1.0)),
    )
    likeness = [np.corrcoef(latent(earlier).ravel(), latent(each).ravel())[0, 1] for each in varied]
    assert likeness == sorted(likeness, reverse=True)
    assert distance(earlier["samples"], varied[0]["samples"]) < 0.01
    assert np.array_equal(samples(model, seed=7, steps=10), varied[-1]["samples"])


def test_a_loop_varies_to_a_loop(model: Any, tmp_path: Path):
    loop = make(model, job(seconds=1.5, loop=True))[0]
    wish = job(seed=7, seconds=1.5, loop=True, vary_from=keep(loop, tmp_path / "a.npz"), variation=0.7)
    varied = make(model, wish)[0]
    assert varied["samples"].shape == loop["samples"].shape
    assert 0.05 < distance(latent(loop), latent(varied)) < 1.5


# What is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"seconds": 1e6}, "too-long"),
        ({"seconds": 0.0}, "bad-job"),
        ({"seconds": float("nan")}, "bad-job"),
        ({"steps": 0}, "bad-job"),
        ({"steps": 10**9}, "bad-job"),
        ({"guidance": -1.0}, "bad-job"),
        ({"prompt": "a" * 5000}, "bad-job"),
        ({"melody": "tune.npy"}, "cannot"),
        ({"continue_from": "a.npz", "keep_s": 0.0}, "bad-job"),
        ({"continue_from": "a.npz", "keep_s": 2.0}, "bad-job"),
        ({"continue_from": "a.npz", "keep_s": 0.5, "loop": True}, "bad-job"),
        ({"continue_from": "nowhere.npz", "keep_s": 0.5}, "no-latent"),
        ({"vary_from": "nowhere.npz", "variation": 0.5}, "no-latent"),
        ({"vary_from": "nowhere.npz", "variation": 1.5}, "bad-job"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused_before_any_work(
    model: Any, wishes: dict[str, Any], code: str
):
    steps = Steps()
    with pytest.raises(ModelError) as refused:
        model.generate([job(), job(**wishes)], steps)
    assert refused.value.code == f"model.{code}"
    assert refused.value.at.startswith("jobs[1].")
    assert refused.value.fix
    assert not steps.said


def broken(folder: Path, how: str, output: dict[str, Any]) -> str:
    path = folder / "kept.npz"
    arrays = dict(output["latent"])
    if how == "foreign":
        arrays["family"] = np.array("another")
    elif how == "misshapen":
        arrays["latent"] = arrays["latent"][:, :3]
    elif how == "infinite":
        arrays["latent"] = np.full_like(arrays["latent"], np.inf)
    elif how == "beyond":
        arrays["frames"] = np.array(10**9)
    elif how == "incomplete":
        del arrays["frames"]
    elif how == "pickled":
        arrays["latent"] = np.array([{"a": 1}], dtype=object)
    np.savez(path, **arrays)
    if how == "truncated":
        path.write_bytes(path.read_bytes()[:-200])
    return str(path)


@pytest.mark.parametrize(
    "how", ["foreign", "misshapen", "infinite", "beyond", "incomplete", "pickled", "truncated"]
)
def test_a_kept_latent_that_is_not_whole_is_refused(loaded: Callable[[str], Any], how: str, tmp_path: Path):
    model = loaded("stable_audio3")
    path = broken(tmp_path, how, make(model, job())[0])
    for wish in ({"vary_from": path, "variation": 0.5}, {"continue_from": path, "keep_s": 0.5}):
        with pytest.raises(ModelError, match=r"make the earlier clip again.*model\.bad-latent"):
            make(model, job(**wish))


def test_a_variation_cannot_be_longer_than_what_it_varies(loaded: Callable[[str], Any], tmp_path: Path):
    model = loaded("stable_audio3")
    path = keep(make(model, job())[0], tmp_path / "a.npz")
    with pytest.raises(ModelError, match=r"1 s long, and 3 s are asked for.*model\.bad-latent"):
        make(model, job(seconds=3.0, vary_from=path, variation=0.5))
    with pytest.raises(ModelError, match=r"model\.bad-latent"):
        make(model, job(loop=True, vary_from=path, variation=0.5))
