"""How much faster than real time every synth is on one core, and how many layers of the demo a core carries."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmarks.report import Figure, Section
from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.layers.performance import Performance
from roomtone.scene.files import load_scene
from roomtone.synths import SYNTHS, Synth
from roomtone.synths.catalogue import catalogue
from roomtone.synths.instance import Instance
from roomtone.synths.model import DISTANCE, INSIDE

SCENES = Path(__file__).parent.parent / "scenes"
DEMO_SCENES = ("rainy_street", "cafe", "night_forest")
_ROUNDS = 30
_BLOCKS = 50


def _instance(synth: Synth, controls: Mapping[str, float]) -> Callable[[], None]:
    instance = Instance(synth, 1)
    out = np.zeros((BLOCK_FRAMES, synth.channels), np.float32)
    values = [controls.get(control.name, control.default) for control in synth.controls]
    instance.strike()
    return lambda: instance.render(values, out)


def _sine() -> Callable[[], None]:
    """Make the peer: the least that a vectorised program can do for a block, one sine to two channels in numpy."""
    phase = np.arange(BLOCK_FRAMES, dtype=np.float32)
    out: Samples = np.zeros((BLOCK_FRAMES, 2), np.float32)

    def render() -> None:
        out[:] = np.sin(phase * np.float32(0.05))[:, None]

    return render


def _interleaved_us(jobs: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Time every job in turn, round after round; the median round of each, in µs a block."""
    rounds: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        for _ in range(100):
            job()
    for _ in range(_ROUNDS):
        for name, job in jobs.items():
            started_s = time.perf_counter()
            for _ in range(_BLOCKS):
                job()
            rounds[name].append((time.perf_counter() - started_s) / _BLOCKS * 1e6)
    return {name: float(np.median(times)) for name, times in rounds.items()}


def measure() -> Section:
    """Measure every synth at its defaults and at full controls, and every scene of the demo."""
    jobs = {"sine": _sine()}
    for synth in SYNTHS.values():
        everything = {control.name: 1.0 for control in synth.controls}
        jobs[synth.name] = _instance(synth, {})
        jobs[f"{synth.name}, full"] = _instance(synth, {**everything, DISTANCE: 0.0, INSIDE: 0.0})
        jobs[f"{synth.name}, full, far away, inside"] = _instance(synth, everything)
    performances = {}
    for name in DEMO_SCENES:
        scene = load_scene(SCENES / f"{name}.yaml", root=SCENES, catalogue=catalogue())
        performance = Performance(scene)
        for layer in scene.layers:
            performance.open(layer)
        performances[name] = performance
        jobs[name] = lambda performance=performance: performance.render() and None
    times_us = _interleaved_us(jobs)
    peer = times_us.pop("sine")
    figures = []
    for name, us in times_us.items():
        speed = BLOCK_S * 1e6 / us
        beside = f"{us:.0f} µs a block, {us / peer:.1f} × one numpy sine"
        if name in performances:
            layers = len(performances[name].scene.layers)
            figures.append(
                Figure(
                    name=f"scene {name}: layers in real time on one core",
                    value=speed * layers,
                    unit="layers",
                    beside=f"{layers} layers, {us:.0f} µs a block",
                )
            )
        else:
            figures.append(Figure(name=name, value=speed, unit="× real time", beside=beside, bar=">= 100"))
    return Section(
        title="Sounds on one core",
        method=(
            f"Blocks of 10 ms through the Python call, {_ROUNDS} rounds of {_BLOCKS} blocks of every sound in turn, "
            f"the median round. Beside it in every round: one sine of a block in numpy, {peer:.1f} µs."
        ),
        figures=tuple(figures),
    )
