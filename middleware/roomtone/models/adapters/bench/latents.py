"""Models that denoise latents, random: diffusers' own pipeline beside the adapter."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import GPT2LMHeadModel

from roomtone.models.adapters.bench.results import Agreement
from roomtone.models.adapters.bench.subjects import OTHER_PROMPT, PROMPT, SEED, Plain, Wanted, weights_gb
from roomtone.models.adapters.loading import DTYPES, quiet
from roomtone.models.adapters.pace import sent
from roomtone.models.adapters.tiny.levels import Sizes
from roomtone.models.families import FAMILIES
from roomtone.models.worker import load_adapter

Latent: TypeAlias = NDArray[np.float32]

# To see whether they agree: few steps, as rounding grows with each.
_STEPS: Final = 4
_SECONDS: Final = 2.0
# How far apart a latent may be from the library's in float32, for its level: by rounding, in a random network.
_LIMITS: Final[Mapping[torch.dtype, float]] = MappingProxyType(
    {torch.float32: 0.005, torch.float16: 0.1, torch.bfloat16: 0.2}
)


class Latents:
    """A model of one of diffusers' families; see `subjects.Subject`.

    Args:
        family: its name.
        sizes: of its parts.
        device: where it is.
    """

    def __init__(self, family: str, sizes: Sizes, device: torch.device) -> None:
        self.family, self._sizes, self._device = family, sizes, device
        self._call = _CALLS[family]
        self._reference: Any = self.pipeline()
        network = self._reference.unet if family == "audioldm2" else self._reference.transformer
        self.parameters = sum(each.numel() for each in network.parameters())
        self.steps, self.longest_s, self.half = _STEPS_TAKEN[family], _LONGEST_S[family], "fp16"
        parts = self._reference.components.values()
        self.reference_gb = weights_gb(*(part for part in parts if isinstance(part, torch.nn.Module)))
        self.shared_gb = 0.0

    def pipeline(self) -> Any:
        """Make the library's pipeline in float32, the same one each time, on the device that it will be on."""
        quiet()
        torch.manual_seed(SEED)
        made: Any = load_adapter(f"roomtone.models.adapters.tiny.{self.family}:pipeline")
        with torch.device(self._device), torch.no_grad():
            pipe = made(self._sizes)
            if self.family == "audioldm2":
                pipe.register_modules(language_model=_with_head(pipe.language_model))
        # On the processor, as it would be were it read from a folder.
        pipe.scheduler = type(pipe.scheduler).from_config(pipe.scheduler.config)
        pipe.set_progress_bar_config(disable=True)
        return pipe

    def ours(self, options: Mapping[str, Any]) -> Any:
        """Make the adapter."""
        adapter = load_adapter(FAMILIES[self.family].adapter)
        return adapter("", device=str(self._device), options=options, pipe=self.pipeline())

    def plain(self, dtype: str) -> Plain:
        """Make the library's own call; in float32 of the pipeline that there is."""
        pipe = self._reference if dtype == "fp32" else self.pipeline().to(DTYPES[dtype])

        def make(prompt: str, seed: int, seconds: float, steps: int) -> object:
            generator = torch.Generator().manual_seed(seed)
            return self._call(pipe, prompt, seconds, steps, generator, "np")

        return make

    def agreement(self, ours: Any) -> Agreement:
        """Compare latents: a random decoder makes much of a little, and the library crops what it decodes."""
        if self.family == "stable_audio":
            dtype = {kind: name for name, kind in DTYPES.items()}[ours.options.dtype]
            ours = self.ours({"window": "full", "dtype": dtype})
        job = {"prompt": PROMPT, "seconds": _SECONDS, "seed": SEED, "steps": _STEPS}
        made = np.asarray(ours.generate([job], Wanted())[0]["latent"]["latent"], np.float32)
        theirs, other = (self._theirs(prompt) for prompt in (PROMPT, OTHER_PROMPT))
        return Agreement(
            measure="latents",
            found=distance(theirs, made),
            other=distance(theirs, other),
            limit=_LIMITS[ours.options.dtype],
        )

    def _theirs(self, prompt: str) -> Latent:
        pipe, generator = self._reference, torch.Generator().manual_seed(SEED)
        with ExitStack() as arranged:
            if self.family == "stable_audio":
                arranged.enter_context(_as_the_middle(pipe))
                arranged.enter_context(_noise_goes_on(pipe, generator))
            latents = self._call(pipe, prompt, _SECONDS, _STEPS, generator, "latent")
        return np.asarray(latents.float().cpu().numpy())


