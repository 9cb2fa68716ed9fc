"""CLAP: how well a clip fits a text, as the cosine of the two in a space that sound and words share.

The folder is laid out as `laion/larger_clap_general` on the hub. The model hears ten seconds; the library would take
them from a longer clip by chance. Here a longer clip is heard in several windows that cover it evenly.

Source: Wu et al. (2023), "Large-scale Contrastive Language-Audio Pretraining".
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import ClapFeatureExtractor, ClapModel, RobertaTokenizer

from roomtone.errors import ModelError
from roomtone.models.adapters.denoise import Step
from roomtone.models.adapters.loading import (
    check_family,
    check_memory,
    choose_device,
    load_settings,
    load_tokenizer,
    load_weights,
    quiet,
)
from roomtone.models.adapters.options import batches, choose

Samples: TypeAlias = NDArray[np.float32]

_RATE_HZ: Final = 48_000
_LONGEST_S: Final = 600.0
# A clip longer than eight windows is heard in eight places.
_MOST_WINDOWS: Final = 8
_MOST_WORDS: Final = 77
_TEXTS_KEPT: Final = 256
# Reckoned from the shapes, not measured.
_BYTES_A_WINDOW: Final = 300_000_000
_FIX_CLIP: Final = "give a .npy with (frames, 1) float32 at 48 kHz"


class Clap:
    """A loaded CLAP; see `models/worker.py`."""

    def __init__(self, folder: str, *, device: str, options: Mapping[str, Any]) -> None:
        """Load it.

        Args:
            folder: laid out as `laion/larger_clap_general` on the hub.
            device: `auto`, or a name of torch's.
            options: `batch`: how many windows are heard at once.

        Raises:
            ModelError: see `adapters/loading.py` and `adapters/options.py`.
        """
        quiet()
        place, home = choose_device(device), Path(folder)
        check_family(home, "config.json", "model_type", ("clap",))
        free_bytes = check_memory(home, ("",), place)
        self._batch: int = choose(options, batches(place, free_bytes, _BYTES_A_WINDOW))["batch"]
        self._network = load_weights(ClapModel, home).to(place)
        self._tokenizer = load_tokenizer(RobertaTokenizer, home)
        self._extractor = load_settings(ClapFeatureExtractor, home, "", "preprocessor_config.json")
        self._read = lru_cache(maxsize=_TEXTS_KEPT)(self._encode)
        self._window_frames = int(self._extractor.nb_max_samples)
        self.capabilities: dict[str, Any] = {
            "family": "clap",
            "sample_rate_hz": _RATE_HZ,
            "channels": 1,
            "longest_s": _LONGEST_S,
            "batch": self._batch,
            "tasks": ("score",),
        }

    def score(self, jobs: Sequence[Mapping[str, Any]], step: Step) -> list[float | None]:
        """Hold clips against texts.

        Args:
            jobs: each with `text` and `audio`; see `models/request.py` `Job`.
            step: told of each batch of windows; what it raises ends the run.

        Returns:
            For each job the cosine, -1 to 1, of the text and the mean of the clip's windows; None for one that nobody
            wants any more.

        Raises:
            ModelError: `model.no-clip`, `model.bad-clip`.
        """
        asked: dict[str, list[int]] = {}
        for i, job in enumerate(jobs):
            asked.setdefault(job["audio"], []).append(i)
        clips = {path: _read_clip(Path(path), f"jobs[{users[0]}].audio") for path, users in asked.items()}
        windows = [(path, window) for path, clip in clips.items() for window in self._windows(clip)]
        heard: dict[str, list[torch.Tensor]] = {path: [] for path in clips}
        starts = range(0, len(windows), self._batch)
        for done, first in enumerate(starts, 1):
            some = windows[first : first + self._batch]
            wanted = [(path, window) for path, window in some if any(map(step.wants, asked[path]))]
            if wanted:
                for (path, _), sound in zip(
                    wanted, self._hear([window for _, window in wanted]), strict=True
                ):
                    heard[path].append(sound)
            step(done, len(starts))
        return [
            self._cosine(job["text"], heard[job["audio"]]) if step.wants(i) else None
            for i, job in enumerate(jobs)
        ]

    def _cosine(self, text: str, sounds: list[torch.Tensor]) -> float:
        return float(self._read(text) @ _unit(torch.stack(sounds).mean(0)))

    def _windows(self, clip: Samples) -> Iterator[Samples]:
        """Cut windows that cover a clip evenly, or are spread over it where it is too long to be covered."""
        count = min(max(1, math.ceil(len(clip) / self._window_frames)), _MOST_WINDOWS)
        last = max(0, len(clip) - self._window_frames)
        for first in np.linspace(0, last, count).round().astype(int):
            yield clip[first : first + self._window_frames]

    def _hear(self, windows: list[Samples]) -> torch.Tensor:
        """Return (windows, width), each of length 1."""
        features = self._extractor(
            [np.asarray(window) for window in windows], sampling_rate=_RATE_HZ, return_tensors="pt"
        )
        picture = features["input_features"].to(self._network.device)
        # A checkpoint that fuses windows would pick one by chance to be called longer than it is.
        longer = torch.zeros(len(windows), 1, dtype=torch.bool, device=picture.device)
        return _unit(self._network.get_audio_features(picture, is_longer=longer))

    def _encode(self, text: str) -> torch.Tensor:
        """Return (width,) of length 1; each text alone, so that it is the same in any company."""
        words = self._tokenizer(text, truncation=True, max_length=_MOST_WORDS, return_tensors="pt")
        return _unit(self._network.get_text_features(**words.to(self._network.device)))[0]


def _unit(features: Any) -> torch.Tensor:
    """Return features as float32 of length 1; transformers 5 hands them out as an object, 4 as they are."""
    found: torch.Tensor = getattr(features, "pooler_output", features).float()
    unit: torch.Tensor = found / found.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    return unit


def _read_clip(path: Path, at: str) -> Samples:
    """Map a clip into memory, (frames,) float32."""
    if not path.is_file():
        raise ModelError("model.no-clip", what=f"there is no file {path}", at=at, fix=_FIX_CLIP)
    try:
        clip: Samples = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise ModelError(
            "model.bad-clip", what=f"{path} cannot be read: {error}", at=at, fix=_FIX_CLIP
        ) from error
    if not (clip.ndim == 2 and clip.shape[1] == 1 and clip.dtype == np.float32):
        what = f"{path} holds {clip.dtype} {clip.shape}"
        raise ModelError("model.bad-clip", what=what, at=at, fix=_FIX_CLIP)
    if not 0 < len(clip) <= _LONGEST_S * _RATE_HZ:
        what = f"{path} is {len(clip) / _RATE_HZ:g} s long"
        raise ModelError(
            "model.bad-clip", what=what, at=at, fix=f"give more than 0 and at most {_LONGEST_S:g} s"
        )
    if not np.isfinite(clip).all():
        raise ModelError("model.bad-clip", what=f"{path} holds numbers that are none", at=at, fix=_FIX_CLIP)
    return clip[:, 0]
