"""Compiles the Unity package and what tests it with Mono, and starts the result."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

HERE: Final = Path(__file__).parent
PACKAGE: Final = HERE.parents[1] / "unity_client"
PROGRAMS: Final = ("mono", "mcs", "nunit-console")
COMPILE_S: Final = 60.0
# A warning is an error; C# 9 and mcs agree on what is left.
FLAGS: Final = ("-langversion:latest", "-warnaserror", "-optimize+", "-debug")


def require_mono() -> None:
    """Skip, loudly, where there is no Mono; under CI that is a failure."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if not missing:
        return
    why = (
        f"the Unity package is NOT TESTED here: {', '.join(missing)} missing; install mono-mcs, nunit-console"
    )
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


class Build:
    """One folder of assemblies. Each is compiled once, when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._done: dict[str, Path] = {}

    def library(self, name: str, sources: Path | Sequence[Path], *references: Path) -> Path:
        """Compile a library; documentation of what is public is held too."""
        return self._compile(name, f"{name}.dll", sources, references, "-target:library")

    def program(self, name: str, sources: Path | Sequence[Path], *references: Path) -> Path:
        """Compile a program."""
        return self._compile(name, f"{name}.exe", sources, references, "-target:exe")

    @property
    def wire(self) -> Path:
        return self.library("Roomtone.Wire", PACKAGE / "Runtime" / "Wire")

    @property
    def client(self) -> Path:
        return self.library("Roomtone.Client", PACKAGE / "Runtime" / "Client", self.wire)

    @property
    def runners(self) -> Path:
        return self.program("Roomtone.Runners", HERE / "runners", self.wire, self.client)

    def _compile(
        self, name: str, file: str, sources: Path | Sequence[Path], references: Sequence[Path], target: str
    ) -> Path:
        if name in self._done:
            return self._done[name]
        folders = [sources] if isinstance(sources, Path) else sources
        files = sorted(str(path) for folder in folders for path in folder.rglob("*.cs"))
        out = self.folder / file
        docs = [f"-doc:{self.folder / name}.xml"] if target == "-target:library" else []
        command = [
            "mcs",
            *FLAGS,
            target,
            *docs,
            f"-out:{out}",
            *(f"-r:{path}" for path in references),
            *files,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=COMPILE_S)
        assert done.returncode == 0, done.stdout + done.stderr
        self._done[name] = out
        return out
