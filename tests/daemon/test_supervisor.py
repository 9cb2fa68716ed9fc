"""`serve --supervise`: whatever happens to the process that serves, another one does, and none is left behind."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import psutil
import pytest
from serving import WITHIN_S, Listening, RawClient, Serving, until

pytestmark = pytest.mark.system


def free_endpoint() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


def children(daemon: Serving) -> list[psutil.Process]:
    return psutil.Process(daemon.process.pid).children(recursive=True)


def the_one_that_serves(daemon: Serving) -> psutil.Process:
    for child in children(daemon):
        if any(
            c.status == psutil.CONN_LISTEN and c.laddr.port == daemon.port for c in child.net_connections()
        ):
            return child
    raise AssertionError("nobody listens")


def hear_something(endpoint: str) -> None:
    with RawClient(endpoint) as client:
        client.hello()
        opened, streams = client.open("yard")
        Listening(client, opened.scene, streams).play(2)


def test_a_killed_daemon_is_replaced_at_once_and_nothing_is_left_behind(yard_dir: Path):
    with Serving(yard_dir, "--supervise", endpoint=free_endpoint()) as daemon:
        hear_something(daemon.endpoint)
        until(lambda: len(children(daemon)) == 2)
        victim = the_one_that_serves(daemon)
        started_s = time.monotonic()
        victim.kill()
        hear_something(daemon.endpoint)
        assert time.monotonic() - started_s < 5.0
        assert daemon.logged("daemon died")
        everyone = children(daemon)
        daemon.process.terminate()
        daemon.process.wait(WITHIN_S)
        assert sys.platform == "win32" or daemon.process.returncode == 0
        until(lambda: not any(child.is_running() for child in everyone))


def test_children_leave_when_their_supervisor_is_killed(yard_dir: Path):
    with Serving(yard_dir, "--supervise", endpoint=free_endpoint()) as daemon:
        hear_something(daemon.endpoint)
        everyone = children(daemon)
        assert everyone
        daemon.process.kill()
        until(lambda: not any(child.is_running() for child in everyone))


def test_what_another_start_would_only_repeat_ends_the_supervisor(yard_dir: Path):
    with Serving(yard_dir) as first:
        again = Serving(yard_dir, "--supervise", endpoint=first.endpoint)
        with pytest.raises(AssertionError, match="the process has ended"), again:
            pass
        assert again.process.returncode == 78


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_supervisor_passes_sighup_on(yard_dir: Path):
    with (
        Serving(yard_dir, "--supervise", endpoint=free_endpoint()) as daemon,
        RawClient(daemon.endpoint) as client,
    ):
        client.hello()
        client.open("yard")
        os.kill(daemon.process.pid, signal.SIGHUP)
        hear_something(daemon.endpoint)
        assert daemon.process.poll() is None
