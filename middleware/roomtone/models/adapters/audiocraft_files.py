"""Reads audiocraft's checkpoints, pickled or as safetensors: weights and plain values only, whatever a file holds.

A checkpoint is one file. `NAME.bin` is as audiocraft exports it: a pickle with `best_state`, `xp.cfg` and a few plain
fields. `NAME.safetensors` has the same weights, and the rest in its header, because folders from the hub also have a
`config.json` of transformers', which says something else. It is taken where both are there.
"""

import collections
import json
import pickle
import re
import typing
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import omegaconf
import omegaconf.base
import omegaconf.nodes
import torch
from omegaconf import DictConfig, OmegaConf
from safetensors import safe_open
from torch import Tensor

from roomtone.errors import ModelError

Part: TypeAlias = Literal["state_dict", "compression_state_dict"]
"""The name of a checkpoint in a model's folder: the language model's, the codec's."""

PARTS: Final[tuple[Part, ...]] = ("state_dict", "compression_state_dict")

# The longest of the published ones has 15 kB.
_MOST_CONFIG_CHARACTERS: Final = 1 << 18

# Some checkpoints hold their settings as omegaconf's objects instead of as text.
_SETTINGS_CLASSES: Final[list[Any]] = [
    DictConfig,
    omegaconf.ListConfig,
    omegaconf.base.ContainerMetadata,
    omegaconf.base.Metadata,
    *(
        getattr(omegaconf.nodes, f"{kind}Node")
        for kind in ("Any", "Boolean", "Bytes", "Float", "Integer", "Path", "String")
    ),
    collections.defaultdict,
    typing.Any,
    dict,
    float,
    int,
    list,
    str,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What one file holds.

    Attributes:
        path: of the file.
        weights: name → tensor; empty where `fields` names another model to take (`pretrained`).
        settings: the text of `xp.cfg`, YAML; "" with `pretrained`.
        fields: the plain values beside them: `version`, `exported`, `pretrained`.
    """

    path: Path
    weights: Mapping[str, Tensor]
    settings: str
    fields: Mapping[str, str | int | float | bool]

    @property
    def pretrained(self) -> str:
        """The hub's name of the model that is used in place of this file, or ""."""
        return str(self.fields.get("pretrained", ""))

    def config(self) -> DictConfig:
        """Parse the settings, anew at each call.

        Raises:
            ModelError: `model.damaged`.
        """
        with explained(self.path):
            config = OmegaConf.create(self.settings)
        if not isinstance(config, DictConfig):
            raise damaged(self.path, "its settings (xp.cfg) are no mapping")
        return config


def check_folder(folder: Path) -> None:
    """Refuse what is no folder.

    Raises:
        ModelError: `model.no-folder`.
    """
    if not folder.is_dir():
        fix = "fetch the model, or mend its path"
        raise ModelError("model.no-folder", what="there is no such folder", at=str(folder), fix=fix)


def find_checkpoint(folder: Path, part: Part) -> Path | None:
    """Find the file of a part, the safetensors one first."""
    files = (folder / f"{part}{ending}" for ending in (".safetensors", ".bin"))
    return next((path for path in files if path.is_file()), None)


def read_checkpoint(folder: Path, part: Part) -> Checkpoint:
    """Read the checkpoint of a part.

    Raises:
        ModelError: `model.no-folder`, `model.incomplete`, `model.damaged`, or `model.unsafe` for a pickle that would
            run code.
    """
    check_folder(folder)
    path = find_checkpoint(folder, part)
    if path is None:
        what = f"the model is incomplete: there is no {part}.bin and no {part}.safetensors"
        fix = "fetch all of the model's files into this folder"
        raise ModelError("model.incomplete", what=what, at=str(folder), fix=fix)
    with explained(path):
        return _read_safetensors(path) if path.suffix == ".safetensors" else _read_pickle(path)


def check_shapes(checkpoint: Checkpoint, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Compare what the settings say with some of the weights, before memory is taken for what they say.

    Raises:
        ModelError: `model.damaged`.
    """
    for name, shape in shapes.items():
        found = checkpoint.weights.get(name)
        if found is None or tuple(found.shape) != shape:
            there = "is missing" if found is None else f"is {tuple(found.shape)}"
            raise damaged(
                checkpoint.path, f"its settings do not fit its weights: {name} {there}, not {shape}"
            )


def damaged(path: Path, what: str) -> ModelError:
    """Make the error for a file that does not hold what it should."""
    return ModelError("model.damaged", what=what, at=str(path), fix="fetch the file again")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn whatever a reader stumbles over into an error that names the file."""
    try:
        yield
    except (ModelError, MemoryError, torch.OutOfMemoryError):
        raise
    except pickle.UnpicklingError as error:
        forbidden = re.search(r"GLOBAL (\S+)|allowlisted", str(error))
        if forbidden is None:
            raise damaged(path, "it is no checkpoint, or only a part of one") from error
        what = (
            f"it would run code when it is loaded ({forbidden[1] or 'it makes objects'}); none of it was run"
        )
        fix = "do not use it; fetch the model from its makers"
        raise ModelError("model.unsafe", what=what, at=str(path), fix=fix) from error
    except Exception as error:
        if "allocate memory" in str(error):
            raise MemoryError(str(error)) from error
        # Parsers fail in any way on bytes that were not made for them; what it means is always the same.
        raise damaged(path, f"it cannot be read: {type(error).__name__}: {error}"[:300]) from error


def _read_pickle(path: Path) -> Checkpoint:
    with torch.serialization.safe_globals(_SETTINGS_CLASSES):
        # Mapped, not read: the weights of large models are copied once, to where they are used.
        mapped = zipfile.is_zipfile(path)
        contents = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    if not isinstance(contents, dict):
        raise damaged(path, "it holds no dict")
    settings = contents.pop("xp.cfg", "")
    if isinstance(settings, DictConfig):
        settings = OmegaConf.to_yaml(settings)
    return _checked(path, contents.pop("best_state", {}), settings, contents)


def _read_safetensors(path: Path) -> Checkpoint:
    with safe_open(path, framework="pt") as file:
        header = file.metadata() or {}
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
    return _checked(path, weights, header.get("xp.cfg", ""), json.loads(header.get("fields", "{}")))


def _checked(path: Path, weights: Any, settings: Any, fields: Any) -> Checkpoint:
    if not isinstance(settings, str) or len(settings) > _MOST_CONFIG_CHARACTERS:
        raise damaged(path, "its settings (xp.cfg) are no text, or far too long")
    if not isinstance(weights, Mapping) or not all(isinstance(tensor, Tensor) for tensor in weights.values()):
        raise damaged(path, "its weights (best_state) are not all tensors")
    plain = {name: value for name, value in dict(fields).items() if isinstance(value, str | int | float)}
    if "pretrained" not in plain and not (settings and weights):
        raise damaged(path, "it lacks its weights (best_state) or its settings (xp.cfg)")
    return Checkpoint(path=path, weights=dict(weights), settings=settings, fields=plain)
