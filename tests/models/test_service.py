"""The pool at work with real processes, and the pool's own process as the daemon sees it."""

import queue
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from toy_models import install_noise

from roomtone.cache.key import key_of
from roomtone.cache.store import Cache
from roomtone.models.crew import Governor
from roomtone.models.library import Installed, ModelLibrary
from roomtone.models.news import Made, Missed, ModelState, News
from roomtone.models.pool_link import PoolLink
from roomtone.models.request import Recipe
from roomtone.models.service import Service, ServiceOptions
from roomtone.models.wishes import Rank, Urgency, Wish

pytestmark = pytest.mark.system
_OTHERS: set[int] = set()


@pytest.fixture(autouse=True)
def others() -> Iterator[None]:
    """Remember the children that were there before; other tests may have left some, dead or alive."""
    _OTHERS.update(child.pid for child in psutil.Process().children())
    yield
    _OTHERS.clear()


def pools() -> list[psutil.Process]:
    """The children that a test has started and that run, without what multiprocessing keeps for its own books."""
    return [child for child in psutil.Process().children() if child.pid not in _OTHERS and _works(child)]


def _works(child: psutil.Process) -> bool:
    # One that has just ended has no command line any more.
    try:
        return "resource_tracker" not in " ".join(child.cmdline())
    except psutil.NoSuchProcess:
        return False


def wish(model: Installed, prompt: str, order: float = 0.0, **more: Any) -> Wish:
    recipe = Recipe(model=model.name, weights=model.weights, prompt=prompt, seconds=2.0, seed=5, **more)
    return Wish(key=key_of(recipe.record()), recipe=recipe, rank=Rank(Urgency.SOUNDING, order))


def options(folder: Path) -> ServiceOptions:
    return ServiceOptions(models_dir=folder / "models", cache_dir=folder / "cache", device="cpu")


