"""One model in a process of its own: loads it, runs what is asked, says how far it is, and frees everything by ending.

This file is also the whole worker side for a model with another Python: it needs Python 3.8 and numpy, and imports
nothing of Roomtone. `PYTHON worker.py` speaks JSON, one message a line, on the standard input and output that it was
started with; what the model's libraries print goes to standard error.

To it: `load` (once, first), `run`, `cancel`, `govern`, `quit`. From it: `ready`, `progress`, `done`, `failed` (this run
only), `fatal` (the process ends). `models/messages.py` has the fields. Sound goes through files in a staging folder,
only their names through the pipe. The end of standard input ends the process, whatever it is doing: a worker never
outlives who started it.

An adapter is a class `Name(folder, *, device, options)` with

    capabilities    a dict; see `models/request.py` for its keys
    generate(jobs, step)    -> one output for each job, in order; other tasks (`score`, …) likewise

A job is a dict of plain values, see `models/request.py`. An output of `generate` is a dict with `samples` ((frames,
channels) float32), `rate_hz`, and perhaps `latent` (a dict of arrays to go on from later) and `notes` (plain values);
outputs of other tasks are plain values. `step(done, of)` is to be called after every denoising step or token: it
raises `CancelledError` when nobody wants the result any more, and waits while the game needs the processor. An
exception with attributes `code`, `what`, `at` and `fix` is reported as it is.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import queue
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, Iterator

import numpy as np

try:
    import resource
except ImportError:  # Windows has none.
    resource = None  # type: ignore[assignment]

_PROGRESS_EVERY_S = 0.2
_WAIT_S = 0.02
_MOST_LINE_BYTES = 1 << 20


class CancelledError(Exception):
    """Nobody wants this run any more. Raised by `step`; an adapter lets it pass."""


class Pipe:
    """The process's first standard input and output, kept from the libraries that print."""

    def __init__(self) -> None:
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.fdopen(os.dup(1), "wb")
        # What prints, also from native code, must not write between messages.
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._lock = threading.Lock()

    def say(self, **message: Any) -> None:
        """Send one message; any thread."""
        line = json.dumps(message, allow_nan=False).encode() + b"\n"
        with self._lock:
            self._out.write(line)
            self._out.flush()

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield messages until the other side is gone."""
        while True:
            line = self._in.readline(_MOST_LINE_BYTES)
            if not line:
                return
            yield json.loads(line)


class Step:
    """What an adapter calls after each step of a run. The worker's thread; `cancel` and `govern` from any."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._cancelled: set[tuple[int, int | None]] = set()
        self._run = 0
        self._jobs = 0
        self._share = 1.0
        self._said_s = self._resumed_s = 0.0

    def begin(self, run: int, jobs: int) -> None:
        """Start counting for a run; it may have been cancelled while it waited."""
        self._run, self._jobs = run, jobs
        self._said_s, self._resumed_s = 0.0, time.monotonic()
        self._check()

    def cancel(self, run: int, jobs: list[int] | None) -> None:
        """Note that jobs of a run are not wanted, or with None that the whole run is not."""
        with self._lock:
            self._cancelled.update((run, job) for job in ([None] if jobs is None else jobs))

    def govern(self, max_share: float) -> None:
        """From now on take at most this share of the time; 0 pauses."""
        self._share = max_share

    def wants(self, job: int) -> bool:
        """Whether the job of this index is still wanted."""
        with self._lock:
            return not {(self._run, None), (self._run, job)} & self._cancelled

    def __call__(self, done: int, of: int) -> None:
        """Say that `done` of `of` steps are done; see the module."""
        now_s = time.monotonic()
        if now_s - self._said_s >= _PROGRESS_EVERY_S or done >= of:
            self._said_s = now_s
            self._pipe.say(t="progress", run=self._run, step=int(done), steps=int(of))
        self._check()
        self._rest(now_s - self._resumed_s)
        self._resumed_s = time.monotonic()

    def _check(self) -> None:
        if not any(self.wants(job) for job in range(self._jobs)):
            raise CancelledError

    def _rest(self, busy_s: float) -> None:
        """Leave the processor to the game, in proportion to what this step took."""
        rested_s, said_s = 0.0, 0.0
        while rested_s < (busy_s * (1.0 / self._share - 1.0) if self._share > 0.0 else float("inf")):
            time.sleep(_WAIT_S)
            rested_s += _WAIT_S
            self._check()
            if rested_s - said_s >= 1.0:
                # A worker that rests is not one that hangs.
                said_s = rested_s
                self._pipe.say(t="resting", run=self._run)


