"""Writes checkpoints as safetensors, without loss: `python -m roomtone.models.adapters.convert_audiocraft DIR`.

What is converted is loaded without unpickling anything, and mapped into memory instead of read.
"""

import argparse
import json
import sys
import uuid
from pathlib import Path

import safetensors.torch

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_files import PARTS, Checkpoint, check_folder, read_checkpoint


def to_safetensors(folder: Path) -> tuple[Path, ...]:
    """Write `NAME.safetensors` beside each `NAME.bin` that has none; returns what was written.

    The pickles stay: removing them is for who put them there. Each file appears whole or not at all.

    Raises:
        ModelError: `model.no-folder`, `model.damaged`, `model.unsafe`, or `model.not-written`.
    """
    check_folder(folder)
    pickled = [part for part in PARTS if (folder / f"{part}.bin").is_file()]
    missing = [part for part in pickled if not (folder / f"{part}.safetensors").is_file()]
    return tuple(_write(read_checkpoint(folder, part), folder / f"{part}.safetensors") for part in missing)


def _write(checkpoint: Checkpoint, path: Path) -> Path:
    header = {
        "format": "pt",
        "xp.cfg": checkpoint.settings,
        "fields": json.dumps(dict(checkpoint.fields)),
    }
    # Tensors of a pickle may share memory, which the format has no word for.
    weights = {name: tensor.clone().contiguous() for name, tensor in checkpoint.weights.items()}
    staged = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        safetensors.torch.save_file(weights, staged, metadata=header)
        staged.replace(path)
    except (OSError, safetensors.SafetensorError) as error:
        what, fix = (
            f"it cannot be written: {error}",
            "make room on the disk, or check the folder's permissions",
        )
        raise ModelError("model.not-written", what=what, at=str(path), fix=fix) from error
    finally:
        staged.unlink(missing_ok=True)
    return path


def main() -> int:
    """Run the command line; the exit code is 0, or what the error says."""
    parser = argparse.ArgumentParser(prog="convert_audiocraft", description=__doc__)
    parser.add_argument("folder", metavar="DIR", type=Path, help="of the model")
    try:
        for path in to_safetensors(parser.parse_args().folder):
            sys.stdout.write(f"{path}\n")
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
