"""From what a model put into the staging folder to a clip in the cache: read within limits, finish, choose, keep."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.audio_files import read_clip
from roomtone.cache.entry import Entry, Provenance
from roomtone.cache.store import Cache
from roomtone.errors import CacheError, ModelError
from roomtone.models.finish import Finished, finish
from roomtone.models.library import Installed
from roomtone.models.looping import closed
from roomtone.models.request import Job, Output, Recipe

# A float32 clip of the longest kind: 60 s of stereo at 48 kHz take 23 MB.
_MOST_FILE_BYTES: Final = 64 * 1024 * 1024
_MOST_MELODY_S: Final = 60.0
_LARGEST_SEED: Final = 2**31 - 1
# A prime: the seeds of one clip's tries and of another's never meet within a bank.
_SEED_STEP: Final = 1_000_003

Finish = Callable[..., Finished]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One clip that passed the gate.

    Attributes:
        seed: with which it was made.
        latent: the content of its `.npz`; empty for none.
        notes: the model's own.
    """

    finished: Finished
    seed: int
    latent: bytes
    notes: dict[str, Any]


def seed_of(recipe: Recipe, number: int) -> int:
    """Return the seed of the first try (0) of a clip, of its second, and so on."""
    return (recipe.seed + number * _SEED_STEP) % _LARGEST_SEED


class Makings:
    """The bench between models and cache. One owner, one thread."""

    def __init__(self, cache: Cache, *, gate: Finish = finish) -> None:
        self._cache = cache
        self._gate = gate
        self._stagings: dict[Path, ExitStack] = {}

    def find(self, key: str) -> Entry | None:
        """Look for a clip that is there already."""
        return self._cache.find(key)

    def new_staging(self) -> Path:
        """Make a folder for a run to write into, until `clear`.

        Raises:
            CacheError: the cache cannot be written.
        """
        stack = ExitStack()
        staging = stack.enter_context(self._cache.staging())
        self._stagings[staging] = stack
        return staging

    def clear(self, staging: Path) -> None:
        """Remove a run's folder."""
        self._stagings.pop(staging).close()

    def job(self, recipe: Recipe, *, number: int, melody: str, staging: Path) -> dict[str, Any]:
        """Say what a model is to make.

        Raises:
            ModelError: `model.no-source`: the clip that it goes on from is not there any more.
            AudioError: the melody cannot be read.
        """
        blend = recipe.blend
        return asdict(
            Job(
                prompt=recipe.prompt,
                negative=recipe.negative,
                seconds=recipe.seconds,
                seed=seed_of(recipe, number),
                steps=recipe.steps,
                guidance=recipe.guidance,
                loop=recipe.loop,
                blend_prompt=blend.prompt if blend else "",
                blend_amount=blend.amount if blend else 0.0,
                continue_from=self._latent(recipe.continues),
                keep_s=recipe.keep_s,
                vary_from=self._latent(recipe.varies),
                variation=recipe.variation,
                melody=_melody(melody, staging) if recipe.melody else "",
            )
        )

    def _latent(self, key: str) -> str:
        if not key:
            return ""
        entry = self._cache.find(key)
        path = self._cache.latent(entry) if entry else None
        if path is None:
            what = f"the clip {key[:12]} that it goes on from is not in the cache"
            raise ModelError("model.no-source", what=what, fix="make that clip again first")
        return str(path)

    def finish(self, output: Output, recipe: Recipe, *, number: int, staging: Path) -> Candidate:
        """Take one clip through the gate.

        Raises:
            ModelError: why it was refused.
        """
        raw = read_samples(staging / output.file)
        how = str(output.notes.get("loop", "")) if recipe.loop else ""
        finished = self._gate(raw, output.rate_hz, seconds=recipe.seconds, loop=bool(how))
        notes = dict(output.notes)
        if recipe.loop:
            looped = closed(finished, how)
            finished, notes = looped.finished, {**notes, **looped.notes()}
        latent = read_within(staging / output.latent, "latent") if output.latent else b""
        return Candidate(finished=finished, seed=seed_of(recipe, number), latent=latent, notes=notes)

    def score_jobs(self, candidates: Sequence[Candidate], text: str, staging: Path) -> list[dict[str, Any]]:
        """Ask how well each candidate is what was asked for."""
        jobs = []
        for i, candidate in enumerate(candidates):
            path = staging / f"candidate_{i}.npy"
            np.save(path, candidate.finished.samples.mean(axis=1, keepdims=True, dtype=np.float32))
            jobs.append(asdict(Job(text=text, audio=str(path))))
        return jobs

    def keep(self, recipe: Recipe, candidate: Candidate, model: Installed) -> Entry:
        """Put a clip into the cache.

        Raises:
            CacheError: it cannot be written; nothing is left of it.
        """
        with self._cache.staging() as staging:
            return self._cache.put(
                recipe.record(),
                candidate.finished.samples,
                latent=_latent_file(candidate.latent, staging),
                notes={**candidate.finished.notes, **candidate.notes},
                provenance=Provenance(
                    model=model.name,
                    weights=model.weights,
                    licence=model.licence.name,
                    prompt=recipe.prompt,
                    seed=candidate.seed,
                ),
            )

    def lease(self, owner: str, keys: Sequence[str], seconds: float) -> None:
        """Keep what is wanted from being evicted for a while."""
        # A disk that takes no lease takes no clip either, and that is reported where one is lost.
        with suppress(CacheError):
            self._cache.lease(owner, keys, seconds=seconds)

    def close(self) -> None:
        """Remove what is staged, and note what was used."""
        for staging in tuple(self._stagings):
            self.clear(staging)
        self._cache.close()


def _latent_file(latent: bytes, staging: Path) -> Path | None:
    if not latent:
        return None
    path = staging / "made.npz"
    path.write_bytes(latent)
    return path


def scored(candidate: Candidate, score: float) -> Candidate:
    """Note how well a clip is what was asked for."""
    return replace(candidate, notes={**candidate.notes, "clap_score": round(score, 4)})


def read_samples(path: Path) -> Samples:
    """Read what a model wrote: (frames, channels) float32, within limits, never pickled.

    Raises:
        ModelError: `clip.unreadable`.
    """
    _check_size(path, "clip")
    try:
        samples: NDArray[Any] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _unreadable("clip", type(error).__name__) from error
    if samples.ndim != 2 or samples.dtype != np.float32:
        raise _unreadable("clip", f"{samples.dtype} of shape {samples.shape}")
    return samples


def read_within(path: Path, what: str) -> bytes:
    """Read a file of the staging folder within limits.

    Raises:
        ModelError: `clip.unreadable`.
    """
    _check_size(path, what)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(what, type(error).__name__) from error


def _check_size(path: Path, what: str) -> None:
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise _unreadable(what, "it is not there") from error
    if size_bytes > _MOST_FILE_BYTES:
        raise _unreadable(what, f"{size_bytes} bytes")


def _unreadable(what: str, why: str) -> ModelError:
    fix = "let the adapter return (frames, channels) float32"
    return ModelError(
        "clip.unreadable", what=f"the {what} that the model made cannot be read ({why})", fix=fix
    )


def _melody(file: str, staging: Path) -> str:
    path = staging / "melody.npy"
    np.save(path, read_clip(Path(file), max_seconds=_MOST_MELODY_S))
    return str(path)
