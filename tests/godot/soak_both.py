"""Two games, one in Godot and one in C#, play for long on one daemon: `python tests/godot/soak_both.py [SECONDS]`.

It takes ten minutes; what it finds of a short run is held by `test_soak_both.py`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import numpy as np
import psutil
from engine import Engine, engine_or_skip, finished
from numpy.typing import NDArray
from places import write_places
from soak import AHEAD_MS, SECONDS, Soaked, describe, soaked_of, write_sixteen

for room in ("daemon", "unity"):
    sys.path.append(str(Path(__file__).parents[1] / room))
from mono_build import Build, require_mono  # noqa: E402
from serving import Serving  # noqa: E402
from soaking import SCENE  # noqa: E402

_SETTLED_S: Final = 30.0
_SAMPLE_EVERY_S: Final = 0.5
# Who waits for a processor for a quarter of the time has no 150 ms to spare.
_STARVED: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakedBoth:
    """How it went on both sides and in the middle.

    Attributes:
        godot: what the game in Godot measured.
        csharp: what `Soak.cs` measured.
        resident_bytes: (samples,) the memory of each process, twice a second, by name.
        waited_s: how long each process was ready to run and had no processor; empty where nobody counts that.
        load: how many processes of this computer ran or waited for a processor, on average.
    """

    godot: Soaked
    csharp: dict[str, Any]
    resident_bytes: dict[str, NDArray[np.float64]]
    waited_s: dict[str, float]
    load: float

    def grown_bytes(self, name: str) -> float:
        """Return by how much a process was larger in the last quarter than in the second."""
        samples = self.resident_bytes[name]
        quarter = len(samples) // 4
        return float(samples[-quarter:].mean() - samples[quarter : 2 * quarter].mean())

    @property
    def underruns(self) -> int:
        """How many gaps both games had."""
        return self.godot.underruns + int(self.csharp["underruns"])

    @property
    def is_starved(self) -> bool:
        """Whether this computer was so busy with other things that nobody could have played in time."""
        return max(self.waited_s.values(), default=0.0) > _STARVED * self.godot.played_s


@dataclass(slots=True)
class _Scales:
    """Weighs processes while they run."""

    processes: dict[str, int]
    weights: dict[str, list[float]] = field(default_factory=dict)
    loads: list[float] = field(default_factory=list)
    waited_s: dict[str, float] = field(default_factory=dict)
    _over: Event = field(default_factory=Event)

    def weigh(self) -> None:
        while not self._over.wait(_SAMPLE_EVERY_S):
            self.loads.append(psutil.getloadavg()[0])
            for name, pid in self.processes.items():
                try:
                    self.weights.setdefault(name, []).append(psutil.Process(pid).memory_info().rss)
                    self.waited_s[name] = _waited_s(pid)
                except (psutil.NoSuchProcess, FileNotFoundError):
                    continue

    @contextmanager
    def weighing(self) -> Iterator[None]:
        thread = Thread(target=self.weigh)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()


def _waited_s(pid: int) -> float:
    """Return how long a process's threads waited for a processor so far, as Linux counts it.

    Source: Linux, Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat.
    """
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[1]) for thread in threads) / 1e9


def soak_both(engine: Engine, build: Build, folder: Path, seconds: float) -> SoakedBoth:
    """Let both games play for so long on one daemon."""
    scenes, report = folder / "scenes", folder / "report.json"
    scenes.mkdir()
    write_sixteen(write_places(scenes))
    (scenes / "crowded.yaml").write_text(SCENE, encoding="utf-8")
    with Serving(scenes) as daemon:
        words = ["soak", daemon.endpoint, "", "crowded", str(seconds), str(AHEAD_MS)]
        csharp = subprocess.Popen(
            ["mono", str(build.runners), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        godot = engine.start(
            "cost_check",
            report,
            "--max-fps",
            "60",
            scene="sixteen",
            seconds=seconds,
            ahead_ms=AHEAD_MS,
            endpoint=daemon.endpoint,
        )
        scales = _Scales({"daemon": daemon.process.pid, "csharp": csharp.pid, "godot": godot.pid})
        with scales.weighing():
            told = finished(godot, report, within_s=seconds + _SETTLED_S)
            said, complaints = csharp.communicate(timeout=_SETTLED_S)
    assert csharp.returncode == 0, complaints
    weights = {name: np.array(samples, np.float64) for name, samples in scales.weights.items()}
    return SoakedBoth(
        godot=soaked_of(told),
        csharp=json.loads(said),
        resident_bytes=weights,
        waited_s=scales.waited_s,
        load=sum(scales.loads) / len(scales.loads),
    )


def describe_both(both: SoakedBoth) -> str:
    """Say in words and numbers how it went."""
    csharp = both.csharp
    lines = [
        f"Two games on one daemon; load {both.load:.1f} on {os.cpu_count()} processors",
        f"Godot: {describe(both.godot)}",
        f"C#: {csharp['layers']} layers for {csharp['frames'] / 48_000:.0f} s",
        f"  underruns     {csharp['underruns']} ({csharp['late_blocks']} late blocks, "
        f"{csharp['silent_callbacks']} silent callbacks, {csharp['reconnects']} reconnects)",
        f"  callback      {csharp['callback_us']:.1f} us, the longest {csharp['longest_callback_us'] / 1000:.1f} ms, "
        f"{csharp['audio_thread_bytes']} bytes of garbage",
        *(_describe_process(both, name) for name in both.resident_bytes),
    ]
    return "\n".join(lines)


def _describe_process(both: SoakedBoth, name: str) -> str:
    weights_mb = both.resident_bytes[name] / 1e6
    return (
        f"{name}: {weights_mb[len(weights_mb) // 4]:.1f} MB after a quarter, {weights_mb[-1]:.1f} MB at last, "
        f"{both.grown_bytes(name) / 1e6:+.2f} MB from the second quarter to the last; "
        f"waited {both.waited_s.get(name, 0.0):.1f} s for a processor"
    )


def main(words: Sequence[str]) -> None:
    """Run from the command line."""
    os.environ["CI"] = "true"  # without an engine there is nothing to do here
    require_mono()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "mono").mkdir()
        seconds = float(words[0]) if words else SECONDS
        both = soak_both(engine_or_skip(folder), Build(folder / "mono"), folder, seconds)
        sys.stdout.write(describe_both(both) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
