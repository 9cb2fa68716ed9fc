"""AudioLDM 2: the same as the library's own pipeline; prompts mix without being encoded anew; rings are exact."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from conftest import Tiny
from diffusers import AudioLDM2Pipeline
from latent_runs import FIRE, RAIN, Steps, distance, job, latent, make, samples
from transformers import GPT2LMHeadModel

from roomtone.models.adapters.audioldm2 import AudioLdm2

LONG = "birds and wind and rain and a crowd in a café at night, " * 3


@pytest.fixture
def model(loaded: Callable[[str], Any]) -> Any:
    return loaded("audioldm2")


@pytest.fixture
def count_encoded(model: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The prompts that the text encoders are given from here on."""
    prompts: list[str] = []
    encode = model._pipe.encode_prompt

    def counted(prompt: str, *rest: Any, **more: Any) -> Any:
        prompts.append(prompt)
        return encode(prompt, *rest, **more)

    monkeypatch.setattr(model._pipe, "encode_prompt", counted)
    return prompts


def test_a_clip_is_what_the_library_makes(tiny: Tiny, model: Any):
    folder = tiny("audioldm2")
    language_model = GPT2LMHeadModel.from_pretrained(folder, subfolder="language_model")
    kind: Any = AudioLDM2Pipeline
    pipe = kind.from_pretrained(folder, language_model=language_model)
    pipe.set_progress_bar_config(disable=True)
    for wish in (
        job(seconds=1.5),
        job(prompt=LONG, seed=2, guidance=6.0, negative="wind in a forest"),
        job(prompt="a", seed=3, seconds=0.7, steps=3),
    ):
        theirs = pipe(
            wish["prompt"],
            negative_prompt=wish.get("negative"),
            audio_length_in_s=wish["seconds"],
            num_inference_steps=wish["steps"],
            guidance_scale=wish.get("guidance", 3.5),
            generator=torch.Generator().manual_seed(wish["seed"]),
        ).audios
        assert distance(theirs.T, make(model, wish)[0]["samples"]) < 1e-3


def test_the_fast_solver_comes_near_what_many_steps_make(tiny: Tiny, model: Any):
    fast = AudioLdm2(str(tiny("audioldm2")), device="cpu", options={"solver": "dpm++"})
    assert fast.capabilities["steps"] < model.capabilities["steps"] / 4
    exact = latent(make(model, job(steps=100))[0])
    far = [distance(exact, latent(make(fast, job(steps=steps))[0])) for steps in (8, 25)]
    assert far[1] < min(far[0], 0.2)


def test_half_precision_stays_near(tiny: Tiny, model: Any):
    half = AudioLdm2(str(tiny("audioldm2")), device="cpu", options={"dtype": "bf16"})
    assert distance(latent(make(model, job())[0]), latent(make(half, job())[0])) < 0.1
    blended = job(blend_prompt=FIRE, blend_amount=0.3)
    assert distance(latent(make(model, blended)[0]), latent(make(half, blended)[0])) < 0.1


# Prompts ----------------------------------------------------------------------------------------


def test_a_prompt_is_encoded_once(model: Any, count_encoded: list[str]):
    make(model, job(prompt="wind"), job(prompt="wind", seed=2), job(prompt="wind", seed=3, seconds=0.6))
    make(model, job(prompt="wind", loop=True))
    assert count_encoded == ["wind"]
    make(model, job(prompt="wind", negative="rain"))
    assert count_encoded == ["wind", "wind"]


def test_two_prompts_mix_without_being_encoded_anew(model: Any, count_encoded: list[str]):
    make(model, job(), job(prompt=FIRE))
    count_encoded.clear()
    make(model, *(job(blend_prompt=FIRE, blend_amount=amount) for amount in (0.25, 0.5, 0.75)))
    assert not count_encoded


@pytest.mark.parametrize("other", [FIRE, "a", LONG])
def test_a_mix_begins_at_one_prompt_and_ends_at_the_other(model: Any, other: str):
    first, second = make(model, job(), job(prompt=other))
    for amount, near in ((0.0, first), (1.0, second)):
        assert distance(near["samples"], samples(model, blend_prompt=other, blend_amount=amount)) < 1e-3
    for amount, near in ((1e-5, first), (1.0 - 1e-5, second)):
        assert (
            distance(latent(near), latent(make(model, job(blend_prompt=other, blend_amount=amount))[0]))
            < 2e-3
        )


def test_a_mix_goes_from_one_prompt_to_the_other_in_one_direction(model: Any):
    second = latent(make(model, job(prompt=FIRE))[0])
    mixed = make(model, *(job(blend_prompt=FIRE, blend_amount=amount) for amount in np.linspace(0.0, 1.0, 6)))
    far = [distance(second, latent(each)) for each in mixed]
    assert far == sorted(far, reverse=True)
    middle = [distance(latent(mixed[i]), latent(mixed[i + 1])) for i in range(5)]
    assert max(middle) < 0.6 * far[0]


def test_mixing_is_the_same_from_either_side(model: Any):
    one = make(model, job(prompt=RAIN, blend_prompt=FIRE, blend_amount=0.3))[0]
    other = make(model, job(prompt=FIRE, blend_prompt=RAIN, blend_amount=0.7))[0]
    assert distance(one["samples"], other["samples"]) < 1e-3


# Rings ------------------------------------------------------------------------------------------


def test_a_ring_that_begins_turned_ends_turned(model: Any, monkeypatch: pytest.MonkeyPatch):
    """No step sees where the ring begins. Eight latents are what the network halves three times."""
    wish = job(seconds=40 / 25, loop=True)
    plain = latent(make(model, wish)[0])
    noise = torch.randn
    monkeypatch.setattr(torch, "randn", lambda *shape, **more: torch.roll(noise(*shape, **more), 16, 2))
    turned = latent(make(model, wish)[0])
    assert distance(np.roll(plain, 16, axis=2), turned) < 1e-3
    # A clip with two ends is another one.
    ends = latent(make(model, wish | {"loop": False})[0])
    monkeypatch.undo()
    assert distance(np.roll(latent(make(model, wish | {"loop": False})[0]), 16, axis=2), ends) > 0.2


def test_a_clip_with_two_ends_does_not_hear_the_loop_before_it(model: Any):
    before = samples(model)
    model.generate([job(loop=True), job(seed=4)], Steps())
    assert np.array_equal(before, samples(model))
