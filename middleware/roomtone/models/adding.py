"""Installing a model: from a folder or from the Hugging Face hub into the library, whole or not at all."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from roomtone.errors import ModelError
from roomtone.models.families import UNKNOWN_LICENCE, Licence, all_families, recognise
from roomtone.models.library import (
    MANIFEST,
    NAME,
    Installed,
    digest_of,
    files_of,
    read_model,
    record_files,
    write_manifest,
)
from roomtone.names import unknown

HUB_ID: Final = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
_CONVERT: Final = (sys.executable, "-m", "roomtone.models.adapters.convert")
_CHUNK_BYTES: Final = 4 * 1024 * 1024

Progress = Callable[[float], None]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What is to be installed, and as what.

    Attributes:
        name: as scenes will name it.
        source: a folder, or `OWNER/NAME` on the hub.
        family: where the folder does not say it by itself.
        revision: on the hub; "" pins what is newest now.
        link: leave the weights where they are.
        adapter: `file.py:Class` in the folder or `package.module:Class`, for a family of one's own.
        python: the interpreter it runs in.
        options: for the adapter.
        licence: in place of what is known of the family.
        convert: whether pickles are rewritten as safetensors.
        beside: what else its folder needs: subfolder -> a folder, or `OWNER/NAME` on the hub. What is downloaded
            brings what its family is known to need.
    """

    name: str
    source: str
    family: str = ""
    revision: str = ""
    link: bool = False
    adapter: str = ""
    python: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    licence: Licence | None = None
    convert: bool = True
    beside: Mapping[str, str] = field(default_factory=dict)


