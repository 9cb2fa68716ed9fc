"""Banks in memory: clips decoded once for everybody who plays them, and let go when others are needed more."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples, db_to_gain, frames_of
from roomtone.cache.entry import Entry
from roomtone.cache.store import Cache
from roomtone.dsp.random import rng_state
from roomtone.errors import CacheError, ModelError
from roomtone.layers.match import Match, match_db
from roomtone.layers.prompted import HEARD_S, MAKING, NO_MODEL, BankVoice
from roomtone.layers.recipes import keys_at
from roomtone.layers.stops import Stop
from roomtone.models.library import Installed, ModelLibrary
from roomtone.scene.model import PromptSource
from roomtone.texture.bank import Bank, make_bank
from roomtone.texture.measures import k_weighted_level_db
from roomtone.texture.stitch import load_kernels, render_stitch, stitch_state

_LISTENED_S: Final = 20.0

MOST_BYTES: Final = 512 * 1024 * 1024
"""Of sound kept decoded for those who may need it soon; what plays is kept by who plays it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedBank:
    """A bank ready to be stitched.

    Attributes:
        keys: of its clips, in the order of their variations.
        level_db: K-weighted, as it is heard when it is stitched.
    """

    keys: tuple[str, ...]
    bank: Bank
    level_db: float


class BankRoom:
    """Where clips come from: the cache, the installed models, and what is decoded already. One thread at a time.

    Args:
        cache: the clips.
        models: who would have made them: their weights are part of a clip's name.
        default_model: the model of prompts that name none; "" for the only one there is.
        most_bytes: see `MOST_BYTES`.
    """

    def __init__(
        self, cache: Cache, models: ModelLibrary, *, default_model: str = "", most_bytes: int = MOST_BYTES
    ) -> None:
        self._cache, self._models = cache, models
        self._default_model, self._most_bytes = default_model, most_bytes
        self._loaded: OrderedDict[tuple[str, ...], LoadedBank] = OrderedDict()
        # Banks are made on one thread and looked up on another.
        self._lock = Lock()

    def model_of(self, source: PromptSource) -> Installed:
        """Find the model that a prompt is for.

        Raises:
            ModelError: `model.unknown`, `model.none`, `model.ambiguous`, or what is wrong with it.
        """
        name = source.model or self._default_model
        if name:
            return self._models.find(name)
        makers = [model for model in self._models.installed().values() if model.makes == "clips"]
        if len(makers) == 1:
            return makers[0]
        if not makers:
            what, fix = "no model is installed", "add one: roomtone models add NAME --from FOLDER"
            raise ModelError("model.none", what=what, at=str(self._models.root or ""), fix=fix)
        names = ", ".join(model.name for model in makers)
        what, fix = (
            f"there are several models: {names}",
            "name one in the layer, or in the daemon's setting `model`",
        )
        raise ModelError("model.ambiguous", what=what, fix=fix)

    def load(self, keys: Sequence[str]) -> LoadedBank:
        """Decode clips and prepare them for stitching. Slow: some tenths of a second.

        Raises:
            CacheError: a clip is gone or damaged; it is to be made again.
            AudioError: `audio.too-short`.
        """
        wanted = tuple(keys)
        with self._lock:
            if wanted in self._loaded:
                self._loaded.move_to_end(wanted)
                return self._loaded[wanted]
        loaded = self._make(wanted)
        with self._lock:
            self._loaded[wanted] = loaded
            while self._bytes() > self._most_bytes and len(self._loaded) > 1:
                self._loaded.popitem(last=False)
        return loaded

    def _make(self, keys: tuple[str, ...]) -> LoadedBank:
        load_kernels()
        entries = [self._entry(key) for key in keys]
        clips = [self._cache.read(entry) for entry in entries]
        bank = make_bank(clips, loops=[bool(entry.recipe.get("loop")) for entry in entries])
        return LoadedBank(keys=keys, bank=bank, level_db=level_of(bank))

    def _entry(self, key: str) -> Entry:
        entry = self._cache.find(key)
        if entry is None:
            what = f"the clip {key[:12]} is not in the cache any more"
            raise CacheError("cache.gone", what=what, fix="it is made again when it is wanted")
        return entry

    def _bytes(self) -> int:
        return sum(loaded.bank.size_bytes for loaded in self._loaded.values())

    def outlook(self, source: PromptSource) -> str:
        """Say in a word of the protocol what a prompt without clips may hope for."""
        try:
            self.model_of(source)
        except ModelError as error:
            return NO_MODEL if error.code in {"model.none", "model.unknown"} else error.code
        return MAKING

    def cached(self, source: PromptSource, stop: Stop) -> LoadedBank | None:
        """Load what there is of a stop's bank, complete or not; None if there is nothing, or nobody to have made it.

        Raises:
            CacheError: the cache cannot be read.
        """
        try:
            keys = keys_at(source, stop, self.model_of(source))
        except (ModelError, OSError):
            return None
        there = [key for key in keys if self._cache.find(key) is not None]
        return self.load(there) if there else None

    def there(self, keys: Iterable[str]) -> set[str]:
        """Name those of some clips that the cache has.

        Raises:
            CacheError: the cache cannot be read.
        """
        return {key for key in keys if self._cache.find(key) is not None}

    def close(self) -> None:
        """Let go of the cache."""
        self._cache.close()


def level_of(bank: Bank) -> float:
    """Listen to how loud a bank is when it is stitched: joins and what is chosen for them move it by a dB or two."""
    return k_weighted_level_db(_stitched(bank, seed=0, first_frame=0, seconds=_LISTENED_S, drift_db=0.0))


def voice_of(
    loaded: LoadedBank,
    stop: Stop,
    *,
    seed: int,
    first_frame: int,
    heard: Samples | None = None,
    level_db: float = 0.0,
) -> BankVoice:
    """Make a bank ready to be heard. Slow: never on the audio path.

    Args:
        loaded: the bank.
        stop: which wording it is of.
        seed: of the layer.
        first_frame: about where it will be heard first.
        heard: what it will come in over; None for nothing.
        level_db: how loud it will be.
    """
    own_seed = int(rng_state(seed, "bank", *stop)[0])
    stitch = stitch_state(loaded.bank, seed=own_seed, first_frame=first_frame)
    voice = BankVoice(stop=stop, keys=loaded.keys, stitch=stitch, level_db=loaded.level_db)
    if heard is not None:
        gain = np.float32(db_to_gain(level_db - loaded.level_db))
        coming = gain * _stitched(loaded.bank, seed=own_seed, first_frame=first_frame, seconds=HEARD_S)
        voice.match = Match(match_db(heard, coming), loaded.bank.channels)
    return voice


def _stitched(bank: Bank, *, seed: int, first_frame: int, seconds: float, drift_db: float = 1.0) -> Samples:
    stitch = stitch_state(bank, seed=seed, first_frame=first_frame, drift_db=drift_db)
    out = np.empty((frames_of(seconds), bank.channels), np.float32)
    for start in range(0, len(out), BLOCK_FRAMES):
        render_stitch(stitch, first_frame + start, out[start : start + BLOCK_FRAMES])
    return out
