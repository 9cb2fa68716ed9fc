"""A daemon and the one that waits for its place: who serves right now, to be killed by a test."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest
from serving import Serving, until

_STARTED_S: Final = 100.0


@contextmanager
def supervised(scenes_dir: Path) -> Iterator[Serving]:
    """Start a daemon whose place is taken when it dies; it uses this computer's own models and clips."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        endpoint = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.MonkeyPatch.context() as patch:
        for folder in ("ROOMTONE_MODELS_DIR", "ROOMTONE_CACHE_DIR"):
            patch.delenv(folder, raising=False)
        with Serving(scenes_dir, "--supervise", endpoint=endpoint) as daemon:
            yield daemon


def await_second(daemon: Serving) -> None:
    """Wait until another process waits for the place of the one that serves."""
    until(lambda: len(_children(daemon)) == 2, within_s=_STARTED_S)


def kill_who_serves(daemon: Serving) -> None:
    """Kill -9 the process that serves; the other one takes its place."""
    _serves(daemon).kill()


def _children(daemon: Serving) -> list[psutil.Process]:
    return psutil.Process(daemon.process.pid).children(recursive=True)


def _serves(daemon: Serving) -> psutil.Process:
    for child in _children(daemon):
        connections = child.net_connections()
        if any(each.status == psutil.CONN_LISTEN and each.laddr.port == daemon.port for each in connections):
            return child
    raise AssertionError("nobody listens")
