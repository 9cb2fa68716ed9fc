"""AudioGen and MusicGen as workers know them: from jobs to clips, by way of tokens.

What a job asks for, and how it is done:

* a clip longer than the model can hear (option `longest_s`) is made window by window, as the library does;
* `continue_from` keeps the end of the earlier clip's tokens as they are: to encode its sound again would not;
* `vary_from` keeps a part of the earlier clip's tokens, see `token_latents.part_of`;
* `loop` goes on from the clip's end in several ways, keeps the one after which its beginning is the likeliest, and
  decodes the tokens as a circle;
* `negative` takes the place of the empty text that guidance moves away from (Sanchez et al. 2023, "Stay on topic with
  classifier-free guidance").

Each job's text is encoded alone, and only clips with equally many text tokens are made together, because the library
pads shorter texts with zeros that are looked at: so a clip does not depend on what is made beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import torch
from omegaconf import DictConfig

from roomtone.models.adapters.audiocraft_codec import decode, load_codec
from roomtone.models.adapters.audiocraft_files import damaged, find_checkpoint
from roomtone.models.adapters.audiocraft_imports import CompressionModel, LMModel, builders
from roomtone.models.adapters.audiocraft_models import MELODY, has_melody, load_language_model
from roomtone.models.adapters.fast_tokens import FastTokens
from roomtone.models.adapters.graphs import recorder
from roomtone.models.adapters.loading import choose_device, free_memory_bytes, quiet
from roomtone.models.adapters.stems import Unseparated, needs_separator
from roomtone.models.adapters.token_conditions import Telling, Words
from roomtone.models.adapters.token_draws import Sampling
from roomtone.models.adapters.token_growth import Grown, Growth, Progress, Step
from roomtone.models.adapters.token_latents import KeptTokens, latent_of
from roomtone.models.adapters.token_options import TokenOptions, token_options
from roomtone.models.adapters.token_plans import Plan, read_plans
from roomtone.models.adapters.token_weights import TokenWeights
from roomtone.models.adapters.tunes import prepare_melody

# A processor reads all weights for each step, whether of one clip or of four: together they take half the time.
_MOST_IN_A_BATCH: Final = {"cuda": 16, "mps": 4, "cpu": 4}
_SHARE_OF_MEMORY: Final = 0.5
# Beside the tokens: a melody of 235 frames and a long text.
_PLACES_OF_CONDITIONS: Final = 320
_LONGEST_WINDOW_S: Final = 600.0
# Of the window: what is left of it is known when the next part is made.
_LONGEST_STRIDE: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What differs between the families.

    Attributes:
        family: its name; its training's, too, in the settings of a checkpoint.
        stride_s: how far the window moves on in clips that are longer than it, as the library has it; less where the
            window is shorter than that of the published models.
    """

    family: str
    stride_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a model is made of.

    Attributes:
        lm: the language model, on its device.
        codec: the codec, there too.
        config: the settings of the language model.
    """

    lm: LMModel
    codec: CompressionModel
    config: DictConfig


class TokenModel:
    """One loaded model, of the kind that a subclass says. One thread.

    Args:
        folder: see `audiocraft_models.py`.
        device: see `loading.choose_device`.
        options: see `token_options.TokenOptions`.
        parts: what to take in place of what is in the folder, on that device.

    Raises:
        ModelError: what is wrong with the options, the device or the folder.
    """

    kind: ClassVar[Kind]

    def __init__(
        self, folder: str, *, device: str, options: Mapping[str, Any], parts: Parts | None = None
    ) -> None:
        quiet()
        self.options, self._folder = token_options(options), Path(folder)
        self._device = _used(choose_device(device))
        if parts is None:
            parts = _read(self._folder, self.kind, self._device, self.options)
        self._lm, config = parts.lm, parts.config
        self._codec = builders.get_wrapped_compression_model(parts.codec, config)
        self._window_s = _window_s(self._folder, config)
        self._stride_s = self.kind.stride_s
        self._melody = has_melody(config)
        if self._melody:
            prepare_melody(self._lm)
        self._words = Words(self._lm, self._codec)
        self._tokens = FastTokens(
            self._lm,
            sampling=Sampling(temperature=self.options.temperature, top_k=self.options.top_k),
            record=recorder(torch.device(self._device), wanted=self.options.graphs),
            compiled=self.options.compile,
        )
        self.capabilities = self._capabilities()

    def _capabilities(self) -> dict[str, Any]:
        return {
            "family": self.kind.family,
            "sample_rate_hz": int(self._codec.sample_rate),
            "channels": int(self._codec.channels),
            "longest_s": self.options.longest_s or self._window_s,
            "batch": self.options.batch or self._batch(),
            "tasks": ("generate",),
            "seeds": True,
            "steps": 0,
            "loop": "tokens",
            "continues": True,
            "varies": True,
            "blends": False,
            "negative": True,
            "melody": self._melody and self._separates,
        }

    @property
    def _separates(self) -> bool:
        """Whether a tune can be read out of a recording, or need not be."""
        conditioner: Any = self._lm.condition_provider.conditioners[MELODY]
        return not (self.options.separate and isinstance(conditioner.demucs, Unseparated))

    @property
    def _window_frames(self) -> int:
        return int(self._window_s * self._codec.frame_rate)

    def _batch(self) -> int:
        """Fill a part of the memory with the keys and values of clips that are as long as the window."""
        places = self._window_frames + _PLACES_OF_CONDITIONS
        room_bytes = free_memory_bytes(torch.device(self._device)) * _SHARE_OF_MEMORY
        fit = int(room_bytes / _bytes_a_clip(self._tokens.weights, places))
        return max(1, min(fit, _MOST_IN_A_BATCH[self._device]))

    # Making clips -----------------------------------------------------------------------------

    def generate(self, jobs: Sequence[Mapping[str, Any]], step: Step) -> list[dict[str, Any] | None]:
        """Make one clip for each job.

        Args:
            jobs: see `models/request.py` `Job`.
            step: see `models/worker.py`; what it raises ends the run and leaves the model as it was.

        Returns:
            An output for each job, see `models/worker.py`; None for one that nobody wants any more.

        Raises:
            ModelError: see `read_plans`, `read_melody`; also `model.needs-separator`.
        """
        if self._melody and not self._separates and any(job.get("melody") for job in jobs):
            raise needs_separator(self._folder / "demucs")
        plans = read_plans(jobs, self.capabilities, self._codec, guidance=self.options.guidance)
        telling = Telling(
            self._words,
            self._codec,
            plans,
            window_frames=self._window_frames,
            longest_s=max(self.capabilities["longest_s"], self._window_s),
        )
        growth, groups = self._growth(telling), list(self._groups(plans, telling))
        # To decode a clip is a step as well: on a processor it takes as long as many.
        progress = Progress(step, sum(growth.steps(group) + len(group) for group in groups))
        outputs: list[dict[str, Any] | None] = [None] * len(jobs)
        for group in groups:
            for grown in growth.grow(group, progress):
                if progress.wants(grown.plan):
                    outputs[grown.plan.index] = self._output(grown)
                    progress()
        return outputs

    def _growth(self, telling: Telling) -> Growth:
        rate = float(self._codec.frame_rate)
        return Growth(
            tokens=self._tokens,
            conditions=telling,
            window_frames=self._window_frames,
            stride_frames=min(int(self._stride_s * rate), round(_LONGEST_STRIDE * self._window_frames)),
            frame_rate=rate,
            batch=self.capabilities["batch"],
            tries=self.options.tries,
        )

    def _groups(self, plans: Sequence[Plan], telling: Telling) -> Iterator[list[Plan]]:
        alike: dict[tuple[Any, ...], list[Plan]] = {}
        for plan in plans:
            alike.setdefault((plan.shape, telling.length(plan)), []).append(plan)
        size = self.capabilities["batch"]
        for group in alike.values():
            yield from (group[first : first + size] for first in range(0, len(group), size))

    def _output(self, grown: Grown) -> dict[str, Any]:
        wish, rate_hz = grown.plan.wish, int(self._codec.sample_rate)
        samples = decode(self._codec, grown.codes, circular=wish.loop)
        notes: dict[str, Any] = {"guidance": wish.guidance}
        if wish.loop:
            notes["loop"] = "tokens"
        else:
            samples = samples[: round(wish.seconds * rate_hz)]
        if grown.loop is not None:
            notes["joint_nats"] = round(grown.loop.joint_nats, 3)
            notes["inside_nats"] = round(grown.loop.inside_nats, 3)
        if grown.plan.prefix_s:
            notes["prefix_s"] = round(float(grown.plan.prefix_s), 6)
        kept = KeptTokens(codes=grown.codes, heard_frames=len(samples), ring=wish.loop)
        return {
            "samples": samples,
            "rate_hz": rate_hz,
            "latent": latent_of(kept, self._codec),
            "notes": notes,
        }


def _read(folder: Path, kind: Kind, device: str, options: TokenOptions) -> Parts:
    lm, config = load_language_model(
        folder,
        family=kind.family,
        device=device,
        dtype=options.torch_dtype(device),
        separate=options.separate,
    )
    return Parts(lm=lm, codec=load_codec(folder, device=device), config=config)


def _used(device: torch.device) -> str:
    """Make a device the current one; returns its kind, which is what audiocraft understands."""
    if device.type == "cuda" and device.index is not None:
        torch.cuda.set_device(device)
    return device.type


def _window_s(folder: Path, config: DictConfig) -> float:
    window_s = config.get("dataset", {}).get("segment_duration")
    if not isinstance(window_s, int | float) or not 0.0 < window_s <= _LONGEST_WINDOW_S:
        path = find_checkpoint(folder, "state_dict") or folder
        raise damaged(
            path, f"its settings say that the model hears {window_s!r} s (dataset.segment_duration)"
        )
    return float(window_s)


def _bytes_a_clip(weights: TokenWeights, places: int) -> int:
    """Count the keys and values of each layer, for what is to be made and for what is kept away from."""
    return 4 * len(weights.layers) * places * weights.dim * weights.dtype.itemsize
