"""Each family in a real worker's process: loaded, run, cancelled, and its errors told."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Tiny
from latent_runs import job, make

from roomtone.models import worker
from roomtone.models.request import Capabilities

pytestmark = pytest.mark.system

ADAPTERS = "roomtone.models.adapters"
CLASSES = {
    "audioldm2": f"{ADAPTERS}.audioldm2:AudioLdm2",
    "stable_audio": f"{ADAPTERS}.stable_audio:StableAudio",
    "stable_audio3": f"{ADAPTERS}.stable_audio3:StableAudio3",
    "clap": f"{ADAPTERS}.clap:Clap",
}


class Talk:
    """A worker's process, spoken to as the pool does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def say(self, **message: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def hear(self, *kinds: str) -> dict[str, Any]:
        """Wait for one of these messages; the process answers, or ends, and then there is nothing."""
        assert self._process.stdout is not None
        while True:
            line = self._process.stdout.readline()
            assert line, "the worker ended"
            message: dict[str, Any] = json.loads(line)
            if message["t"] in kinds:
                return message


@contextmanager
def talking() -> Iterator[Talk]:
    with subprocess.Popen(
        [sys.executable, str(Path(worker.__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        talk = Talk(process)
        yield talk
        talk.say(t="quit")
        assert process.wait(60) == 0


def ready(talk: Talk, family: str, folder: Path, **options: Any) -> Capabilities:
    talk.say(t="load", adapter=CLASSES[family], folder=str(folder), device="cpu", options=options)
    return Capabilities(**talk.hear("ready")["capabilities"])


@pytest.mark.parametrize("family", ["audioldm2", "stable_audio", "stable_audio3"])
def test_a_worker_makes_goes_on_and_can_be_stopped(
    tiny: Tiny, loaded: Callable[[str], Any], family: str, tmp_path: Path
):
    with talking() as talk:
        able = ready(talk, family, tiny(family), batch=2)
        assert able.family == family
        talk.say(t="run", run=1, task="generate", jobs=[job(), job(seed=2, loop=True)], staging=str(tmp_path))
        first, second = talk.hear("done")["outputs"]
        here = make(loaded(family), job())[0]["samples"]
        assert np.abs(np.load(tmp_path / first["file"]) - here).max() < 1e-3
        assert second["notes"]["loop"] == "latent"

        going_on = job(seed=3, continue_from=str(tmp_path / first["latent"]), keep_s=0.4)
        talk.say(t="run", run=2, task="generate", jobs=[going_on], staging=str(tmp_path))
        (after,) = talk.hear("done")["outputs"]
        assert after["notes"]["prefix_s"] == pytest.approx(0.4, abs=1e-3)

        talk.say(t="run", run=3, task="generate", jobs=[job(steps=500, seconds=5.0)], staging=str(tmp_path))
        assert talk.hear("progress", "failed", "done")["t"] == "progress"
        talk.say(t="cancel", run=3)
        assert talk.hear("failed", "done")["code"] == "model.cancelled"

        talk.say(t="run", run=4, task="generate", jobs=[job(seconds=1e4)], staging=str(tmp_path))
        assert talk.hear("failed", "done")["code"] == "model.too-long"


def test_a_worker_scores(tiny: Tiny, tmp_path: Path):
    np.save(
        tmp_path / "a.npy", (0.1 * np.random.default_rng(1).standard_normal((48_000, 1))).astype(np.float32)
    )
    with talking() as talk:
        assert list(ready(talk, "clap", tiny("clap")).tasks) == ["score"]
        jobs = [{"text": text, "audio": str(tmp_path / "a.npy")} for text in ("rain", "a bell")]
        talk.say(t="run", run=1, task="score", jobs=jobs, staging=str(tmp_path))
        rain, bell = talk.hear("done")["outputs"]
        assert -1.0 <= rain <= 1.0
        assert rain != bell
