"""AudioLDM 2: 16 kHz mono, about 10 s. Its text stage is apart from its sound stage, so prompts mix without encoding.

The folder is laid out as `cvssp/audioldm2` on the hub. A prompt is encoded alone, then its words are padded: were they
encoded beside a longer prompt, they would come out differently.

Source: Liu et al. (2023), "AudioLDM 2: Learning Holistic Audio Generation with Self-supervised Pretraining".
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import torch
from diffusers import (
    AudioLDM2Pipeline,
    AudioLDM2ProjectionModel,
    AudioLDM2UNet2DConditionModel,
    AutoencoderKL,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
)
from transformers import (
    ClapFeatureExtractor,
    ClapModel,
    GPT2LMHeadModel,
    RobertaTokenizer,
    SpeechT5HifiGan,
    T5EncoderModel,
    T5Tokenizer,
)

from roomtone.models.adapters.circular import TIME, Rings, decode
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
from roomtone.models.adapters.wishes import Terms

# The language model is a GPT-2 whose folder names the class without its head; without a head, transformers 5 no longer
# lets it generate.
_NETWORKS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "vae": AutoencoderKL,
        "text_encoder": ClapModel,
        "text_encoder_2": T5EncoderModel,
        "projection_model": AudioLDM2ProjectionModel,
        "language_model": GPT2LMHeadModel,
        "unet": AudioLDM2UNet2DConditionModel,
        "vocoder": SpeechT5HifiGan,
    }
)
# How many steps each way of taking them wants; the first is the library's own.
_STEPS: Final[Mapping[str, int]] = MappingProxyType({"ddim": 200, "dpm++": 25})
_GUIDANCE: Final = 3.5
# Of its thousand levels of noise every second; closer, the library would begin in the middle.
_MOST_STEPS: Final = 500
_WORDS: Final = 77
_AUDIO_WORDS: Final = 8
_PROMPTS_KEPT: Final = 64
# Masked words weigh exp(-10000), which is 0.
_NEVER: Final = -10000.0
# How many latents before a clip are decoded with it, and what the vocoder hears to each side.
_MARGIN: Final = 32
_VOCODER_MARGIN_MELS: Final = 32
# Reckoned from the shapes, not measured; a run that does not fit is tried again with fewer clips.
_BYTES_A_CLIP: Final = 1_500_000_000
_BIAS: Final = "encoder_attention_mask_1"


class AudioLdm2:
    """A loaded AudioLDM 2; see `models/worker.py`."""

    def __init__(self, folder: str, *, device: str, options: Mapping[str, Any], pipe: Any = None) -> None:
        """Load it.

        Args:
            folder: laid out as `cvssp/audioldm2` on the hub.
            device: `auto`, or a name of torch's.
            options: `dtype`, `compile`, `graphs`, `batch`, and `solver`: `ddim` or `dpm++`.
            pipe: the library's pipeline to take in place of a folder's parts; it is this one's from then on.

        Raises:
            ModelError: see `adapters/loading.py` and `adapters/options.py`.
        """
        quiet()
        place, home = choose_device(device), Path(folder)
        if pipe is None:
            check_family(home, "model_index.json", "_class_name", ("AudioLDM2Pipeline",))
            free_bytes = check_memory(home, tuple(_NETWORKS), place)
        else:
            free_bytes = free_memory_bytes(place)
        self.options = read_options(
            options, place, solvers=tuple(_STEPS), free_bytes=free_bytes, bytes_a_clip=_BYTES_A_CLIP
        )
        self._pipe = _load(home) if pipe is None else pipe
        self._unet = ready(self._pipe.unet, self.options, place, images=True)
        self._pipe.to(place)
        self._rings = Rings(self._pipe.unet, self._pipe.vae.decoder)
        self._bias: torch.Tensor | None = None
        for block in (*self._pipe.unet.down_blocks, self._pipe.unet.mid_block, *self._pipe.unet.up_blocks):
            block.register_forward_pre_hook(self._with_bias, with_kwargs=True)
        self._scheduler = _SOLVERS[self.options.solver](self._pipe.scheduler.config)
        self._encoded = lru_cache(maxsize=_PROMPTS_KEPT)(self._encode)
        self._model = self._described(place)
        self.capabilities = dict(self._model.terms.capabilities)

    def _described(self, device: torch.device) -> LatentModel:
        pipe, steps = self._pipe, _STEPS[self.options.solver]
        unet, vocoder, mels = pipe.unet.config, pipe.vocoder.config, pipe.vae_scale_factor
        hop_frames = math.prod(vocoder.upsample_rates) * mels
        able = capabilities(
            "audioldm2",
            rate_hz=int(vocoder.sampling_rate),
            channels=1,
            longest_s=unet.sample_size * hop_frames / vocoder.sampling_rate,
            batch=self.options.batch,
            steps=steps,
            blends=True,
        )
        return LatentModel(
            terms=Terms(capabilities=able, steps=steps, guidance=_GUIDANCE, most_steps=_MOST_STEPS),
            hop_frames=hop_frames,
            channels=(int(unet.in_channels), vocoder.model_in_dim // mels),
            shortest=2 ** (len(unet.block_out_channels) - 1),
            longest=int(unet.sample_size),
            window=0,
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

    def _climb(self, plan: Plan, _generator: torch.Generator) -> tuple[Ladder, int]:
        scheduler = fresh(self._scheduler)
        scheduler.set_timesteps(plan.wish.steps)
        ladder = Ladder(scheduler=scheduler, times=scheduler.timesteps, levels=_levels(scheduler))
        return ladder, ladder.rung(plan.noise_share)

    def _encode(self, prompt: str, negative: str) -> Condition:
        """Encode one prompt: its words, and what the language model makes of them in the language of audio."""
        words, mask, audio_words = self._pipe.encode_prompt(
            prompt,
            self._pipe.device,
            1,
            True,
            negative_prompt=negative,
            max_new_tokens=getattr(self._pipe.language_model.config, "max_new_tokens", _AUDIO_WORDS),
        )
        padded = math.ceil(words.shape[1] / _WORDS) * _WORDS - words.shape[1]
        bias = (1.0 - mask.float()) * _NEVER
        return {
            "encoder_hidden_states": audio_words,
            "encoder_hidden_states_1": torch.nn.functional.pad(words, (0, 0, 0, padded)),
            "bias": torch.nn.functional.pad(bias, (0, padded), value=_NEVER),
        }

    def _condition(self, plan: Plan) -> Condition:
        wish = plan.wish
        first = self._encoded(wish.prompt, wish.negative)
        if not wish.blend_prompt or wish.blend_amount == 0.0:
            return first
        second = self._encoded(wish.blend_prompt, wish.negative)
        return second if wish.blend_amount == 1.0 else blend(first, second, wish.blend_amount)

    def _predict(
        self, latents: torch.Tensor, times: torch.Tensor, ring: bool, **condition: torch.Tensor
    ) -> torch.Tensor:
        bias = condition.pop("bias")
        self._bias = bias.unsqueeze(1)
        # The U-Net is given some mask so that it passes one on; what the blocks see is the bias.
        with self._rings.closed(ring):
            predicted: torch.Tensor = self._unet(
                latents.to(bias.dtype), times, return_dict=False, **condition, **{_BIAS: bias}
            )[0]
        return predicted.float()

    def _with_bias(
        self, _block: Any, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Hand a block the bias as it is: the U-Net itself knows only words that are there and words that are not."""
        return arguments, ({**named, _BIAS: self._bias} if _BIAS in named else named)

    def _decode(self, latents: torch.Tensor, ring: bool) -> torch.Tensor:
        pipe = self._pipe
        with self._rings.closed(ring):
            mel = pipe.vae.decode(latents / pipe.vae.config.scaling_factor).sample
        return decode(
            mel,
            lambda part: pipe.mel_spectrogram_to_waveform(part).reshape(1, 1, -1),
            hop_frames=self._model.hop_frames // pipe.vae_scale_factor,
            margin=_VOCODER_MARGIN_MELS,
            piece=mel.shape[TIME],
            ring=ring,
        )


