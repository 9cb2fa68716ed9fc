"""From wishes to clips, for every family that denoises a latent: how long it is, what it begins from, what is heard."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from roomtone.errors import ModelError
from roomtone.models.adapters.circular import TIME, cut_generator
from roomtone.models.adapters.denoise import Condition, Ladder, Network, Row, Step, denoise
from roomtone.models.adapters.graphs import recorder
from roomtone.models.adapters.kept import Kept, keep, read_kept
from roomtone.models.adapters.loading import is_out_of_memory
from roomtone.models.adapters.options import Options
from roomtone.models.adapters.pace import sent
from roomtone.models.adapters.wishes import Terms, Wish, read_wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One clip before it is made.

    Attributes:
        wish: what it shall be.
        latents: how many are made.
        first_frame: of what is decoded, the first that is heard.
        frames: how many are heard.
        prefix_frames: how many of those are the end of an earlier clip.
        held: (1, channels, held, …): latents of an earlier clip that it begins with; None for none.
        context: (1, channels, before, …): those before them, which the decoder wants to know.
        start: (1, channels, latents, …): the latent that it is a variation of; None for none.
    """

    wish: Wish
    latents: int
    first_frame: int
    frames: int
    prefix_frames: int = 0
    held: torch.Tensor | None = None
    context: torch.Tensor | None = None
    start: torch.Tensor | None = None

    @property
    def noise_share(self) -> float:
        """How much of what it begins from is noise."""
        return 1.0 if self.start is None else self.wish.variation


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentModel:
    """A loaded model, as far as clips are made alike in all families.

    Attributes:
        terms: what it can do.
        hop_frames: frames for each latent.
        channels: of a latent: its shape but for the clip and the time, which stands after the first of them.
        shortest: the fewest latents that the network can do with.
        longest: the most.
        window: how many latents are made of a clip at least.
        margin: how many latents around what is heard the decoder wants to know.
        device: where it is.
        options: see `Options`.
        climb: a plan, and its chance from the first step on → a ladder for it, and the step to begin with.
        condition: a plan → what the network is told.
        network: see `denoise.Network`.
        decoder: latents, and whether they are a ring → (1, channels, frames) of sound.
    """

    terms: Terms
    hop_frames: int
    channels: tuple[int, ...]
    shortest: int
    longest: int
    window: int
    margin: int
    device: torch.device
    options: Options
    climb: Callable[[Plan, torch.Generator], tuple[Ladder, int]]
    condition: Callable[[Plan], Condition]
    network: Network
    decoder: Callable[[torch.Tensor, bool], torch.Tensor]

    @property
    def rate_hz(self) -> int:
        """Frames a second."""
        return int(self.terms.capabilities["sample_rate_hz"])

    @property
    def family(self) -> str:
        """Its family's name."""
        return str(self.terms.capabilities["family"])

    def shape(self, latents: int) -> tuple[int, ...]:
        """Give the shape of one clip's latent."""
        first, *others = self.channels
        return (1, first, latents, *others)


def capabilities(
    family: str,
    *,
    rate_hz: int,
    channels: int,
    longest_s: float,
    batch: int,
    steps: int,
    negative: bool = True,
    blends: bool = False,
) -> dict[str, Any]:
    """Say what a model that denoises latents can do, as `models/request.py` `Capabilities` has it."""
    return {
        "family": family,
        "sample_rate_hz": rate_hz,
        "channels": channels,
        "longest_s": longest_s,
        "batch": batch,
        "tasks": ("generate",),
        "seeds": True,
        "steps": steps,
        "loop": "latent",
        "continues": True,
        "varies": True,
        "blends": blends,
        "negative": negative,
        "melody": False,
    }


def make_clips(
    model: LatentModel, jobs: Sequence[Mapping[str, Any]], step: Step
) -> list[dict[str, Any] | None]:
    """Make one clip for each job.

    Args:
        model: what makes them.
        jobs: see `models/request.py` `Job`.
        step: see `models/worker.py`; what it raises ends the run, and leaves the model as it was.

    Returns:
        An output for each job, see `models/worker.py`; None for one that nobody wants any more.

    Raises:
        ModelError: see `read_wishes`, `read_kept`.
        MemoryError: there is not enough memory for so many, or so long ones.
    """
    try:
        with torch.inference_mode():
            return _made(model, jobs, step)
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise MemoryError(str(error)) from error
        raise


def _made(model: LatentModel, jobs: Sequence[Mapping[str, Any]], step: Step) -> list[dict[str, Any] | None]:
    wishes = read_wishes(jobs, model.terms)
    plans = [_plan(model, wish, f"jobs[{i}]") for i, wish in enumerate(wishes)]
    rows = [_row(model, plan, i) for i, plan in enumerate(plans)]
    taken = [row.left for row in rows]
    steps = _AndDecoding(step, len(plans))
    done = denoise(
        rows,
        model.network,
        steps,
        batch=model.options.batch,
        fixed=model.options.compile,
        record=recorder(model.device, wanted=model.options.graphs),
    )
    outputs: list[dict[str, Any] | None] = []
    for i, plan in enumerate(plans):
        wanted = i in done and step.wants(i)
        outputs.append(_output(model, plan, done[i], taken[i]) if wanted else None)
        steps.decoded(i + 1)
    return outputs


class _AndDecoding:
    """The steps of a run, the last of which are to decode its clips: each takes as long as many of the others."""

    def __init__(self, step: Step, clips: int) -> None:
        self._step, self._clips, self._denoising = step, clips, 0

    def __call__(self, done: int, of: int) -> None:
        """Be told of a step of the denoising."""
        self._denoising = of
        self._step(done, of + self._clips)

    def wants(self, job: int) -> bool:
        """Whether a job is still wanted."""
        return self._step.wants(job)

    def decoded(self, clips: int) -> None:
        """Be told how many clips are decoded, or need not be."""
        self(self._denoising + clips, self._denoising)


