"""The models that are loaded: which may be, which must go, and which are left alone because they fail."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from roomtone.errors import ModelError
from roomtone.models.hand import Batch, Hand, guessed_gb, to_unload
from roomtone.models.health import Health
from roomtone.models.library import Installed
from roomtone.models.messages import Fatal, Govern, Load, Quit, Ready
from roomtone.models.news import ModelState
from roomtone.models.process import Ended

UNLOAD_AFTER_S: Final = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Governor:
    """What the game leaves to the models.

    Attributes:
        max_share: of the time of the processor they run on; 0 pauses.
        max_vram_gb: of its memory; None sets no limit, and then one model that makes clips is loaded at a time.
    """

    max_share: float = 1.0
    max_vram_gb: float | None = None


def lowest_of(governors: Iterable[Governor]) -> Governor:
    """Take the least that any of them leaves."""
    governors = tuple(governors)
    limits_gb = [each.max_vram_gb for each in governors if each.max_vram_gb is not None]
    return Governor(
        max_share=min((each.max_share for each in governors), default=1.0),
        max_vram_gb=min(limits_gb, default=None),
    )


class WorkerLike(Protocol):
    """What is needed of a worker process; see `process.ChildProcess`."""

    def say(self, message: Any) -> None:
        """Send a message."""

    def kill(self) -> None:
        """End it now."""

    def close(self) -> None:
        """End it in order."""


Start = Callable[[Installed], WorkerLike]
"""Starts a worker for a model; what it says is to come to the pool's `take`. Raises `ModelError`."""