def distance(one: Latent, other: Latent) -> float:
    """Tell how far two latents of one shape are apart, for the level of the first."""
    return float(np.std(one - other) / np.std(one))


# The library's own calls ------------------------------------------------------------------------

Call: TypeAlias = Callable[[Any, str, float, int, torch.Generator, str], Any]


def _audioldm2(
    pipe: Any, prompt: str, seconds: float, steps: int, generator: torch.Generator, output: str
) -> Any:
    return pipe(
        prompt,
        audio_length_in_s=seconds,
        num_inference_steps=steps,
        guidance_scale=3.5,
        generator=generator,
        output_type=output,
    ).audios


def _stable_audio(
    pipe: Any, prompt: str, seconds: float, steps: int, generator: torch.Generator, output: str
) -> Any:
    return pipe(
        prompt,
        audio_end_in_s=seconds,
        num_inference_steps=steps,
        guidance_scale=7.0,
        generator=generator,
        output_type=output,
    ).audios


def _stable_audio3(
    pipe: Any, prompt: str, seconds: float, steps: int, generator: torch.Generator, output: str
) -> Any:
    return pipe(
        prompt,
        duration=seconds,
        num_inference_steps=steps,
        guidance_scale=1.0,
        generator=generator,
        output_type=output,
    ).audios


_CALLS: Final[Mapping[str, Call]] = MappingProxyType(
    {"audioldm2": _audioldm2, "stable_audio": _stable_audio, "stable_audio3": _stable_audio3}
)
# What the calls above take unless told, and how long they can be.
_STEPS_TAKEN: Final = MappingProxyType({"audioldm2": 200, "stable_audio": 100, "stable_audio3": 8})
_LONGEST_S: Final = MappingProxyType({"audioldm2": 10.24, "stable_audio": 47.0, "stable_audio3": 380.0})


def _with_head(headless: Any) -> Any:
    """Give a language model the head without which it no longer generates, as the adapter loads it."""
    kind: Any = GPT2LMHeadModel
    model = kind(headless.config).eval().requires_grad_(False)
    model.transformer = headless
    return model


@contextmanager
def _as_the_middle(pipe: Any) -> Iterator[None]:
    """Let the library's call be told what the adapter tells: that it makes the middle of something longer."""
    told = pipe.encode_duration
    window_s = pipe.transformer.config.sample_size * pipe.vae.hop_length / pipe.vae.config.sampling_rate
    pipe.encode_duration = lambda _start, _end, *rest: told(window_s, 3.0 * window_s, *rest)
    try:
        yield
    finally:
        del pipe.encode_duration


@contextmanager
def _noise_goes_on(pipe: Any, generator: torch.Generator) -> Iterator[None]:
    """Let the library's solver go on with the noise of the latents, as the adapter's does, on any device."""
    scheduler, transformer = pipe.scheduler, pipe.transformer
    shape = (1, transformer.config.in_channels, transformer.config.sample_size)
    set_timesteps = scheduler.set_timesteps

    def begin(*arguments: Any, **named: Any) -> None:
        set_timesteps(*arguments, **named)
        scheduler.noise_sampler = lambda *_from_to: sent(
            torch.randn(shape, generator=generator), transformer.device
        )

    scheduler.set_timesteps = begin
    try:
        yield
    finally:
        del scheduler.set_timesteps
