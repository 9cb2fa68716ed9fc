"""The worker's side in a real process: it speaks, is cancelled, waits, fails and ends as its owner needs it to."""

import json
import queue
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from roomtone.models.messages import (
    Cancel,
    Done,
    Failed,
    Fatal,
    Govern,
    Load,
    Progress,
    Quit,
    Ready,
    Resting,
    Run,
)
from roomtone.models.process import WORKER, ChildProcess, Ended, start_worker

pytestmark = pytest.mark.system

ADAPTER = """
import os, sys, time
import numpy as np

class Odd(Exception):
    code, what, fix = "model.odd", "this prompt is odd", "use another"

class Toy:
    capabilities = {"family": "toy", "sample_rate_hz": 16000, "channels": 1, "longest_s": 10.0, "batch": 4}

    def __init__(self, folder, *, device, options):
        print("what a library prints")
        os.write(1, b"and what native code prints\\n")
        if options.get("broken"):
            raise ValueError("the weights are torn")
        self.step_s = options.get("step_s", 0.0)

    def generate(self, jobs, step):
        print("more of it")
        if jobs[0]["prompt"] == "odd":
            raise Odd()
        if jobs[0]["prompt"] == "bug":
            raise KeyError("nobody foresaw this")
        if jobs[0]["prompt"] == "memory":
            raise MemoryError()
        if jobs[0]["prompt"] == "die":
            os._exit(7)
        if jobs[0]["prompt"] == "hang":
            time.sleep(1000.0)
        for i in range(20):
            time.sleep(self.step_s)
            step(i + 1, 20)
        wanted = [step.wants(i) for i in range(len(jobs))]
        return [
            {
                "samples": np.full((round(16000 * job["seconds"]), 1), job["seed"] / 100, np.float32),
                "rate_hz": 16000,
                "latent": {"z": np.arange(3)},
                "notes": {"wanted": ok},
            }
            for job, ok in zip(jobs, wanted)
        ]

    def score(self, jobs, step):
        return [0.25 for _ in jobs]
"""


class Owner:
    """Owns a worker and hears it."""

    def __init__(self, folder: Path, *, python: str = "") -> None:
        self.folder = folder
        self.staging = folder / "staging"
        self.staging.mkdir(exist_ok=True)
        (folder / "toy.py").write_text(ADAPTER, encoding="utf-8")
        self.heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.lines: list[str] = []
        self.process: ChildProcess = start_worker(
            python, hear=lambda _, message: self.heard.put(message), log=self.lines.append
        )

    def load(self, **options: Any) -> None:
        adapter = f"{self.folder / 'toy.py'}:Toy"
        self.process.say(Load(adapter=adapter, folder=str(self.folder), device="cpu", options=options))

    def run(self, number: int, *prompts: str, task: str = "generate") -> None:
        jobs = tuple({"prompt": prompt, "seconds": 0.1, "seed": 7 + i} for i, prompt in enumerate(prompts))
        self.process.say(Run(run=number, task=task, staging=str(self.staging), jobs=jobs))

    def hear(self, *kinds: type) -> Any:
        while True:
            message = self.heard.get(timeout=30.0)
            if not kinds or isinstance(message, kinds):
                return message


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    owned = Owner(tmp_path)
    yield owned
    owned.process.kill()


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline_s = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline_s:
            return False
        time.sleep(0.01)
    return True


def test_a_worker_loads_runs_and_puts_its_clips_where_it_is_told(owner: Owner) -> None:
    owner.load()
    ready = owner.hear(Ready)
    assert (ready.capabilities.family, ready.capabilities.batch) == ("toy", 4)
    assert ready.memory_gb > 0.0
    owner.run(3, "rain", "hail")
    assert isinstance(owner.hear(Progress), Progress)
    done = owner.hear(Done)
    assert [output.notes for output in done.outputs] == [{"wanted": True}] * 2
    for output, seed in zip(done.outputs, (7, 8), strict=True):
        samples = np.load(owner.staging / output.file, allow_pickle=False)
        assert samples.shape == (1600, 1)
        assert samples[0, 0] == pytest.approx(seed / 100)
        assert np.load(owner.staging / output.latent, allow_pickle=False)["z"].tolist() == [0, 1, 2]
    owner.run(4, "rain", task="score")
    assert owner.hear(Done).outputs == (0.25,)
    owner.process.say(Quit())
    assert owner.hear(Ended).code == 0


def test_what_libraries_print_goes_to_the_log_and_never_between_messages(owner: Owner) -> None:
    owner.load()
    owner.run(1, "rain")
    owner.hear(Done)
    assert within(5.0, lambda: {"what a library prints", "more of it"} <= set(owner.lines))
    assert "and what native code prints" in owner.lines


