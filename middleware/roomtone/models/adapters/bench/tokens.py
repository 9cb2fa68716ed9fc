"""Models that make one token after another, random: audiocraft's own call beside the adapter."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import torch
from omegaconf import OmegaConf
from torch import Tensor

from roomtone.models.adapters.audiocraft_imports import ConditioningAttributes, LMModel, conditioners
from roomtone.models.adapters.audiocraft_models import TEXT
from roomtone.models.adapters.audiocraft_stand_ins import stand_ins
from roomtone.models.adapters.bench.results import Agreement
from roomtone.models.adapters.bench.subjects import OTHER_PROMPT, PROMPT, SEED, Plain, Wanted, weights_gb
from roomtone.models.adapters.loading import DTYPES, quiet
from roomtone.models.adapters.tiny import audiogen, musicgen
from roomtone.models.adapters.tiny.levels import Sizes
from roomtone.models.adapters.tiny.token_models import (
    Form,
    codec_settings,
    language_model_settings,
    make_codec,
    make_language_model,
    text_encoder,
)
from roomtone.models.adapters.token_draws import guided, uniforms
from roomtone.models.adapters.token_models import Parts
from roomtone.models.adapters.token_options import token_options
from roomtone.models.families import FAMILIES
from roomtone.models.worker import load_adapter

with stand_ins():
    from audiocraft.models.audiogen import AudioGen
    from audiocraft.models.musicgen import MusicGen
    from audiocraft.utils.autocast import TorchAutocast

_FORMS: Final[Mapping[str, Form]] = MappingProxyType({"audiogen": audiogen.FORM, "musicgen": musicgen.FORM})
_LIBRARYS: Final[Mapping[str, Any]] = MappingProxyType({"audiogen": AudioGen, "musicgen": MusicGen})

# To see whether they agree: long enough for some hundred draws.
_SECONDS: Final = 1.0
# How far a draw may be from the token that came of it, among the odds that audiocraft gives in float32: by rounding.
_LIMITS: Final[Mapping[torch.dtype, float]] = MappingProxyType(
    {torch.float32: 1e-4, torch.float16: 0.005, torch.bfloat16: 0.02}
)


class Tokens:
    """A model of one of audiocraft's families; see `subjects.Subject`.

    Args:
        family: its name.
        sizes: of its parts.
        device: where it is.
    """

    def __init__(self, family: str, sizes: Sizes, device: torch.device) -> None:
        self.family, self._sizes, self._device = family, sizes, device
        self._form = _FORMS[family]
        quiet()
        torch.manual_seed(SEED)
        with torch.device(device), torch.no_grad():
            self._words = text_encoder(sizes["text_encoder"])
            self._codec = make_codec({**codec_settings(self._form, sizes), "device": device.type})
        self._reference = self._made(torch.float32)
        self.parameters = sum(each.numel() for each in self._reference.parameters())
        self.steps, self.longest_s, self.half = 0, float(self._form.window_s), "fp16"
        self.reference_gb = weights_gb(self._reference)
        self.shared_gb = weights_gb(self._words[1], self._codec)

    def language_model(self, dtype: torch.dtype) -> LMModel:
        """Make the language model, with the same weights each time."""
        lm = self._made(dtype)
        lm.load_state_dict(self._reference.state_dict())
        return lm

    def _made(self, dtype: torch.dtype) -> LMModel:
        with torch.device(self._device), torch.no_grad():
            lm: LMModel = make_language_model(self._settings(dtype), *self._words)
        return lm.eval().requires_grad_(False)

    def _settings(self, dtype: torch.dtype) -> dict[str, Any]:
        settings = language_model_settings(self._form, self._sizes)
        return {**settings, "device": self._device.type, "dtype": str(dtype).removeprefix("torch.")}

    def ours(self, options: Mapping[str, Any]) -> Any:
        """Make the adapter."""
        dtype = token_options(options).torch_dtype(self._device.type)
        config = OmegaConf.create(self._settings(dtype))
        parts = Parts(lm=self.language_model(dtype), codec=self._codec, config=config)
        adapter = load_adapter(FAMILIES[self.family].adapter)
        return adapter("", device=str(self._device), options=options, parts=parts)

    def plain(self, dtype: str) -> Plain:
        """Make the library's own call; in float32 of the language model that there is."""
        lm = self._reference if dtype == "fp32" else self.language_model(DTYPES[dtype])
        with stand_ins():
            model = _LIBRARYS[self.family]("plain", self._codec, lm, max_duration=self.longest_s)
        if dtype == "fp32":
            model.autocast = TorchAutocast(enabled=False)
        top_k = min(token_options({}).top_k, lm.card)

        def make(prompt: str, seed: int, seconds: float, _steps: int) -> object:
            torch.manual_seed(seed)
            model.set_generation_params(duration=seconds, top_k=top_k)
            # Its attention imports xformers at each call.
            with stand_ins():
                return model.generate([prompt]).float().cpu().numpy()

        return make

    def agreement(self, ours: Any) -> Agreement:
        """See what draws made the adapter's tokens, and which tokens they would have made of the library's odds."""
        job = {"prompt": PROMPT, "seconds": _SECONDS, "seed": SEED}
        tokens = ours.generate([job], Wanted())[0]["latent"]["tokens"]
        codes = torch.from_numpy(tokens).long().to(self._device)[None]
        draws = self._draws(codes)
        found, other = (self._gap(codes, draws, prompt, ours.options) for prompt in (PROMPT, OTHER_PROMPT))
        dtype = ours.options.torch_dtype(self._device.type)
        return Agreement(measure="draws", found=found, other=other, limit=_LIMITS[dtype])

    def _draws(self, codes: Tensor) -> Tensor:
        """Give the number that each token came of: (1, codebooks, frames)."""
        pattern: Any = self._reference.pattern_provider.get_pattern(codes.shape[-1])
        numbers = uniforms([(SEED, 0, 0)], len(pattern.layout), codes.shape[1])
        frames: Tensor = pattern.revert_pattern_sequence(
            numbers.transpose(1, 2).contiguous(), special_token=-1
        )[0]
        return frames.to(self._device)

    @torch.inference_mode()
    def _gap(self, codes: Tensor, draws: Tensor, prompt: str, options: Any) -> float:
        lm = self._reference
        with stand_ins():
            said = lm.compute_predictions(torch.cat([codes, codes]), [], dict(_told(lm, prompt)))
        logits = guided(said.logits, torch.tensor([options.guidance], device=codes.device))
        return gap(logits / options.temperature, codes, draws, top_k=options.top_k, there=said.mask[:1])


