"""Requests that wait for their answers."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from roomtone.errors import RoomtoneError, WireError
from roomtone.wire.messages import ClientMessage, DaemonMessage, Error

Answer: TypeAlias = Future[DaemonMessage]
Renumber: TypeAlias = Callable[[Any], ClientMessage]


@dataclass(slots=True)
class Request:
    """One request.

    Attributes:
        renumber: puts today's handles into the message, should it have to be sent again.
        answer: gets the daemon's answer, or its refusal as `WireError`.
    """

    message: ClientMessage
    renumber: Renumber
    answer: Answer = field(default_factory=Future)


class Pending:
    """Requests by their number, in the order in which they were made. One thread."""

    def __init__(self) -> None:
        self._requests: dict[int, Request] = {}

    def add(self, request: Request) -> None:
        """Wait for an answer."""
        self._requests[id_of(request.message)] = request

    def settle(self, message: DaemonMessage) -> bool:
        """Give a message to the request that it answers; whether there is one."""
        request = self._requests.pop(id_of(message), None)
        if request is None:
            return False
        if request.answer.set_running_or_notify_cancel():
            if isinstance(message, Error):
                request.answer.set_exception(refusal(message))
            else:
                request.answer.set_result(message)
        return True

    def messages(self) -> Iterator[ClientMessage]:
        """Return what must be sent again on a new connection; nobody waits for what was cancelled."""
        for request in self._requests.values():
            if not request.answer.cancelled():
                yield request.renumber(request.message)

    def forget(self) -> None:
        """Wait for nothing more, and tell nobody."""
        self._requests.clear()

    def fail(self, reason: RoomtoneError) -> None:
        """Tell everyone who waits that no answer will come."""
        while self._requests:
            _, request = self._requests.popitem()
            if request.answer.set_running_or_notify_cancel():
                request.answer.set_exception(reason)


def id_of(message: ClientMessage | DaemonMessage) -> int:
    """Return a request's or an answer's number; 0 where the message has none."""
    number: int = getattr(message, "id", 0)
    return number


def refusal(error: Error) -> WireError:
    """Make the daemon's words an error that can be raised."""
    return WireError(error.code, what=error.what, at=error.at, fix=error.fix)
