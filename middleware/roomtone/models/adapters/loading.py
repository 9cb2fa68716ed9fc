"""Loads the parts of a checkpoint from a folder: nothing from the network, no code, and no part that is not whole.

The libraries would go on where weights or words are missing: with random weights, with an empty vocabulary. What is
looked at here is what keeps that from being heard.
"""

import json
import pickle
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import diffusers
import psutil  # type: ignore[import-untyped]  # it publishes no types
import torch
import transformers

from roomtone.errors import ModelError

_WEIGHTS: Final = ("model.safetensors", "diffusion_pytorch_model.safetensors")
_PICKLES: Final = ("pytorch_model.bin", "diffusion_pytorch_model.bin")
_VOCABULARIES: Final = (
    ("tokenizer.json",),
    ("vocab.json", "merges.txt"),
    ("spiece.model",),
    ("tokenizer.model",),
)
_MOST_CONFIG_BYTES: Final = 1 << 20
# While a part is read, some of it is there twice.
_HEADROOM: Final = 1.2
_FETCH: Final = "fetch the model again"

DTYPES: Final[Mapping[str, torch.dtype]] = MappingProxyType(
    {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
)


def quiet() -> None:
    """Keep the libraries from drawing progress bars, and from telling what is told better here or is theirs to mend."""
    for library in (transformers, diffusers):
        library.utils.logging.set_verbosity_error()
        library.utils.logging.disable_progress_bar()
    warnings.filterwarnings("ignore", "`torch.nn.utils.weight_norm` is deprecated", FutureWarning)
    # A ladder's ends are rounded a little beyond those of its noise.
    warnings.filterwarnings("ignore", "Should have t[ab]", UserWarning, "torchsde")
    warnings.filterwarnings(
        "ignore", "__array__ implementation doesn't accept a copy", DeprecationWarning, "diffusers"
    )


def choose_device(name: str) -> torch.device:
    """Return the device of a name: `auto`, or what torch calls one.

    Raises:
        ModelError: `model.no-device`.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(kind for kind, usable in there.items() if usable))
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    many = torch.cuda.device_count() if device is not None and device.type == "cuda" else 1
    if device is None or not there.get(device.type, False) or (device.index or 0) >= many:
        usable = ", ".join(kind for kind, here in there.items() if here)
        what = f"this machine has no device {name!r}"
        raise ModelError("model.no-device", what=what, at="device", fix=f"take auto or one of {usable}")
    return device


def read_config(folder: Path, file: str) -> dict[str, Any]:
    """Read a checkpoint's JSON.

    Raises:
        ModelError: `model.incomplete`, `model.damaged`.
    """
    path = folder / file
    if not path.is_file():
        raise _incomplete(path, "it is missing")
    try:
        if path.stat().st_size > _MOST_CONFIG_BYTES:
            raise _damaged(path, "it is far too long for what it is")
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _damaged(path, f"it is no JSON: {error}") from error
    if not isinstance(config, dict):
        raise _damaged(path, "it is no JSON object")
    return config


def check_family(folder: Path, file: str, key: str, known: tuple[str, ...]) -> None:
    """See that a checkpoint is of the family that is about to read it.

    Raises:
        ModelError: `model.no-folder`, `model.wrong-family`, and what `read_config` raises.
    """
    if not folder.is_dir():
        what = "the model's folder is not there"
        raise ModelError(
            "model.no-folder", what=what, at=str(folder), fix="fetch the model, or mend its path"
        )
    found = read_config(folder, file).get(key)
    if found not in known:
        what = f"it is a checkpoint of {found!r}, not of {known[0]!r}"
        raise ModelError("model.wrong-family", what=what, at=str(folder / file), fix="name its own family")


def check_memory(folder: Path, parts: tuple[str, ...], device: torch.device) -> int:
    """See that what is about to be loaded has room; returns how many bytes that leaves free.

    Raises:
        ModelError: `model.out-of-memory`.
    """
    # Counted as it lies on the disk; what is loaded wider or narrower than that is the smaller share.
    bytes_ = sum(_weights(folder / part)[1] for part in parts if (folder / part).is_dir())
    free_bytes = free_memory_bytes(device)
    if bytes_ * _HEADROOM > free_bytes:
        what = f"its weights take {bytes_ / 1e9:.1f} GB and {free_bytes / 1e9:.1f} GB are free on {device}"
        fix = "free memory, or use a smaller model"
        raise ModelError("model.out-of-memory", what=what, at=str(folder), fix=fix)
    return free_bytes - bytes_


def free_memory_bytes(device: torch.device) -> int:
    """Return how much memory a device has left."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether this is one of the ways in which torch says that there is not enough memory."""
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "can't allocate memory" in str(error)


def load_weights(kind: Any, folder: Path, part: str = "", **more: Any) -> Any:
    """Load a network of class `kind` from the folder of a part, in float32.

    Raises:
        ModelError: `model.incomplete`, `model.damaged`, `model.unsafe`.
    """
    place = folder / part
    read_config(place, "config.json")
    files, _ = _weights(place)
    if not files:
        raise _incomplete(place, f"its weights are missing ({' or '.join(_WEIGHTS)})")
    safe = files[0].suffix == ".safetensors"
    with _told(place):
        model, report = kind.from_pretrained(
            place, local_files_only=True, use_safetensors=safe, output_loading_info=True, **more
        )
    # Buffers are worked out anew, and what shares its weight with another is named there.
    missing = sorted({name for name, _ in model.named_parameters()} & set(report["missing_keys"]))
    if missing:
        raise _damaged(place, f"weights are missing from it, {missing[0]} for one")
    return model.float().eval().requires_grad_(False)


def load_tokenizer(kind: Any, folder: Path, part: str = "") -> Any:
    """Load a tokenizer.

    Raises:
        ModelError: `model.incomplete`, `model.damaged`.
    """
    place = folder / part
    if not any(all((place / file).is_file() for file in files) for files in _VOCABULARIES):
        wanted = " or ".join(" with ".join(files) for files in _VOCABULARIES)
        raise _incomplete(place, f"its words are missing ({wanted})")
    with _told(place):
        return kind.from_pretrained(place, local_files_only=True)


def load_settings(kind: Any, folder: Path, part: str, file: str) -> Any:
    """Load what is settings alone: a scheduler, a feature extractor.

    Raises:
        ModelError: `model.incomplete`, `model.damaged`.
    """
    place = folder / part
    read_config(place, file)
    with _told(place):
        return kind.from_pretrained(place, local_files_only=True)


def _weights(place: Path) -> tuple[list[Path], int]:
    """Find a part's weights, those without code first; returns the files and how many bytes they are.

    Large ones come in shards, which an index names.
    """
    for name in (*_WEIGHTS, *_PICKLES):
        path, index = place / name, place / f"{name}.index.json"
        if path.is_file():
            return [path], path.stat().st_size
        if index.is_file():
            shards = sorted(
                {str(shard) for shard in read_config(place, index.name).get("weight_map", {}).values()}
            )
            files = [place / Path(shard).name for shard in shards]
            for file in files:
                if not file.is_file():
                    raise _incomplete(file, "it is missing")
            return files, sum(file.stat().st_size for file in files)
    return [], 0


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Say in our words what a library found wrong."""
    try:
        yield
    except Exception as error:
        if is_out_of_memory(error):
            raise MemoryError(str(error)) from error
        if any(isinstance(each, pickle.UnpicklingError) for each in _chain(error)):
            what = "its weights are a pickle that holds more than numbers; nothing of it was run"
            fix = "fetch the model from its makers, as safetensors if there are any"
            raise ModelError("model.unsafe", what=what, at=str(place), fix=fix) from error
        raise _damaged(place, f"it cannot be read: {type(error).__name__}: {error}"[:300]) from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _incomplete(path: Path, what: str) -> ModelError:
    return ModelError("model.incomplete", what=what, at=str(path), fix=_FETCH)


def _damaged(path: Path, what: str) -> ModelError:
    return ModelError("model.damaged", what=what, at=str(path), fix=_FETCH)
