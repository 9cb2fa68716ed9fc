"""Conducting a bake: what there is already, what is to be rendered, one gain for what belongs together, then files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.bake.earlier import set_aside_if_untrue
from roomtone.bake.fingerprint import fingerprint
from roomtone.bake.jobs import EncodeJob, Heard, Job, MixJob, Part, RenderJob, Together, Written
from roomtone.bake.kept import Kept, is_whole
from roomtone.bake.order import Order
from roomtone.bake.plan import Group, Plan, Sound, make_plan
from roomtone.bake.prompts import Makers, check_licences, check_prompts
from roomtone.bake.provenance import provenance, tags_of
from roomtone.bake.states import State, states_of
from roomtone.bake.together import common_gain_db
from roomtone.bake.working import Failure, MakesClips, Workers, in_order
from roomtone.errors import OrderErrors, OutputError, RoomtoneError
from roomtone.generating import try_clips
from roomtone.models.news import Missed
from roomtone.models.request import Recipe

Tell = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(slots=True, kw_only=True)
class Baked:
    """What came of a plan.

    Attributes:
        plan: what was ordered.
        heard: what was rendered, by key.
        mixes: by group, state and variation.
        gains_db: of each group.
        written: files by path.
        made: keys of what was made now; everything else was there.
        failures: what did not come to anything, or came to a stand-in only.
    """

    plan: Plan
    heard: dict[str, Heard] = field(default_factory=dict)
    mixes: dict[tuple[str, str, str, int], Together] = field(default_factory=dict)
    gains_db: dict[str, float] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)

    @property
    def audio_s(self) -> float:
        """How much sound was rendered now."""
        return sum(self.heard[key].frames for key in self.made if key in self.heard) / SAMPLE_RATE_HZ


def prepare(order: Order, makers: Makers) -> dict[str, Recipe]:
    """Refuse what cannot be made, and list the clips that models have to make.

    Raises:
        OrderErrors: with every reason.
        OrderError: `bake.state-range`, `bake.too-many-states`.
    """
    errors: list[RoomtoneError] = check_prompts(order.lists, makers, order.seconds)
    if errors:
        raise OrderErrors(tuple(errors))
    recipes: dict[str, Recipe] = {}
    for scene in order.scenes:
        for state in states_of(scene, order.states):
            recipes |= makers.recipes_of(scene, state.values)
    for group in make_plan(order, makers).groups:
        if group.row is not None:
            for sound in group.sounds:
                recipes |= makers.recipes_of(sound.job.scene, {})
    if errors := check_licences(makers.used.values(), order.policy):
        raise OrderErrors(tuple(errors))
    return recipes


def make_clips(
    recipes: Mapping[str, Recipe], makers: Makers, workers: Workers, tell: Tell, log: Callable[[str], None]
) -> None:
    """Have the models make their clips, those of the workers first; what cannot be made is kept in mind."""
    there = makers.room.there(recipes)
    wanted = {key: recipe for key, recipe in recipes.items() if key not in there}
    if isinstance(workers, MakesClips):
        # The recordings that some follow lie on this computer, and those are made here.
        theirs = {key: recipe for key, recipe in wanted.items() if not recipe.melody}
        _make_with(workers.try_clips, theirs, makers, tell, log)
        wanted = {key: recipe for key, recipe in wanted.items() if recipe.melody}
    _make_with(partial(try_clips, melodies=makers.melodies), wanted, makers, tell, log)


def _make_with(
    make: Callable[..., tuple[set[str], list[Missed]]],
    wanted: Mapping[str, Recipe],
    makers: Makers,
    tell: Tell,
    log: Callable[[str], None],
) -> None:
    if not wanted:
        return
    count = len(wanted)
    _, missed = make(
        wanted, makers.options, progress=lambda part: tell("clips", round(part * count), count), log=log
    )
    makers.missed |= {each.key: each for each in missed}


def bake(order: Order, makers: Makers, workers: Workers, kept: Kept, tell: Tell) -> Baked:
    """Make everything of an order that is not there yet; its clips are made.

    Raises:
        OutputError: the disk fails; what is finished is kept.
    """
    baked = Baked(plan=make_plan(order, makers))
    unmade = _note_missing_clips(baked, makers)
    renders = [job for job in baked.plan.jobs.values() if job.key not in unmade]
    for result in _run(renders, workers, kept, baked, lambda found: isinstance(found, Heard), tell, "sounds"):
        assert isinstance(result, Heard)
        baked.heard[result.key] = result
    _mix(baked, workers, kept, tell)
    for group in baked.plan.groups:
        baked.gains_db[_id(group)] = gain_of(group, baked)
    files = encode_jobs(baked, makers)
    set_aside_if_untrue(order.out, files, kept)
    whole: Callable[[object], bool] = lambda found: isinstance(found, Written) and is_whole(found, order.out)  # noqa: E731
    for result in _run(files, workers, kept, baked, whole, tell, "files"):
        assert isinstance(result, Written)
        baked.written[result.path] = result
    kept.forget_raw(baked.heard)
    return baked


def _note_missing_clips(baked: Baked, makers: Makers) -> set[str]:
    """Note prompts of which a model made nothing; a row has no file then, a layer its stand-in."""
    unmade: set[str] = set()
    for group in baked.plan.groups:
        for sound in group.sounds:
            for missed in makers.failures_of(sound.job.scene, sound.job.values)[:1]:
                at = group.row.at if group.row else missed.at
                failure = Failure(
                    key=sound.job.key,
                    about=sound.job.about,
                    code=missed.code,
                    what=missed.what,
                    at=at,
                    fix=missed.fix,
                    exit_code=69,
                )
                baked.failures.append(failure)
                if group.row:
                    unmade.add(sound.job.key)
    return unmade


def _run(
    jobs: Sequence[Job],
    workers: Workers,
    kept: Kept,
    baked: Baked,
    counts: Callable[[object], bool],
    tell: Tell,
    what: str,
) -> list[Heard | Together | Written]:
    """Take what is there, and have the rest made."""
    found = {job.key: kept.find(job.key) for job in jobs}
    results = [each for each in found.values() if each is not None and counts(each)]
    there = {each.key for each in results}
    todo = in_order([job for job in jobs if job.key not in there], _weight)
    tell(what, 0, len(todo))
    for done, (job, outcome) in enumerate(workers.run(todo), 1):
        if isinstance(outcome, Failure):
            if outcome.fatal:
                raise OutputError(outcome.code, what=outcome.what, at=outcome.at, fix=outcome.fix)
            baked.failures.append(outcome)
        else:
            results.append(outcome)
            baked.made.add(job.key)
        tell(what, done, len(todo))
    return results


def _weight(job: Job) -> float:
    if isinstance(job, RenderJob):
        return job.seconds * len(job.scene.layers)
    return float(len(job.parts) if isinstance(job, MixJob) else job.heard.frames)


# Levels ---------------------------------------------------------------------------------------


def _mix(baked: Baked, workers: Workers, kept: Kept, tell: Tell) -> None:
    places: dict[str, list[tuple[str, str, str, int]]] = {}
    jobs: dict[str, MixJob] = {}
    for group in baked.plan.groups:
        for place, sounds in _heard_together(group).items():
            job = _mix_job(group, sounds, baked, "/".join(map(str, place[1:])))
            if job is not None:
                jobs[job.key] = job
                places.setdefault(job.key, []).append(place)
    results = _run(
        list(jobs.values()), workers, kept, baked, lambda found: isinstance(found, Together), tell, "mixes"
    )
    for result in results:
        assert isinstance(result, Together)
        for place in places[result.key]:
            baked.mixes[place] = result


def _heard_together(group: Group) -> dict[tuple[str, str, str, int], list[Sound]]:
    """List what sounds at once: at each state, take by take."""
    found: dict[tuple[str, str, str, int], list[Sound]] = {}
    for sound in group.sounds:
        for state in sound.states:
            found.setdefault(place_of(group, state, sound.variation), []).append(sound)
    return found


def place_of(group: Group, state: State, variation: int) -> tuple[str, str, str, int]:
    """Name a mix."""
    return (group.source, group.name, state.name, variation)


def _id(group: Group) -> str:
    return f"{group.source}/{group.name}"


def _mix_job(group: Group, sounds: Sequence[Sound], baked: Baked, about: str) -> MixJob | None:
    parts = tuple(
        Part(placement=group.scene.layers[sound.layer].placement, heard=baked.heard[sound.job.key])
        for sound in sounds
        if sound.layer and sound.job.key in baked.heard
    )
    if not parts:
        return None
    key = fingerprint(mix=[(part.placement, part.heard.key, part.heard.events) for part in parts])
    return MixJob(key=key, about=about, parts=parts)


def gain_of(group: Group, baked: Baked) -> float:
    """Find the gain of a scene, or of a row."""
    heard = [baked.heard[sound.job.key] for sound in group.sounds if sound.job.key in baked.heard]
    mixes = [baked.mixes[place] for place in _heard_together(group) if place in baked.mixes]
    # What is one file by itself is its own mix.
    mixes += [
        Together(key=each.key, loudness_lufs=each.loudness_lufs, true_peak_db=each.true_peak_db)
        for each, sound in ((baked.heard.get(sound.job.key), sound) for sound in group.sounds)
        if each is not None and not sound.layer
    ]
    order = baked.plan.order
    return common_gain_db(heard, mixes, lufs=order.lufs, true_peak_db=order.true_peak_db)


# Files ----------------------------------------------------------------------------------------


def encode_jobs(baked: Baked, makers: Makers) -> list[EncodeJob]:
    """List the files to write of what was rendered."""
    order = baked.plan.order
    jobs: list[EncodeJob] = []
    for group in baked.plan.groups:
        for sound in group.sounds:
            heard = baked.heard.get(sound.job.key)
            if heard is not None and not heard.silent:
                jobs.append(_encode_job(order, group, sound, heard, baked.gains_db[_id(group)], makers))
    return jobs


def _encode_job(
    order: Order, group: Group, sound: Sound, heard: Heard, gain_db: float, makers: Makers
) -> EncodeJob:
    settings: dict[str, Any] = {
        "path": sound.path,
        "gain_db": gain_db,
        "true_peak_db": order.true_peak_db,
        "format": order.format,
        "rate_hz": order.rate_hz,
        "channels": order.channels,
        "loop": heard.seam is not None,
        "tags": tags_of(group, sound, provenance(sound, heard, makers)),
    }
    return EncodeJob(key=fingerprint(heard=heard.key, **settings), heard=heard, **settings)


def group_gain_db(group: Group, baked: Baked) -> float:
    """Return the gain that was put on a group."""
    return baked.gains_db[_id(group)]


def stale_files(baked: Baked, before: Mapping[str, object], out: Path) -> list[str]:
    """Name files of earlier bakes that are still there and no part of this one."""
    return sorted(path for path in before if path not in baked.written and (out / path).is_file())
