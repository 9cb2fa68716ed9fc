"""Denoising side by side: every clip takes its own steps, the network is called once for all."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from diffusers import DDIMScheduler
from latent_runs import Steps

from roomtone.models.adapters.circular import cut_generator
from roomtone.models.adapters.denoise import Ladder, Row, denoise


def ladder(steps: int) -> Ladder:
    kind: Any = DDIMScheduler
    scheduler = kind(beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=True)
    scheduler.set_timesteps(steps)
    powers = [float(scheduler.alphas_cumprod[time]) for time in scheduler.timesteps] + [1.0]
    levels = tuple((power**0.5, (1.0 - power) ** 0.5) for power in powers)
    return Ladder(scheduler=scheduler, times=scheduler.timesteps, levels=levels)


def row(index: int, *, steps: int = 4, latents: int = 8, guidance: float = 1.0, target: float = 0.0) -> Row:
    noise = torch.randn(1, 2, latents, generator=torch.Generator().manual_seed(index))
    return Row(
        index=index,
        ladder=ladder(steps),
        at=0,
        latent=noise,
        condition={"target": torch.tensor([[0.0], [target]])},
        guidance=guidance,
        generator=torch.Generator(),
    )


class Oracle:
    """A network that knows which constant the clip shall be, and says what of the latent is noise."""

    def __init__(self) -> None:
        self.clips: list[int] = []
        self.powers = ladder(1).scheduler.alphas_cumprod

    def __call__(
        self, latents: torch.Tensor, times: torch.Tensor, _ring: bool, target: torch.Tensor
    ) -> torch.Tensor:
        self.clips.append(len(latents))
        power = self.powers[times].view(-1, 1, 1)
        return (latents - power.sqrt() * target[:, :, None]) / (1.0 - power).sqrt()


def test_the_network_is_called_once_for_all_that_are_left():
    oracle = Oracle()
    done = denoise([row(0, steps=2), row(1, steps=5), row(2, steps=3)], oracle, Steps(), batch=8)
    assert oracle.clips == [3, 3, 2, 1, 1]
    assert sorted(done) == [0, 1, 2]


def test_what_has_another_shape_goes_in_a_run_of_its_own():
    oracle, steps = Oracle(), Steps()
    denoise([row(0), row(1, latents=9), row(2)], oracle, steps, batch=8)
    assert oracle.clips == [2] * 4 + [1] * 4
    assert steps.said[-1] == (8, 8)


def test_no_more_clips_go_together_than_fit():
    oracle = Oracle()
    denoise([row(i, steps=1) for i in range(5)], oracle, Steps(), batch=2)
    assert oracle.clips == [2, 2, 1]


def test_a_fixed_batch_is_filled_up_and_makes_the_same():
    oracle = Oracle()
    filled = denoise([row(i) for i in range(3)], oracle, Steps(), batch=4, fixed=True)
    assert oracle.clips == [4] * 4
    alone = denoise([row(1)], Oracle(), Steps(), batch=4)
    assert torch.allclose(filled[1], alone[1], atol=1e-6)


def test_what_the_network_knows_is_what_comes_out():
    done = denoise([row(0, target=0.7), row(1, target=-0.3)], Oracle(), Steps(), batch=8)
    assert done[0].mean() == pytest.approx(0.7, abs=1e-3)
    assert done[1].mean() == pytest.approx(-0.3, abs=1e-3)


def test_guidance_goes_beyond_the_wish_by_each_clips_own_measure():
    oracle = Oracle()
    done = denoise(
        [row(0, target=0.5), row(1, target=0.5, guidance=2.0), row(2, target=0.5, guidance=3.0)],
        oracle,
        Steps(),
        batch=8,
    )
    assert [float(done[i].mean()) for i in range(3)] == pytest.approx([0.5, 1.0, 1.5], abs=1e-3)
    # Both halves of the guidance are one call.
    assert set(oracle.clips) == {6}


def test_no_guidance_costs_no_second_half():
    oracle = Oracle()
    denoise([row(0), row(1)], oracle, Steps(), batch=8)
    assert set(oracle.clips) == {2}


def test_what_is_held_stands_at_the_beginning_at_every_step():
    held = torch.full((1, 2, 3), 0.9)
    one = row(0, target=0.2)
    noise = one.latent[:, :, :3].clone()
    begun = Row(
        index=0,
        ladder=one.ladder,
        at=0,
        latent=one.latent,
        condition=one.condition,
        guidance=1.0,
        generator=one.generator,
        held=held,
        noise=noise,
    )
    while begun.left:
        clip, hidden = begun.ladder.levels[begun.at]
        assert torch.allclose(begun.latent[:, :, :3], clip * held + hidden * noise, atol=1e-6)
        begun.take(torch.zeros_like(begun.latent))
    assert torch.equal(begun.latent[:, :, :3], held)


def test_a_ring_is_cut_open_at_another_place_at_each_step_and_nothing_is_moved():
    seen: list[int] = []

    def watch(latents: torch.Tensor, _times: torch.Tensor, ring: bool, **_told: torch.Tensor) -> torch.Tensor:
        assert ring
        seen.append(int(latents[0, 0].argmax()))
        return torch.zeros_like(latents)

    ring, plain = row(0, steps=12, latents=50), row(0, steps=12, latents=50)
    ring.cuts = cut_generator(3)
    turned = denoise([ring], watch, Steps(), batch=1)[0]
    assert len(set(seen)) > 8
    still = denoise(
        [plain], lambda latents, *_told, **_more: torch.zeros_like(latents), Steps(), batch=1, fixed=False
    )
    assert torch.equal(turned, still[0])


def test_a_share_of_noise_is_found_on_the_ladder():
    rungs = ladder(10)
    assert rungs.rung(1.0) == 0
    assert rungs.rung(0.0) == 10
    found = [rungs.rung(share / 10) for share in range(11)]
    assert found == sorted(found, reverse=True)


# Steps that are recorded -------------------------------------------------------------------------


class Recorder:
    """What records on CUDA: runs an action once for real, and once more to record it, when nothing comes of it."""

    def __init__(self) -> None:
        self.recorded, self.repeated = 0, 0

    def __call__(self, action: Callable[[], None]) -> Callable[[], None]:
        action()
        self.recorded += 1

        def again() -> None:
            self.repeated += 1
            action()

        return again


def rows_for_recording() -> list[Row]:
    return [row(i, steps=5, target=0.1 * i, guidance=1.0 + i) for i in range(3)]


def test_steps_that_are_recorded_make_the_same():
    record = Recorder()
    made = denoise(rows_for_recording(), Oracle(), Steps(), batch=4, record=record)
    plain = denoise(rows_for_recording(), Oracle(), Steps(), batch=4)
    assert (record.recorded, record.repeated) == (1, 4)
    assert all(torch.equal(made[i], plain[i]) for i in plain)


def test_a_recording_reads_and_writes_where_it_did_at_first():
    places: set[tuple[int, ...]] = set()
    oracle = Oracle()

    def watched(latents: torch.Tensor, times: torch.Tensor, ring: bool, target: torch.Tensor) -> torch.Tensor:
        places.add((latents.data_ptr(), times.data_ptr(), target.data_ptr()))
        return oracle(latents, times, ring, target=target)

    denoise(rows_for_recording(), watched, Steps(), batch=4, record=Recorder())
    assert len(places) == 1


def test_when_a_clip_leaves_the_steps_of_those_that_stay_are_recorded_anew():
    record = Recorder()
    made = denoise(rows_for_recording(), Oracle(), Steps(unwanted_after={1: 2}), batch=4, record=record)
    assert (record.recorded, record.repeated) == (2, 1 + 2)
    plain = denoise(rows_for_recording(), Oracle(), Steps(), batch=4)
    assert sorted(made) == [0, 2]
    assert all(torch.allclose(made[i], plain[i], atol=1e-6) for i in made)


def test_solvers_may_keep_what_was_predicted():
    """What comes next is written to the same place."""
    kept: list[torch.Tensor] = []

    class Keeping:
        def step(self, prediction: torch.Tensor, *_: Any, **__: Any) -> Any:
            kept.append(prediction)
            return SimpleNamespace(prev_sample=prediction)

    for guidance in (1.0, 2.0):
        kept.clear()
        one = row(0, steps=3, guidance=guidance, target=0.3)
        one.ladder = replace(one.ladder, scheduler=Keeping())
        denoise([one], Oracle(), Steps(), batch=1, record=Recorder())
        assert len({each.data_ptr() for each in kept}) == 3
