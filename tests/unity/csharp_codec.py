"""The C# codecs in a process of their own: bytes there, and what they mean back."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class CsharpCodec:
    """Starts on `with`. One thread."""

    def __init__(self, runners: Path) -> None:
        self._command = ["mono", "--debug", str(runners), "codecs"]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def ask(self, verb: str, frame: bytes) -> Any:
        """Say a verb of `Codecs.cs` and its bytes; returns a message, or `code`, `at` and `id` of a refusal."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{verb} {frame.hex()}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())
