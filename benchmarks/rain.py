"""Rain here beside rain in Csound and SuperCollider, in turn: how much of a core each takes.

Both come from Debian: `apt install csound supercollider-server supercollider-language`. What is not installed is not
measured, and the report says so.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.report import Figure, Section
from roomtone.audio import BLOCK_FRAMES, BLOCK_S, SAMPLE_RATE_HZ
from roomtone.synths import SYNTHS
from roomtone.synths.instance import Instance

_PEERS = Path(__file__).parent / "peers"
_ROUNDS = 7
# What a program takes to start is in both, and falls out of their difference.
_SHORT_S, _LONG_S = 5.0, 65.0

Render = Callable[[float], None]


def _ours(synth: str) -> Render:
    row = SYNTHS[synth]
    instance = Instance(row, 1)
    out = np.zeros((BLOCK_FRAMES, row.channels), np.float32)
    controls = [each.default for each in row.controls]
    instance.render(controls, out)

    def render(seconds: float) -> None:
        for _ in range(round(seconds / BLOCK_S)):
            instance.render(controls, out)

    return render


def _csound() -> Render:
    def render(seconds: float) -> None:
        _run("csound", "-n", "-d", "-m0", f"--smacro:SECONDS={seconds:g}", _PEERS / "rain.csd")

    return render


def _supercollider(folder: Path) -> Render:
    # The language only writes the score; without a screen, and as whoever builds.
    quiet = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    scores = {}
    for seconds in (_SHORT_S, _LONG_S):
        scores[seconds] = folder / f"rain-{seconds:g}.osc"
        _run("sclang", _PEERS / "rain.scd", scores[seconds], f"{seconds:g}", **quiet)

    def render(seconds: float) -> None:
        written = ("_", folder / "rain.wav", SAMPLE_RATE_HZ, "WAV", "float", "-o", "2")
        _run("scsynth", "-N", scores[seconds], *written)

    return render


def _run(*command: object, **environment: str) -> None:
    subprocess.run(
        [str(each) for each in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
        timeout=120,
    )


def _seconds_of(render: Render, seconds: float) -> float:
    started_s = time.perf_counter()
    render(seconds)
    return time.perf_counter() - started_s


def measure() -> Section:
    """Measure our rain and every peer that is installed."""
    with tempfile.TemporaryDirectory() as name:
        peers: dict[str, Render] = {}
        if shutil.which("csound"):
            peers["Csound"] = _csound()
        if shutil.which("scsynth") and shutil.which("sclang"):
            peers["SuperCollider"] = _supercollider(Path(name))
        speeds = _speeds({"Roomtone": _ours("rain"), **peers})
    missing = [each for each in ("Csound", "SuperCollider") if each not in peers]
    return Section(
        title="Rain, here and elsewhere",
        method=(
            f"A minute of rain on one core, in turn, the median of {_ROUNDS} rounds, without what it takes to start. "
            "The peers have a bed in six bands a side that gusts move, and 2000 drops a second with a pitch, a level "
            "and a place of their own; ours has as many drops at its defaults, each from what it falls on, and "
            "distance, air and walls. Ours is called block by block from Python."
            + "".join(f" {each} is not installed here, and not measured." for each in missing)
        ),
        figures=tuple(_figures(speeds)),
    )


def _speeds(renders: dict[str, Render]) -> dict[str, float]:
    rounds: dict[str, list[float]] = {name: [] for name in renders}
    for _ in range(_ROUNDS):
        for name, render in renders.items():
            rounds[name].append(_seconds_of(render, _LONG_S) - _seconds_of(render, _SHORT_S))
    return {name: (_LONG_S - _SHORT_S) / float(np.median(each)) for name, each in rounds.items()}


def _figures(speeds: dict[str, float]) -> list[Figure]:
    ours = speeds.pop("Roomtone")
    beside = "; ".join(f"{name} {speed:.0f} ×" for name, speed in speeds.items())
    ratios = [
        Figure(
            name=f"against {name}", value=ours / speed, unit="× its speed", beside=f"{speed:.0f} × real time"
        )
        for name, speed in speeds.items()
    ]
    return [Figure(name="rain here", value=ours, unit="× real time", beside=beside, bar=">= 100"), *ratios]
