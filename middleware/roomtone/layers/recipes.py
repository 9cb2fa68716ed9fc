"""From a prompt's stop to the recipes of its clips. Pure: the same scene and model give the same clips everywhere."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from roomtone.cache.key import key_of
from roomtone.layers.stops import Stop
from roomtone.models.library import Installed
from roomtone.models.request import Blend, Recipe
from roomtone.scene.model import PromptSource
from roomtone.scene.prompts import prompt_at

_SEEDS: Final = 2**31 - 1
_CHUNK_BYTES: Final = 1024 * 1024
_HALFWAY: Final = 0.5


def clip_seed(source: PromptSource, variation: int) -> int:
    """Return the seed of a variation: the same at every stop, so that neighbouring banks are of one kind."""
    words = f"{source.seed}/{variation}".encode()
    return int.from_bytes(sha256(words).digest()[:8], "big") % _SEEDS


def recipes_at(source: PromptSource, stop: Stop, model: Installed) -> tuple[Recipe, ...]:
    """Write the recipes of a bank, one for each variation.

    Args:
        source: the prompt.
        stop: which of its banks; one between two wordings is blended of both.
        model: who makes it.

    Raises:
        OSError: the melody cannot be read.
    """
    prompt, blend = prompts_at(source, stop)
    return tuple(
        Recipe(
            model=model.name,
            weights=model.weights,
            prompt=prompt,
            blend=blend,
            negative=source.negative,
            seconds=source.seconds,
            seed=clip_seed(source, variation),
            steps=source.steps,
            guidance=source.guidance,
            loop=source.loop,
            melody=melody_digest(source.melody) if source.melody else "",
        )
        for variation in range(source.variations)
    )


def keys_at(source: PromptSource, stop: Stop, model: Installed) -> tuple[str, ...]:
    """Name the clips of a bank as the cache does; as `recipes_at`."""
    return tuple(key_of(recipe.record()) for recipe in recipes_at(source, stop, model))


def prompts_at(source: PromptSource, stop: Stop) -> tuple[str, Blend | None]:
    """Write the prompt of a stop, and what is blended into it halfway between two wordings."""
    counts = [len(slot.wordings) for slot in source.slots]
    low = tuple(place // 2 for place in stop)
    # On a circle the last wording is followed by the first.
    high = tuple((place + 1) // 2 % count for place, count in zip(stop, counts, strict=True))
    prompt = prompt_at(source.text, low)
    if low == high:
        return prompt, None
    return prompt, Blend(prompt=prompt_at(source.text, high), amount=_HALFWAY)


def melody_digest(file: Path) -> str:
    """Name a recording by what it holds. Slow when it has changed.

    Raises:
        OSError: it cannot be read.
    """
    stat = file.stat()
    return _digest(file, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _digest(file: Path, _size_bytes: int, _changed_ns: int) -> str:
    digest = sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