class Worker:
    """The loop: one message after another, on the main thread."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._step = Step(pipe)
        self._waiting: queue.Queue[dict[str, Any]] = queue.Queue()
        self._adapter: Any = None

    def serve(self) -> int:
        """Work until told to quit; returns the exit code."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        while True:
            message = self._waiting.get()
            if message["t"] == "quit":
                return 0
            if message["t"] == "load" and not self._load(message):
                return 1
            if message["t"] == "run":
                self._run(message)

    def _listen(self) -> None:
        for message in self._pipe.messages():
            if message["t"] == "cancel":
                self._step.cancel(message["run"], message.get("jobs"))
            elif message["t"] == "govern":
                self._step.govern(message["max_share"])
            else:
                self._waiting.put(message)
        # Whoever started this is gone, and a model may be deep in a computation that cannot be interrupted.
        os._exit(0)

    def _load(self, message: dict[str, Any]) -> bool:
        try:
            adapter = load_adapter(message["adapter"])
            self._adapter = adapter(message["folder"], device=message["device"], options=message["options"])
            self._pipe.say(t="ready", capabilities=dict(self._adapter.capabilities), memory_gb=memory_gb())
        except Exception as error:
            self._pipe.say(t="fatal", **explained(error, "model.load-failed"))
            return False
        return True

    def _run(self, message: dict[str, Any]) -> None:
        run, jobs, started_s = message["run"], message["jobs"], time.monotonic()
        try:
            self._step.begin(run, len(jobs))
            outputs = getattr(self._adapter, message["task"])(jobs, self._step)
            staging = Path(message["staging"])
            saved = [keep(output, staging, f"{run}_{i}") for i, output in enumerate(outputs)]
            self._pipe.say(
                t="done", run=run, outputs=saved, took_s=time.monotonic() - started_s, memory_gb=memory_gb()
            )
        except CancelledError:
            self._pipe.say(
                t="failed", run=run, code="model.cancelled", what="nobody wants it any more", fix=""
            )
        except Exception as error:
            self._pipe.say(t="failed", run=run, **explained(error, "model.failed"))


def load_adapter(spec: str) -> Any:
    """Import `package.module:Name` or `/path/to/file.py:Name`."""
    place, _, name = spec.rpartition(":")
    if not place.endswith(".py"):
        return getattr(importlib.import_module(place), name)
    found = importlib.util.spec_from_file_location("roomtone_adapter", place)
    if found is None or found.loader is None:
        raise ImportError(f"{place} is no Python file")
    module = importlib.util.module_from_spec(found)
    sys.modules["roomtone_adapter"] = module
    # What stands beside the adapter is its own: a research repository's modules.
    sys.path.insert(0, str(Path(place).resolve().parent))
    found.loader.exec_module(module)
    return getattr(module, name)


def keep(output: Any, staging: Path, stem: str) -> Any:
    """Write what an adapter returned into the staging folder; returns what the pipe carries in its place."""
    if not isinstance(output, dict) or "samples" not in output:
        return output
    file, latent = f"{stem}.npy", f"{stem}.npz" if output.get("latent") else ""
    np.save(staging / file, np.asarray(output["samples"], np.float32), allow_pickle=False)
    if latent:
        np.savez(staging / latent, **output["latent"])
    notes = output.get("notes", {})
    return {"file": file, "rate_hz": int(output["rate_hz"]), "latent": latent, "notes": notes}


def explained(error: Exception, code: str) -> dict[str, str]:
    """Say in fields what went wrong: an error's own words where it has them."""
    traceback.print_exc()
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        fix = "free memory, ask for shorter clips, or use a smaller model"
        return {"code": "model.out-of-memory", "what": "there is not enough memory", "fix": fix}
    if hasattr(error, "code") and hasattr(error, "what"):
        said = {name: str(getattr(error, name, "")) for name in ("at", "fix")}
        return {"code": str(error.code), "what": str(error.what), **said}
    if isinstance(error, OSError) and code == "model.failed":
        what = f"the clip cannot be written: {error.strerror or error}"
        return {"code": "cache.failed", "what": what, "fix": "make room on the disk"}
    what = f"{type(error).__name__}: {error}"[:500]
    return {"code": code, "what": what, "fix": "see the worker's last lines in the log"}


def memory_gb() -> float:
    """Return the most that this process has held so far: of the accelerator where torch uses one, else resident."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        return float(torch.cuda.max_memory_reserved() / 1e9)
    if resource is None:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e9 if sys.platform == "darwin" else peak * 1024 / 1e9


if __name__ == "__main__":
    # The folder of this file holds modules of Roomtone, whose names a model's own imports must not find.
    del sys.path[0]
    raise SystemExit(Worker(Pipe()).serve())