def add_model(root: Path, what: Addition, *, progress: Progress, tell: Tell) -> Installed:
    """Install a model.

    Args:
        root: the library's folder; made if it is not there.
        what: see `Addition`.
        progress: called with the part that is done.
        tell: takes a line for people at each stage.

    Raises:
        ModelError: `model.name`, `model.exists`, `model.no-folder`, `model.unrecognised`, `model.unknown-family`,
            `model.cannot-download`, `model.not-written`; nothing is left of it.
    """
    _check(root, what)
    staged = root / f".{what.name}.part"
    try:
        root.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir()
        model = _install(staged, what, progress, tell)
        staged.replace(root / what.name)
    except OSError as error:
        fix = "make room on the disk, or check the folder's permissions"
        raise ModelError(
            "model.not-written", what=f"it cannot be written: {error}", at=str(root), fix=fix
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return read_model(root / model.name)


def _check(root: Path, what: Addition) -> None:
    if not NAME.fullmatch(what.name):
        fix = "use lower-case letters, digits and _, beginning with a letter"
        raise ModelError("model.name", what=f"'{what.name}' is no model's name", fix=fix)
    if (root / what.name).exists():
        said = f"there is a model '{what.name}'"
        raise ModelError(
            "model.exists", what=said, at=str(root / what.name), fix="remove it, or take another name"
        )
    families = all_families()
    if what.family and what.family not in families and not what.adapter:
        raise unknown(
            ModelError, "model.unknown-family", kind="family", name=what.family, known=families, at="--family"
        )
    for source in (what.source, *what.beside.values()):
        if not Path(source).is_dir() and not HUB_ID.fullmatch(source):
            said = f"there is no folder '{source}', and it is no OWNER/NAME of the hub either"
            raise ModelError("model.no-folder", what=said, fix="name the folder that holds the weights")
    for subfolder in what.beside:
        if not NAME.fullmatch(subfolder):
            fix = "name it as its family does, e.g. t5"
            raise ModelError("model.name", what=f"'{subfolder}' is no name of a subfolder", fix=fix)
    if what.link and not Path(what.source).is_dir():
        fix = "leave --link out: what is downloaded lies in the library"
        raise ModelError("model.no-folder", what="only a folder can be linked", at=what.source, fix=fix)


def _install(staged: Path, what: Addition, progress: Progress, tell: Tell) -> Installed:
    folder, source = _fetch(staged, what, progress, tell)
    family = what.family or recognise(folder)
    if not family:
        said = "nothing in it says which family of models it is"
        raise ModelError("model.unrecognised", what=said, at=what.source, fix="say it: --family NAME")
    kin = all_families().get(family)
    _fetch_beside(staged, what, kin.companions if kin else {}, progress, tell)
    if what.convert and not what.link and not what.adapter:
        _convert(folder, tell)
    tell("hashing")
    files = record_files(folder, progress)
    model = Installed(
        name=what.name,
        family=family,
        folder=folder if what.link else staged,
        weights=digest_of(files, what.options),
        licence=what.licence or (kin.licence if kin else UNKNOWN_LICENCE),
        adapter=what.adapter or (kin.adapter if kin else ""),
        python=what.python,
        options=what.options,
        source=source,
        files=files,
    )
    write_manifest(model, staged, adapter=what.adapter)
    return model


def _fetch(staged: Path, what: Addition, progress: Progress, tell: Tell) -> tuple[Path, str]:
    folder = Path(what.source)
    if what.link:
        return folder.resolve(), str(folder.resolve())
    return staged, _bring(what.source, what.revision, staged, progress, tell)


def _bring(source: str, revision: str, target: Path, progress: Progress, tell: Tell) -> str:
    """Copy or download into a folder; says where it came from."""
    folder = Path(source)
    target.mkdir(exist_ok=True)
    if folder.is_dir():
        tell(f"copying {folder}")
        _copy(folder, target, progress)
        return str(folder.resolve())
    tell(f"downloading {source}")
    return f"{source}@{_download(source, revision, target)}"


def _fetch_beside(
    staged: Path, what: Addition, companions: Mapping[str, str], progress: Progress, tell: Tell
) -> None:
    known = {} if what.link or Path(what.source).is_dir() else companions
    for subfolder, source in {**known, **what.beside}.items():
        if not (staged / subfolder).exists():
            _bring(source, "", staged / subfolder, progress, tell)


def _copy(folder: Path, staged: Path, progress: Progress) -> None:
    files = files_of(folder)
    total, done = max(1, sum(path.stat().st_size for path in files)), 0
    for path in files:
        target = staged / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as source, target.open("wb") as sink:
            while chunk := source.read(_CHUNK_BYTES):
                sink.write(chunk)
                done += len(chunk)
                progress(min(1.0, done / total))


def _download(source: str, revision: str, target: Path) -> str:
    """Fetch a repository of the hub; returns the commit that was taken. The one place that uses the network."""
    try:
        from huggingface_hub import HfApi, snapshot_download
    except ImportError as error:
        said, fix = "huggingface_hub is not installed", "run: pip install 'roomtone[models]'"
        raise ModelError("model.cannot-download", what=said, fix=fix) from error
    try:
        commit = HfApi().model_info(source, revision=revision or None).sha
        snapshot_download(source, revision=commit, local_dir=target)
    except (
        Exception
    ) as error:  # whatever a network and a client library may raise: it is said, and nothing is left
        fix = "check the name, the connection, and whether its licence asks you to log in (HF_TOKEN)"
        said = f"it cannot be downloaded: {str(error)[:200]}"
        raise ModelError("model.cannot-download", what=said, at=source, fix=fix) from error
    shutil.rmtree(target / ".cache", ignore_errors=True)
    return str(commit)


def _convert(folder: Path, tell: Tell) -> None:
    """Rewrite pickles as safetensors, in a process that may import what reading them takes."""
    if not any(path.suffix in {".bin", ".pt", ".pth", ".ckpt"} for path in files_of(folder)):
        return
    tell("converting pickles")
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    ended = subprocess.run(  # noqa: S603 - our own module
        [*_CONVERT, str(folder)], capture_output=True, text=True, check=False, env=environment
    )
    for line in (ended.stdout or "").splitlines():
        tell(line)
    if ended.returncode != 0:
        raise _refusal(ended.stdout, ended.stderr, folder)


def _refusal(out: str, err: str, folder: Path) -> ModelError:
    """Read the error that the converting process wrote last."""
    try:
        record = json.loads(out.splitlines()[-1])
        return ModelError(record["code"], what=record["what"], at=str(folder), fix=record["fix"])
    except (IndexError, ValueError, KeyError, TypeError):
        last = err.strip().splitlines()[-1:] or ["it said nothing"]
        fix = "leave it as it is with --no-convert"
        return ModelError("model.not-converted", what=last[0][:300], at=str(folder), fix=fix)


def remove_model(root: Path, name: str) -> None:
    """Remove a model from the library; linked weights stay where they are.

    Raises:
        ModelError: `model.unknown`.
    """
    home = root / name
    if not NAME.fullmatch(name) or not home.is_dir():
        raise ModelError(
            "model.unknown", what=f"there is no model '{name}'", at=str(root), fix="see `models list`"
        )
    manifest = home / MANIFEST
    manifest.unlink(missing_ok=True)
    shutil.rmtree(home)
