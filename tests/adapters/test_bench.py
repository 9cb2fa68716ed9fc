"""What the benchmark of the models says is what happened: figures that fit together, and no agreement by chance."""

import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from bench_findings import on_a_card

from roomtone.errors import ModelError
from roomtone.models.adapters.bench import family as bench_family
from roomtone.models.adapters.bench.family import measure
from roomtone.models.adapters.bench.latents import Latents
from roomtone.models.adapters.bench.results import OURS, Agreement, Measured, Question
from roomtone.models.adapters.bench.runners import Clip, jobs, our_runner, take
from roomtone.models.adapters.bench.sizes import REAL, TINY
from roomtone.models.adapters.bench.subjects import SUBJECTS, Subject, Wanted
from roomtone.models.adapters.bench.table import as_text
from roomtone.models.adapters.bench.timing import NotWantedError, Steps, Watch
from roomtone.models.adapters.bench.tokens import Tokens, gap
from roomtone.models.adapters.bench.ways import Trial, other_trials
from roomtone.models.adapters.token_draws import Sampling, draw, uniforms
from roomtone.models.worker import load_adapter

CPU = torch.device("cpu")
ONE_OF_EACH_KIND = ("stable_audio3", "audiogen")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def subject_of(family: str) -> Any:
    made: Any = load_adapter(SUBJECTS[family])
    return made(family, load_adapter(TINY[family]), CPU)


@pytest.fixture(scope="module", params=ONE_OF_EACH_KIND)
def subject(request: pytest.FixtureRequest) -> Any:
    return subject_of(request.param)


@pytest.fixture(scope="module", params=ONE_OF_EACH_KIND)
def measured(request: pytest.FixtureRequest) -> tuple[Measured, list[str]]:
    """A family measured for real, and what was told meanwhile."""
    told: list[str] = []
    question = Question(size="tiny", device="cpu", seconds=0.4, steps=3)
    return measure(request.param, question, tell=told.append, clock=time.perf_counter), told


# What is measured -----------------------------------------------------------------------------


def test_figures_fit_together(measured: tuple[Measured, list[str]]):
    found, told = measured
    assert found.plain
    assert all(way.took_s > 0.0 and way.audio_s == pytest.approx(way.batch * 0.4) for way in found.ways)
    for way in found.others:
        for plain in found.plain:
            quotient = (way.batch * plain.took_s) / (plain.batch * way.took_s)
            assert found.ratios(way)[plain.name] == pytest.approx(quotient)
    assert found.ways[0].name == "plain fp32"
    assert {way.name for way in found.others} > {OURS, f"{OURS}, bf16"}
    assert not found.missed
    assert found.parameters > 10_000
    assert 0.0 < found.cancel_s < 5.0
    assert 0.0 < found.longest_gap_s < 5.0
    assert found.load_s > 0.0
    assert found.agreement.holds
    # A processor and a tiny model have no bar to meet.
    assert (found.card, found.size, found.bar) == ("cpu", "tiny", None)
    assert any("plain" in line for line in told)


def test_what_was_measured_goes_from_process_to_process(measured: tuple[Measured, list[str]]):
    found, _ = measured
    record = json.loads(json.dumps(found.record()))
    assert Measured.from_record(record) == found
    ours = next(way for way in record["ways"] if way["name"] == OURS)
    assert ours["audio_s_a_second"] == pytest.approx(ours["audio_s"] / ours["took_s"])
    assert ours["ratios"]["plain fp32"] == pytest.approx(
        ours["audio_s_a_second"] / record["ways"][0]["audio_s_a_second"]
    )


def test_people_are_told_all_of_it(measured: tuple[Measured, list[str]]):
    found, _ = measured
    text = as_text(found)
    assert all(way.name in text for way in found.ways)
    assert "tiny" in text
    assert "× plain fp32" in text
    assert "they agree" in text
    wrong = replace(found, agreement=replace(found.agreement, found=1.0))
    assert "DO NOT AGREE" in as_text(wrong)


def test_times_are_those_of_the_clock():
    """Each look at the clock is a second later: a run without looks of its own takes one."""
    clock = itertools.count().__next__
    found = measure(
        "audiogen", Question(size="tiny", device="cpu", seconds=0.2), tell=lambda _: None, clock=clock
    )
    assert {way.took_s for way in found.ways} == {1.0}
    assert found.ratios(found.others[0]) == pytest.approx({"plain fp32": found.others[0].batch})


def test_a_way_that_cannot_be_tried_costs_no_other(monkeypatch: pytest.MonkeyPatch):
    trials = (Trial(name="ours, broken", options={"dtype": "fp4"}), Trial(name="ours, again"))
    monkeypatch.setattr(bench_family, "other_trials", lambda *_, **__: trials)
    question = Question(size="tiny", device="cpu", seconds=0.2)
    found = measure("musicgen", question, tell=lambda _: None, clock=time.perf_counter)
    assert [way.name for way in found.others][-1] == "ours, again"
    (missed,) = found.missed
    assert missed.startswith("ours, broken: ModelError: options.dtype")
    assert missed in as_text(found)


