"""A second process on the same cache; started by tests, says in JSON what it met.

python cache_guest.py share ROOT SEED ROUNDS MAX_BYTES    puts, reads, pins and prunes beside others
python cache_guest.py put ROOT SEED                       puts, naming every call to the disk before it is made
python cache_guest.py full ROOT                           puts where no file may grow beyond 20 kB
python cache_guest.py guest ROOT                          reads and puts without the right to write
"""

import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from clips_to_keep import FailingDisk, is_whole, key, latent, put, sound

from roomtone.cache.store import Cache
from roomtone.errors import CacheError

try:
    import resource
except ImportError:  # Windows has none.
    resource = None  # type: ignore[assignment]

CLIPS = 10


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def share(root: Path, seed: str, rounds: str, max_bytes: str) -> dict[str, Any]:
    rng, met = random.Random(seed), Counter[str]()
    slowest_s = 0.0
    npz = latent(root.parent, int(seed) + 1_000)
    with Cache(root, max_bytes=int(max_bytes)) as cache:
        for _ in range(int(rounds)):
            clip = rng.randrange(CLIPS)
            try:
                entry = cache.find(key(clip))
                if entry is None:
                    put(cache, clip, latent=npz)
                    met["put"] += 1
                    continue
                started_s = time.perf_counter()
                samples = cache.read(entry)
                slowest_s = max(slowest_s, time.perf_counter() - started_s)
                if not np.array_equal(samples, sound(clip, entry.frames)):
                    met["wrong"] += 1
                met["read"] += 1
                if rng.random() < 0.2:
                    cache.lease(f"guest-{seed}", [key(rng.randrange(CLIPS))], seconds=5.0)
                    cache.prune()
            except CacheError as error:
                met[error.code] += 1
    return {**met, "slowest_read_s": slowest_s}


class NamedDisk(FailingDisk):
    """Names every call before it is made, so that it can be the last."""

    def _called(self, name: str, call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        say(name)
        return super()._called(name, call, *arguments, **named)


def put_one(root: Path, seed: str) -> dict[str, Any]:
    put(Cache(root, disk=NamedDisk()), int(seed), latent=latent(root.parent), frames=48_000)
    return {"put": 1}


def put_on_a_full_disk(root: Path) -> dict[str, Any]:
    assert resource is not None
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    return refusal(lambda: put(Cache(root), 7, frames=48_000))


def be_a_guest(root: Path) -> dict[str, Any]:
    # Whoever has given up the right to write may not even import any more: a rehearsal brings everything in.
    with tempfile.TemporaryDirectory() as folder:
        put(Cache(Path(folder)), 1)
        visit(Path(folder))
    if os.getuid() == 0:
        os.setgid(65_534)
        os.setuid(65_534)
    return visit(root)


def visit(root: Path) -> dict[str, Any]:
    with Cache(root) as cache:
        return {
            "is_whole": is_whole(cache, 1),
            "rows": len(cache.rows()),
            "damaged": len(cache.verify().damaged),
            "pin": refusal(lambda: cache.pin(key(1))),
            "put": refusal(lambda: put(cache, 7)),
        }


def refusal(action: Callable[[], object]) -> dict[str, Any]:
    try:
        action()
    except CacheError as error:
        return {"code": error.code, "what": error.what, "at": error.at, "fix": error.fix}
    return {"code": ""}


WORK: dict[str, Callable[..., dict[str, Any]]] = {
    "share": share,
    "put": put_one,
    "full": put_on_a_full_disk,
    "guest": be_a_guest,
}

if __name__ == "__main__":
    work, folder, *more = sys.argv[1:]
    say(json.dumps(WORK[work](Path(folder), *more)))