def test_a_run_is_cancelled_within_a_step(owner: Owner) -> None:
    owner.load(step_s=0.05)
    owner.hear(Ready)
    owner.run(1, "rain", "hail")
    owner.hear(Progress)
    owner.process.say(Cancel(run=1, jobs=(0,)))
    owner.process.say(Cancel(run=1, jobs=(1,)))
    failed = owner.hear(Failed, Done)
    assert (failed.run, failed.code) == (1, "model.cancelled")
    owner.run(2, "rain")
    assert owner.hear(Done, Failed).run == 2


def test_a_run_that_is_cancelled_before_it_begins_never_does(owner: Owner) -> None:
    owner.process.say(Cancel(run=1))
    owner.load()
    owner.run(1, "rain")
    assert owner.hear(Failed, Done).code == "model.cancelled"


def test_of_a_run_that_is_wanted_in_part_the_rest_is_known_to_be_unwanted(owner: Owner) -> None:
    owner.load(step_s=0.01)
    owner.process.say(Cancel(run=1, jobs=(1,)))
    owner.run(1, "rain", "hail")
    assert [output.notes["wanted"] for output in owner.hear(Done).outputs] == [True, False]


def test_a_paused_worker_rests_shows_that_it_lives_and_goes_on(owner: Owner) -> None:
    owner.load()
    owner.process.say(Govern(max_share=0.0))
    owner.run(1, "rain")
    assert isinstance(owner.hear(Resting, Done), Resting)
    owner.process.say(Govern(max_share=1.0))
    assert owner.hear(Done).run == 1


def test_a_paused_run_can_be_cancelled(owner: Owner) -> None:
    owner.load()
    owner.process.say(Govern(max_share=0.0))
    owner.run(1, "rain")
    owner.hear(Resting)
    owner.process.say(Cancel(run=1))
    assert owner.hear(Failed).code == "model.cancelled"


def test_half_of_the_time_is_about_half_of_the_time(owner: Owner) -> None:
    owner.load(step_s=0.02)
    owner.hear(Ready)
    owner.process.say(Govern(max_share=0.25))
    owner.run(1, "rain")
    # Twenty steps of 20 ms, and three times as long at rest.
    assert owner.hear(Done).took_s > 3.0 * 20 * 0.02


@pytest.mark.parametrize(
    ("prompt", "code"), [("odd", "model.odd"), ("bug", "model.failed"), ("memory", "model.out-of-memory")]
)
def test_a_run_that_fails_says_why_and_the_worker_lives_on(owner: Owner, prompt: str, code: str) -> None:
    owner.load()
    owner.run(1, prompt)
    failed = owner.hear(Failed)
    assert failed.code == code
    assert failed.what
    owner.run(2, "rain")
    assert owner.hear(Done).run == 2


def test_a_clip_that_cannot_be_written_is_a_failed_run(owner: Owner) -> None:
    owner.load()
    jobs = ({"prompt": "rain", "seconds": 0.1, "seed": 1},)
    owner.process.say(Run(run=1, task="generate", staging=str(owner.folder / "nowhere"), jobs=jobs))
    assert owner.hear(Failed).code == "cache.failed"


def test_weights_that_cannot_be_loaded_are_fatal_with_the_reason(owner: Owner) -> None:
    owner.load(broken=True)
    fatal = owner.hear(Fatal)
    assert fatal.code == "model.load-failed"
    assert "the weights are torn" in fatal.what
    assert owner.hear(Ended).code == 1


def test_an_adapter_that_does_not_exist_is_fatal(owner: Owner) -> None:
    owner.process.say(Load(adapter="no.such.module:Nothing", folder="", device="cpu"))
    assert "no" in owner.hear(Fatal).what


def test_the_end_of_a_worker_comes_with_its_exit_code_and_last_words(owner: Owner) -> None:
    owner.load()
    owner.run(1, "die")
    ended = owner.hear(Ended)
    assert ended.code == 7
    assert ended.last_lines[-1] == "more of it"


def test_a_worker_never_outlives_who_started_it_even_in_the_middle_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "toy.py").write_text(ADAPTER, encoding="utf-8")
    script = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, sys.argv[1]], stdin=subprocess.PIPE)\n"
        "child.stdin.write(open(sys.argv[2], 'rb').read()); child.stdin.flush()\n"
        "print(child.pid, flush=True)\n"
        "input()\n"
    )
    said = [
        {"t": "load", "adapter": f"{tmp_path / 'toy.py'}:Toy", "folder": "", "device": "cpu", "options": {}},
        {"t": "run", "run": 1, "task": "generate", "staging": str(tmp_path), "jobs": [{"prompt": "hang"}]},
    ]
    (tmp_path / "said").write_text("".join(json.dumps(message) + "\n" for message in said), encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(WORKER), str(tmp_path / "said")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert parent.stdout is not None
    first = parent.stdout.readline()
    worker = psutil.Process(int(first))
    parent.kill()
    parent.communicate()
    assert within(10.0, lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)


def test_killing_a_worker_that_hangs_frees_it_at_once(owner: Owner) -> None:
    owner.load()
    owner.hear(Ready)
    owner.run(1, "hang")
    owner.process.kill()
    assert owner.hear(Ended).code != 0
