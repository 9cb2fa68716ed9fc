"""The log: whoever can make the daemon say something cannot make it fill the disk."""

import json
from pathlib import Path

import pytest
import structlog

from roomtone.logs import MOST_PER_S, Throttle, configure_logs
from roomtone.settings import Settings


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def say(throttle: Throttle, event: str, times: int) -> list[dict]:
    passed = []
    for _ in range(times):
        try:
            passed.append(throttle(None, "info", {"event": event}))
        except structlog.DropEvent:
            continue
    return passed


def test_a_flood_of_one_event_is_cut_and_the_rest_counted():
    clock = Clock()
    throttle = Throttle(clock)
    assert len(say(throttle, "client connected", 1_000)) == MOST_PER_S
    clock.now_s = 1.0
    first, second = say(throttle, "client connected", 2)
    assert first["withheld"] == 1_000 - MOST_PER_S
    assert "withheld" not in second


def test_a_flood_of_one_event_does_not_drown_another():
    throttle = Throttle(Clock())
    say(throttle, "client connected", 1_000)
    assert len(say(throttle, "scene not reloaded", 1)) == 1


def test_what_is_withheld_reaches_no_renderer(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    try:
        configure_logs(Settings(scenes_dir=tmp_path, log="json"))
        for _ in range(5 * MOST_PER_S):
            structlog.get_logger().warning("connection cut off", reason="noise")
    finally:
        structlog.reset_defaults()
    lines = capsys.readouterr().err.splitlines()
    assert MOST_PER_S <= len(lines) <= 3 * MOST_PER_S
    assert json.loads(lines[0])["reason"] == "noise"
