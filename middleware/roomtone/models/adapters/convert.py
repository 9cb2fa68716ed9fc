"""Rewrites a model's pickles as safetensors: `python -m roomtone.models.adapters.convert DIR`, on a copy of the model.

Nothing is unpickled that could run code. What cannot be read as plain tensors stays as it is and is named. An error
ends as one line of JSON.
"""

import json
import pickle
import re
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import safetensors.torch
import torch

from roomtone.errors import ModelError
from roomtone.models.adapters.convert_audiocraft import to_safetensors

_PICKLES: Final = frozenset({".bin", ".pt", ".pth", ".ckpt"})
# Those of audiocraft, whose settings travel inside.
_OWN: Final = frozenset({"state_dict.bin", "compression_state_dict.bin"})
_STATE: Final = re.compile(r"pytorch_model(?P<rest>.*)")


def convert(folder: Path) -> list[str]:
    """Rewrite what can be; returns a line for each file that was, or why it was not.

    Raises:
        ModelError: a file is damaged, or would run code when it is read.
    """
    said = []
    if any((folder / name).is_file() for name in _OWN):
        said += [f"wrote {path.name}" for path in to_safetensors(folder)]
        for name in _OWN:
            (folder / name).unlink(missing_ok=True)
    for path in sorted(each for each in folder.rglob("*") if each.suffix in _PICKLES):
        said.append(_convert(path))
    for path in sorted(folder.rglob("*.bin.index.json")):
        _convert_index(path)
    return said


def _convert(path: Path) -> str:
    target = path.with_name(_renamed(path.stem) + ".safetensors")
    if target.exists():
        path.unlink()
        return f"{target.name} was there: removed {path.name}"
    weights = _read(path)
    tensors = {name: each for name, each in weights.items() if isinstance(each, torch.Tensor)}
    if len(tensors) < len(weights) or not tensors:
        return f"left {path.name}: it holds more than tensors"
    staged = target.with_suffix(".part")
    # Tensors of a pickle may share memory, which the format has no word for.
    own = {name: each.clone().contiguous() for name, each in tensors.items()}
    safetensors.torch.save_file(own, staged, metadata={"format": "pt"})
    staged.replace(target)
    path.unlink()
    return f"wrote {target.name}"


def _renamed(stem: str) -> str:
    """Name a file as transformers does: `pytorch_model-1` is `model-1`."""
    match = _STATE.fullmatch(stem)
    return f"model{match['rest']}" if match else stem


def _read(path: Path) -> Mapping[str, Any]:
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except pickle.UnpicklingError as error:
        what = f"{path.name} holds code, not just weights"
        fix = "get these weights from where you trust them, best as safetensors"
        raise ModelError("model.unsafe", what=what, at=str(path), fix=fix) from error
    except (RuntimeError, EOFError, ValueError, OSError) as error:
        what = f"{path.name} cannot be read: {str(error)[:120]}"
        raise ModelError("model.damaged", what=what, at=str(path), fix="download it again") from error
    return loaded if isinstance(loaded, Mapping) else {"": loaded}


def _convert_index(path: Path) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))
    shards = {name: f"{_renamed(Path(file).stem)}.safetensors" for name, file in record["weight_map"].items()}
    target = path.with_name(_renamed(path.name.removesuffix(".bin.index.json")) + ".safetensors.index.json")
    target.write_text(json.dumps({**record, "weight_map": shards}, indent=2) + "\n", encoding="utf-8")
    path.unlink()


def main() -> int:
    """Run the command line; the exit code is 0, or what the error says."""
    try:
        for line in convert(Path(sys.argv[1])):
            sys.stdout.write(f"{line}\n")
    except ModelError as error:
        record = {"code": error.code, "what": error.what, "at": error.at, "fix": error.fix}
        sys.stdout.write(json.dumps(record) + "\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
