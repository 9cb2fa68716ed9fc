"""A tiny AudioGen: 16 kHz mono, a window of 10 s, the text beside the tokens, as `facebook/audiogen-medium`."""

from pathlib import Path
from typing import Final

import torch

from roomtone.models.adapters.loading import quiet
from roomtone.models.adapters.tiny.token_models import (
    Form,
    language_model_settings,
    write_codec,
    write_language_model,
    write_text_encoder,
)

FORM: Final = Form(
    solver="audiogen", text_encoder="t5-large", window_s=10, rate_hz=16_000, ratios=(8, 5, 4, 2)
)


def build(folder: Path, seed: int = 0) -> None:
    """Write it into `folder`."""
    quiet()
    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        write_text_encoder(folder / "t5")
        write_codec(folder, FORM)
        write_language_model(folder, language_model_settings(FORM))
