"""One worker process from its owner's side: start it, speak to it, hear it on a queue, end it."""

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import psutil  # type: ignore[import-untyped]  # it publishes no types

from roomtone.errors import ModelError
from roomtone.models.messages import FROM_WORKER, MAX_LINE_BYTES, read_message, write_message

WORKER: Final = Path(__file__).with_name("worker.py")
_TAIL_LINES: Final = 20
_LINE_CHARS: Final = 300
_ENDS_WITHIN_S: Final = 5.0
# Never the network: models lie in their folders. Progress bars and telemetry are nobody's here.
_OFFLINE: Final = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONUNBUFFERED": "1",
    "PYTHONIOENCODING": "utf-8",
}
# A Ctrl-C on the terminal is for the daemon, which then ends its children in order.
if sys.platform == "win32":
    _IN_A_GROUP_OF_ITS_OWN: Final[Mapping[str, Any]] = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    _IN_A_GROUP_OF_ITS_OWN: Final[Mapping[str, Any]] = {"start_new_session": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A process is gone.

    Attributes:
        code: its exit code; negative for a signal.
        last_lines: what it wrote to standard error last.
    """

    code: int
    last_lines: tuple[str, ...]


Hear = Callable[["ChildProcess", Any], None]
"""Takes a process and what it says, and `Ended` at last; called on the process's own reading thread."""


class ChildProcess:
    """A process that speaks in lines of JSON. `say` and `kill` from any thread.

    Args:
        command: what to start.
        kinds: what it may say, as `messages.read_message` takes it.
        hear: see `Hear`. A message that cannot be read is heard as a `ModelError`.
        log: takes each line that it writes to standard error.
        environment: in addition to this process's own.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        kinds: Mapping[str, Callable[[Any], Any]],
        hear: Hear,
        log: Callable[[str], None] = lambda _: None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it.

        Raises:
            ModelError: `model.cannot-start`.
        """
        self._kinds, self._hear, self._log = kinds, hear, log
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - what the settings name
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **(environment or {})},
                **_IN_A_GROUP_OF_ITS_OWN,
            )
        except OSError as error:
            what = f"'{command[0]}' cannot be started: {error.strerror}"
            fix = "name an interpreter that exists in the model's settings"
            raise ModelError("model.cannot-start", what=what, fix=fix) from error
        self.pid = self._process.pid
        self._errors = self._start(self._listen_to_errors)
        self._start(self._listen)

    def _start(self, target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, name=f"child {self.pid}", daemon=True)
        thread.start()
        return thread

    def say(self, message: Any) -> None:
        """Send a message; one to a process that is gone is dropped: `Ended` tells."""
        stream = self._process.stdin
        assert stream is not None
        with suppress(OSError, ValueError):
            stream.write(write_message(message))
            stream.flush()

    def be_nice(self) -> None:
        """Let everything else on this computer go first."""
        with suppress(psutil.Error, OSError):
            lowest = psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 10
            psutil.Process(self.pid).nice(lowest)

    def kill(self) -> None:
        """End it now, whatever it does, and what it has started."""
        with suppress(psutil.Error):
            for child in psutil.Process(self.pid).children(recursive=True):
                with suppress(psutil.Error):
                    child.kill()
        self._process.kill()

    def close(self) -> None:
        """End it in order: its input ends, and it has a moment to notice."""
        stream = self._process.stdin
        assert stream is not None
        with suppress(OSError):
            stream.close()
        try:
            self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def _listen(self) -> None:
        for line in _lines(self._process.stdout):
            try:
                message = read_message(line, self._kinds)
            except ModelError as error:
                message = error
            self._hear(self, message)
        code = self._process.wait()
        self._errors.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._hear(self, Ended(code=code, last_lines=tuple(self._tail)))

    def _listen_to_errors(self) -> None:
        for line in _lines(self._process.stderr):
            shown = line.decode("utf-8", "replace").rstrip()[:_LINE_CHARS]
            if shown:
                self._tail.append(shown)
                self._log(shown)


def _lines(stream: IO[bytes] | None) -> Iterator[bytes]:
    assert stream is not None
    while line := stream.readline(MAX_LINE_BYTES):
        yield line


def start_worker(python: str, *, hear: Hear, log: Callable[[str], None]) -> ChildProcess:
    """Start a worker with an interpreter; "" is this one.

    Raises:
        ModelError: `model.cannot-start`.
    """
    worker = ChildProcess(
        [python or sys.executable, str(WORKER)], kinds=FROM_WORKER, hear=hear, log=log, environment=_OFFLINE
    )
    worker.be_nice()
    return worker
