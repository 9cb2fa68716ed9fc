"""The own way to make tokens says what audiocraft says, to rounding, and draws the same ones; and runs as promised."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from token_runs import FIRE, RAIN, Tiny, conditions_of, generated_by_audiocraft
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_imports import LMModel, builders, conditioners
from roomtone.models.adapters.audiocraft_models import load_language_model
from roomtone.models.adapters.audiocraft_stand_ins import stand_ins
from roomtone.models.adapters.fast_tokens import UNKNOWN, FastTokens, TokenRun
from roomtone.models.adapters.graphs import cuda_graph
from roomtone.models.adapters.token_draws import Sampling, draw, pick, uniforms

FAMILIES = {"audiogen": "audiogen", "musicgen": "musicgen", "musicgen_stereo": "musicgen"}
TOP_K = 20

Model = Callable[[str], LMModel]


@pytest.fixture(scope="module")
def model(tiny: Tiny) -> Model:
    """The language model of a tiny checkpoint."""
    models: dict[str, LMModel] = {}

    def loaded(name: str) -> LMModel:
        if name not in models:
            models[name], _ = load_language_model(
                tiny(name), family=FAMILIES[name], device="cpu", dtype=torch.float32, separate=False
            )
        return models[name]

    return loaded


def fast(lm: LMModel, *, top_k: int = TOP_K, **more: Any) -> FastTokens:
    return FastTokens(lm, sampling=Sampling(top_k=top_k), **more)


def nothing(lm: LMModel, rows: int, frames: int) -> Tensor:
    return torch.full((rows, lm.n_q, frames), UNKNOWN)


def chances_of(lm: LMModel, rows: int, frames: int) -> Tensor:
    return uniforms([(row, 7) for row in range(rows)], frames + 2 * lm.n_q, lm.n_q)


def finish(run: TokenRun) -> Tensor:
    while run.left:
        run.advance()
    return run.codes


def generated(
    tokens: FastTokens, lm: LMModel, prompts: list[str], codes: Tensor, *, guidance: float = 3.0
) -> Tensor:
    chances = chances_of(lm, *codes.shape[::2])
    conditions = conditions_of(lm, prompts)
    return finish(tokens.begin(codes, conditions, chances=chances, guidance=[guidance] * len(prompts)))


# The library's, to rounding -------------------------------------------------------------------


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(
    ("prompts", "frames", "known", "guidance"),
    [
        ([RAIN], 7, 0, 3.0),
        ([RAIN], 70, 0, 3.0),
        ([RAIN], 70, 0, 1.0),
        ([RAIN], 70, 33, 3.0),
        ([RAIN, FIRE], 40, 0, 3.0),
        ([RAIN, RAIN, FIRE], 40, 1, 1.5),
        ([FIRE, RAIN, RAIN, FIRE], 20, 17, 5.0),
    ],
)
def test_by_the_same_draws_come_the_tokens_that_audiocraft_generates(
    model: Model, name: str, prompts: list[str], frames: int, known: int, guidance: float
):
    lm = model(name)
    rows = len(prompts)
    prefix = torch.from_numpy(np.random.default_rng(5).integers(lm.card, size=(rows, lm.n_q, known)))
    theirs, _ = generated_by_audiocraft(
        lm,
        prompts,
        frames,
        chances_of(lm, rows, frames),
        prefix=prefix if known else None,
        guidance=guidance,
        top_k=TOP_K,
    )
    codes = nothing(lm, rows, frames)
    codes[..., :known] = prefix
    ours = generated(fast(lm), lm, prompts, codes, guidance=guidance)
    assert torch.equal(ours, theirs)
    # The draws do decide something.
    assert len(torch.unique(ours[..., known:])) > 10


@pytest.mark.parametrize("name", FAMILIES)
def test_the_odds_of_every_step_are_those_of_audiocraft(
    model: Model, name: str, monkeypatch: pytest.MonkeyPatch
):
    lm, frames = model(name), 60
    _, theirs = generated_by_audiocraft(
        lm, [RAIN, FIRE], frames, chances_of(lm, 2, frames), top_k=lm.card, guidance=3.0
    )
    ours: list[Tensor] = []

    def noted(logits: Tensor, at: Tensor, sampling: Sampling) -> Tensor:
        ours.append(torch.softmax(logits, -1))
        return draw(logits, at, sampling)

    monkeypatch.setattr("roomtone.models.adapters.fast_tokens.draw", noted)
    generated(fast(lm, top_k=0), lm, [RAIN, FIRE], nothing(lm, 2, frames))
    assert len(ours) == len(theirs)
    for step, (mine, its) in enumerate(zip(ours, theirs, strict=True)):
        torch.testing.assert_close(mine, its, atol=1e-6, rtol=1e-4, msg=lambda text, at=step: f"{at}: {text}")


@pytest.mark.parametrize("name", FAMILIES)
def test_how_likely_tokens_are_is_what_audiocraft_says_with_all_of_them_at_once(model: Model, name: str):
    lm = model(name)
    codes = torch.from_numpy(np.random.default_rng(6).integers(lm.card, size=(2, lm.n_q, 50)))
    conditions = conditions_of(lm, [RAIN, FIRE])
    with stand_ins(), torch.no_grad():
        found = lm.compute_predictions(torch.cat([codes, codes]), [], dict(conditions))
    wanted, unwanted = found.logits.chunk(2)
    logits = unwanted + 3.0 * (wanted - unwanted)
    theirs = torch.log_softmax(logits, -1).gather(-1, codes[..., None])[..., 0]
    ours = fast(lm).likelihood(codes, conditions, guidance=[3.0, 3.0])
    # The library leaves out the last frames, whose steps are not full.
    there = found.mask[:2]
    assert there.float().mean() > 0.9
    torch.testing.assert_close(ours[there], theirs[there], atol=1e-3, rtol=1e-4)
    late = fast(lm).likelihood(codes, conditions, guidance=[3.0, 3.0], first_frame=40)
    torch.testing.assert_close(late, ours[..., 40:])


def test_half_precision_says_nearly_the_same(tiny: Tiny, model: Model):
    narrow, _ = load_language_model(
        tiny("audiogen"), family="audiogen", device="cpu", dtype=torch.bfloat16, separate=False
    )
    lm = model("audiogen")
    codes = torch.from_numpy(np.random.default_rng(6).integers(lm.card, size=(1, lm.n_q, 50)))
    wide, close = (
        fast(each).likelihood(codes, conditions_of(each, [RAIN]), guidance=[1.0]) for each in (lm, narrow)
    )
    assert not torch.equal(wide, close)
    assert (wide - close).abs().mean() < 0.05


# Rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["audiogen", "musicgen"])
def test_a_row_is_the_same_alone_and_among_others(model: Model, name: str):
    lm = model(name)
    tokens, conditions = fast(lm), conditions_of(lm, [RAIN])
    chances = chances_of(lm, 4, 60)
    four = {
        key: (torch.cat([value[:1]] * 4 + [value[1:]] * 4), torch.cat([mask[:1]] * 4 + [mask[1:]] * 4))
        for key, (value, mask) in conditions.items()
    }
    guidance = [1.0, 2.0, 3.0, 4.0]
    together = finish(tokens.begin(nothing(lm, 4, 60), four, chances=chances, guidance=guidance))
    for row in range(4):
        alone = tokens.begin(
            nothing(lm, 1, 60), conditions, chances=chances[row : row + 1], guidance=guidance[row : row + 1]
        )
        assert torch.equal(finish(alone)[0], together[row])


def test_rows_that_are_dropped_leave_the_others_as_they_were(model: Model):
    lm = model("audiogen")
    conditions = conditions_of(lm, [RAIN, FIRE, RAIN])
    runs = [
        fast(lm).begin(
            nothing(lm, 3, 60), conditions, chances=chances_of(lm, 3, 60), guidance=[3.0, 2.0, 4.0]
        )
        for _ in range(2)
    ]
    for _ in range(20):
        runs[1].advance()
    runs[1].keep([0, 2])
    assert torch.equal(finish(runs[1]), finish(runs[0])[[0, 2]])


def test_what_is_known_in_the_middle_stays_and_is_heard(model: Model):
    lm = model("audiogen")
    codes = nothing(lm, 1, 40)
    codes[:, 0, 10:30] = torch.arange(20)
    made = generated(fast(lm), lm, [RAIN], codes)
    assert torch.equal(made[:, 0, 10:30], codes[:, 0, 10:30])
    free = generated(fast(lm), lm, [RAIN], nothing(lm, 1, 40))
    # Before it nothing is different; after it, of what is drawn by the same numbers, much is.
    assert torch.equal(made[..., :7], free[..., :7])
    assert (made[..., 30:] != free[..., 30:]).float().mean() > 0.1


def test_a_run_in_which_everything_is_known_has_no_steps(model: Model):
    lm = model("audiogen")
    codes = torch.zeros((1, lm.n_q, 10), dtype=torch.long)
    run = fast(lm).begin(codes, conditions_of(lm, [RAIN]), chances=chances_of(lm, 1, 10), guidance=[3.0])
    assert (run.steps, run.left) == (0, 0)
    assert torch.equal(run.codes, codes)


@pytest.mark.parametrize(("frames", "known"), [(1, 0), (2, 1), (50, 0), (50, 49), (50, 50)])
def test_the_steps_of_a_run_are_known_before_it(model: Model, frames: int, known: int):
    lm = model("musicgen")
    codes = nothing(lm, 1, frames)
    codes[..., :known] = 0
    run = fast(lm).begin(codes, conditions_of(lm, [RAIN]), chances=chances_of(lm, 1, frames), guidance=[3.0])
    assert run.steps == fast(lm).steps(frames, known)
    assert not (finish(run) == UNKNOWN).any()


# A step as one graph --------------------------------------------------------------------------


READING_BACK = {
    f"aten::{name}"
    for name in ("_local_scalar_dense", "item", "is_nonzero", "nonzero", "masked_select", "equal")
}


class NoReadingBack(TorchDispatchMode):
    """Fails where the processor would have to wait for what a device computes."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        assert func.name() not in READING_BACK, func
        return func(*args, **(kwargs or {}))