class Running:
    """A service, driven until something has happened."""

    def __init__(self, folder: Path) -> None:
        self.news: list[News] = []
        self.lines: list[str] = []
        self.service = Service(options(folder), tell=self.news.append, log=self.lines.append)

    def until(self, happened: Callable[[], Any], within_s: float = 60.0) -> Any:
        deadline_s = time.monotonic() + within_s
        while not (result := happened()):
            assert time.monotonic() < deadline_s, (self.news, self.lines)
            self.service.take_turn(0.05)
        return result

    def made(self) -> list[str]:
        return [news.key for news in self.news if isinstance(news, Made)]

    def missed(self) -> list[str]:
        return [news.code for news in self.news if isinstance(news, Missed)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    service = Running(tmp_path)
    yield service
    service.service.close()


def test_a_clip_goes_from_a_prompt_through_a_process_and_the_gate_into_the_cache(
    tmp_path: Path, running: Running
) -> None:
    model = install_noise(tmp_path / "models")
    rain, hail = wish(model, "rain"), wish(model, "hailstones", 1.0)
    running.service.pool.want("test", (rain, hail))
    running.until(lambda: len(running.made()) == 2)
    cache = Cache(tmp_path / "cache")
    entry = cache.find(rain.key)
    assert entry is not None
    samples = cache.read(entry)
    assert samples.shape[0] == pytest.approx(96_000, abs=4800)
    assert entry.notes["lufs"] == pytest.approx(-23.0, abs=0.2)
    assert entry.notes["band_limit_hz"] < 8_500.0
    assert entry.provenance.licence == "CC0"
    latent = cache.latent(entry)
    assert latent is not None
    assert np.load(latent)["z"].shape == (8, 1)
    assert not np.array_equal(samples, cache.read(cache.find(hail.key)))  # type: ignore[arg-type]


def test_clips_that_no_ear_would_take_are_refused_with_their_reason(tmp_path: Path, running: Running) -> None:
    model = install_noise(tmp_path / "models", batch=1)
    running.service.pool.want(
        "test", (wish(model, "silent"), wish(model, "NaN", 1.0), wish(model, "rain", 2.0))
    )
    running.until(running.made)
    assert sorted(running.missed()) == ["clip.not-finite", "clip.silent"]


def test_a_killed_worker_is_replaced_and_the_clip_is_made(tmp_path: Path, running: Running) -> None:
    model = install_noise(tmp_path / "models", step_s=0.3)
    running.service.pool.want("test", (wish(model, "rain"),))
    children = running.until(pools)
    children[0].kill()
    running.until(running.made)
    states = [news.state for news in running.news if isinstance(news, ModelState)]
    assert states == ["loading", "failed", "loading", "ready"] or states[-2:] == ["loading", "ready"]


def test_a_prompt_that_kills_its_worker_takes_no_other_with_it(tmp_path: Path, running: Running) -> None:
    model = install_noise(tmp_path / "models")
    running.service.pool.want("test", (wish(model, "die"), wish(model, "rain", 1.0)))
    running.until(running.made)
    running.until(running.missed)
    assert running.missed() == ["model.died"]


def test_a_model_runs_in_an_interpreter_of_its_own(
    tmp_path: Path, running: Running, other_python: Path
) -> None:
    model = install_noise(tmp_path / "models", python=str(other_python))
    rain = wish(model, "rain")
    running.service.pool.want("test", (rain,))
    running.until(running.made)
    cache = Cache(tmp_path / "cache")
    entry = cache.find(rain.key)
    assert entry is not None
    assert Path(entry.notes["executable"]).parent == other_python.parent
    assert Path(entry.notes["executable"]).parent != Path(sys.executable).parent


def test_an_interpreter_that_does_not_exist_is_a_clear_error(tmp_path: Path, running: Running) -> None:
    model = install_noise(tmp_path / "models", python=str(tmp_path / "no" / "python"))
    running.service.pool.want("test", (wish(model, "rain"),))
    running.until(running.missed)
    assert running.missed() == ["model.cannot-start"]


def test_closing_leaves_no_process_behind(tmp_path: Path) -> None:
    running = Running(tmp_path)
    model = install_noise(tmp_path / "models", step_s=1.0)
    running.service.pool.want("test", (wish(model, "rain"),))
    children = running.until(pools)
    running.service.close()
    psutil.wait_procs(children, timeout=10.0)
    assert not [child for child in children if child.is_running()]


# The pool's own process ---------------------------------------------------------------------------


class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def __getattr__(self, _level: str) -> Callable[..., None]:
        return lambda event, **more: self.lines.append(f"{event} {more}")


class Linked:
    """The daemon's end of the pool."""

    def __init__(self, folder: Path) -> None:
        self.rung: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.log = Log()
        self.link = PoolLink(options(folder), wake=lambda: self.rung.put(None), log=self.log)
        self.news: list[News] = []

    def until(self, happened: Callable[[], Any], within_s: float = 60.0) -> Any:
        deadline_s = time.monotonic() + within_s
        while not (result := happened()):
            assert time.monotonic() < deadline_s, (self.news, self.log.lines)
            with suppress(queue.Empty):
                self.rung.get(timeout=0.05)
            self.news += self.link.news()
        return result

    def made(self) -> list[str]:
        return [news.key for news in self.news if isinstance(news, Made)]


@pytest.fixture
def linked(tmp_path: Path) -> Iterator[Linked]:
    daemon = Linked(tmp_path)
    yield daemon
    daemon.link.close()


def test_the_pool_is_started_when_something_is_wanted_and_makes_it(tmp_path: Path, linked: Linked) -> None:
    model = install_noise(tmp_path / "models")
    assert linked.link.news() == []
    assert pools() == []
    rain = wish(model, "rain")
    linked.link.want("scene", (rain,), {})
    linked.until(linked.made)
    assert linked.made() == [rain.key]
    assert Cache(tmp_path / "cache").find(rain.key) is not None


def test_a_killed_pool_is_started_again_and_asked_again(tmp_path: Path, linked: Linked) -> None:
    model = install_noise(tmp_path / "models", step_s=0.5)
    linked.link.want("scene", (wish(model, "rain"),), {})
    (pool,) = linked.until(pools)
    workers = linked.until(pool.children)
    pool.kill()
    linked.until(linked.made)
    psutil.wait_procs(workers, timeout=10.0)
    assert not [worker for worker in workers if worker.is_running()], "its worker ended with it"
    assert [line for line in linked.log.lines if line.startswith("models' pool lost")]


def test_a_paused_pool_makes_nothing_until_it_may(tmp_path: Path, linked: Linked) -> None:
    model = install_noise(tmp_path / "models")
    linked.link.govern(Governor(max_share=0.0))
    linked.link.want("scene", (wish(model, "rain"),), {})
    linked.until(pools)
    deadline_s = time.monotonic() + 2.0
    linked.until(lambda: time.monotonic() > deadline_s)
    assert linked.made() == []
    linked.link.govern(Governor())
    linked.until(linked.made)


def test_what_is_wrong_with_a_model_reaches_the_daemon(tmp_path: Path, linked: Linked) -> None:
    model = install_noise(tmp_path / "models")
    (model.folder / "adapter.py").write_text("this is no Python", encoding="utf-8")
    linked.link.want("scene", (wish(model, "rain"),), {})
    linked.until(
        lambda: [news for news in linked.news if isinstance(news, ModelState) and news.state == "failed"]
    )
    failed = next(news for news in linked.news if isinstance(news, ModelState) and news.state == "failed")
    assert "SyntaxError" in failed.what
    assert ModelLibrary(tmp_path / "models").find("noise").name == "noise"
