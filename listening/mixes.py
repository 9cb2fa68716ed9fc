"""How loud scenes are: as they come, and in each of their moods."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.offline import mix_scene
from roomtone.scene.files import find_scenes, load_scene
from roomtone.scene.model import Scene
from roomtone.synths.catalogue import catalogue

AS_IT_COMES: Final = "-"
# As it comes, an ambience leaves room for what happens in front of it; a mood may be a hush or a storm.
_USUAL_LUFS: Final = (-36.0, -16.0)
_MOOD_LUFS: Final = (-60.0, -12.0)
_MOST_PEAK_DB: Final = -0.2
_SETTLED_S: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How loud a scene is in one mood, at the origin."""

    scene: str
    mood: str
    lufs: float
    peak_db: float

    @property
    def is_usual(self) -> bool:
        """Whether it could stand beside the others."""
        low, high = _USUAL_LUFS if self.mood == AS_IT_COMES else _MOOD_LUFS
        return low <= self.lufs <= high and self.peak_db <= _MOST_PEAK_DB


def mixes(folder: Path, *, seconds: float) -> Iterator[Mix]:
    """Measure every scene of a folder."""
    for path in find_scenes(folder).values():
        scene = load_scene(path, root=folder, catalogue=catalogue())
        yield mix(scene, AS_IT_COMES, seconds=seconds)
        for mood in scene.moods:
            yield mix(scene, mood, seconds=seconds)


def mix(scene: Scene, mood: str, *, seconds: float) -> Mix:
    """Measure a scene in one mood."""
    heard = mix_scene(scene, seconds=_SETTLED_S + seconds, values=scene.moods.get(mood, {}))
    heard = heard[round(_SETTLED_S * SAMPLE_RATE_HZ) :]
    return Mix(
        scene=scene.name, mood=mood, lufs=hearing.short_term_lufs(heard), peak_db=hearing.peak_db(heard)
    )
