"""The manifest of an earlier bake: it is taken away before the first file that it tells of is replaced."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from roomtone.bake.jobs import EncodeJob, Written
from roomtone.bake.kept import FOLDER, Kept, refused

NAME: Final = "manifest.json"
_ASIDE: Final = "earlier.json"


def read_manifest(out: Path) -> Mapping[str, Any] | None:
    """Read an earlier bake's manifest, be it set aside; None where there is none."""
    for path in (out / NAME, out / FOLDER / _ASIDE):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict):
            return record
    return None


def set_aside_if_untrue(out: Path, jobs: Iterable[EncodeJob], kept: Kept) -> None:
    """Take the manifest away, and what engines read of it, if any of these jobs makes another file than it tells of.

    Raises:
        OutputError: `output.failed`.
    """
    record = read_manifest(out)
    if record is None or not (out / NAME).is_file():
        return
    told = {path: each["sha256"] for path, each in record["files"].items()}
    if all(job.path not in told or told[job.path] == _digest(kept, job) for job in jobs):
        return
    try:
        (out / FOLDER).mkdir(parents=True, exist_ok=True)
        (out / NAME).replace(out / FOLDER / _ASIDE)
        for scene in record["scenes"]:
            (out / scene["name"] / f"{scene['name']}.json").unlink(missing_ok=True)
    except OSError as error:
        raise refused(out / NAME, error) from error


def forget_aside(out: Path) -> None:
    """Let go of what was set aside: there is a new manifest."""
    (out / FOLDER / _ASIDE).unlink(missing_ok=True)


def _digest(kept: Kept, job: EncodeJob) -> str | None:
    """Return what a job's file is known to be; None where it was never made."""
    found = kept.find(job.key)
    return found.sha256 if isinstance(found, Written) else None