def test_a_device_that_is_not_there_is_told():
    with pytest.raises(ModelError, match=r"model\.no-device"):
        measure("audiogen", Question(device="cuda:77"), tell=lambda _: None, clock=time.perf_counter)


# Whether both make the same -------------------------------------------------------------------


def test_half_precision_agrees_within_its_limit(subject: Any):
    found = subject.agreement(subject.ours({"dtype": "bf16"}))
    assert found.holds
    assert found.found > 0.0
    assert found.limit > subject.agreement(subject.ours({})).limit


def test_a_network_that_is_a_little_wrong_is_found_out():
    subject: Latents = subject_of("stable_audio3")
    ours = subject.ours({})
    network = ours._model.network
    ours._model = replace(ours._model, network=lambda *told, **more: 1.02 * network(*told, **more))
    assert not subject.agreement(ours).holds


def test_a_prompt_that_is_not_heard_is_found_out(subject: Any):
    class Deaf:
        def __init__(self, adapter: Any) -> None:
            self.options, self._adapter = adapter.options, adapter

        def generate(self, asked: Any, step: Any) -> Any:
            return self._adapter.generate([{**each, "prompt": "wind"} for each in asked], step)

    assert not subject.agreement(Deaf(subject.ours({}))).holds


def test_a_clip_of_another_seed_is_found_out(subject: Any):
    class Random:
        def __init__(self, adapter: Any) -> None:
            self.options, self._adapter = adapter.options, adapter

        def generate(self, asked: Any, step: Any) -> Any:
            return self._adapter.generate([{**each, "seed": 99} for each in asked], step)

    found = subject.agreement(Random(subject.ours({})))
    assert found.found > 10.0 * found.limit


def test_stable_audio_is_compared_with_the_whole_window_that_the_library_makes():
    subject: Latents = subject_of("stable_audio")
    found = subject.agreement(subject.ours({}))
    assert found.holds
    assert found.other > 0.2


def test_draws_lie_where_their_tokens_are():
    chance = torch.Generator().manual_seed(1)
    logits = torch.randn(1, 2, 50, 40, generator=chance)
    draws = uniforms([(1,)], 50, 2).transpose(1, 2)
    there = torch.ones(1, 2, 50, dtype=torch.bool)
    for top_k in (0, 10):
        codes = draw(logits, draws, Sampling(top_k=top_k))
        assert gap(logits, codes, draws, top_k=top_k, there=there) < 1e-6
        assert gap(logits, (codes + 1) % 40, draws, top_k=top_k, there=there) > 0.01
        off = gap(
            logits + 0.1 * torch.randn(logits.shape, generator=chance), codes, draws, top_k=top_k, there=there
        )
        assert 1e-4 < off < 0.05
    # What is not there is not asked.
    assert gap(logits, codes, draws, top_k=10, there=torch.zeros_like(there) | (draws < 0.5)) < 1e-6


def test_agreement_needs_a_measure_that_could_have_told():
    same = Agreement(measure="latents", found=0.01, other=0.5, limit=0.1)
    assert same.holds
    assert not replace(same, found=0.2).holds
    # Nor do they agree where another prompt would be as near.
    assert not replace(same, other=0.005).holds
    assert not replace(same, found=float("nan")).holds


# How it is measured ---------------------------------------------------------------------------


def test_a_bar_is_held_against_every_plain_call():
    fast, slow = on_a_card("stable_audio", took_s=20.0), on_a_card("stable_audio", took_s=60.0)
    assert fast.bar == 4.0
    assert fast.ratios(fast.others[0]) == pytest.approx({"plain fp32": 16.0, "plain fp16": 8.0})
    assert "bar 4 ×: holds" in as_text(fast)
    assert "bar 4 ×: MISSED against plain fp16" in as_text(slow)
    assert on_a_card("audiogen", took_s=1.0).bar == 10.0
    assert on_a_card("musicgen", took_s=1.0).bar is None
    assert replace(fast, size="tiny").bar is None
    assert replace(fast, device="cpu").bar is None


class Hungry:
    """An adapter that makes eight at once where there is memory for three."""

    capabilities: Mapping[str, Any] = {"batch": 8, "steps": 4}
    options = SimpleNamespace(dtype=torch.float16, graphs=True, compile=False)

    def __init__(self, error: Exception) -> None:
        self.asked: list[int] = []
        self._error = error

    def generate(self, asked: list[Any], _step: Any) -> list[Any]:
        self.asked.append(len(asked))
        if len(asked) > 3:
            raise self._error
        return asked


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("none left"), MemoryError()])
def test_what_does_not_fit_is_tried_with_half_of_it(error: Exception):
    hungry = Hungry(error)
    subject: Any = SimpleNamespace(ours=lambda _options: hungry, shared_gb=0.0, steps=4)
    clip = Clip(prompt="rain", seconds=1.0, steps=4)
    adapter, runner = our_runner(subject, Trial(), clip, Watch(CPU, time.perf_counter))
    assert adapter is hungry
    assert hungry.asked == [8, 4, 2]
    assert (runner.way.batch, runner.way.audio_s) == (2, 2.0)