def blend(first: Condition, second: Condition, amount: float) -> Condition:
    """Mix what two prompts tell the network.

    In the language of audio the two stand word beside word, and are interpolated. The words themselves do not: all of
    both are there, and the attention is divided between them.

    Args:
        first: of one prompt.
        second: of the other.
        amount: how far to go to the second, above 0 and below 1.
    """
    a, b = first["encoder_hidden_states"], second["encoder_hidden_states"]
    mixed = torch.lerp(a, b, amount)
    # Between two directions there is less of either: what the interpolation takes from the length is given back.
    length = torch.lerp(a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True), amount)
    mixed *= length / mixed.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    weighed = [first["bias"] + math.log1p(-amount), second["bias"] + math.log(amount)]
    return {
        "encoder_hidden_states": mixed,
        "encoder_hidden_states_1": torch.cat(
            [first["encoder_hidden_states_1"], second["encoder_hidden_states_1"]], dim=1
        ),
        "bias": torch.cat(weighed, dim=1),
    }


def _load(folder: Path) -> Any:
    parts = {name: load_weights(kind, folder, name) for name, kind in _NETWORKS.items()}
    pipe: Any = AudioLDM2Pipeline
    return pipe(
        **parts,
        tokenizer=load_tokenizer(RobertaTokenizer, folder, "tokenizer"),
        tokenizer_2=load_tokenizer(T5Tokenizer, folder, "tokenizer_2"),
        feature_extractor=load_settings(
            ClapFeatureExtractor, folder, "feature_extractor", "preprocessor_config.json"
        ),
        scheduler=load_settings(DDIMScheduler, folder, "scheduler", "scheduler_config.json"),
    )


def _ddim(config: Mapping[str, Any]) -> Any:
    kind: Any = DDIMScheduler
    return kind.from_config(config)


def _dpm(config: Mapping[str, Any]) -> Any:
    """Source: Lu et al. (2022), "DPM-Solver++"; its steps spaced after Karras et al. (2022)."""
    kind: Any = DPMSolverMultistepScheduler
    return kind.from_config(config, algorithm_type="dpmsolver++", use_karras_sigmas=True)


_SOLVERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = MappingProxyType(
    {"ddim": _ddim, "dpm++": _dpm}
)


def _levels(scheduler: Any) -> tuple[tuple[float, float], ...]:
    """Read how much clip and noise there is at each step: both in one power."""
    if hasattr(scheduler, "sigmas"):
        clip_powers = [1.0 / (1.0 + float(sigma) ** 2) for sigma in scheduler.sigmas]
    else:
        clip_powers = [float(scheduler.alphas_cumprod[time]) for time in scheduler.timesteps] + [1.0]
    return tuple((math.sqrt(power), math.sqrt(1.0 - power)) for power in clip_powers)