def test_a_step_reads_nothing_back(model: Model):
    lm = model("audiogen")
    run = fast(lm).begin(
        nothing(lm, 2, 30), conditions_of(lm, [RAIN, FIRE]), chances=chances_of(lm, 2, 30), guidance=[3.0] * 2
    )
    with NoReadingBack():
        while run.left:
            run.advance()
    for reads in (torch.no_grad(), torch.inference_mode()):
        with pytest.raises(AssertionError, match=r"local_scalar|item|is_nonzero"), reads, NoReadingBack():
            _ = run.codes


def test_steps_that_are_recorded_are_repeated_on_the_same_memory(model: Model):
    lm, recorded = model("audiogen"), []

    def record(action: Callable[[], None]) -> Callable[[], None]:
        # As CUDA's graphs do: the first time is for real, recording it is another time and must change nothing.
        action()
        action()
        recorded.append(action)
        return action

    codes = nothing(lm, 2, 400)
    made = generated(fast(lm, record=record), lm, [RAIN, FIRE], codes)
    assert torch.equal(made, generated(fast(lm), lm, [RAIN, FIRE], codes))
    # 403 steps, windows of 192 places.
    assert len(recorded) == 3

    run = fast(lm, record=record).begin(
        codes, conditions_of(lm, [RAIN, FIRE]), chances=chances_of(lm, 2, 400), guidance=[3.0, 3.0]
    )
    memory = run._prompt.memory
    places = [
        run._sequence.values.data_ptr(),
        run._step.data_ptr(),
        *(past.keys.data_ptr() for past in memory.own),
    ]
    finish(run)
    assert places == [
        run._sequence.values.data_ptr(),
        run._step.data_ptr(),
        *(past.keys.data_ptr() for past in run._prompt.memory.own),
    ]


