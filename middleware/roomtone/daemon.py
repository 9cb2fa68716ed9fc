"""The composition root: starts the parts of the daemon in order, runs its loop, and stops them in reverse."""

import gc
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from roomtone import VERSION
from roomtone.errors import EXIT_INTERNAL
from roomtone.layers.player import load_kernels
from roomtone.logs import configure_logs, logger
from roomtone.memory import do_without_scipy
from roomtone.model_settings import governor_of, open_banks, service_options
from roomtone.models.pool_link import PoolLink
from roomtone.scene.watch import SceneWatch, watch_scenes
from roomtone.server.host import Host, HostOptions
from roomtone.server.library import SceneLibrary
from roomtone.server.planner import Planner
from roomtone.server.router import Message, Router
from roomtone.server.supply import Supply
from roomtone.server.workshop import ThreadWorkshop
from roomtone.settings import Settings, check_settings

_GUARD_EVERY_S: Final = 0.05
_EXPIRE_EVERY_S: Final = 0.5
# Python hands the interpreter to a waiting thread after this long: the workshop must not delay a block by more.
_SWITCH_INTERVAL_S: Final = 0.0005


def serve(settings: Settings) -> int:
    """Run a daemon until it is told to stop; kernels that are not compiled yet are compiled when they are needed.

    Returns:
        The exit code.

    Raises:
        SettingsError: what is asked for cannot work; nothing was started.
    """
    check_settings(settings)
    configure_logs(settings)
    do_without_scipy()
    return run(settings)


def run(settings: Settings, stop: Callable[[Callable[[], None]], None] = lambda _: None) -> int:
    """Take the address and serve until a signal comes or `stop`'s callback is called.

    Args:
        settings: checked.
        stop: is handed a function that stops the daemon from any thread.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    daemon = Daemon(settings, logger())
    stop(daemon.stop)
    gc.collect()
    # What lives now lives as long as the process: the collector need not look at it again while audio runs.
    gc.freeze()
    try:
        return daemon.run()
    finally:
        daemon.close()


class Daemon:
    """Every part of a running daemon, and the loop that drives them. One thread, but for `stop`."""

    def __init__(self, settings: Settings, log: Any) -> None:
        """Start the parts.

        Raises:
            SettingsError: the address or the keys cannot be used.
        """
        self._log = log
        self._router = Router(settings.endpoint, keys_dir=settings.keys_dir)
        self._workshop = ThreadWorkshop(self._router.wake, log)
        self._library = SceneLibrary(settings.scenes_dir)
        self._banks = open_banks(settings)
        self._host = Host(
            self._library,
            send=self._router.send,
            clock=time.monotonic,
            interrupted=self._router.has_incoming,
            workshop=self._workshop,
            log=log,
            options=HostOptions(
                server=f"roomtone {VERSION}",
                token=settings.token,
                linger_s=settings.linger_s,
                max_clients=settings.max_clients,
            ),
            banks=self._banks,
        )
        self._pool = PoolLink(service_options(settings), wake=self._router.wake, log=log)
        self._supply = Supply(
            banks=self._banks,
            pool=self._pool,
            planner=Planner(
                banks=self._banks,
                workshop=self._workshop,
                register=self._host.register,
                library=self._library,
                clock=time.monotonic,
            ),
            workshop=self._workshop,
            register=self._host.register,
            clock=time.monotonic,
            log=log,
            governor=governor_of(settings),
        )
        self._changed: SimpleQueue[Path] = SimpleQueue()
        self._watch = self._watch_scenes(settings.scenes_dir)
        self._incoming: deque[Message] = deque()
        self._busy = False
        self._next_guard_s = self._next_expiry_s = 0.0
        self._stopping = False
        self._reload_all = False
        self._install_signals()

    def _watch_scenes(self, folder: Path) -> SceneWatch | None:
        try:
            return watch_scenes(folder, self._note_change)
        except OSError as error:
            # Linux has few watches to give: a daemon that plays is worth more than one that notices edits.
            self._log.warning("edits are not noticed", error=str(error), fix="send SIGHUP after an edit")
            return None

    def _install_signals(self) -> None:
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: self.stop())
        # Windows has no SIGHUP; there, writing any scene file does the same for that scene.
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._ask_for_reload())

    def _ask_for_reload(self) -> None:
        self._reload_all = True
        self._router.wake()

    def _note_change(self, path: Path) -> None:
        self._changed.put(path)
        self._router.wake()

    def stop(self) -> None:
        """End the loop soon. Any thread, and signal handlers."""
        self._stopping = True
        self._router.wake()

    def run(self) -> int:
        """Serve until stopped; returns the exit code."""
        self._workshop.submit(load_kernels, lambda _: None, lambda _: None)
        self._log.info("ready", endpoint=self._router.endpoint, scenes=len(self._library.names()))
        while not self._stopping:
            try:
                self._take_turn()
            except Exception:
                self._log.exception("unforeseen failure")
                # One client's bad luck is not the others'; but a failure that is nobody's would only come again.
                if not self._host.register.blame():
                    return EXIT_INTERNAL
        self._host.drain()
        self._log.info("stopped")
        return 0

    def _take_turn(self) -> None:
        self._router.wait(0 if self._busy else round(_GUARD_EVERY_S * 1000))
        # Should this turn fail, the next one does not wait: there may be more to do.
        self._busy = True
        self._incoming.extend(self._router.incoming())
        while self._incoming:
            self._host.receive(*self._incoming.popleft())
        for route in self._router.lost():
            self._host.register.lost(route)
        more = self._host.produce()
        self._host.edits.catch_up()
        self._supply.look_after()
        self._reload_what_changed()
        self._look_after(time.monotonic())
        self._busy = more

    def _look_after(self, now_s: float) -> None:
        if now_s >= self._next_guard_s:
            self._next_guard_s = now_s + _GUARD_EVERY_S
            self._router.guard(self._log.warning, lambda route: self._host.register.at(route) is not None)
        if now_s >= self._next_expiry_s:
            self._next_expiry_s = now_s + _EXPIRE_EVERY_S
            self._host.register.expire()

    def _reload_what_changed(self) -> None:
        while not self._changed.empty():
            self._host.edits.file_changed(self._changed.get())
        if self._reload_all:
            self._reload_all = False
            self._host.edits.reload_all()

    def close(self) -> None:
        """Stop the parts, the last started first."""
        if self._watch is not None:
            self._watch.close()
        self._workshop.close()
        self._pool.close()
        self._banks.close()
        self._router.close()
