"""The benchmark of the models as a command: each family in a process of its own, none takes another with it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from bench_findings import on_a_card
from click.testing import CliRunner

from roomtone.cli.benching import bench_models
from roomtone.models.adapters.bench import __main__ as command
from roomtone.models.adapters.bench.results import Failed, Measured, Question
from roomtone.models.adapters.bench.subjects import SUBJECTS
from roomtone.models.families import FAMILIES

QUICK = ("--size", "tiny", "--device", "cpu", "--seconds", "0.2", "--steps", "2")
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture
def first_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process of stable_audio3 end as one that is killed."""
    run = subprocess.run

    def dying(arguments: Sequence[str], **more: Any) -> Any:
        killed = [sys.executable, "-c", "import os; os._exit(9)"]
        return run(killed if "stable_audio3" in arguments else arguments, **more)

    monkeypatch.setattr("roomtone.models.adapters.bench.__main__.subprocess.run", dying)


@pytest.mark.system
def test_a_family_whose_process_dies_is_told_and_costs_no_other(
    first_dies: None, capfd: pytest.CaptureFixture[str]
):
    status = command.main(["--family", "stable_audio3", "--family", "audiogen", *QUICK, "--json"])
    assert status == 69
    dead, made = json.loads(capfd.readouterr().out)["families"]
    assert dead["family"] == "stable_audio3"
    assert dead["error"]["code"] == "model.died"
    assert "(9)" in dead["error"]["what"]
    assert Measured.from_record(made).agreement.holds


@pytest.mark.system
def test_a_family_that_cannot_be_measured_says_why(capfd: pytest.CaptureFixture[str]):
    status = command.main(["--family", "audiogen", "--device", "cuda:77", "--size", "tiny"])
    assert status == 69
    assert "✗ audiogen: this machine has no device 'cuda:77'" in capfd.readouterr().out


def test_a_family_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(command, "_LIMIT_S", 0.05)
    found = command.measure("audiogen", Question(size="tiny", device="cpu"))
    assert isinstance(found, Failed)
    assert found.code == "model.hangs"


def test_packages_that_are_missing_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lacking = replace(FAMILIES["audiogen"], needs=("torch", "no-such-package"))
    monkeypatch.setattr(command, "FAMILIES", MappingProxyType({**FAMILIES, "audiogen": lacking}))
    assert command.main(["--family", "audiogen", *QUICK]) == 69
    said = capsys.readouterr().out
    assert "audiogen: no-such-package is not installed; see docs/models.md" in said
    assert "[model.lacks-packages]" in said


def test_what_differs_from_the_library_is_no_success():
    good = on_a_card("audioldm2", took_s=10.0)
    wrong = replace(good, agreement=replace(good.agreement, found=0.9))
    failed = Failed(family="audiogen", code="model.died", what="its process ended (9)")
    assert command.exit_code([good]) == 0
    assert command.exit_code([good, wrong]) == 70
    assert command.exit_code([good, failed, wrong]) == 69
    assert Failed.from_record(json.loads(json.dumps(failed.record()))) == failed


def test_every_family_that_makes_clips_is_measured():
    assert set(SUBJECTS) == {name for name, family in FAMILIES.items() if family.makes == "clips"}


# The command line -----------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the command starts, in place of starting it."""
    commands: list[list[str]] = []

    def start(arguments: list[str], **_: Any) -> Any:
        commands.append(arguments)
        return subprocess.CompletedProcess(arguments, 69)

    monkeypatch.setattr("roomtone.cli.benching.subprocess.run", start)
    return commands


def test_the_command_starts_the_benchmark_and_ends_as_it_does(asked: list[list[str]]):
    done = CliRunner().invoke(
        bench_models,
        ["--family", "audiogen", "--family", "musicgen", "--size", "real", "--seconds", "3", "--json"],
        standalone_mode=False,
    )
    assert done.return_value == 69
    ((interpreter, flag, module, *options),) = asked
    assert (interpreter, flag, module) == (sys.executable, "-m", "roomtone.models.adapters.bench")
    parsed = command._parser().parse_args(options)
    assert (parsed.family, parsed.size, parsed.seconds) == (["audiogen", "musicgen"], "real", 3.0)
    assert parsed.json
    assert not parsed.compile


def test_the_command_asks_for_what_there_is(asked: list[list[str]]):
    for wrong in (["--family", "clap"], ["--size", "huge"], ["--seconds", "0"], ["--steps", "0"]):
        done = CliRunner().invoke(bench_models, wrong)
        assert done.exit_code == 2
    assert not asked


def test_the_command_itself_imports_no_pytorch():
    code = "import sys, roomtone.models.adapters.bench.__main__; raise SystemExit('torch' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "middleware")}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