def test_a_dropped_row_makes_the_steps_be_recorded_anew(model: Model):
    lm, recorded = model("audiogen"), []

    def record(action: Callable[[], None]) -> Callable[[], None]:
        action()
        recorded.append(action)
        return action

    run = fast(lm, record=record).begin(
        nothing(lm, 2, 40), conditions_of(lm, [RAIN, FIRE]), chances=chances_of(lm, 2, 40), guidance=[3.0] * 2
    )
    for _ in range(10):
        run.advance()
    run.keep([1])
    kept = finish(run)
    assert len(recorded) == 2
    assert torch.equal(kept, generated(fast(lm), lm, [RAIN, FIRE], nothing(lm, 2, 40))[1:])


class Device:
    """CUDA as far as recording goes: kernels are not run while they are recorded, and some cannot be."""

    def __init__(self, *, records: bool) -> None:
        self._records, self.replays = records, 0

    def Stream(self) -> "Device":  # noqa: N802 - as PyTorch names it
        return self

    def CUDAGraph(self) -> "Device":  # noqa: N802 - as PyTorch names it
        return self

    def current_stream(self) -> "Device":
        return self

    def wait_stream(self, other: "Device") -> None:
        assert other is self

    @contextmanager
    def stream(self, _: "Device") -> Iterator[None]:
        yield

    @contextmanager
    def graph(self, _: "Device") -> Iterator[None]:
        yield
        if not self._records:
            raise RuntimeError("operation not permitted when stream is capturing")

    def replay(self) -> None:
        self.replays += 1


