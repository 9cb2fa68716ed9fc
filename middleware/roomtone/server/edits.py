"""Scenes that are edited while they play: a change is applied where it plays, a mistake is told to everyone."""

from collections import deque
from functools import partial
from pathlib import Path
from typing import Any

from roomtone.errors import RoomtoneError, SceneErrors
from roomtone.layers.banks import BankRoom
from roomtone.layers.playing import Playing
from roomtone.layers.sources import Moment, start_source
from roomtone.scene.model import Scene
from roomtone.server.library import SceneLibrary
from roomtone.server.register import Register
from roomtone.server.session import Session
from roomtone.server.stage import Stage
from roomtone.server.workshop import Workshop
from roomtone.wire.refusal import error_reply


class Edits:
    """Follows the scene files. Everything here runs on the loop's thread."""

    def __init__(
        self,
        library: SceneLibrary,
        workshop: Workshop,
        register: Register,
        log: Any,
        *,
        banks: BankRoom | None = None,
    ) -> None:
        self._banks = banks
        self._library = library
        self._workshop = workshop
        self._register = register
        self._log = log
        self._edited: deque[tuple[Session, Stage]] = deque()

    def reload_all(self) -> None:
        """Read every scene again that was read."""
        for name in self._library.known():
            self.reload(name)

    def file_changed(self, path: Path) -> None:
        """A scene's file was written or removed."""
        if self._library.good(path.stem) is not None:
            self.reload(path.stem)

    def reload(self, name: str) -> None:
        """Read a scene again; a broken file changes nothing but is told to everyone."""
        self._workshop.submit(
            partial(self._library.load, name), self.keep_scene, partial(self._cannot_reload, name)
        )

    def keep_scene(self, scene: Scene) -> Scene:
        """Take what a file says now for the good version; every stage that performs another one is to follow it."""
        good = self._library.good(scene.name)
        if good == scene:
            return good
        self._library.keep(scene)
        if good is not None:
            self._log.info("scene reloaded", scene=scene.name)
        self._edited.extend(
            (session, stage) for session, stage in self._register.stages() if stage.scene.name == scene.name
        )
        return scene

    def catch_up(self) -> None:
        """Act on finished work, and let the stages follow what was edited, each in its session's turn."""
        self._workshop.collect()
        while self._edited:
            session, stage = self._edited.popleft()
            scene = self._library.good(stage.scene.name)
            assert scene is not None
            self._register.in_turn(session, partial(self._replace, session, stage, scene))({})

    def _replace(self, session: Session, stage: Stage, scene: Scene, sources: dict[str, Playing]) -> None:
        """Apply an edit to one stage once all the sources that it needs are there."""
        if not session.performs(stage) or self._library.good(scene.name) is not scene:
            return
        whole = stage.with_requested(scene)
        missing = [name for name in stage.performance.sources_to_start(whole) if name not in sources]
        if not missing:
            stage.replace(
                whole,
                sources,
                partial(self._register.send_block, session),
                partial(self._register.reply, session),
            )
            return
        performance = stage.performance
        moment = Moment(first_frame=performance.frame, values=performance.values_in(whole))
        start = partial(start_source, whole, seed=performance.seed, banks=self._banks, moment=moment)
        self._workshop.submit(
            lambda: {name: start(name) for name in missing},
            self._register.in_turn(
                session, lambda made: self._replace(session, stage, scene, sources | made)
            ),
            partial(self._cannot_reload, scene.name),
        )

    def _cannot_reload(self, name: str, error: RoomtoneError) -> None:
        mistakes = error.errors if isinstance(error, SceneErrors) else (error,)
        for mistake in mistakes:
            self._log.error("scene not reloaded", scene=name, code=mistake.code, error=str(mistake))
            for session in self._register.connected():
                self._register.reply(session, error_reply(mistake))