def test_another_failure_is_not_taken_for_too_little_memory():
    hungry = Hungry(RuntimeError("wrong shape"))
    subject: Any = SimpleNamespace(ours=lambda _options: hungry, shared_gb=0.0, steps=4)
    with pytest.raises(RuntimeError, match="wrong shape"):
        our_runner(subject, Trial(), Clip(prompt="rain", seconds=1.0, steps=4), Watch(CPU, time.perf_counter))


def test_no_two_runs_have_one_prompt_and_the_clips_of_one_run_do():
    clip = Clip(prompt="rain", seconds=1.0, steps=4)
    prompts = [take(clip, number).prompt for number in range(20)]
    assert len(set(prompts)) == 20
    assert len({job["prompt"] for job in jobs(clip, 4)}) == 1
    assert len({job["seed"] for job in jobs(clip, 4)}) == 4


def test_a_run_that_is_not_wanted_ends_at_its_next_step():
    clock = itertools.count(1).__next__
    steps = Steps(clock, ends_after=2)
    steps(1, 9)
    steps(2, 9)
    with pytest.raises(NotWantedError):
        steps(3, 9)
    assert steps.told_s == [1, 2, 4]
    assert steps.ended_s == 3
    assert steps.longest_gap_s(until_s=5.0) == 2


def test_what_is_tried_fits_the_device():
    on_cuda, on_cpu = (
        {trial.name for trial in other_trials("audioldm2", device, 1, compiled=False)}
        for device in ("cuda", "cpu")
    )
    assert "ours, steps not recorded" in on_cuda - on_cpu
    assert "ours, bf16" in on_cpu - on_cuda
    assert "ours, fewer steps" in on_cuda & on_cpu
    # What is chosen anyway is not tried again.
    assert all(trial.options != {"batch": 4} for trial in other_trials("audiogen", "cpu", 4, compiled=False))
    assert any(
        trial.options == {"compile": True} for trial in other_trials("audiogen", "cuda", 4, compiled=True)
    )


# Sizes ----------------------------------------------------------------------------------------


def counted(make: Callable[[], Any]) -> float:
    with torch.device("meta"):
        return round(sum(each.numel() for each in make().parameters()) / 1e6, 1)


def test_real_sizes_are_those_of_the_published_models():
    from diffusers import AutoencoderOobleck, StableAudio3DiTModel, StableAudioDiTModel  # noqa: PLC0415

    from roomtone.models.adapters.tiny import audioldm2  # noqa: PLC0415

    sizes = REAL["audioldm2"]
    assert counted(lambda: audioldm2._unet(sizes["unet"], 1024, 768)) == pytest.approx(347, abs=1)
    assert counted(lambda: audioldm2._vae(sizes["vae"])) == pytest.approx(55, abs=1)
    assert counted(lambda: audioldm2._vocoder(sizes["vocoder"])) == pytest.approx(55, abs=1)
    stable: dict[str, Any] = dict(REAL["stable_audio"])
    kinds: tuple[Any, ...] = (StableAudioDiTModel, AutoencoderOobleck, StableAudio3DiTModel)
    dit, oobleck, dit3 = kinds
    assert counted(lambda: dit(**stable["transformer"])) == pytest.approx(1057, abs=1)
    assert counted(lambda: oobleck(**stable["vae"])) == pytest.approx(156, abs=1)
    assert counted(lambda: dit3(**REAL["stable_audio3"]["transformer"])) == pytest.approx(1453, abs=1)
    assert set(REAL) == set(TINY) == set(SUBJECTS)


def test_a_real_token_model_has_the_layers_of_the_published_one():
    size = REAL["audiogen"]["language_model"]
    # Of each layer: attention to itself and to the text, four squares each, and two maps four times as wide.
    layers = size["num_layers"] * (4 + 4 + 2 * size["hidden_scale"]) * size["dim"] ** 2
    assert layers == pytest.approx(1.81e9, rel=0.01)


def test_random_models_are_the_same_each_time(subject: Any):
    asked = jobs(Clip(prompt="rain", seconds=0.4, steps=2 if subject.steps else 0), 1)
    one, other = (subject.ours({}).generate(asked, Wanted())[0]["samples"] for _ in range(2))
    assert np.array_equal(one, other)


def test_subjects_say_what_is_to_be_known(subject: Subject):
    assert subject.parameters > 0
    assert subject.reference_gb > 0.0
    assert (subject.steps == 0) == isinstance(subject, Tokens)
