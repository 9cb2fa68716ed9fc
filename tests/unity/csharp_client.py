"""The C# client in a process of its own, held by a test in Python: the same verbs as the reference client."""

import base64
import json
import queue
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

ANSWER_S = 30.0


class CsharpError(Exception):
    """What the C# client threw, with its type and its four parts."""

    def __init__(self, error: Mapping[str, str]) -> None:
        super().__init__(error["message"])
        self.type, self.code, self.what = error["type"], error["code"], error["what"]
        self.at, self.fix = error["at"], error["fix"]


class CsharpClient:
    """Starts on `with`; every call is one line there and one line back. One thread."""

    def __init__(self, runners: Path) -> None:
        self._command = ["mono", "--debug", str(runners), "driver"]

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._answers: queue.Queue[str] = queue.Queue()
        self._complaints: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._listen, daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the C# client does not end") from error
        finally:
            for reader in self._readers:
                reader.join()
            self.process.stdout.close()
            self.process.stderr.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self._complaints += list(self.process.stderr)

    def say(self, verb: str, *arguments: object) -> None:
        """Begin what takes a while; `answer` fetches its result."""
        assert self.process.stdin is not None
        self.process.stdin.write("\t".join([verb, *map(_spelled, arguments)]) + "\n")
        self.process.stdin.flush()

    def answer(self, *, within_s: float = ANSWER_S) -> Any:
        """Return what the last `say` came to."""
        line = self._answers.get(timeout=within_s)
        assert line, "".join(self._complaints)
        said = json.loads(line)
        if "error" in said:
            raise CsharpError(said["error"])
        return said["ok"]

    def do(self, verb: str, *arguments: object, within_s: float = ANSWER_S) -> Any:
        self.say(verb, *arguments)
        return self.answer(within_s=within_s)

    # The reference client's verbs -----------------------------------------------------------------

    def connect(
        self, endpoint: str, *, token: str = "", ahead_ms: float = 60.0, timeout_s: float = 5.0
    ) -> list[str]:
        scenes: list[str] = self.do("connect", endpoint, token, ahead_ms, timeout_s)
        return scenes

    def open_scene(
        self,
        name: str,
        *,
        seed: int | None = None,
        first_frame: int = 0,
        values: Mapping[str, float] | None = None,
    ) -> "CsharpScene":
        return CsharpScene(
            self, self.do("open_scene", name, "" if seed is None else seed, first_frame, values or {})
        )

    def events(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = self.do("events")
        return events

    def stats(self) -> dict[str, Any]:
        stats: dict[str, Any] = self.do("stats")
        return stats


class CsharpScene:
    """One scene of a `CsharpClient`."""

    def __init__(self, client: CsharpClient, number: int) -> None:
        self._client, self._number = client, number

    def do(self, verb: str, *arguments: object, within_s: float = ANSWER_S) -> Any:
        return self._client.do(verb, self._number, *arguments, within_s=within_s)

    def say(self, verb: str, *arguments: object) -> None:
        self._client.say(verb, self._number, *arguments)

    def open_layer(self, layer: str, *, format: str = "f32", channels: int = 0) -> None:  # noqa: A002
        self.do("open_layer", layer, format, channels)

    def open_layers(self) -> list[str]:
        names: list[str] = self.do("open_layers")
        return names

    def set(self, *, at_frame: int = 0, **values: float) -> int:
        return int(self.do("set", values, at_frame))

    def steer(self, **values: float) -> None:
        self.do("steer", values)

    def morph(self, mood: str, over_s: float, *, at_frame: int = 0) -> int:
        return int(self.do("morph", mood, over_s, at_frame))

    def read(self, frames: int, *, wait_s: float = 0.0) -> dict[str, NDArray[np.float32]]:
        return samples_of(self.do("read", frames, wait_s), frames)

    def read_exact(self, frames: int, *, timeout_s: float = 10.0) -> dict[str, NDArray[np.float32]]:
        return samples_of(self.do("read_exact", frames, timeout_s), frames)

    def play(self, seconds: float) -> dict[str, NDArray[np.float32]]:
        """Read in real time, as an audio device would."""
        return samples_of(self.do("play", seconds, within_s=seconds + ANSWER_S), round(seconds * 100) * 480)

    def layer(self, name: str) -> dict[str, Any]:
        layer: dict[str, Any] = self.do("layer", name)
        return layer

    @property
    def described(self) -> dict[str, Any]:
        described: dict[str, Any] = self.do("scene")
        return described


def samples_of(said: Mapping[str, str], frames: int) -> dict[str, NDArray[np.float32]]:
    """Return `(frames, channels)` by layer name."""
    return {
        layer: np.frombuffer(base64.b64decode(text), "<f4").reshape(frames, -1)
        for layer, text in said.items()
    }


def _spelled(argument: object) -> str:
    if isinstance(argument, Mapping):
        return ",".join(f"{name}={value!r}" for name, value in argument.items())
    return repr(argument) if isinstance(argument, float) else str(argument)
