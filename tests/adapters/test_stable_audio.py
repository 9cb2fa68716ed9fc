"""Stable Audio Open: the same as the library's own pipeline, told that it makes the middle of something longer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import Tiny
from diffusers import CosineDPMSolverMultistepScheduler, StableAudioPipeline
from latent_runs import Steps, distance, job, keep, make, samples

from roomtone.models.adapters.clips import Plan
from roomtone.models.adapters.stable_audio import StableAudio
from roomtone.models.adapters.wishes import read_wishes

WINDOW_S = 1024 * 2048 / 44_100


@pytest.fixture
def model(loaded: Callable[[str], Any]) -> Any:
    return loaded("stable_audio")


@pytest.fixture(scope="module")
def full(tiny: Tiny) -> Any:
    return StableAudio(str(tiny("stable_audio")), device="cpu", options={"window": "full", "batch": 2})


class Drawn:
    """Noise for the library's solver that goes on where the noise of the latents ended, as the adapter has it."""

    def __init__(self, generator: torch.Generator) -> None:
        self._generator = generator

    def __call__(self, like: torch.Tensor, **_: Any) -> Callable[..., torch.Tensor]:
        return lambda *_from_to: torch.randn(like.shape, generator=self._generator)


@pytest.mark.parametrize(
    "wish", [job(steps=3), job(steps=2, seed=2, guidance=4.0, negative="wind in a forest")]
)
def test_a_clip_of_the_whole_window_is_what_the_library_makes_of_a_middle(
    full: Any, wish: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    pipe: Any = StableAudioPipeline(**full._pipe.components)
    pipe.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(wish["seed"])
    monkeypatch.setattr(
        f"{CosineDPMSolverMultistepScheduler.__module__}.BrownianTreeNoiseSampler", Drawn(generator)
    )
    theirs = pipe(
        wish["prompt"],
        negative_prompt=wish.get("negative"),
        # Nothing but the window in the middle of three can be asked of it, and comes back cropped: as latents it is
        # whole.
        audio_start_in_s=2.0 * WINDOW_S,
        audio_end_in_s=3.0 * WINDOW_S,
        num_inference_steps=wish["steps"],
        guidance_scale=wish.get("guidance", 7.0),
        generator=generator,
        output_type="latent",
    ).audios
    ours = make_with_middle(full, wish, start_s=2.0 * WINDOW_S)
    assert distance(theirs.numpy(), np.asarray(ours["latent"]["latent"], np.float32)) < 2e-3


def make_with_middle(model: Any, wish: dict[str, Any], *, start_s: float) -> dict[str, Any]:
    """Make a clip as another window than the one that is always asked for."""
    durations = model._pipe.encode_duration
    model._encoded.cache_clear()
    model._pipe.encode_duration = lambda _start, end, *rest: durations(start_s, end, *rest)
    try:
        return make(model, wish)[0]
    finally:
        del model._pipe.encode_duration
        model._encoded.cache_clear()


def test_a_clip_is_asked_for_as_a_middle(model: Any, monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[float, float]] = []
    durations = model._pipe.encode_duration

    def noted(start_s: float, end_s: float, *rest: Any) -> Any:
        asked.append((start_s, end_s))
        return durations(start_s, end_s, *rest)

    monkeypatch.setattr(model._pipe, "encode_duration", noted)
    make(model, job(prompt="something new"))
    ((start_s, end_s),) = asked
    assert start_s > 0.0
    assert end_s > start_s + WINDOW_S


def test_no_more_is_made_than_is_heard_unless_the_whole_window_is_wanted(model: Any, full: Any):
    assert make(model, job())[0]["latent"]["latent"].shape[2] == 22
    whole = make(full, job(steps=1))[0]
    assert whole["latent"]["latent"].shape[2] == 1024
    assert whole["samples"].shape == (44_100, 2)


def test_a_loop_is_made_alone_even_where_the_whole_window_is_wanted(full: Any):
    assert make(full, job(steps=1, loop=True))[0]["latent"]["latent"].shape[2] == 22


def test_what_was_cut_off_a_window_is_not_what_is_gone_on_from(full: Any, tmp_path: Path):
    earlier = make(full, job(steps=1))[0]
    path = keep(earlier, tmp_path / "a.npz")
    following = make(full, job(steps=1, seed=2, continue_from=path, keep_s=0.5))[0]
    end, begin = earlier["samples"][22_050:33_075, 0], following["samples"][:11_025, 0]
    assert np.corrcoef(end, begin)[0, 1] > 0.95


def test_the_longest_clip_is_the_window(model: Any):
    assert model.capabilities["longest_s"] == pytest.approx(WINDOW_S)
    output = make(model, job(steps=1, seconds=model.capabilities["longest_s"]))[0]
    assert len(output["samples"]) == 1024 * 2048


def test_pieces_of_a_long_clip_are_decoded_without_a_joint(model: Any):
    """A clip longer than a piece, against all of it at once."""
    latents = torch.randn(model._model.shape(300), generator=torch.Generator().manual_seed(3))
    whole = model._pipe.vae.decode(latents).sample
    assert distance(whole.numpy(), model._decode(latents, False).numpy()) < 1e-4


def test_the_same_seed_is_the_same_noise_for_the_solver(model: Any):
    """The solver draws noise of its own at each step."""
    steps = Steps()
    first, second, other = model.generate([job(steps=6), job(steps=6), job(steps=6, seed=2)], steps)
    assert distance(first["samples"], second["samples"]) < 1e-4
    assert distance(first["samples"], other["samples"]) > 0.3
    assert np.array_equal(samples(model, steps=6), samples(model, steps=6))


def test_the_noise_of_a_step_is_another_at_each_step_and_not_that_of_the_beginning(model: Any):
    chance = torch.Generator().manual_seed(1)
    beginning = torch.randn(1, 16, 22, generator=chance)
    wish = read_wishes([job(steps=6)], model._model.terms)[0]
    ladder, _ = model._climb(Plan(wish=wish, latents=22, first_frame=0, frames=44_100), chance)
    noises = [beginning, *(ladder.scheduler.noise_sampler(2.0, 1.0) for _ in range(5))]
    alike = np.corrcoef([noise.numpy().ravel() for noise in noises]) - np.eye(6)
    assert np.abs(alike).max() < 0.2
    assert all(noise.std() == pytest.approx(1.0, abs=0.15) for noise in noises)
