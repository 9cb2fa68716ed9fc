"""The pool: which clip is made next, by which model, and what becomes of those that fail.

Everything here runs on one thread and waits for nothing: what workers say comes in through `take`, time through `tick`,
what happened goes out through `tell`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from roomtone.errors import ModelError, RoomtoneError
from roomtone.models.crew import Crew, Governor, Start, WorkerLike
from roomtone.models.hand import Batch, Hand, Item
from roomtone.models.library import Installed
from roomtone.models.makings import Candidate, Makings, scored
from roomtone.models.messages import Cancel, Done, Failed, Fatal, Progress, Ready, Resting, Run
from roomtone.models.news import Busy, Made, Missed, News
from roomtone.models.process import Ended
from roomtone.models.request import Output, Recipe
from roomtone.models.wishes import Urgency, Wish, Wishes, shape_of

MOST_TRIES: Final = 3
"""A clip that the gate refuses is tried again with another seed: so often in all."""
MOST_DEATHS: Final = 2
"""So many workers may end over one clip before it is given up: it may be the clip that ends them."""
RESTS_S: Final = 600.0
"""For so long a clip that was given up is not tried again, however often it is wanted."""

_LEASE_S: Final = 600.0
_LEASE_EVERY_S: Final = 60.0
# A run that is not half done is broken off when something waits that sounds now.
_BREAK_OFF_BEFORE: Final = 0.5
# What another seed may mend; whatever else a model reports would come again.
_BY_CHANCE: Final = "model.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOptions:
    """What a pool is told once.

    Attributes:
        owner: names this pool among those that share its cache.
        device: where models run: `auto`, `cpu`, `cuda:0`, `mps`.
        candidates: how many clips are made of each, of which the best is kept; needs a model that scores.
    """

    owner: str
    device: str = "auto"
    candidates: int = 1


class Pool:
    """See the module.

    Args:
        find: looks up an installed model by name; raises `ModelError`.
        scorer: finds the installed model that scores clips, if there is one.
        start: see `crew.Start`.
        makings: the bench.
        clock: monotonic seconds.
        options: see `PoolOptions`.
        tell: takes the news.
    """

    def __init__(
        self,
        *,
        find: Callable[[str], Installed],
        scorer: Callable[[], Installed | None],
        start: Start,
        makings: Makings,
        clock: Callable[[], float],
        options: PoolOptions,
        tell: Callable[[News], None],
    ) -> None:
        self._find, self._scorer, self._makings = find, scorer, makings
        self._clock, self._options, self._tell = clock, options, tell
        self._crew = Crew(start, clock=clock, device=options.device, tell=tell, lost=self._lost)
        self._wishes = Wishes()
        self._melodies: dict[str, str] = {}
        self._items: dict[str, Item] = {}
        self._given_up: dict[str, tuple[float, Missed]] = {}
        self._runs = 0
        self._lease_at_s = 0.0

    # What is asked --------------------------------------------------------------------------------

    def want(self, owner: str, wishes: Iterable[Wish], melodies: Mapping[str, str] | None = None) -> None:
        """Take all that an owner wants now; what is there already is told at once.

        Args:
            owner: whoever asks.
            wishes: in place of what it wanted before.
            melodies: the recordings that recipes name: digest -> file.
        """
        self._melodies.update(melodies or {})
        wishes = tuple(wishes)
        self._wishes.say(owner, wishes)
        for wish in wishes:
            self._answer_at_once(wish)
        self._cancel_unwanted()
        self.tick()

    def _answer_at_once(self, wish: Wish) -> None:
        rests_until_s, missed = self._given_up.get(wish.key, (0.0, None))
        if missed is not None and self._clock() < rests_until_s:
            self._wishes.drop(wish.key)
            self._tell(missed)
        elif wish.key not in self._items and self._makings.find(wish.key) is not None:
            self._fulfil(wish.key)

    def _cancel_unwanted(self) -> None:
        self._items = {key: item for key, item in self._items.items() if key in self._wishes}
        for hand in self._crew.running():
            assert hand.batch is not None
            unwanted = [i for i, item in enumerate(hand.batch.items) if item.key not in self._items]
            if unwanted:
                hand.worker.say(Cancel(run=hand.batch.run, jobs=tuple(unwanted)))

    def govern(self, governor: Governor) -> None:
        """Leave more or less to the game, from the next step on."""
        self._crew.govern(governor)
        self.tick()

    @property
    def wanted(self) -> int:
        """How many clips are still to be made."""
        return len(self._wishes.best())

    def close(self) -> None:
        """End every worker; what was under way is lost."""
        self._crew.close()
        self._makings.close()

    # What time brings -----------------------------------------------------------------------------

    def tick(self) -> None:
        """Do what is due: end what hangs, unload what rests, begin what waits."""
        self._crew.look_after()
        self._renew_lease()
        if self._crew.governor.max_share > 0.0:
            self._begin_next()

    def _renew_lease(self) -> None:
        if self._clock() >= self._lease_at_s:
            self._lease_at_s = self._clock() + _LEASE_EVERY_S
            self._makings.lease(self._options.owner, tuple(self._wishes.best()), _LEASE_S)

    # Choosing -------------------------------------------------------------------------------------

    def _begin_next(self) -> None:
        running = self._crew.running()
        under_way = {item.key for hand in running if hand.batch for item in hand.batch.items}
        waiting = sorted(
            (wish for wish in self._wishes if wish.key not in under_way), key=self._in_order_of_work
        )
        if running:
            self._make_way(running, waiting)
            return
        for wish in waiting:
            if self._begin(wish, waiting):
                return

    def _in_order_of_work(self, wish: Wish) -> tuple[object, ...]:
        """Put what is equally urgent in the order that changes models least: loading one takes longer than a clip."""
        is_loaded = any(hand.model.name == wish.recipe.model for hand in self._crew)
        return wish.rank.urgency, not is_loaded, wish.rank.order, wish.key

    def _make_way(self, running: Sequence[Hand[WorkerLike]], waiting: Sequence[Wish]) -> None:
        """Break off what can wait for what sounds now."""
        if not waiting or waiting[0].rank.urgency is not Urgency.SOUNDING:
            return
        best = self._wishes.best()
        for hand in running:
            assert hand.batch is not None
            ranks = [best[item.key].rank for item in hand.batch.items if item.key in best]
            if all(rank.urgency is Urgency.MORE for rank in ranks) and hand.part < _BREAK_OFF_BEFORE:
                hand.worker.say(Cancel(run=hand.batch.run))

    def _begin(self, wish: Wish, waiting: Sequence[Wish]) -> bool:
        """Begin to make a clip; False where its model cannot do it now, so that another model may work meanwhile."""
        item = self._item(wish)
        try:
            scorer = self._scorer() if self._is_to_be_compared(item) else None
            hand = self._crew.call(scorer or self._model_for(wish.recipe))
        except ModelError as error:
            self._without_model(item, error)
            return False
        if hand is None or hand.state != "idle":
            return False
        if scorer is not None:
            self._compare(hand, item)
        else:
            self._run(hand, self._together(hand, item, waiting))
        return True

    def _is_to_be_compared(self, item: Item) -> bool:
        return len(item.candidates) >= max(2, self._options.candidates)

    def _without_model(self, item: Item, error: ModelError) -> None:
        if item.candidates:
            self._keep(item, item.candidates[0])
        else:
            self._give_up(item.key, error)

    def _model_for(self, recipe: Recipe) -> Installed:
        model = self._find(recipe.model)
        if model.weights != recipe.weights:
            what = f"the weights of '{model.name}' were replaced since the clip was asked for"
            raise ModelError("model.changed", what=what, at=model.name, fix="ask again")
        return model

    def _together(self, hand: Hand[WorkerLike], first: Item, waiting: Sequence[Wish]) -> list[Item]:
        """Take what can be made in one run with the first, in the order of urgency."""
        if first.deaths:
            # It may be what ends workers: it shall not take others with it.
            return [first]
        shape = shape_of(first.recipe)
        items = (self._item(wish) for wish in waiting if shape_of(wish.recipe) == shape)
        able = (item for item in items if not item.deaths and not self._is_to_be_compared(item))
        return list(islice(able, hand.most_per_run))

    def _item(self, wish: Wish) -> Item:
        return self._items.setdefault(wish.key, Item(key=wish.key, recipe=wish.recipe))

    # Running --------------------------------------------------------------------------------------

    def _run(self, hand: Hand[WorkerLike], items: Sequence[Item]) -> None:
        numbers = tuple(item.tries + len(item.candidates) for item in items)
        self._send(hand, "generate", items, numbers, self._jobs)

    def _jobs(self, batch: Batch) -> list[dict[str, Any]]:
        return [
            self._makings.job(
                item.recipe,
                number=number,
                melody=self._melodies.get(item.recipe.melody, ""),
                staging=batch.staging,
            )
            for item, number in zip(batch.items, batch.numbers, strict=True)
        ]

    def _compare(self, hand: Hand[WorkerLike], item: Item) -> None:
        def jobs(batch: Batch) -> list[dict[str, Any]]:
            return self._makings.score_jobs(item.candidates, item.recipe.prompt, batch.staging)

        self._send(hand, "score", (item,), (0,), jobs)

    def _send(
        self,
        hand: Hand[WorkerLike],
        task: str,
        items: Sequence[Item],
        numbers: tuple[int, ...],
        jobs: Callable[[Batch], list[dict[str, Any]]],
    ) -> None:
        try:
            staging = self._makings.new_staging()
            self._runs += 1
            batch = Batch(self._runs, task, tuple(items), numbers, staging)
            run = Run(run=batch.run, task=task, staging=str(staging), jobs=tuple(jobs(batch)))
        except (OSError, RoomtoneError) as error:
            for item in items:
                self._give_up(item.key, _as_model_error(error))
            return
        hand.begin(batch, self._clock())
        hand.worker.say(run)

    # What workers say -----------------------------------------------------------------------------

    def take(self, worker: WorkerLike, message: Any) -> None:
        """Act on what a worker said, or on its end."""
        hand = self._crew.of(worker)
        if hand is None:
            # It was given up before it said so.
            return
        hand.heard(self._clock())
        match message:
            case Progress():
                self._note_progress(hand, message)
            case Resting():
                pass
            case Done() if hand.batch is not None and hand.batch.run == message.run:
                self._done(hand, message)
            case Failed() if hand.batch is not None and hand.batch.run == message.run:
                self._failed(hand, message)
            case Ready() | Fatal() | Ended() | ModelError():
                self._crew.take(hand, message)
        self.tick()

    def _note_progress(self, hand: Hand[WorkerLike], progress: Progress) -> None:
        if hand.batch is not None and hand.batch.run == progress.run:
            hand.part = min(1.0, progress.step / max(1, progress.steps))
            self._tell(Busy(keys=tuple(item.key for item in hand.batch.items), part=hand.part))

    def _done(self, hand: Hand[WorkerLike], done: Done) -> None:
        hand.needs(done.memory_gb)
        self._crew.worked(hand)
        batch = hand.rest(self._clock())
        if batch.task == "score":
            self._choose(batch.items[0], done.outputs)
        else:
            for item, number, output in zip(batch.items, batch.numbers, done.outputs, strict=False):
                self._finish(item, number, output, batch)
        self._makings.clear(batch.staging)

    def _failed(self, hand: Hand[WorkerLike], failed: Failed) -> None:
        batch = hand.rest(self._clock())
        self._makings.clear(batch.staging)
        if failed.code == "model.cancelled":
            # Whoever still wants it stands in the queue as before.
            return
        if failed.code == "model.out-of-memory" and len(batch.items) > 1:
            hand.most_per_run = len(batch.items) // 2
            return
        for item in batch.items:
            if batch.task == "score":
                self._keep(item, item.candidates[0])
            elif failed.code == _BY_CHANCE:
                self._try_again(item, failed.error(hand.model.name))
            else:
                self._give_up(item.key, failed.error(hand.model.name))

    def _lost(self, batch: Batch) -> None:
        """A worker ended in the middle of a run."""
        self._makings.clear(batch.staging)
        for item in batch.items:
            item.deaths += 1
            if batch.task == "score":
                self._keep(item, item.candidates[0])
            elif item.deaths >= MOST_DEATHS:
                what = f"{item.deaths} workers ended while they made it"
                error = ModelError("model.died", what=what, at=item.recipe.model, fix="see the log for why")
                self._give_up(item.key, error)

    # What becomes of clips ------------------------------------------------------------------------

    def _finish(self, item: Item, number: int, output: Output | Any, batch: Batch) -> None:
        if item.key not in self._items:
            return
        if not isinstance(output, Output):
            error = ModelError("clip.none", what="the model returned no sound", at=item.recipe.model)
            self._try_again(item, error)
            return
        try:
            candidate = self._makings.finish(output, item.recipe, number=number, staging=batch.staging)
        except ModelError as error:
            self._try_again(item, error)
            return
        item.candidates.append(candidate)
        if self._options.candidates < 2 or self._scorer() is None:
            self._keep(item, candidate)

    def _try_again(self, item: Item, error: ModelError) -> None:
        """Leave an item in the queue for another seed, unless it was tried often enough."""
        item.tries += 1
        if item.tries >= MOST_TRIES:
            # Where some passed and others did not, better one of those than none.
            self._without_model(item, error)

    def _choose(self, item: Item, scores: Sequence[Any]) -> None:
        ranked = [
            scored(candidate, float(score))
            for candidate, score in zip(item.candidates, scores, strict=False)
            if isinstance(score, int | float)
        ]
        best = max(ranked, key=lambda candidate: candidate.notes["clap_score"], default=item.candidates[0])
        self._keep(item, best)

    def _keep(self, item: Item, candidate: Candidate) -> None:
        try:
            self._makings.keep(item.recipe, candidate, self._find(item.recipe.model))
        except (OSError, RoomtoneError) as error:
            self._give_up(item.key, _as_model_error(error))
        else:
            self._fulfil(item.key)

    def _fulfil(self, key: str) -> None:
        self._items.pop(key, None)
        self._given_up.pop(key, None)
        self._wishes.drop(key)
        self._tell(Made(key=key))

    def _give_up(self, key: str, error: ModelError) -> None:
        missed = Missed.of(key, error)
        self._items.pop(key, None)
        self._wishes.drop(key)
        self._given_up[key] = (self._clock() + RESTS_S, missed)
        self._tell(missed)


def _as_model_error(error: Exception) -> ModelError:
    if isinstance(error, RoomtoneError):
        return ModelError(error.code, what=error.what, at=error.at, fix=error.fix)
    return ModelError("cache.failed", what=f"it cannot be written: {error}", fix="make room on the disk")
