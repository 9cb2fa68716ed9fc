"""Stable Audio 3: the same as the library's own pipelines; what must stay is shown to it; minutes fit into memory."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import Tiny
from diffusers import FlowMatchEulerDiscreteScheduler, StableAudio3Pipeline
from latent_runs import FIRE, RAIN, distance, job, keep, latent, make, samples

from roomtone.models.adapters import compiled
from roomtone.models.adapters.stable_audio3 import StableAudio3


@pytest.fixture
def model(loaded: Callable[[str], Any]) -> Any:
    return loaded("stable_audio3")


@pytest.fixture(scope="module")
def undistilled(tiny: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("plain") / "stable_audio3"
    shutil.copytree(tiny("stable_audio3"), folder)
    kind: Any = FlowMatchEulerDiscreteScheduler
    kind(num_train_timesteps=1, shift=1.0).save_pretrained(folder / "scheduler")
    return StableAudio3(str(folder), device="cpu", options={})


def theirs(model: Any, wish: dict[str, Any], guidance: float) -> np.ndarray:
    pipe: Any = StableAudio3Pipeline(**model._pipe.components)
    pipe.set_progress_bar_config(disable=True)
    made = pipe(
        wish["prompt"],
        duration=wish["seconds"],
        num_inference_steps=wish["steps"],
        guidance_scale=guidance,
        negative_prompt=wish.get("negative"),
        generator=torch.Generator().manual_seed(wish["seed"]),
    ).audios
    return made[0].numpy().T


def test_a_clip_is_what_the_library_makes(model: Any):
    for wish in (job(steps=8), job(prompt=FIRE, seed=2, seconds=1.7)):
        assert distance(theirs(model, wish, 1.0), make(model, wish)[0]["samples"]) < 1e-3


def test_a_clip_of_the_model_that_is_not_distilled_is_what_the_library_makes(undistilled: Any):
    wish = job(steps=10, guidance=4.0, negative="wind in a forest")
    assert distance(theirs(undistilled, wish, 4.0), make(undistilled, wish)[0]["samples"]) < 1e-3


def test_what_is_distilled_needs_no_guidance_and_few_steps(model: Any, undistilled: Any):
    assert (model.capabilities["steps"], model.capabilities["negative"]) == (8, False)
    assert (undistilled.capabilities["steps"], undistilled.capabilities["negative"]) == (100, True)
    assert make(model, job(steps=None))[0]["notes"]["guidance"] == 1.0


def test_what_must_stay_is_shown_to_the_network(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shown: list[torch.Tensor] = []
    transformer = model._transformer
    path = keep(make(model, job(seconds=1.5))[0], tmp_path / "a.npz")

    def noted(*told: Any, **condition: Any) -> Any:
        shown.append(condition["local_add_cond"])
        return transformer(*told, **condition)

    monkeypatch.setattr(model, "_transformer", noted)
    make(model, job(seed=2, seconds=1.5, continue_from=path, keep_s=0.6))
    mask, kept = shown[0][0, 0].numpy(), shown[0][0, 1:].numpy()
    held = int(mask.sum())
    assert np.array_equal(mask, np.arange(len(mask)) < held)
    assert held in {7, 8}
    assert np.array_equal(kept[:, :held], np.float32(np.load(path)["latent"])[0][:, -held:])
    assert not kept[:, held:].any()


def test_what_is_shown_is_heard_in_what_follows(model: Any, tmp_path: Path):
    """The same seed and prompt after two beginnings."""
    first, second = make(model, job(seconds=1.5), job(prompt=FIRE, seed=6, seconds=1.5))
    after = [
        make(model, job(seed=2, continue_from=keep(each, tmp_path / f"{i}.npz"), keep_s=0.4))[0]["samples"]
        for i, each in enumerate((first, second))
    ]
    assert distance(after[0][-20_000:], after[1][-20_000:]) > 0.05


def test_a_variation_begins_at_exactly_its_share_of_noise(model: Any, tmp_path: Path):
    """Between two of eight steps there would be nothing."""
    earlier = make(model, job(steps=8))[0]
    path = keep(earlier, tmp_path / "a.npz")
    near, far = make(
        model, *(job(seed=3, steps=8, vary_from=path, variation=share) for share in (0.60, 0.68))
    )
    assert distance(latent(near), latent(far)) > 0.005
    assert near["notes"]["steps"] == far["notes"]["steps"]


def test_minutes_are_decoded_in_pieces_without_a_joint(model: Any):
    latents = torch.randn(model._model.shape(150), generator=torch.Generator().manual_seed(3))
    whole = model._pipe.vae.decode(latents).sample
    assert distance(whole.numpy(), model._decode(latents, False).numpy()) < 1e-4


def test_minutes_can_be_made(model: Any):
    output = make(model, job(steps=1, seconds=60.0))[0]
    assert output["samples"].shape == (60 * 44_100, 2)
    assert np.isfinite(output["samples"]).all()
    assert model.capabilities["longest_s"] == 384.0


def test_a_compiled_network_makes_the_same_and_always_gets_a_full_batch(
    tiny: Tiny, model: Any, monkeypatch: pytest.MonkeyPatch
):
    """Traced as on a machine with a compiler, but run as it is: compiling takes half a minute."""
    seen: list[int] = []

    def traced(network: Any, *, dynamic: bool, mode: str) -> Any:
        assert not dynamic
        run = torch._dynamo.optimize("eager", dynamic=False)(network)

        def counted(latents: torch.Tensor, *told: Any, **condition: Any) -> Any:
            seen.append(len(latents))
            return run(latents, *told, **condition)

        return counted

    monkeypatch.setattr(compiled.torch, "compile", traced)
    fast = StableAudio3(str(tiny("stable_audio3")), device="cpu", options={"compile": True, "batch": 3})
    wishes = [job(seed=seed, steps=2) for seed in range(4)]
    for plain, quick in zip(make(model, *wishes), make(fast, *wishes), strict=True):
        assert distance(plain["samples"], quick["samples"]) < 1e-3
    assert seen == [3, 3, 3, 3]


def test_half_precision_stays_near(tiny: Tiny, model: Any):
    half = StableAudio3(str(tiny("stable_audio3")), device="cpu", options={"dtype": "bf16"})
    assert distance(samples(model, prompt=RAIN), samples(half, prompt=RAIN)) < 0.2