class Crew:
    """Every model that is loaded or being loaded. One owner, one thread.

    Args:
        start: see `Start`.
        clock: monotonic seconds.
        device: where models run: `auto`, `cpu`, `cuda:0`, `mps`.
        tell: takes what becomes of models.
        lost: takes a run that its worker did not live to finish.
    """

    def __init__(
        self,
        start: Start,
        *,
        clock: Callable[[], float],
        device: str,
        tell: Callable[[ModelState], None],
        lost: Callable[[Batch], None],
    ) -> None:
        self._start, self._clock, self._device = start, clock, device
        self._tell, self._lost = tell, lost
        self._hands: dict[str, Hand[WorkerLike]] = {}
        self._health: dict[str, Health] = {}
        self.governor = Governor()

    def __iter__(self) -> Iterator[Hand[WorkerLike]]:
        """Go through the models that are loaded or being loaded."""
        return iter(tuple(self._hands.values()))

    def of(self, worker: WorkerLike) -> Hand[WorkerLike] | None:
        """Find whose worker this is; None for one that was given up before."""
        return next((hand for hand in self._hands.values() if hand.worker is worker), None)

    def running(self) -> list[Hand[WorkerLike]]:
        """List those that are at work."""
        return [hand for hand in self._hands.values() if hand.state == "running"]

    # Loading --------------------------------------------------------------------------------------

    def call(self, model: Installed) -> Hand[WorkerLike] | None:
        """Return a model if it is loaded, else see that it will be.

        Returns:
            None while it is being loaded, or cannot be yet.

        Raises:
            ModelError: it cannot be: `model.broken`, `model.too-large`, `model.cannot-start`.
        """
        hand = self._hands.get(model.name)
        if hand is not None:
            return hand if hand.state != "loading" else None
        health = self._health.get(model.name, Health())
        if health.may_start(self._clock()):
            if self._make_room(model):
                self._load(model)
        elif health.broken:
            what = f"'{model.name}' fails again and again: {health.reason}"
            fix = f"see what is wrong: roomtone models check {model.name}"
            raise ModelError("model.broken", what=what, at=model.name, fix=fix)
        return None

    def _load(self, model: Installed) -> None:
        try:
            worker = self._start(model)
        except ModelError as error:
            self._failed(model.name, error)
            raise
        self._hands[model.name] = Hand(
            model=model, worker=worker, memory_gb=guessed_gb(model), heard_s=self._clock()
        )
        worker.say(Govern(max_share=self.governor.max_share))
        worker.say(
            Load(
                adapter=model.adapter,
                folder=str(model.folder),
                device=self._device,
                options=dict(model.options),
            )
        )
        self._tell(ModelState(model=model.name, state="loading"))

    def _make_room(self, model: Installed) -> bool:
        if self.governor.max_vram_gb is None:
            others = [hand for hand in self._hands.values() if hand.model.makes == model.makes]
            chosen = others if all(hand.state == "idle" for hand in others) else None
        else:
            chosen = self._fitting(model, self.governor.max_vram_gb)
        for hand in chosen or ():
            self.unload(hand)
        return chosen is not None

    def _fitting(self, model: Installed, budget_gb: float) -> list[Hand[WorkerLike]] | None:
        needed_gb, hands = guessed_gb(model), list(self._hands.values())
        chosen = to_unload(hands, needed_gb=needed_gb, budget_gb=budget_gb)
        if chosen is None and all(hand.state == "idle" for hand in hands):
            what = (
                f"'{model.name}' needs about {needed_gb:.1f} GB, more than the {budget_gb:g} GB it may take"
            )
            fix = "raise governor.max_vram_gb, or use a smaller model"
            raise ModelError("model.too-large", what=what, at=model.name, fix=fix)
        return chosen

    def unload(self, hand: Hand[WorkerLike]) -> None:
        """Free a model's memory: its process ends."""
        del self._hands[hand.model.name]
        hand.worker.say(Quit())
        hand.worker.close()
        self._tell(ModelState(model=hand.model.name, state="unloaded"))

    # What workers say of themselves ---------------------------------------------------------------

    def take(self, hand: Hand[WorkerLike], message: Ready | Fatal | Ended | ModelError) -> None:
        """Act on what a worker says of itself, or on its end."""
        match message:
            case Ready():
                hand.ready(message.capabilities, message.memory_gb, self._clock())
                self._tell(ModelState(model=hand.model.name, state="ready"))
            case Fatal():
                self.give_up(hand, message.error(hand.model.name))
            case ModelError():
                self.give_up(hand, message)
            case Ended():
                self.give_up(hand, _ended(hand, message))

    def give_up(self, hand: Hand[WorkerLike], error: ModelError) -> None:
        """A worker failed: end what is left of it, and wait before the next try."""
        del self._hands[hand.model.name]
        hand.worker.kill()
        self._failed(hand.model.name, error)
        if hand.batch is not None:
            self._lost(hand.batch)

    def _failed(self, name: str, error: ModelError) -> None:
        health = self._health.get(name, Health())
        self._health[name] = health.failed(self._clock(), error.what)
        self._tell(ModelState(model=name, state="failed", what=str(error)))

    def worked(self, hand: Hand[WorkerLike]) -> None:
        """A run came to its end: whatever was wrong before is mended."""
        self._health.pop(hand.model.name, None)

    # What time and the game bring -----------------------------------------------------------------

    def look_after(self) -> None:
        """End what hangs, and free what nobody has used for a while."""
        now_s = self._clock()
        for hand in self:
            if hand.stalls(now_s):
                what = f"'{hand.model.name}' gave no sign of life for {now_s - hand.heard_s:.0f} s"
                fix = "it was ended and is started again; if this comes back, see its lines in the log"
                self.give_up(hand, ModelError("model.hangs", what=what, at=hand.model.name, fix=fix))
            elif hand.state == "idle" and now_s - hand.used_s > UNLOAD_AFTER_S:
                self.unload(hand)

    def govern(self, governor: Governor) -> None:
        """Leave more or less to the game, from the next step on; models that no longer fit are unloaded when idle."""
        self.governor = governor
        for hand in self:
            hand.worker.say(Govern(max_share=governor.max_share))
        if governor.max_vram_gb is not None:
            for hand in (
                to_unload(list(self), needed_gb=0.0, budget_gb=governor.max_vram_gb, as_far_as_can_be=True)
                or ()
            ):
                self.unload(hand)

    def close(self) -> None:
        """End every worker; runs under way are lost."""
        for hand in self:
            hand.worker.say(Quit())
            hand.worker.close()
        self._hands.clear()


def _ended(hand: Hand[WorkerLike], ended: Ended) -> ModelError:
    last = f": {ended.last_lines[-1]}" if ended.last_lines else ""
    what = f"the process of '{hand.model.name}' ended by itself (exit code {ended.code}){last}"
    fix = "it is started again; where memory is short, use a smaller model or fewer at once"
    return ModelError("model.died", what=what[:600], at=hand.model.name, fix=fix)
