"""Stable Audio Open: 44.1 kHz stereo, up to 47 s.

The folder is laid out as `stabilityai/stable-audio-open-1.0` on the hub. The model was trained on windows of 47.55 s
cut from longer recordings, and told where: a clip of ambience is always asked for as the middle of something longer, or
it would be composed to its end and padded with silence.

Source: Evans et al. (2024), "Stable Audio Open".
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import torch
from diffusers import (
    AutoencoderOobleck,
    CosineDPMSolverMultistepScheduler,
    StableAudioDiTModel,
    StableAudioPipeline,
    StableAudioProjectionModel,
)
from diffusers.models.embeddings import get_1d_rotary_pos_embed
from transformers import T5EncoderModel, T5Tokenizer

from roomtone.models.adapters.circular import TIME, decode
from roomtone.models.adapters.clips import LatentModel, Plan, capabilities, make_clips
from roomtone.models.adapters.compiled import ready
from roomtone.models.adapters.denoise import Condition, Ladder, Step, fresh
from roomtone.models.adapters.loading import (
    check_family,
    check_memory,
    choose_device,
    free_memory_bytes,
    load_settings,
    load_tokenizer,
    load_weights,
    quiet,
)
from roomtone.models.adapters.options import read_options
from roomtone.models.adapters.pace import sent
from roomtone.models.adapters.wishes import Terms

_NETWORKS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "vae": AutoencoderOobleck,
        "text_encoder": T5EncoderModel,
        "projection_model": StableAudioProjectionModel,
        "transformer": StableAudioDiTModel,
    }
)
_STEPS: Final = 100
_GUIDANCE: Final = 7.0
_PROMPTS_KEPT: Final = 64
# The decoder's convolutions reach about 10 latents; 256 latents are 12 s, and take about a gigabyte.
_MARGIN, _PIECE = 16, 256
_SHORTEST: Final = 2
# Reckoned from the shapes, not measured; a run that does not fit is tried again with fewer clips.
_BYTES_A_CLIP: Final = 1_500_000_000


class StableAudio:
    """A loaded Stable Audio Open; see `models/worker.py`."""

    def __init__(self, folder: str, *, device: str, options: Mapping[str, Any], pipe: Any = None) -> None:
        """Load it.

        Args:
            folder: laid out as `stabilityai/stable-audio-open-1.0` on the hub.
            device: `auto`, or a name of torch's.
            options: `dtype`, `compile`, `graphs`, `batch`, and `window`: `short` makes no more than the clip; `full`
                makes the 47 s that the model was trained on, and takes the clip from their beginning.
            pipe: the library's pipeline to take in place of a folder's parts; it is this one's from then on.

        Raises:
            ModelError: see `adapters/loading.py` and `adapters/options.py`.
        """
        quiet()
        place, home = choose_device(device), Path(folder)
        if pipe is None:
            check_family(home, "model_index.json", "_class_name", ("StableAudioPipeline",))
            free_bytes = check_memory(home, tuple(_NETWORKS), place)
        else:
            free_bytes = free_memory_bytes(place)
        self.options = read_options(
            options,
            place,
            solvers=("sde-dpm++",),
            free_bytes=free_bytes,
            bytes_a_clip=_BYTES_A_CLIP,
            windows=("short", "full"),
        )
        self._pipe = _load(home) if pipe is None else pipe
        self._transformer = ready(self._pipe.transformer, self.options, place)
        self._pipe.to(place)
        self._encoded = lru_cache(maxsize=_PROMPTS_KEPT)(self._encode)
        self._positions = lru_cache(maxsize=_PROMPTS_KEPT)(self._rotary)
        self._model = self._described(place)
        self.capabilities = dict(self._model.terms.capabilities)

    @property
    def _window_s(self) -> float:
        return float(self._model.terms.capabilities["longest_s"])

    def _described(self, device: torch.device) -> LatentModel:
        vae, transformer = self._pipe.vae, self._pipe.transformer.config
        longest = int(transformer.sample_size)
        able = capabilities(
            "stable_audio",
            rate_hz=int(vae.config.sampling_rate),
            channels=int(vae.config.audio_channels),
            longest_s=longest * vae.hop_length / vae.config.sampling_rate,
            batch=self.options.batch,
            steps=_STEPS,
        )
        return LatentModel(
            terms=Terms(capabilities=able, steps=_STEPS, guidance=_GUIDANCE),
            hop_frames=int(vae.hop_length),
            channels=(int(transformer.in_channels),),
            shortest=_SHORTEST,
            longest=longest,
            window=longest if self.options.window == "full" else 0,
            margin=_MARGIN,
            device=device,
            options=self.options,
            climb=self._climb,
            condition=self._condition,
            network=self._predict,
            decoder=self._decode,
        )

    def generate(self, jobs: Sequence[Mapping[str, Any]], step: Step) -> list[dict[str, Any] | None]:
        """Make clips; see `adapters/clips.py`."""
        return make_clips(self._model, jobs, step)

    def _climb(self, plan: Plan, generator: torch.Generator) -> tuple[Ladder, int]:
        model, scheduler = self._model, fresh(self._pipe.scheduler)
        scheduler.set_timesteps(plan.wish.steps)
        shape = model.shape(plan.latents)
        # The library would cut it out of one Brownian path, on the processor 40 times as slowly: 4 ms a step for 10 s
        # of one clip. From step to step its pieces are independent, as these are.
        scheduler.noise_sampler = lambda *_from_to: sent(
            torch.randn(shape, generator=generator), model.device
        )
        levels = tuple((1.0, float(sigma)) for sigma in scheduler.sigmas)
        ladder = Ladder(scheduler=scheduler, times=scheduler.timesteps, levels=levels)
        return ladder, ladder.rung(plan.noise_share)

    def _condition(self, plan: Plan) -> Condition:
        return self._encoded(plan.wish.prompt, plan.wish.negative)

    def _encode(self, prompt: str, negative: str) -> Condition:
        pipe, device = self._pipe, self._pipe.device
        start, end = pipe.encode_duration(self._window_s, 3.0 * self._window_s, device, False, 1)
        where = torch.cat([start, end], dim=2)
        if negative:
            words = pipe.encode_prompt(prompt, device, True, negative)
            told = torch.cat([words, start.expand(2, -1, -1), end.expand(2, -1, -1)], dim=1)
        else:
            with_ = torch.cat([pipe.encode_prompt(prompt, device, False), start, end], dim=1)
            told = torch.cat([torch.zeros_like(with_), with_])
        return {"encoder_hidden_states": told, "global_hidden_states": where.expand(2, -1, -1)}

    def _rotary(self, latents: int) -> tuple[torch.Tensor, ...]:
        # One place more than there are latents: where the clip is cut from stands before them.
        cos_sin = get_1d_rotary_pos_embed(
            self._pipe.rotary_embed_dim, latents + 1, use_real=True, repeat_interleave_real=False
        )
        return tuple(each.to(self._model.device) for each in cos_sin)

    def _predict(
        self, latents: torch.Tensor, times: torch.Tensor, _ring: bool, **condition: torch.Tensor
    ) -> torch.Tensor:
        positions = self._positions(latents.shape[TIME])
        predicted: torch.Tensor = self._transformer(
            latents.to(self.options.dtype), times, rotary_embedding=positions, return_dict=False, **condition
        )[0]
        return predicted.float()

    def _decode(self, latents: torch.Tensor, ring: bool) -> torch.Tensor:
        return decode(
            latents,
            lambda part: self._pipe.vae.decode(part).sample,
            hop_frames=self._model.hop_frames,
            margin=_MARGIN,
            piece=_PIECE,
            ring=ring,
        )


def _load(folder: Path) -> Any:
    pipe: Any = StableAudioPipeline
    return pipe(
        **{name: load_weights(kind, folder, name) for name, kind in _NETWORKS.items()},
        tokenizer=load_tokenizer(T5Tokenizer, folder, "tokenizer"),
        scheduler=load_settings(
            CosineDPMSolverMultistepScheduler, folder, "scheduler", "scheduler_config.json"
        ),
    )
