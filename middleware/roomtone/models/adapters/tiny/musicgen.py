"""Tiny MusicGens: 32 kHz, a window of 30 s.

`build` makes one that follows a tune, as `facebook/musicgen-melody`: tune and text stand before the tokens. What takes
a tune out of a recording is not in it: see `separator.py`. `build_stereo` makes one with two channels, as
`facebook/musicgen-stereo-small`: the text beside the tokens, and a codec that its own file only names.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

import torch

from roomtone.models.adapters.loading import quiet
from roomtone.models.adapters.tiny.encodec import CODEBOOKS
from roomtone.models.adapters.tiny.encodec import build as build_encodec
from roomtone.models.adapters.tiny.token_models import (
    Form,
    language_model_settings,
    write_codec,
    write_language_model,
    write_text_encoder,
)

RATE_HZ: Final = 32_000
FORM: Final = Form(
    solver="musicgen", text_encoder="t5-base", window_s=30, rate_hz=RATE_HZ, ratios=(8, 5, 4, 4)
)


def build(folder: Path, seed: int = 0) -> None:
    """Write one that follows a tune into `folder`."""
    with torch.random.fork_rng(devices=[]):
        _begin(folder, seed)
        write_codec(folder, FORM)
        settings = language_model_settings(replace(FORM, cross=(), prepend=("self_wav", "description")))
        settings["conditioners"]["self_wav"] = {
            "model": "chroma_stem",
            "chroma_stem": {
                "sample_rate": RATE_HZ,
                "n_chroma": 12,
                "radix2_exp": 14,
                "argmax": True,
                "match_len_on_eval": False,
                "eval_wavs": None,
                "n_eval_wavs": 100,
                "cache_path": None,
            },
        }
        write_language_model(folder, settings)


def build_stereo(folder: Path, seed: int = 0) -> None:
    """Write one with two channels into `folder`."""
    with torch.random.fork_rng(devices=[]):
        _begin(folder, seed)
        build_encodec(folder / "encodec", seed)
        named = {"pretrained": "facebook/encodec_32khz", "exported": True, "version": "1.3.0"}
        torch.save(named, folder / "compression_state_dict.bin")
        settings = language_model_settings(FORM)
        settings["transformer_lm"]["n_q"] = 2 * CODEBOOKS
        settings["codebooks_pattern"]["delay"]["delays"] = [i // 2 for i in range(2 * CODEBOOKS)]
        settings["interleave_stereo_codebooks"] = {"use": True, "per_timestep": False}
        write_language_model(folder, settings)


def _begin(folder: Path, seed: int) -> None:
    quiet()
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    write_text_encoder(folder / "t5")
