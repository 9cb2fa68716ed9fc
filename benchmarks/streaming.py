"""What streaming costs beyond rendering: one client in real time at 16, 64 and 256 layers."""

import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.report import Figure, Section
from benchmarks.rig import BareClient, daemon, write_clips_scene
from roomtone.audio import BLOCK_S

LAYERS = (16, 64, 256)
SECONDS = 10.0
_LEAD_BLOCKS = 8


def _stream(client: BareClient, seconds: float) -> None:
    """Take everything in real time."""
    start_s = tick_s = time.perf_counter()
    while (now_s := time.perf_counter()) < start_s + seconds:
        if now_s >= tick_s:
            tick_s += BLOCK_S
            client.grant()
        wait_s = max(0.0, tick_s - time.perf_counter())
        while client.socket.poll(wait_s * 1000.0):
            client.hear()
            wait_s = 0.0


def _figures(layers: int) -> tuple[Figure, ...]:
    with tempfile.TemporaryDirectory() as folder:
        write_clips_scene(Path(folder), "load", layers)
        with daemon(Path(folder)) as (endpoint, process), BareClient(endpoint) as client:
            client.begin("load", layers)
            client.grant(_LEAD_BLOCKS * 480)
            _stream(client, 2.0)
            client.stats()
            watched = psutil.Process(process.pid)
            before_s, started_s = sum(watched.cpu_times()[:2]), time.perf_counter()
            _stream(client, SECONDS)
            used_s, wall_s = sum(watched.cpu_times()[:2]) - before_s, time.perf_counter() - started_s
            stats = client.stats()
    name = f"{layers} layers"
    cpu, rendering = 100.0 * used_s / wall_s, 100.0 * stats.render_load
    return (
        Figure(
            name=f"{name}: the daemon, of one core",
            value=cpu,
            unit="%",
            beside=f"{rendering:.1f} % is performing and packing the blocks",
        ),
        Figure(
            name=f"{name}: late blocks",
            value=stats.late_blocks,
            unit="",
            beside=f"of {SECONDS / BLOCK_S:.0f}",
        ),
    )


def measure() -> Section:
    """Measure at every size."""
    return Section(
        title="Streaming",
        method=(
            f"One client over loopback takes every layer of a scene in real time for {SECONDS:.0f} s: mono clips, f32, "
            "the cheapest source there is, so that what is left is the cost of having and sending layers."
        ),
        figures=tuple(figure for layers in LAYERS for figure in _figures(layers)),
    )
