"""Takes drums and bass out of a recording before its tune is read: Demucs, from a local folder.

The folder is as its publisher has it: `htdemucs.yaml`, and the model that it names as `SIGNATURE-CHECKSUM.th` or
`SIGNATURE.safetensors`. Both name the class to be made of them; only Demucs' own is, and nothing else is unpickled.
"""

import importlib.util
import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import safe_open
from torch import Tensor, nn

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_files import damaged, explained
from roomtone.models.adapters.audiocraft_imports import convert_audio

# What ChromaStemConditioner keeps of the four.
_KEPT: Final = ("vocals", "other")
_CLASS: Final = "demucs.htdemucs.HTDemucs"


class Unseparated(nn.Module):
    """Stands where a separator would, for recordings that are a tune and nothing else."""

    sources: Final = ["drums", "bass", "other", "vocals"]


def load_separator(folder: Path) -> nn.Module:
    """Load `htdemucs` from a folder.

    Raises:
        ModelError: `model.needs-separator` where Demucs or its folder is missing, `model.damaged`, `model.unsafe`.
    """
    if importlib.util.find_spec("demucs") is None or not folder.is_dir():
        raise needs_separator(folder)
    path = _weights_file(folder)
    with explained(path):
        package = _from_safetensors(path) if path.suffix == ".safetensors" else _from_pickle(path)
        return _made(package)


def needs_separator(folder: Path) -> ModelError:
    """Make the error for a melody that cannot be read out of a recording."""
    what = "this model reads a tune out of a recording with Demucs, which is not there"
    fix = (
        "run `pip install --no-deps demucs==4.1.0` and put htdemucs.yaml and the model that it names into this "
        "folder; or set the model's option separate to false, and give it the tune alone"
    )
    return ModelError("model.needs-separator", what=what, at=str(folder), fix=fix)


def melody_alone(separator: nn.Module, waveform: Tensor, rate_hz: int, *, to_rate_hz: int) -> Tensor:
    """Return the vocals and the melodic instruments of a recording, mono.

    Unlike the library, without its random shift, so that the same recording gives the same tune.

    Args:
        separator: of `load_separator`, or `Unseparated`.
        waveform: (batch, channels, frames) at `rate_hz`.
        rate_hz: of `waveform`.
        to_rate_hz: of the result.
    """
    if isinstance(separator, Unseparated):
        return convert_audio(waveform, rate_hz, to_rate_hz, 1)
    from demucs.apply import apply_model  # noqa: PLC0415 - there only where someone wants it

    model: Any = separator
    mix = convert_audio(waveform, rate_hz, model.samplerate, model.audio_channels)
    parts = apply_model(model, mix, shifts=0, device=waveform.device)
    kept = parts[:, [model.sources.index(name) for name in _KEPT]].sum(1)
    return convert_audio(kept, model.samplerate, to_rate_hz, 1)


def _weights_file(folder: Path) -> Path:
    listing = folder / "htdemucs.yaml"
    try:
        text = listing.read_text(encoding="utf-8")[:1000]
    except OSError as error:
        raise needs_separator(folder) from error
    # One list of one signature: too little for a parser.
    named = re.search(r"models:\s*\[\s*['\"]?([0-9a-f]{8})['\"]?\s*\]", text)
    if named is None:
        raise damaged(listing, "it names no model as `models: ['SIGNATURE']`")
    candidates = (*folder.glob(f"{named[1]}.safetensors"), *folder.glob(f"{named[1]}*.th"))
    if not candidates:
        what = f"the model {named[1]} that htdemucs.yaml names is not there"
        raise ModelError("model.incomplete", what=what, at=str(folder), fix="download it into this folder")
    return candidates[0]


def _from_pickle(path: Path) -> dict[str, Any]:
    from demucs.htdemucs import HTDemucs  # noqa: PLC0415

    with torch.serialization.safe_globals([HTDemucs, Fraction]):
        package: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return package


def _from_safetensors(path: Path) -> dict[str, Any]:
    from demucs.htdemucs import HTDemucs  # noqa: PLC0415

    with safe_open(path, framework="pt") as file:
        header = file.metadata() or {}
        state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
    if header["klass"] != _CLASS:
        raise damaged(path, f"it is a {header['klass']!r}, not a {_CLASS}")
    arguments, keywords = (json.loads(header[name], object_hook=_fraction) for name in ("args", "kwargs"))
    return {"klass": HTDemucs, "args": arguments, "kwargs": keywords, "state": state}


def _fraction(value: dict[str, Any]) -> Any:
    return Fraction(value["numerator"], value["denominator"]) if value.get("_type") == "fraction" else value


def _made(package: dict[str, Any]) -> nn.Module:
    from demucs import states  # noqa: PLC0415

    load: Callable[[dict[str, Any]], nn.Module] = states.load_model
    model = load({name: package[name] for name in ("klass", "args", "kwargs", "state")})
    return model.eval()
