"""Sees to it that prompts get their clips: asks for what sounds and for what will, and hands over what is ready."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from roomtone.audio import Samples
from roomtone.errors import ModelError, RoomtoneError
from roomtone.layers.banks import BankRoom, voice_of
from roomtone.layers.forecast import Trend
from roomtone.layers.level_law import LevelLaw, measure_level_law
from roomtone.layers.prompted import NO_MODEL, BankVoice, PlayingPrompt
from roomtone.layers.ranking import is_resident, rank_between, rank_neighbour, rank_stops, rank_variation
from roomtone.layers.stops import Stop, circles, distance, position
from roomtone.models.crew import Governor, lowest_of
from roomtone.models.news import Made, Missed, ModelState, News
from roomtone.models.pool import RESTS_S
from roomtone.models.pool_link import PoolLink
from roomtone.models.wishes import Rank, Wish
from roomtone.scene.model import Layer, PromptSource, Scene
from roomtone.server.planner import Planner
from roomtone.server.plans import BankPlan, Planned, PromptPlan
from roomtone.server.register import Register
from roomtone.server.session import Session
from roomtone.server.stage import Stage
from roomtone.server.workshop import Workshop
from roomtone.wire.refusal import error_reply

LOOK_EVERY_S: Final = 0.25
# More banks of one layer than this are not kept in memory for a state that is not near them.
_MOST_RESIDENT: Final = 12
_NOBODY_IS_THERE: Final = frozenset({"model.none", "model.unknown"})


@dataclass(slots=True)
class _LayerSupply:
    """One open layer of a prompt.

    Attributes:
        playing: what is supplied; an edit may put another in its place.
        layer: as it was when the level of its stand-in was measured.
        told: codes of errors that its client was told.
    """

    playing: PlayingPrompt
    layer: Layer
    planned: Planned = field(default_factory=Planned)
    told: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _StageSupply:
    """One open scene.

    Attributes:
        owner: its name for the pool.
        neighbours: plans of scenes next door, by scene and layer.
        asked: what the pool was asked for last.
    """

    owner: str
    session: Session
    stage: Stage
    trend: Trend = field(default_factory=Trend)
    layers: dict[str, _LayerSupply] = field(default_factory=dict)
    neighbours: dict[tuple[str, str], Planned] = field(default_factory=dict)
    asked: tuple[Wish, ...] = ()

    def plans(self) -> Iterator[tuple[_LayerSupply | None, PromptPlan]]:
        """Go through all that is planned; layers that are open come with theirs."""
        for layer in self.layers.values():
            if layer.planned.plan is not None:
                yield layer, layer.planned.plan
        for planned in self.neighbours.values():
            if planned.plan is not None:
                yield None, planned.plan


class Supply:
    """See the module. Everything here runs on the loop's thread.

    Args:
        banks: where clips are; used in the workshop only.
        pool: who makes them.
        planner: works out what is needed.
        workshop: where slow work is done.
        register: who is connected.
        clock: monotonic seconds.
        log: structured logger.
        governor: what the daemon's settings leave to the models.
    """

    def __init__(
        self,
        *,
        banks: BankRoom,
        pool: PoolLink,
        planner: Planner,
        workshop: Workshop,
        register: Register,
        clock: Callable[[], float],
        log: Any,
        governor: Governor,
    ) -> None:
        self._governor, self._governing = governor, Governor()
        self._banks, self._pool, self._planner = banks, pool, planner
        self._workshop, self._register = workshop, register
        self._clock, self._log = clock, log
        self._stages: dict[tuple[str, int], _StageSupply] = {}
        self._numbered = 0
        self._look_at_s = 0.0

    def look_after(self) -> None:
        """Act on what the pool says, and a few times a second look at what is needed."""
        for news in self._pool.news():
            self._take(news)
        if self._clock() >= self._look_at_s:
            self._look_at_s = self._clock() + LOOK_EVERY_S
            self._look_around()
            self._govern()

    def _govern(self) -> None:
        """Leave to the models what the settings and every client leave them."""
        said = (session.governor for session in self._register.connected())
        lowest = lowest_of((self._governor, *(each for each in said if each is not None)))
        if lowest != self._governing:
            self._governing = lowest
            self._pool.govern(lowest)

    # What is needed -------------------------------------------------------------------------------

    def _look_around(self) -> None:
        before, self._stages = self._stages, {}
        for session, stage in self._register.stages():
            key = (session.secret, stage.handle)
            self._stages[key] = before.get(key) or self._new(session, stage)
            self._look_at(self._stages[key])
        for key, supply in before.items():
            # Who leaves wants nothing any more.
            if key not in self._stages and supply.asked:
                self._pool.want(supply.owner, (), {})

    def _new(self, session: Session, stage: Stage) -> _StageSupply:
        self._numbered += 1
        return _StageSupply(f"scene {self._numbered}", session, stage)

    def _look_at(self, supply: _StageSupply) -> None:
        supply.layers = dict(self._open_layers(supply))
        if not supply.stage.streams:
            # Nobody listens, so nobody will walk on from here either.
            self._ask(supply, (), {})
            return
        supply.trend.note(self._clock(), supply.stage.performance.targets)
        wishes: dict[str, Wish] = {}
        melodies: dict[str, str] = {}
        for name, layer in supply.layers.items():
            self._follow_edit(supply, layer, supply.stage.scene.layers[name])
            plan = self._planner.work_out(
                layer.planned,
                layer.playing.source,
                supply.stage.scene,
                supply.session,
                failed=partial(self._cannot_plan, supply, layer),
            )
            if plan is not None:
                ranks = self._ranks(supply.stage, name, layer.playing, plan, supply.trend)
                self._hand_over(supply, layer, plan, ranks)
                self._wish(wishes, plan, ranks)
                melodies.update(plan.melody)
        for plan, source, scene in self._planner.next_door(
            supply.neighbours, supply.stage.scene, supply.session
        ):
            self._wish(wishes, plan, rank_neighbour(source, scene.parameters))
            melodies.update(plan.melody)
        self._ask(supply, tuple(sorted(wishes.values(), key=lambda wish: (wish.rank, wish.key))), melodies)

    def _open_layers(self, supply: _StageSupply) -> Iterator[tuple[str, _LayerSupply]]:
        for name, playing in supply.stage.performance.prompts().items():
            known = supply.layers.get(name)
            if known is not None and known.playing is playing:
                yield name, known
            elif name in supply.stage.scene.layers:
                yield name, _LayerSupply(playing, supply.stage.scene.layers[name])

    def _ranks(
        self, stage: Stage, name: str, playing: PlayingPrompt, plan: PromptPlan, trend: Trend
    ) -> dict[Stop, Rank]:
        ranks = rank_stops(
            playing.source,
            stage.performance.state,
            trend,
            now_s=self._clock(),
            audible=stage.performance.audible(name),
        )
        return ranks | {stop: rank_between(stop, ranks) for stop in plan.banks if stop not in ranks}

    def _wish(self, wishes: dict[str, Wish], plan: PromptPlan, ranks: Mapping[Stop, Rank]) -> None:
        now_s = self._clock()
        for stop, rank in ranks.items():
            bank = plan.banks[stop]
            for variation, (key, recipe) in enumerate(bank.recipes.items()):
                if key in bank.ready or bank.missed.get(key, 0.0) > now_s:
                    continue
                wish = Wish(key=key, recipe=recipe, rank=rank_variation(rank, variation))
                if key not in wishes or wish.rank < wishes[key].rank:
                    wishes[key] = wish

    def _ask(self, supply: _StageSupply, wishes: tuple[Wish, ...], melodies: Mapping[str, str]) -> None:
        if wishes != supply.asked:
            supply.asked = wishes
            self._pool.want(supply.owner, wishes, melodies)

    # What is wrong --------------------------------------------------------------------------------

    def _cannot_plan(self, supply: _StageSupply, layer: _LayerSupply, error: RoomtoneError) -> None:
        self._explain(supply, layer, NO_MODEL if error.code in _NOBODY_IS_THERE else error.code, error)

    def _explain(self, supply: _StageSupply, layer: _LayerSupply, reason: str, error: RoomtoneError) -> None:
        """Tell a client, once, why a layer does not get what it should."""
        if error.code in layer.told:
            return
        layer.told.add(error.code)
        self._log.warning("no clips", layer=layer.layer.name, code=error.code, error=str(error))
        self._register.reply(supply.session, error_reply(error))
        if not layer.playing.stops:
            layer.playing.explain(reason)

    # What is ready --------------------------------------------------------------------------------

    def _hand_over(
        self, supply: _StageSupply, layer: _LayerSupply, plan: PromptPlan, ranks: Mapping[Stop, Rank]
    ) -> None:
        performance, playing = supply.stage.performance, layer.playing
        parameters = performance.scene.parameters
        around = circles(playing.source, parameters)
        at = position(playing.source, parameters, performance.values)
        away = {stop: distance(at, stop, around) for stop in ranks}
        resident = {stop for stop, rank in ranks.items() if is_resident(stop, rank, away[stop])}
        for stop in sorted(resident, key=ranks.__getitem__):
            if plan.banks[stop].is_due(playing.keys_of(stop)):
                self._load(supply, layer, stop, plan.banks[stop])
        spare = sorted(playing.stops - resident, key=lambda stop: -away.get(stop, 0.0))
        for stop in spare[: max(0, len(playing.stops) - _MOST_RESIDENT)]:
            playing.dismiss(stop)

    def _load(self, supply: _StageSupply, layer: _LayerSupply, stop: Stop, bank: BankPlan) -> None:
        performance, playing = supply.stage.performance, layer.playing
        bank.loading = True
        # What is ready before it is heard needs no match to what is heard now.
        heard = playing.heard() if stop in playing.stops_at(performance.values) else None
        job = partial(
            self._make_voice,
            bank.ready_in_order(),
            stop,
            playing,
            scene=supply.stage.scene,
            layer=layer.layer,
            values=performance.values,
            first_frame=performance.frame,
            heard=heard,
        )
        self._workshop.submit(
            job,
            self._register.in_turn(supply.session, partial(self._install, layer, bank)),
            self._register.in_turn(supply.session, partial(self._cannot_load, supply, layer, bank)),
        )

    def _make_voice(
        self,
        keys: tuple[str, ...],
        stop: Stop,
        playing: PlayingPrompt,
        *,
        scene: Scene,
        layer: Layer,
        values: Mapping[str, float],
        first_frame: int,
        heard: Samples | None,
    ) -> tuple[BankVoice, LevelLaw]:
        """Runs in the workshop."""
        law = measure_level_law(scene, layer)
        voice = voice_of(
            self._banks.load(keys),
            stop,
            seed=playing.seed,
            first_frame=first_frame,
            heard=heard,
            level_db=law.at(values),
        )
        return voice, law

    def _install(self, layer: _LayerSupply, bank: BankPlan, made: tuple[BankVoice, LevelLaw]) -> None:
        bank.loading = False
        voice, law = made
        layer.playing.law = layer.playing.law or law
        layer.playing.install(voice)

    def _cannot_load(
        self, supply: _StageSupply, layer: _LayerSupply, bank: BankPlan, error: RoomtoneError
    ) -> None:
        """A clip was evicted or is damaged: look what is left, and have the rest made again."""
        self._log.warning("clips not loaded", layer=layer.layer.name, code=error.code, error=str(error))
        bank.ready.clear()

        def left(keys: set[str]) -> None:
            bank.loading = False
            bank.ready.update(keys)

        def none_left(_: RoomtoneError) -> None:
            bank.loading = False

        self._workshop.submit(
            partial(self._banks.there, bank.recipes), self._register.in_turn(supply.session, left), none_left
        )

    def _follow_edit(self, supply: _StageSupply, layer: _LayerSupply, edited: Layer) -> None:
        """Measure anew how loud the clips should be when what stands in for them was edited."""
        if edited == layer.layer or not isinstance(edited.source, PromptSource):
            return
        layer.layer = edited
        if layer.playing.law is None:
            return

        def measured(law: LevelLaw) -> None:
            layer.playing.law = law

        self._workshop.submit(
            partial(measure_level_law, supply.stage.scene, edited),
            self._register.in_turn(supply.session, measured),
            lambda error: self._log.warning("level not measured", layer=edited.name, error=str(error)),
        )

    # What the pool says ---------------------------------------------------------------------------

    def _take(self, news: News) -> None:
        match news:
            case Made():
                self._note_made(news.key)
            case Missed():
                self._note_missed(news)
            case ModelState(state="failed"):
                self._log.warning("model failed", model=news.model, error=news.what)
            case ModelState():
                self._log.info("model", model=news.model, state=news.state)

    def _note_made(self, key: str) -> None:
        for supply in self._stages.values():
            for _, plan in supply.plans():
                for bank in plan.banks.values():
                    if key in bank.recipes:
                        bank.ready.add(key)
        # Whoever waits for it need not wait for the next look.
        self._look_at_s = 0.0

    def _note_missed(self, missed: Missed) -> None:
        error = ModelError(missed.code, what=missed.what, at=missed.at, fix=missed.fix)
        for supply in self._stages.values():
            for layer, plan in supply.plans():
                for bank in plan.banks.values():
                    if missed.key in bank.recipes:
                        bank.missed[missed.key] = self._clock() + RESTS_S
                        if layer is not None:
                            self._explain(supply, layer, missed.code, error)