def gap(logits: Tensor, codes: Tensor, draws: Tensor, *, top_k: int, there: Tensor) -> float:
    """Tell how far draws are, on average, from the tokens that came of them: 0 where all came of these odds.

    Args:
        logits: (rows, codebooks, frames, card).
        codes: (rows, codebooks, frames): the tokens.
        draws: like `codes`, in [0, 1): see `token_draws.uniforms`.
        top_k: among how many was drawn.
        there: like `codes`: of which there are logits.
    """
    odds = torch.softmax(logits.float(), dim=-1)
    if 0 < top_k < odds.shape[-1]:
        odds = odds * (odds >= odds.topk(top_k, dim=-1).values[..., -1:])
    heights = odds.cumsum(-1) / odds.sum(-1, keepdim=True)
    above = heights.gather(-1, codes[..., None])[..., 0]
    below = above - (odds / odds.sum(-1, keepdim=True)).gather(-1, codes[..., None])[..., 0]
    missed = torch.maximum(below - draws, draws - above).clamp(min=0.0)
    return float(missed[there].mean())


def _told(lm: LMModel, prompt: str) -> Any:
    asked = [ConditioningAttributes(text={TEXT: prompt})]
    nothing = conditioners.ClassifierFreeGuidanceDropout(p=1.0)(asked)
    return lm.condition_provider(lm.condition_provider.tokenize(asked + nothing))
