"""A tune to follow: from a recording to what MusicGen's melody models are told, by the library's own conditioner."""

from typing import Any

import torch
from torch import Tensor

from roomtone.models.adapters.audiocraft_imports import LMModel, WavCondition
from roomtone.models.adapters.audiocraft_models import MELODY
from roomtone.models.adapters.stems import melody_alone


def prepare_melody(lm: LMModel) -> None:
    """Set the conditioner up as the library does when it makes music, and let it separate the same way each time."""
    conditioner: Any = lm.condition_provider.conditioners[MELODY]
    conditioner.match_len_on_eval = True
    conditioner._use_masking = False  # noqa: SLF001 - as audiocraft.models.MusicGen.get_pretrained does

    def alone(wave: Tensor, rate_hz: int) -> Tensor:
        return melody_alone(conditioner.demucs, wave, rate_hz, to_rate_hz=conditioner.sample_rate)

    conditioner._get_stemmed_wav = alone  # noqa: SLF001 - there is no other place for it


def tune(recording: Tensor | None, *, rate_hz: int, device: str) -> WavCondition:
    """Give a recording (channels, frames), or none, to the conditioner."""
    wave = torch.zeros(1, 1) if recording is None else recording
    length = torch.tensor([0 if recording is None else wave.shape[-1]], device=device)
    return WavCondition(wave[None].to(device), length, [rate_hz], [None], [None])


def tune_from(recording: Tensor, first_frame: int, frames: int) -> Tensor:
    """Cut a window out of a recording that starts again whenever it ends, as the library does for long pieces."""
    places = torch.arange(first_frame, first_frame + frames) % recording.shape[-1]
    return recording[:, places]
