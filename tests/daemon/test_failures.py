"""Failures that nobody foresaw: a client's end with that client, the daemon's own end the daemon."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import WITHIN_S, Listening, RawClient

from roomtone.daemon import Daemon
from roomtone.layers.performance import Performance
from roomtone.server.register import Register
from roomtone.settings import Settings
from roomtone.supervisor import Supervisor
from roomtone.wire.messages import Bye, Listener

pytestmark = pytest.mark.system


class Quiet:
    """A log that keeps only what went wrong."""

    def __init__(self) -> None:
        self.failures: list[str] = []

    def info(self, event: str, **more: object) -> None: ...

    warning = error = info

    def exception(self, event: str) -> None:
        self.failures.append(f"{event}: {sys.exc_info()[1]!r}")


class Running:
    """A daemon's loop on a thread of this process, so that a test can break its parts."""

    def __init__(self, scenes_dir: Path) -> None:
        self.log = Quiet()
        self.daemon = Daemon(Settings(scenes_dir=scenes_dir, endpoint="tcp://127.0.0.1:*"), self.log)
        self.endpoint = self.daemon._router.endpoint
        self.code: int | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.code = self.daemon.run()


@pytest.fixture
def running(yard_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(Daemon, "_install_signals", lambda _: None)
    running = Running(yard_dir)
    yield running
    running.daemon.stop()
    running.thread.join(WITHIN_S)
    running.daemon.close()


def fail(*_: object) -> None:
    raise ZeroDivisionError


def test_a_failure_in_one_clients_turn_ends_that_client_alone(
    running: Running, monkeypatch: pytest.MonkeyPatch
):
    with RawClient(running.endpoint) as unlucky, RawClient(running.endpoint) as lucky:
        unlucky.hello()
        lucky.hello()
        theirs, _ = unlucky.open("yard")
        opened, streams = lucky.open("yard")
        ear = Listening(lucky, opened.scene, streams)
        ear.play(5)
        monkeypatch.setattr(Performance, "listen_at", fail)
        unlucky.say(Listener(scene=theirs.scene, at_m=(0.0, 0.0, 0.0)))
        assert unlucky.hear_a(Bye).reason == "failed"
        ear.play(20)
    assert running.log.failures == ["unforeseen failure: ZeroDivisionError()"]
    assert running.thread.is_alive()


def test_a_failure_that_is_nobodys_ends_the_daemon_for_the_supervisor_to_start_again(
    running: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Register, "expire", fail)
    running.thread.join(WITHIN_S)
    assert running.code == 70
    assert len(running.log.failures) == 1


def test_a_folder_that_cannot_be_watched_is_served_all_the_same(
    yard_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_watches_left(*_: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Daemon, "_install_signals", lambda _: None)
    monkeypatch.setattr("roomtone.daemon.watch_scenes", no_watches_left)
    running = Running(yard_dir)
    try:
        with RawClient(running.endpoint) as client:
            client.hello()
    finally:
        running.daemon.stop()
        running.thread.join(WITHIN_S)
        running.daemon.close()
    assert running.code == 0


def test_a_supervisor_told_to_stop_while_it_waits_to_try_again_starts_nothing(
    yard_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    started: list[subprocess.Popen[str]] = []

    def spawn(_: Supervisor) -> subprocess.Popen[str]:
        crash = [sys.executable, "-c", "import sys; sys.stdin.readline(); sys.exit(1)"]
        started.append(subprocess.Popen(crash, stdin=subprocess.PIPE, text=True))
        return started[-1]

    pauses_s: list[float] = []

    def sleep(pause_s: float) -> None:
        pauses_s.append(pause_s)
        if len(pauses_s) == 2:
            supervisor._stop()

    monkeypatch.setattr(Supervisor, "_spawn", spawn)
    monkeypatch.setattr(Supervisor, "_install_signals", lambda _: None)
    supervisor = Supervisor(Settings(scenes_dir=yard_dir), Quiet(), sleep)
    assert supervisor.run() == 0
    assert pauses_s == [0.1, 0.2]
    assert len(started) == 5
    assert all(child.returncode is not None for child in started)
