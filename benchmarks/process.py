"""The daemon as a process: how soon it is ready, what it weighs, how soon it is back after a kill."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from benchmarks.report import Figure, Section
from benchmarks.rig import BareClient, daemon, free_endpoint, write_scene
from roomtone.audio import BLOCK_FRAMES, BLOCK_S
from roomtone.cli import roomtone
from roomtone.client import Client, Scene
from roomtone.wire.messages import Audio, Hello, Welcome

_STARTS = 9
_KILLS = 5
_HELPS = 5
_MEMORY_LAYERS = 16
_IMPORTS = "import numpy, numba, zmq, msgpack, yaml, pydantic, watchdog.observers, structlog, click"


def _start_s(folder: Path) -> float:
    endpoint = free_endpoint()
    command = [sys.executable, "-m", "roomtone", "serve", str(folder), "--endpoint", endpoint]
    with BareClient(endpoint) as client:
        started_s = time.perf_counter()
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        client.say(Hello(id=1, versions=(1,)))
        client.until(Welcome)
        took_s = time.perf_counter() - started_s
    process.terminate()
    process.wait(timeout=20)
    return took_s


def _imports_s() -> float:
    started_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", _IMPORTS], check=True)
    return time.perf_counter() - started_s


def _start_figures(folder: Path) -> tuple[Figure, ...]:
    _start_s(folder)
    pairs = [(_start_s(folder), _imports_s()) for _ in range(_STARTS)]
    start_s, imports_s = np.median(pairs, axis=0)
    beside = f"importing what it is made of, and nothing else: {imports_s:.2f} s"
    return (
        Figure(
            name="start to the first welcome", value=float(start_s), unit="s", beside=beside, bar="<= 0.7"
        ),
    )


def _seconds_of(*arguments: str) -> float:
    started_s = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started_s


def _help_figures() -> tuple[Figure, ...]:
    commands = ["", *roomtone.commands]
    helps = [["-m", "roomtone", *command.split(), "--help"] for command in commands]
    rounds = [
        [*(_seconds_of(*each) for each in helps), _seconds_of("-c", "import click")] for _ in range(_HELPS)
    ]
    *helps_s, click_s = np.median(rounds, axis=0)
    slowest = int(np.argmax(helps_s))
    beside = (
        f"{f'roomtone {commands[slowest]}'.strip()}; a Python that has imported click: {click_s * 1e3:.0f} ms"
    )
    return (
        Figure(
            name="--help of the slowest command",
            value=float(helps_s[slowest]) * 1e3,
            unit="ms",
            beside=beside,
            bar="<= 200",
        ),
    )


def _memory_figures(folder: Path) -> tuple[Figure, ...]:
    write_scene(folder, "load", _MEMORY_LAYERS)
    with daemon(folder) as (endpoint, process), BareClient(endpoint) as client:
        client.begin("load", _MEMORY_LAYERS)
        client.grant(480 * 100)
        resident = []
        for _ in range(500):
            message, _ = client.hear()
            if isinstance(message, Audio):
                client.grant()
        resident.append(psutil.Process(process.pid).memory_info().rss / 1e6)
        for _ in range(3000):
            message, _ = client.hear()
            if isinstance(message, Audio):
                client.grant()
        resident.append(psutil.Process(process.pid).memory_info().rss / 1e6)
    numba = subprocess.run(
        [sys.executable, "-c", "import numba, psutil; print(psutil.Process().memory_info().rss / 1e6)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return (
        Figure(
            name=f"resident with {_MEMORY_LAYERS} layers",
            value=resident[1],
            unit="MB",
            beside=f"a Python that has imported numba and nothing else: {float(numba.stdout):.0f} MB",
            bar="<= 150",
        ),
        Figure(name="growth over the last 30 s of sound", value=resident[1] - resident[0], unit="MB"),
    )


def _kill_the_serving_child(supervisor: subprocess.Popen[bytes], endpoint: str) -> None:
    port = int(endpoint.rsplit(":", 1)[1])
    for child in psutil.Process(supervisor.pid).children():
        with contextlib.suppress(psutil.Error):
            if any(
                each.status == psutil.CONN_LISTEN and each.laddr.port == port
                for each in child.net_connections()
            ):
                os.kill(child.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
                return
    raise RuntimeError("no child of the supervisor listens")


def _play(scene: Scene, until: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Read in real time, as a game's audio callback does."""
    tick_s = time.perf_counter()
    deadline_s = tick_s + limit_s
    while not until():
        if time.perf_counter() > deadline_s:
            raise TimeoutError("the daemon did not come back")
        scene.read(BLOCK_FRAMES)
        tick_s += BLOCK_S
        time.sleep(max(0.0, tick_s - time.perf_counter()))


def _recovery_s(client: Client, supervisor: subprocess.Popen[bytes], endpoint: str) -> float:
    """Kill the daemon that serves while a client plays; how long until samples come in again."""
    scene = client.open_scene("load", seed=1)
    scene.open_layers()
    scene.buffer()
    # The second daemon is ready when it has loaded its kernels, as it is in any daemon that has run a while.
    ready_s = time.perf_counter() + 5.0
    _play(scene, lambda: time.perf_counter() > ready_s)
    killed_s = time.perf_counter()
    _kill_the_serving_child(supervisor, endpoint)
    _play(scene, lambda: time.perf_counter() > killed_s + 0.02)
    held_frame = scene.position_frame + scene.buffered_frames
    _play(scene, lambda: scene.position_frame + scene.buffered_frames > max(held_frame, scene.position_frame))
    return time.perf_counter() - killed_s


def _recovery_figures(folder: Path) -> tuple[Figure, ...]:
    write_scene(folder, "load", 4)
    times_s = []
    for _ in range(_KILLS):
        with (
            daemon(folder, "--supervise") as (endpoint, supervisor),
            Client.connect(endpoint, timeout_s=60.0) as client,
        ):
            times_s.append(_recovery_s(client, supervisor, endpoint))
    started_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    bare_s = time.perf_counter() - started_s
    return (
        Figure(
            name="kill -9 to the first block that continues the scene, median",
            value=1000.0 * float(np.median(times_s)),
            unit="ms",
            beside=f"worst of {_KILLS}: {1000 * max(times_s):.0f} ms; starting a bare Python: {1000 * bare_s:.0f} ms",
            bar="<= 400",
        ),
    )


def measure() -> Section:
    """Measure start, memory and recovery."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return Section(
            title="The daemon as a process",
            method=(
                "Start: from starting the process to the answer to the first `hello`, kernels compiled, median of "
                f"{_STARTS}, in turn with the bare imports. Help: of every "
                f"command in turn, median of {_HELPS}. Memory: resident set while {_MEMORY_LAYERS} layers stream. "
                "Recovery: `serve --supervise`, the reference client plays four layers in real time, the serving "
                "process is killed; until samples that go on where the last ended are in the client."
            ),
            figures=(
                *_start_figures(folder),
                *_help_figures(),
                *_memory_figures(folder),
                *_recovery_figures(folder),
            ),
        )
