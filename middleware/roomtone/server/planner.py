"""Works out what prompts need, in the workshop: of scenes that are open, and of those next door."""

from collections.abc import Callable
from functools import partial
from typing import Final

from roomtone.errors import RoomtoneError
from roomtone.layers.banks import BankRoom
from roomtone.scene.model import PromptSource, Scene
from roomtone.server.library import SceneLibrary
from roomtone.server.plans import Planned, PromptPlan, plan_prompt
from roomtone.server.register import Register
from roomtone.server.session import Session
from roomtone.server.workshop import Workshop

# Somebody may install a model, or mend what keeps one from being read.
PLAN_AGAIN_S: Final = 30.0


class Planner:
    """See the module. The loop's thread; `banks` is used in the workshop only."""

    def __init__(
        self,
        *,
        banks: BankRoom,
        workshop: Workshop,
        register: Register,
        library: SceneLibrary,
        clock: Callable[[], float],
    ) -> None:
        self._banks, self._workshop, self._register = banks, workshop, register
        self._library, self._clock = library, clock

    def work_out(
        self,
        planned: Planned,
        source: PromptSource,
        scene: Scene,
        session: Session,
        *,
        failed: Callable[[RoomtoneError], object],
    ) -> PromptPlan | None:
        """Return a prompt's plan, or see that it will be there.

        Args:
            planned: what is known of it.
            source: the prompt.
            scene: whose parameters it follows.
            session: for whom.
            failed: told when nobody can make it; it is tried again after a while.
        """
        if planned.plan is None and not planned.under_way and self._clock() >= planned.at_s:
            planned.under_way = True
            self._workshop.submit(
                partial(plan_prompt, source, scene.parameters, self._banks),
                self._register.in_turn(session, partial(self._worked_out, planned)),
                self._register.in_turn(session, partial(self._cannot, planned, failed)),
            )
        return planned.plan

    def _worked_out(self, planned: Planned, plan: PromptPlan) -> None:
        planned.plan, planned.under_way = plan, False

    def _cannot(
        self, planned: Planned, failed: Callable[[RoomtoneError], object], error: RoomtoneError
    ) -> None:
        planned.at_s, planned.under_way = self._clock() + PLAN_AGAIN_S, False
        failed(error)

    def next_door(
        self, known: dict[tuple[str, str], Planned], scene: Scene, session: Session
    ) -> list[tuple[PromptPlan, PromptSource, Scene]]:
        """List the plans of the prompts in the scenes that one can walk to, as far as they are worked out.

        Args:
            known: what was planned so far, by scene and layer; grows.
            scene: whose neighbours they are.
            session: for whom.
        """
        found = []
        for name in scene.neighbours:
            other = self._library.good(name)
            if other is None:
                self._read(known, name)
                continue
            for layer in other.layers.values():
                if isinstance(layer.source, PromptSource):
                    planned = known.setdefault((name, layer.name), Planned())
                    # Whoever opens that scene is told what is wrong with its models.
                    plan = self.work_out(planned, layer.source, other, session, failed=_nobody_asks)
                    if plan is not None:
                        found.append((plan, layer.source, other))
        return found

    def _read(self, known: dict[tuple[str, str], Planned], name: str) -> None:
        planned = known.setdefault((name, ""), Planned())
        if not planned.under_way:
            planned.under_way = True
            # One with mistakes stays unread: opening it says which.
            self._workshop.submit(partial(self._library.load, name), self._library.keep_if_new, _nobody_asks)


def _nobody_asks(_: object) -> None:
    """Take what went wrong and say nothing."""