def _plan(model: LatentModel, wish: Wish, at: str) -> Plan:
    frames = round(wish.seconds * model.rate_hz)
    if wish.vary_from:
        return _varied(model, wish, frames, at)
    if wish.continue_from:
        return _continued(model, wish, frames, at)
    if wish.loop:
        latents = min(max(model.shortest, round(frames / model.hop_frames)), model.longest)
        return Plan(wish=wish, latents=latents, first_frame=0, frames=latents * model.hop_frames)
    return Plan(wish=wish, latents=_enough(model, frames), first_frame=0, frames=frames)


def _enough(model: LatentModel, frames: int) -> int:
    return max(model.shortest, model.window, math.ceil(frames / model.hop_frames))


def _varied(model: LatentModel, wish: Wish, frames: int, at: str) -> Plan:
    at = f"{at}.vary_from"
    kept = read_kept(Path(wish.vary_from), model.family, model.shape(0), model.hop_frames, at=at)
    length = kept.latent.shape[TIME]
    if wish.loop:
        if not kept.ring or abs(length * model.hop_frames - frames) > model.hop_frames:
            what = f"a loop of {wish.seconds:g} s is no variation of it"
            raise ModelError("model.bad-latent", what=what, at=at, fix="vary a loop of the same length")
        return Plan(wish=wish, latents=length, first_frame=0, frames=kept.frames, start=kept.latent)
    latents = max(model.shortest, math.ceil((kept.first_frame + frames) / model.hop_frames))
    if latents > length:
        what = f"it is {kept.frames / model.rate_hz:g} s long, and {wish.seconds:g} s are asked for"
        raise ModelError("model.bad-latent", what=what, at=at, fix="ask for no more than there is")
    start = kept.latent[:, :, :latents]
    return Plan(wish=wish, latents=latents, first_frame=kept.first_frame, frames=frames, start=start)


def _continued(model: LatentModel, wish: Wish, frames: int, at: str) -> Plan:
    """Let the clip begin at the very frame that is `keep_s` before the end of what was heard of the earlier one."""
    at, hop = f"{at}.continue_from", model.hop_frames
    kept = read_kept(Path(wish.continue_from), model.family, model.shape(0), hop, at=at)
    end = kept.first_frame + kept.frames
    begin = end - min(round(wish.keep_s * model.rate_hz), kept.frames)
    first = begin // hop
    before = max(0, first - model.margin)
    return Plan(
        wish=wish,
        latents=_enough(model, begin - first * hop + frames),
        first_frame=begin - first * hop,
        frames=frames,
        prefix_frames=end - begin,
        held=kept.latent[:, :, first : math.ceil(end / hop)],
        context=kept.latent[:, :, before:first],
    )


def _row(model: LatentModel, plan: Plan, index: int) -> Row:
    wish = plan.wish
    generator = torch.Generator().manual_seed(wish.seed)
    noise = sent(torch.randn(model.shape(plan.latents), generator=generator), model.device)
    ladder, at = model.climb(plan, generator)
    latent = noise * getattr(ladder.scheduler, "init_noise_sigma", 1.0)
    if plan.start is not None and plan.noise_share < 1.0:
        clip_gain, noise_gain = ladder.levels[at]
        latent = clip_gain * plan.start.to(model.device) + noise_gain * noise
    held = None if plan.held is None else plan.held.to(model.device)
    return Row(
        index=index,
        ladder=ladder,
        at=at,
        latent=latent,
        condition={name: _as(tensor, model.options.dtype) for name, tensor in model.condition(plan).items()},
        guidance=wish.guidance,
        generator=generator,
        cuts=cut_generator(wish.seed) if wish.loop else None,
        held=held,
        noise=None if held is None else noise[:, :, : held.shape[TIME]],
    )


def _as(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Give what a network is told its precision, once and not at each step; masks stay masks."""
    return tensor.to(dtype) if tensor.is_floating_point() else tensor


def _output(model: LatentModel, plan: Plan, latent: torch.Tensor, steps: int) -> dict[str, Any]:
    wish = plan.wish
    notes: dict[str, Any] = {"steps": steps, "guidance": wish.guidance, "solver": model.options.solver}
    if wish.loop:
        notes["loop"] = "latent"
    if plan.prefix_frames:
        notes["prefix_s"] = plan.prefix_frames / model.rate_hz
    kept = Kept(latent=latent, first_frame=plan.first_frame, frames=plan.frames, ring=wish.loop)
    return {
        "samples": _heard(model, plan, latent).T.float().cpu().contiguous().numpy(),
        "rate_hz": model.rate_hz,
        "latent": keep(model.family, kept),
        "notes": notes,
    }


def _heard(model: LatentModel, plan: Plan, latent: torch.Tensor) -> torch.Tensor:
    """Decode what is heard, and what the decoder wants to know around it; returns (channels, frames)."""
    if not plan.wish.loop:
        wanted = math.ceil((plan.first_frame + plan.frames) / model.hop_frames) + model.margin
        latent = latent[:, :, :wanted]
    context = latent[:, :, :0] if plan.context is None else plan.context.to(latent)
    sound = model.decoder(torch.cat([context, latent], dim=TIME), plan.wish.loop)
    first = context.shape[TIME] * model.hop_frames + plan.first_frame
    return sound[0, :, first : first + plan.frames]
