"""A parameter moves: how long until the first block that sounds of it is in the client's hands."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import zmq

from benchmarks.report import Figure, Section
from benchmarks.rig import PARAMETERS, BareClient, daemon, write_scene
from roomtone.audio import BLOCK_S
from roomtone.wire.messages import Applied, Audio

LAYERS = 64
UPDATES_HZ = 60.0
SECONDS = 30.0
_LEAD_BLOCKS = 6
_PAYLOAD = b"x" * 100


@contextmanager
def echo() -> Iterator[zmq.Socket[bytes]]:
    """Run the echo in a process of its own; yields a DEALER that is connected to it."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.echo"], stdout=subprocess.PIPE, text=True)
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    try:
        assert process.stdout is not None
        socket.connect(process.stdout.readline().strip())
        yield socket
    finally:
        context.destroy(linger=0)
        process.kill()
        process.wait()


class Run:
    """One interleaved run: credit every 10 ms, an update and a raw round trip in turn, each timed by arrival."""

    def __init__(self, client: BareClient, raw: zmq.Socket[bytes]) -> None:
        self.client, self.raw = client, raw
        self.update_ms: list[float] = []
        self.raw_ms: list[float] = []
        self._poller = zmq.Poller()
        self._poller.register(client.socket, zmq.POLLIN)
        self._poller.register(raw, zmq.POLLIN)
        self._set_s = self._raw_s = 0.0
        self._awaited: set[int] = set()
        self._at_frame = -1
        self._value = 0.0

    def drive(self, seconds: float) -> None:
        """Run in real time."""
        start_s = time.perf_counter()
        tick_s = update_s = start_s
        flip = False
        while (now_s := time.perf_counter()) < start_s + seconds:
            if now_s >= tick_s:
                tick_s += BLOCK_S
                self.client.grant()
            if now_s >= update_s:
                # Updates and raw round trips take turns, each at the full rate of updates.
                update_s += 0.5 / UPDATES_HZ
                flip = not flip
                if flip:
                    self._update()
                else:
                    self._ping()
            self._listen(min(tick_s, update_s) - time.perf_counter())

    def _update(self) -> None:
        parameter = PARAMETERS[len(self.update_ms) % len(PARAMETERS)]
        self._value = 1.0 - self._value
        self._awaited = {
            self.client.streams[f"layer_{i}"]
            for i in range(LAYERS)
            if PARAMETERS[i % len(PARAMETERS)] == parameter
        }
        self._at_frame = -1
        self._set_s = time.perf_counter()
        self.client.set({parameter: self._value})

    def _ping(self) -> None:
        self._raw_s = time.perf_counter()
        self.raw.send(_PAYLOAD)

    def _listen(self, wait_s: float) -> None:
        for socket, _ in self._poller.poll(max(0.0, wait_s * 1000.0)):
            if socket is self.raw:
                self.raw.recv()
                self.raw_ms.append((time.perf_counter() - self._raw_s) * 1000.0)
            else:
                self._take()

    def _take(self) -> None:
        message, _ = self.client.hear()
        if isinstance(message, Applied):
            self._at_frame = message.at_frame
        elif (
            isinstance(message, Audio)
            and self._awaited
            and message.first_frame >= self._at_frame >= 0
            and any(piece.stream in self._awaited for piece in message.streams)
        ):
            self.update_ms.append((self.client.heard_s - self._set_s) * 1000.0)
            self._awaited = set()


def measure() -> Section:
    """Measure at 64 layers and 60 updates a second."""
    with tempfile.TemporaryDirectory() as folder:
        write_scene(Path(folder), "load", LAYERS)
        with daemon(Path(folder)) as (endpoint, _), BareClient(endpoint) as client, echo() as raw:
            idle = Run(client, raw)
            client.begin("load", LAYERS)
            for _ in range(500):
                idle._ping()  # noqa: SLF001 - the same probe, before there is any load
                idle._listen(1.0)  # noqa: SLF001
            client.grant(_LEAD_BLOCKS * 480)
            run = Run(client, raw)
            run.drive(2.0)
            run.update_ms.clear()
            run.raw_ms.clear()
            run.drive(SECONDS)
            stats = client.stats()
    median, p99 = np.percentile(run.update_ms, [50, 99])
    raw_median, raw_p99 = np.percentile(run.raw_ms, [50, 99])
    loaded = f"{raw_median:.3f} ms median, {raw_p99:.3f} ms 99th percentile"
    beside = f"round trip under the same load {loaded}; idle {np.median(idle.raw_ms):.3f} ms median"
    return Section(
        title="A parameter to the first changed samples",
        method=(
            f"{LAYERS} layers of every synth in real time, 10 ms blocks, {UPDATES_HZ:.0f} updates a second for "
            f"{SECONDS:.0f} s, each moving {LAYERS // len(PARAMETERS)} layers, as in the example scenes; from sending "
            "`set` to holding the first block of a layer that follows it. Between two updates 100 bytes go to a bare "
            "ROUTER in another process and back: the loaded round trip."
        ),
        figures=(
            Figure(name="median", value=float(median), unit="ms", beside=beside),
            Figure(name="99th percentile", value=float(p99), unit="ms", beside=beside),
            Figure(
                name="median, beyond the round trip's",
                value=float(median - raw_median),
                unit="ms",
                bar="<= 0.5",
            ),
            Figure(
                name="99th percentile, beyond the round trip's",
                value=float(p99 - raw_p99),
                unit="ms",
                bar="<= 2.0",
            ),
            Figure(name="updates measured", value=len(run.update_ms), unit=""),
            Figure(name="performing and packing, of one core", value=100.0 * stats.render_load, unit="%"),
            Figure(
                name="late blocks", value=stats.late_blocks, unit="", beside=f"of {SECONDS / BLOCK_S:.0f}"
            ),
        ),
    )
