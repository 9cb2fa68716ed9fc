"""A tiny Demucs, as `htdemucs`: what it takes apart sums up to something else than what it was given."""

from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import torch
from demucs.htdemucs import HTDemucs

_SIGNATURE: Final = "955717e8"
_SOURCES: Final = ["drums", "bass", "other", "vocals"]
_SETTINGS: Final[dict[str, Any]] = {
    "channels": 8,
    "depth": 4,
    "nfft": 4096,
    "t_layers": 1,
    "t_heads": 2,
    "t_dropout": 0.0,
    "segment": Fraction(2, 1),
    "samplerate": 44_100,
}


def build(folder: Path, seed: int = 0) -> None:
    """Write it into `folder`, which is the `demucs` in a model's."""
    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        weights = HTDemucs(_SOURCES, **_SETTINGS).state_dict()
    contents = {
        "klass": HTDemucs,
        "args": [_SOURCES],
        "kwargs": _SETTINGS,
        "state": weights,
        "training_args": {"seed": 42},
    }
    staged = folder / "model.th"
    torch.save(contents, staged)
    checksum = sha256(staged.read_bytes()).hexdigest()[:8]
    staged.replace(folder / f"{_SIGNATURE}-{checksum}.th")
    (folder / "htdemucs.yaml").write_text(f"models: ['{_SIGNATURE}']\n", encoding="utf-8")
