"""Stable Audio 3: 44.1 kHz stereo, minutes long, in eight steps where it is distilled.

The folder is laid out as diffusers' `StableAudio3Pipeline` saves and expects it. It can be shown sound that must stay,
which is how a clip goes on from an earlier one.

Source: diffusers, `pipelines/stable_audio_3`.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final

import torch
from diffusers import (
    AutoencoderSAME,
    FlowMatchEulerDiscreteScheduler,
    StableAudio3DiTModel,
    StableAudio3DurationEmbedder,
    StableAudio3Pipeline,
)
from diffusers.pipelines.stable_audio_3.pipeline_stable_audio_3 import logsnr_sigma_schedule
from transformers import GemmaTokenizer, T5GemmaEncoderModel

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

_CLASSES: Final = ("StableAudio3Pipeline", "StableAudio3InpaintPipeline", "StableAudio3AudioToAudioPipeline")
_NETWORKS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "vae": AutoencoderSAME,
        "text_encoder": T5GemmaEncoderModel,
        "duration_embedder": StableAudio3DurationEmbedder,
        "transformer": StableAudio3DiTModel,
    }
)
# Steps and guidance of the distilled model, which has its guidance in its weights and draws new noise at each step, and
# of the other. The steps are the library's; for the other's guidance it names none, and this is that of its forerunner.
_DISTILLED, _PLAIN = (8, 1.0), (100, 7.0)
# Of the ladder's noise, in the library's measure.
_LOGSNR_FROM, _LOGSNR_TO = -6.2, 2.0
_PROMPTS_KEPT: Final = 64
# The decoder's attention over a piece of so many latents, 12 s, is about a tenth of a gigabyte; it grows by the square.
_PIECE: Final = 128
_SHORTEST: Final = 2
# Reckoned from the shapes, not measured; a run that does not fit is tried again with fewer clips.
_BYTES_A_CLIP: Final = 2_000_000_000


class StableAudio3:
    """A loaded Stable Audio 3; see `models/worker.py`."""

    def __init__(self, folder: str, *, device: str, options: Mapping[str, Any], pipe: Any = None) -> None:
        """Load it.

        Args:
            folder: as diffusers' `StableAudio3Pipeline` saves it.
            device: `auto`, or a name of torch's.
            options: `dtype`, `compile`, `graphs`, `batch`.
            pipe: the library's pipeline to take in place of a folder's parts; it is this one's from then on.

        Raises:
            ModelError: see `adapters/loading.py` and `adapters/options.py`.
        """
        quiet()
        place, home = choose_device(device), Path(folder)
        if pipe is None:
            check_family(home, "model_index.json", "_class_name", _CLASSES)
            free_bytes = check_memory(home, tuple(_NETWORKS), place)
        else:
            free_bytes = free_memory_bytes(place)
        self.options = read_options(
            options, place, solvers=("flow",), free_bytes=free_bytes, bytes_a_clip=_BYTES_A_CLIP
        )
        self._pipe = _load(home) if pipe is None else pipe
        self._transformer = ready(self._pipe.transformer, self.options, place)
        self._pipe.to(place)
        self._encoded = lru_cache(maxsize=_PROMPTS_KEPT)(self._encode)
        self._model = self._described(place)
        self.capabilities = dict(self._model.terms.capabilities)

    def _described(self, device: torch.device) -> LatentModel:
        vae, longest_s = self._pipe.vae, float(self._pipe.duration_embedder.config.max_val)
        rate_hz = int(vae.config.sampling_rate)
        distilled = bool(self._pipe.scheduler.config.stochastic_sampling)
        steps, guidance = _DISTILLED if distilled else _PLAIN
        able = capabilities(
            "stable_audio3",
            rate_hz=rate_hz,
            channels=int(vae.config.audio_channels),
            longest_s=longest_s,
            batch=self.options.batch,
            steps=steps,
            negative=not distilled,
        )
        return LatentModel(
            terms=Terms(capabilities=able, steps=steps, guidance=guidance),
            hop_frames=int(vae.downsampling_ratio),
            channels=(int(vae.config.latent_dim),),
            shortest=_SHORTEST,
            longest=int(longest_s * rate_hz) // vae.downsampling_ratio,
            window=0,
            # Each layer of the decoder hears so many latents further.
            margin=sum(vae.config.encoder_transformer_depths) * vae.config.sliding_window + 2,
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

    def _climb(self, plan: Plan, _generator: torch.Generator) -> tuple[Ladder, int]:
        scheduler = fresh(self._pipe.scheduler)
        sigmas = logsnr_sigma_schedule(plan.wish.steps, _LOGSNR_FROM, _LOGSNR_TO)
        share = plan.noise_share
        if 0.0 < share < 1.0:
            # Eight steps are far apart: a variation begins at exactly its own share of noise.
            begin = share / (share + math.sqrt(1.0 - share * share))
            sigmas = [begin, *(sigma for sigma in sigmas if sigma < begin)]
        scheduler.set_timesteps(sigmas=sigmas)
        levels = tuple((1.0 - float(sigma), float(sigma)) for sigma in scheduler.sigmas)
        solver = _Renoising(scheduler.sigmas) if scheduler.config.stochastic_sampling else scheduler
        ladder = Ladder(scheduler=solver, times=scheduler.timesteps, levels=levels)
        return ladder, ladder.rung(share)

    def _condition(self, plan: Plan) -> Condition:
        wish = plan.wish
        seconds = plan.frames / self._model.rate_hz if wish.loop else wish.seconds
        told = self._encoded(wish.prompt, wish.negative, seconds)
        if plan.held is None:
            return told
        shown = torch.zeros(2, 1 + plan.held.shape[1], plan.latents, device=self._pipe.device)
        shown[:, :1, : plan.held.shape[TIME]] = 1.0
        shown[:, 1:, : plan.held.shape[TIME]] = plan.held.to(shown)
        return {**told, "local_add_cond": shown}

    def _encode(self, prompt: str, negative: str, seconds: float) -> Condition:
        pipe, device = self._pipe, self._pipe.device
        words, mask = pipe.encode_prompt([negative, prompt], device, 1)
        where = pipe.encode_duration(seconds, device, 1, 2)
        told, mask = pipe.prepare_cross_attention(words, mask, where)
        return {"encoder_hidden_states": told, "encoder_attention_mask": mask, "global_hidden_states": where}

    def _predict(
        self, latents: torch.Tensor, times: torch.Tensor, _ring: bool, **condition: torch.Tensor
    ) -> torch.Tensor:
        latents = latents.to(self.options.dtype)
        predicted: torch.Tensor = self._transformer(latents, times, return_dict=False, **condition)[0]
        return predicted.float()

    def _decode(self, latents: torch.Tensor, ring: bool) -> torch.Tensor:
        return decode(
            latents,
            lambda part: self._pipe.vae.decode(part).sample,
            hop_frames=self._model.hop_frames,
            margin=self._model.margin,
            piece=_PIECE,
            ring=ring,
        )


def _load(folder: Path) -> Any:
    pipe: Any = StableAudio3Pipeline
    return pipe(
        **{name: load_weights(kind, folder, name) for name, kind in _NETWORKS.items()},
        tokenizer=load_tokenizer(GemmaTokenizer, folder, "tokenizer"),
        scheduler=load_settings(
            FlowMatchEulerDiscreteScheduler, folder, "scheduler", "scheduler_config.json"
        ),
    )


class _Renoising:
    """The library's steps with `stochastic_sampling`, whose noise is sent without waiting for the device."""

    def __init__(self, levels: torch.Tensor) -> None:
        self._levels, self._at = levels, 0

    def set_begin_index(self, at: int) -> None:
        """Begin at a step."""
        self._at = at

    def step(
        self,
        prediction: torch.Tensor,
        _time: torch.Tensor,
        latent: torch.Tensor,
        *,
        generator: torch.Generator,
    ) -> SimpleNamespace:
        """Take the noise away, and put a step's less of new noise in its place."""
        level, next_level = self._levels[self._at : self._at + 2]
        noise = sent(torch.randn(latent.shape, generator=generator), latent.device)
        self._at += 1
        clip = latent - level * prediction
        return SimpleNamespace(prev_sample=(1.0 - next_level) * clip + next_level * noise)
