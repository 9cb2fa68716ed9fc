"""How much faster than real time every synth is on one core, and how many layers of the demo a core carries."""

from pathlib import Path

from benchmarks.report import Figure, Section
from listening.speed import BLOCKS, full, interleaved_s, sine_job, synth_job
from roomtone.audio import BLOCK_S
from roomtone.layers.performance import Performance
from roomtone.scene.files import load_scene
from roomtone.synths import SYNTHS
from roomtone.synths.catalogue import catalogue

SCENES = Path(__file__).parent.parent / "scenes"
DEMO_SCENES = ("rainy_street", "cafe", "night_forest")
_ROUNDS = 30


def measure() -> Section:
    """Measure every synth at its defaults and at full controls, and every scene of the demo."""
    jobs = {"sine": sine_job()}
    for synth in SYNTHS.values():
        jobs[synth.name] = synth_job(synth, {})
        jobs[f"{synth.name}, full"] = synth_job(synth, full(synth, far=False))
        jobs[f"{synth.name}, full, far away, inside"] = synth_job(synth, full(synth, far=True))
    performances = {}
    for name in DEMO_SCENES:
        scene = load_scene(SCENES / f"{name}.yaml", root=SCENES, catalogue=catalogue())
        performance = Performance(scene)
        for layer in scene.layers:
            performance.open(layer)
        performances[name] = performance
        jobs[name] = lambda performance=performance: performance.render() and None
    times_us = {name: each * 1e6 for name, each in interleaved_s(jobs, rounds=_ROUNDS).items()}
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
            f"Blocks of 10 ms through the Python call, {_ROUNDS} rounds of {BLOCKS} blocks of every sound in turn, "
            f"the median round. Beside it in every round: one sine of a block in numpy, {peer:.1f} µs."
        ),
        figures=tuple(figures),
    )
