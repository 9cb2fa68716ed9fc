"""Compiles the Unity package and what tests it with Mono, and starts the result."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

HERE: Final = Path(__file__).parent
PACKAGE: Final = HERE.parents[1] / "unity_client"
PROGRAMS: Final = ("mono", "mcs", "nunit-console")
COMPILE_S: Final = 60.0
RUN_S: Final = 100.0
# How often a run that only fails to end is tried.
_ENDS: Final = 2
# A warning is an error; C# 9 and mcs agree on what is left.
FLAGS: Final = ("-langversion:latest", "-warnaserror", "-optimize+", "-debug")


def require_mono() -> None:
    """Skip, loudly, where there is no Mono; CI fetches it, and fails where it cannot be had."""
    said = _fetched() if _missing() and sys.platform == "linux" and "CI" in os.environ else ""
    missing = _missing()
    if not missing:
        return
    fix = said or "run .ci/engines mono, or install mono-mcs and nunit-console"
    why = f"NO MONO, SO THE UNITY PACKAGE IS NOT TESTED: {', '.join(missing)} missing; {fix}"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def _missing() -> list[str]:
    return [program for program in PROGRAMS if shutil.which(program) is None]


def _fetched() -> str:
    """Return what the script that fetches engines said."""
    script = HERE.parents[1] / ".ci" / "engines"
    ran = subprocess.run([script, "mono"], check=False, capture_output=True, text=True)
    return ran.stderr.strip()


def nunit() -> Path:
    """Find NUnit where Debian and Mono's own packages put it."""
    found = [
        path
        for root in (
            "/usr/lib/cli",
            "/usr/lib/mono",
            "/usr/local/lib/mono",
            "/Library/Frameworks/Mono.framework",
        )
        for path in Path(root).glob("**/nunit*framework*/**/nunit.framework.dll")
    ]
    assert found, "nunit.framework.dll is nowhere; install libnunit-cil-dev"
    return found[0]


def _allowed(folders: Sequence[Path]) -> list[str]:
    """As Unity's compiler is told: pointers only where an assembly's definition allows them."""
    definitions = [path for folder in folders for path in folder.glob("*.asmdef")]
    unsafe = any(json.loads(path.read_text("utf-8"))["allowUnsafeCode"] for path in definitions)
    return ["-unsafe"] if unsafe else []


def _failure(case: ET.Element) -> str:
    return case.findtext(".//message") or case.findtext(".//reason/message") or case.attrib["result"]


class Build:
    """One folder of assemblies. Each is compiled once, when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._done: dict[str, Path] = {}

    def library(self, name: str, sources: Path | Sequence[Path], *references: Path) -> Path:
        """Compile a library; documentation of what is public is held too."""
        return self._compile(name, sources, references, ending="dll", documented=True)

    def test_library(self, name: str, sources: Path | Sequence[Path], *references: Path) -> Path:
        """Compile a library of tests, whose names are their documentation."""
        return self._compile(name, sources, references, ending="dll")

    def program(self, name: str, sources: Path | Sequence[Path], *references: Path) -> Path:
        """Compile a program."""
        return self._compile(name, sources, references, ending="exe")

    @property
    def wire(self) -> Path:
        return self.library("Roomtone.Wire", PACKAGE / "Runtime" / "Wire")

    @property
    def client(self) -> Path:
        return self.library("Roomtone.Client", PACKAGE / "Runtime" / "Client", self.wire)

    @property
    def runners(self) -> Path:
        return self.program("Roomtone.Runners", HERE / "runners", self.wire, self.client)

    @property
    def tests(self) -> Path:
        """The package's own tests, with what they need beside them."""
        shutil.copy(nunit(), self.folder)
        framework = self.folder / "nunit.framework.dll"
        return self.test_library(
            "Roomtone.Tests", PACKAGE / "Tests" / "Runtime", self.wire, self.client, framework
        )

    @property
    def engine(self) -> Path:
        """A stub of what the components use of Unity."""
        return self.test_library("UnityEngine", HERE / "stubs" / "UnityEngine")

    @property
    def components(self) -> Path:
        return self.library(
            "Roomtone.Components", PACKAGE / "Runtime" / "Components", self.engine, self.wire, self.client
        )

    @property
    def editor_stub(self) -> Path:
        """A stub of what the inspectors use of the editor."""
        return self.test_library("UnityEditor", HERE / "stubs" / "UnityEditor", self.engine)

    @property
    def editor(self) -> Path:
        runtime = (self.wire, self.client, self.components)
        return self.library("Roomtone.Editor", PACKAGE / "Editor", self.engine, self.editor_stub, *runtime)

    @property
    def walk(self) -> Path:
        """The sample."""
        runtime = (self.wire, self.client, self.components)
        return self.library("Roomtone.Samples.Walk", PACKAGE / "Samples~" / "Walk", self.engine, *runtime)

    @property
    def component_tests(self) -> Path:
        engine = (self.engine, self.editor_stub)
        runtime = (self.wire, self.client, self.components, self.editor, self.walk)
        references = (*engine, *runtime, self.folder / "nunit.framework.dll")
        shutil.copy(nunit(), self.folder)
        return self.test_library("Roomtone.Components.Tests", HERE / "components", *references)

    def run_nunit(self, tests: Path, **environment: str) -> dict[str, str]:
        """Run every test of an assembly; returns what failed, by name, and "" for what passed."""
        report = self.folder / f"{tests.stem}.results.xml"
        command = ["nunit-console", "-nologo", "-nodots", "-domain=None", f"-xml={report}", tests.name]
        report.unlink(missing_ok=True)
        said = ""
        for _ in range(_ENDS):
            try:
                done = subprocess.run(
                    command,
                    cwd=self.folder,
                    capture_output=True,
                    text=True,
                    check=False,
                    timeout=RUN_S,
                    env={**os.environ, **environment},
                )
                said = done.stdout + done.stderr
                break
            except subprocess.TimeoutExpired as late:
                # A test that hangs leaves neither; Mono that hangs while it ends has said how all of them went.
                said = f"{late}: {late.stdout!r}"
                if report.exists() or "Tests run" not in said:
                    break
        assert report.exists(), said
        return {
            case.attrib["name"]: "" if case.attrib["result"] == "Success" else _failure(case)
            for case in ET.parse(report).iter("test-case")
        }

    def _compile(
        self,
        name: str,
        sources: Path | Sequence[Path],
        references: Sequence[Path],
        *,
        ending: str,
        documented: bool = False,
    ) -> Path:
        if name in self._done:
            return self._done[name]
        folders = [sources] if isinstance(sources, Path) else sources
        files = sorted(
            str(path) for each in folders for path in (each.rglob("*.cs") if each.is_dir() else [each])
        )
        out = self.folder / f"{name}.{ending}"
        target = {"dll": "-target:library", "exe": "-target:exe"}[ending]
        docs = [f"-doc:{self.folder / name}.xml"] if documented else []
        command = [
            "mcs",
            *FLAGS,
            *_allowed(folders),
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
