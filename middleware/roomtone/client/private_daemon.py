"""A daemon of one's own: a process on a free port that only its owner can talk to, and that ends with its owner."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final, Self

from roomtone.errors import ConnectionLostError

# The first start on a computer compiles every kernel.
_READY_S: Final = 300.0
_DRAIN_S: Final = 3.0
_LINES_KEPT: Final = 40


class PrivateDaemon:
    """Starts on `with`, stops when the block is left, however it is left. One thread, the main one if it can be.

    Attributes:
        endpoint: where it listens, once started.
        token: what its clients must say.
        process: the child.
    """

    def __init__(
        self, scenes_dir: Path, *, endpoint: str = "tcp://127.0.0.1:*", token: str | None = None
    ) -> None:
        self.endpoint = endpoint
        self.token = secrets.token_hex(16) if token is None else token
        self._scenes_dir = scenes_dir
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._settled = threading.Event()
        self._ready = False
        self._former_handler: object = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._former_handler = signal.signal(signal.SIGTERM, _leave)
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _start(self) -> None:
        command = [sys.executable, "-m", "roomtone", "serve", str(self._scenes_dir)]
        self.process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [*command, "--endpoint", self.endpoint, "--log", "json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "ROOMTONE_TOKEN": self.token},
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, name="daemon-log", daemon=True)
        self._reader.start()
        if not self._settled.wait(_READY_S) or not self._ready:
            raise ConnectionLostError(
                "daemon.not-ready",
                what="the daemon did not start",
                at=str(self._scenes_dir),
                fix="its last words were:\n" + "\n".join(self._lines),
            )

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line.rstrip())
            if not self._ready and '"ready"' in line:
                self.endpoint = json.loads(line)["endpoint"]
                self._ready = True
                self._settled.set()
        self._settled.set()

    def _stop(self) -> None:
        if hasattr(self, "process"):
            self.process.terminate()
            try:
                self.process.wait(_DRAIN_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self._reader.join()
            assert self.process.stdout is not None
            self.process.stdout.close()
        if self._former_handler is not None:
            signal.signal(signal.SIGTERM, self._former_handler)  # type: ignore[arg-type]
            self._former_handler = None


def _leave(number: int, _frame: FrameType | None) -> None:
    """Make SIGTERM leave through every `with` and `finally`, as SIGINT does."""
    raise SystemExit(128 + number)