@pytest.mark.parametrize("records", [True, False])
def test_steps_that_cannot_be_recorded_are_launched_one_by_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], records: bool
):
    device, ran = Device(records=records), []
    monkeypatch.setattr("roomtone.models.adapters.graphs._CUDA", device)
    again = cuda_graph(lambda: ran.append(1))
    # Once for real, once to record.
    assert len(ran) == 2
    again()
    assert (device.replays, len(ran)) == ((1, 2) if records else (0, 3))
    assert ("one by one" in capsys.readouterr().err) is not records


def test_infinities_are_told_and_not_made_to_sound(tiny: Tiny):
    lm, _ = load_language_model(tiny("audiogen"), family="audiogen", device="cpu", dtype=torch.float32)
    with torch.no_grad():
        lm.linears[2].weight[3] = torch.inf
    with pytest.raises(ModelError, match=r"infinities in float32.*\[model\.not-finite\]"):
        generated(fast(lm), lm, [RAIN], nothing(lm, 1, 20))


# Draws ----------------------------------------------------------------------------------------


def test_tokens_are_picked_as_often_as_their_odds_say():
    odds = torch.tensor([0.1, 0.0, 0.4, 0.2, 0.0, 0.3, 0.0])
    picked = pick(odds.expand(20_000, -1), uniforms([(3,)], 20_000, 1)[0, :, 0])
    shares = torch.bincount(picked, minlength=7) / 20_000
    assert shares[odds == 0.0].sum() == 0.0
    assert (shares - odds).abs().max() < 0.015


def test_the_ends_of_the_draws_pick_tokens_that_have_odds():
    odds = torch.tensor([0.0, 0.5, 0.5, 0.0])
    assert pick(odds.expand(2, -1), torch.tensor([0.0, 1.0 - 2.0**-24])).tolist() == [1, 2]


def test_only_the_likeliest_are_drawn_and_heat_evens_them():
    logits = torch.arange(100.0).flip(0)[None] / 10.0
    at = uniforms([(1,)], 4_000, 1)[0, :, 0]
    few = draw(logits.expand(4_000, -1), at, Sampling(top_k=5))
    assert set(few.tolist()) == set(range(5))
    assert draw(logits.expand(4_000, -1), at, Sampling(top_k=1)).sum() == 0
    cold, warm = (
        draw(logits.expand(4_000, -1), at, Sampling(top_k=0, temperature=heat)).float().mean()
        for heat in (0.5, 2.0)
    )
    assert warm > 2.0 * cold


def test_a_longer_clip_begins_with_the_draws_of_a_shorter():
    assert torch.equal(uniforms([(1,), (2,)], 50, 4)[:, :30], uniforms([(1,), (2,)], 30, 4))
    assert not torch.equal(uniforms([(1,)], 30, 4), uniforms([(2,)], 30, 4))
    assert not torch.equal(uniforms([(1, 0)], 30, 4), uniforms([(1, 1)], 30, 4))


# What it is not for ---------------------------------------------------------------------------


def test_a_model_that_is_built_otherwise_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch):
    # Its text conditioner would load a model of spaCy.
    monkeypatch.setattr(
        conditioners.LUTConditioner, "__init__", lambda self, **_: torch.nn.Module.__init__(self)
    )
    with stand_ins():
        lm = builders.get_debug_lm_model()
    with pytest.raises(ModelError, match=r"normed at their end.*\[model\.unsupported\]"):
        fast(lm)
