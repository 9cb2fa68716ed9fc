"""Measures families one after another: `python -m roomtone.models.adapters.bench --help`."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from roomtone.errors import EXIT_INTERNAL, EXIT_UNAVAILABLE
from roomtone.models.adapters.bench.results import Failed, Measured, Question
from roomtone.models.adapters.bench.subjects import SUBJECTS
from roomtone.models.adapters.bench.table import as_text
from roomtone.models.families import FAMILIES

_HERE: Final = "roomtone.models.adapters.bench"
# All families together should take less than ten minutes on one H100; compiling takes longer.
_LIMIT_S: Final = 300.0
_COMPILING_S: Final = 600.0


def measure(family: str, question: Question) -> Measured | Failed:
    """Measure a family in a process of its own, whose end is the end of its memory."""
    lacking = [name for name in FAMILIES[family].needs if not _is_installed(name)]
    if lacking:
        what, fix = f"{', '.join(lacking)} is not installed", "see docs/models.md, or run: make models"
        return Failed(family=family, code="model.lacks-packages", what=what, fix=fix)
    limit_s = _LIMIT_S + (_COMPILING_S if question.compiled else 0.0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "found.json"
        command = [sys.executable, "-m", f"{_HERE}.family", family, json.dumps(asdict(question)), str(file)]
        try:
            # What a library prints is not what is asked for here.
            code = subprocess.run(command, stdout=sys.stderr, timeout=limit_s, check=False).returncode  # noqa: S603
        except subprocess.TimeoutExpired:
            what, fix = f"it took longer than {limit_s:g} s", "ask for shorter clips, or the tiny size"
            return Failed(family=family, code="model.hangs", what=what, fix=fix)
        if not file.is_file():
            what, fix = f"its process ended ({code})", "see its last lines above"
            return Failed(family=family, code="model.died", what=what, fix=fix)
        record = json.loads(file.read_text(encoding="utf-8"))
    return Failed.from_record(record) if "error" in record else Measured.from_record(record)


def _is_installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code, after BSD's sysexits."""
    asked = _parser().parse_args(arguments)
    question = Question(
        size=asked.size,
        device=asked.device,
        seconds=asked.seconds,
        steps=asked.steps,
        compiled=asked.compile,
    )
    found = []
    for family in dict.fromkeys(asked.family or SUBJECTS):
        found.append(measure(family, question))
        if not asked.json:
            sys.stdout.write(as_text(found[-1]) + "\n")
            sys.stdout.flush()
    if asked.json:
        sys.stdout.write(json.dumps({"families": [each.record() for each in found]}, indent=2) + "\n")
    return exit_code(found)


def exit_code(found: Sequence[Measured | Failed]) -> int:
    """Say how it went: whether a family could not be measured, or does not make what its library makes."""
    if any(isinstance(each, Failed) for each in found):
        return EXIT_UNAVAILABLE
    return 0 if all(isinstance(each, Measured) and each.agreement.holds for each in found) else EXIT_INTERNAL


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {_HERE}", description=__doc__)
    parser.add_argument(
        "--family", action="append", choices=SUBJECTS, help="may be given again; all by default"
    )
    parser.add_argument(
        "--size", choices=("auto", "real", "tiny"), default="auto", help="real on CUDA by default"
    )
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps, cpu")
    parser.add_argument("--seconds", type=float, help="of each clip")
    parser.add_argument("--steps", type=int, help="of denoising, in both the library's calls and ours")
    parser.add_argument("--compile", action="store_true", help="compile as well, which takes minutes")
    parser.add_argument("--json", action="store_true", help="write JSON, for scripts")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
