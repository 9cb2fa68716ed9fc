"""Slow work happens on a thread of its own; what comes of it is acted on by whoever collects."""

import threading
from collections.abc import Iterator

import pytest
from playhouse import Log

from roomtone.errors import RoomtoneError, SceneError
from roomtone.server.workshop import ThreadWorkshop


class Bench:
    """A workshop whose wakes can be waited for."""

    def __init__(self) -> None:
        self.log = Log()
        self.woken = threading.Semaphore(0)
        self.workshop = ThreadWorkshop(self.woken.release, self.log)
        self.done: list[object] = []
        self.failed: list[RoomtoneError] = []

    def finish(self, *jobs) -> None:
        for job in jobs:
            self.workshop.submit(job, self.done.append, self.failed.append)
        for _ in jobs:
            assert self.woken.acquire(timeout=10.0)
        assert self.done == []
        self.workshop.collect()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.workshop.close()


def test_jobs_are_done_one_after_another_elsewhere_and_told_of_here(bench: Bench):
    elsewhere = []
    bench.finish(*(lambda i=i: elsewhere.append(threading.get_ident()) or i for i in range(5)))
    assert bench.done == [0, 1, 2, 3, 4]
    assert len(set(elsewhere)) == 1
    assert elsewhere[0] != threading.get_ident()


def test_a_refusal_is_handed_over_as_it_is(bench: Bench):
    refusal = SceneError("scene.gain-range", what="too loud")

    def refuse() -> None:
        raise refusal

    bench.finish(refuse)
    assert bench.failed == [refusal]


@pytest.mark.parametrize("error", [OSError("disk on fire"), MemoryError(), ZeroDivisionError()])
def test_a_failure_that_nobody_foresaw_is_logged_and_still_answered(bench: Bench, error: Exception):
    def fail() -> None:
        raise error

    bench.finish(fail, lambda: None)
    assert [refusal.code for refusal in bench.failed] == ["server.internal"]
    assert bench.log.said[0][:2] == ("error", "work failed")
    assert bench.done == [None]


def test_closing_drops_what_has_not_begun():
    bench, gate = Bench(), threading.Event()
    bench.workshop.submit(gate.wait, bench.done.append, bench.failed.append)
    bench.workshop.submit(lambda: "never", bench.done.append, bench.failed.append)
    closing = threading.Thread(target=bench.workshop.close)
    closing.start()
    gate.set()
    closing.join()
    assert "never" not in bench.done
