"""EnCodec: a clip as tokens, at a hundredth of its size, and back (`facebook/encodec_32khz`, `facebook/encodec_24khz`).

Two tasks, `encode` and `decode`; neither has chance in it. Fields of their jobs (`models/request.py` `Job`):

    encode    audio: a `.npy` of (frames, channels) float32 at 48 kHz; loop: whether it closes on itself
    decode    continue_from: the `.npz` that an `encode` gave, or a token model with the same codec

Both give what is heard of the tokens, at the codec's rate, as `samples`, and the tokens as `latent`: who encodes can
tell from the samples what is lost. A clip comes back as long as it was; a loop as a loop, which is laid out in a whole
number of the codec's frames in between.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_codec import decode, encode, hop_frames, load_codec
from roomtone.models.adapters.audiocraft_imports import CompressionModel
from roomtone.models.adapters.loading import choose_device, quiet
from roomtone.models.adapters.recordings import RATE_HZ, converted, folded, read_recording, ring_of
from roomtone.models.adapters.token_growth import Step
from roomtone.models.adapters.token_latents import KeptTokens, latent_of, read_latent

# A minute at 32 kHz takes two gigabytes in the widest layer of the published codecs.
_LONGEST_S: Final = 60.0


class EnCodec:
    """One loaded codec. One thread.

    Args:
        folder: of transformers' EnCodec (`config.json`), or of a model with a `compression_state_dict`.
        device: see `loading.choose_device`.
        options: `codebooks`: how many of the codec's; all by default. Fewer are smaller and rougher.

    Raises:
        ModelError: what is wrong with the options, the device or the folder.
    """

    def __init__(self, folder: str, *, device: str, options: Mapping[str, Any]) -> None:
        quiet()
        self._device = choose_device(device)
        self._codec = load_codec(Path(folder), device=str(self._device))
        _choose_codebooks(self._codec, options)
        self.capabilities: dict[str, Any] = {
            "family": "encodec",
            "sample_rate_hz": int(self._codec.sample_rate),
            "channels": int(self._codec.channels),
            "longest_s": _LONGEST_S,
            "batch": 1,
            "tasks": ("encode", "decode"),
            "seeds": True,
            "steps": 0,
            "loop": "tokens",
        }

    def encode(self, jobs: Sequence[Mapping[str, Any]], step: Step) -> list[dict[str, Any] | None]:
        """Make tokens of sounds, see the module.

        Raises:
            ModelError: `model.bad-audio`, `model.too-long`.
        """
        return self._each(jobs, step, self._encoded)

    def decode(self, jobs: Sequence[Mapping[str, Any]], step: Step) -> list[dict[str, Any] | None]:
        """Make sounds of tokens, see the module.

        Raises:
            ModelError: see `read_latent`; also `model.too-long`.
        """
        return self._each(jobs, step, self._kept)

    def _each(
        self,
        jobs: Sequence[Mapping[str, Any]],
        step: Step,
        read: Callable[[int, Mapping[str, Any]], KeptTokens],
    ) -> list[dict[str, Any] | None]:
        outputs: list[dict[str, Any] | None] = []
        for i, job in enumerate(jobs):
            outputs.append(self._output(read(i, job)) if step.wants(i) else None)
            step(i + 1, len(jobs))
        return outputs

    def _encoded(self, index: int, job: Mapping[str, Any]) -> KeptTokens:
        at, ring = f"jobs[{index}].audio", bool(job.get("loop", False))
        samples = read_recording(Path(job["audio"]), at=at)
        _check_length(len(samples) / RATE_HZ, at)
        codec, hop = self._codec, hop_frames(self._codec)
        heard_frames = max(1, round(len(samples) * codec.sample_rate / RATE_HZ))
        if ring:
            frames = max(1, round(heard_frames / hop)) * hop
            sound = ring_of(folded(samples, codec.channels), frames)
        else:
            sound = converted(samples, rate_hz=codec.sample_rate, channels=codec.channels)[:heard_frames]
        return KeptTokens(codes=encode(codec, sound, circular=ring), heard_frames=heard_frames, ring=ring)

    def _kept(self, index: int, job: Mapping[str, Any]) -> KeptTokens:
        at = f"jobs[{index}].continue_from"
        kept = read_latent(Path(job["continue_from"]), self._codec, at=at)
        _check_length(kept.heard_frames / self._codec.sample_rate, at)
        return kept

    def _output(self, kept: KeptTokens) -> dict[str, Any]:
        samples = decode(self._codec, kept.codes.to(self._device), circular=kept.ring)
        heard = ring_of(samples, kept.heard_frames) if kept.ring else samples[: kept.heard_frames]
        return {
            "samples": heard,
            "rate_hz": int(self._codec.sample_rate),
            "latent": latent_of(kept, self._codec),
            "notes": {"loop": "tokens"} if kept.ring else {},
        }


def _check_length(seconds: float, at: str) -> None:
    if seconds > _LONGEST_S:
        what = f"it is {seconds:g} s long, and {_LONGEST_S:g} s are coded at once"
        raise ModelError("model.too-long", what=what, at=at, fix="give it in parts")


def _choose_codebooks(codec: CompressionModel, options: Mapping[str, Any]) -> None:
    for name, value in options.items():
        most = codec.total_codebooks
        if name != "codebooks":
            what, fix = f"this model has no option {name!r}", "take one of codebooks"
        elif type(value) is not int or not 1 <= value <= most:
            what, fix = f"it is {value!r}", f"take a number from 1 to {most}"
        else:
            _set_codebooks(codec, value)
            continue
        raise ModelError("model.bad-option", what=what, at=f"options.{name}", fix=fix)


def _set_codebooks(codec: CompressionModel, count: int) -> None:
    try:
        codec.set_num_codebooks(count)
    except ValueError as error:
        # transformers' codecs only know the numbers that they were trained for.
        what = f"this codec has no {count} codebooks: {error}"
        raise ModelError(
            "model.bad-option", what=what, at="options.codebooks", fix="take one of those"
        ) from error
