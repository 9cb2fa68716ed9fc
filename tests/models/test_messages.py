"""What a worker says is believed only as far as it keeps to the protocol."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomtone.errors import ModelError
from roomtone.models.crew import Governor
from roomtone.models.messages import FROM_WORKER, Done, Failed, Load, Ready, read_message, write_message
from roomtone.models.news import Busy, Made, Missed, ModelState
from roomtone.models.orders import NEWS, ORDERS, Begin, Leave, Want
from roomtone.models.request import Blend, Capabilities, Job, Output, Recipe
from roomtone.models.service import ServiceOptions
from roomtone.models.wishes import Rank, Urgency, Wish

READY = {
    "t": "ready",
    "memory_gb": 1.5,
    "capabilities": {"family": "toy", "sample_rate_hz": 16000, "channels": 1, "longest_s": 10.0},
}
DONE = {
    "t": "done",
    "run": 3,
    "took_s": 1.0,
    "memory_gb": 1.5,
    "outputs": [{"file": "3_0.npy", "rate_hz": 16000, "latent": "", "notes": {}}, 0.25, None],
}


def read(record: Any) -> Any:
    return read_message(json.dumps(record).encode(), FROM_WORKER)


def test_what_a_worker_says_is_understood() -> None:
    assert read(READY) == Ready(
        capabilities=Capabilities(family="toy", sample_rate_hz=16000, channels=1, longest_s=10.0),
        memory_gb=1.5,
    )
    assert read(DONE) == Done(
        run=3, outputs=(Output(file="3_0.npy", rate_hz=16000), 0.25, None), took_s=1.0, memory_gb=1.5
    )
    assert read({"t": "failed", "run": 1, "code": "x", "what": "y", "later": 1}) == Failed(
        run=1, code="x", what="y"
    )


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../../up.npy", "a/b.npy", r"a\b.npy", "..", ".", "", "C:x.npy", "a\0b", 3, None]
)
def test_the_name_of_a_file_is_never_a_way_out_of_the_staging_folder(name: object) -> None:
    with pytest.raises(ModelError):
        read({**DONE, "outputs": [{"file": name, "rate_hz": 16000}]})


@pytest.mark.parametrize(
    "broken",
    [
        {"capabilities": {}},
        {"capabilities": None},
        {"memory_gb": "much"},
        {"memory_gb": True},
        {"capabilities": {**READY["capabilities"], "channels": 3}},  # type: ignore[dict-item]
        {"capabilities": {**READY["capabilities"], "batch": 0}},  # type: ignore[dict-item]
        {"capabilities": {**READY["capabilities"], "longest_s": 0}},  # type: ignore[dict-item]
        {"capabilities": {**READY["capabilities"], "tasks": [1]}},  # type: ignore[dict-item]
        {"t": "hello"},
        {"t": None},
    ],
)
def test_what_breaks_the_protocol_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ModelError) as raised:
        read({**READY, **broken})
    assert raised.value.code == "model.bad-message"


def refused(line: bytes) -> str | None:
    """Say with which code a line is refused; None for one that is a message."""
    try:
        read_message(line, FROM_WORKER)
    except ModelError as error:
        return error.code
    return None


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_line_is_anything_but_a_message_or_refused(line: bytes) -> None:
    assert refused(line) in (None, "model.bad-message")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inside: st.lists(inside, max_size=3),
)


@given(st.sampled_from(sorted(FROM_WORKER)), st.dictionaries(st.text(max_size=10), PLAIN, max_size=5))
def test_no_fields_are_anything_but_a_message_or_refused(kind: str, fields: dict[str, Any]) -> None:
    assert refused(json.dumps({**fields, "t": kind}).encode()) in (None, "model.bad-message")


def test_what_is_said_to_a_worker_is_one_line_of_plain_json() -> None:
    line = write_message(Load(adapter="a:B", folder="/x", device="cpu", options={"name": "two\nlines"}))
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "t": "load",
        "adapter": "a:B",
        "folder": "/x",
        "device": "cpu",
        "options": {"name": "two\nlines"},
    }


# Daemon and pool ----------------------------------------------------------------------------------


def there(message: Any, kinds: Any) -> Any:
    return read_message(write_message(message), kinds)


def test_orders_and_news_arrive_as_they_were_sent() -> None:
    recipe = Recipe(
        model="m", weights="w", prompt="rain", seconds=2.5, seed=1, blend=Blend(prompt="hail", amount=0.5)
    )
    wish = Wish(key="k", recipe=recipe, rank=Rank(Urgency.HEADING, 2.0))
    want = there(Want.of("scene 1", (wish,), {"d": "file"}), ORDERS)
    assert (want.owner, want.read_wishes(), want.melodies) == ("scene 1", (wish,), {"d": "file"})
    options = ServiceOptions(models_dir=Path("models"), cache_dir=Path("cache"), max_bytes=5, device="cpu")
    assert there(Begin.of(options), ORDERS).service_options() == options
    governor = Governor(max_share=0.5, max_vram_gb=None)
    assert there(Leave.of(governor), ORDERS).governor() == governor
    for news in (
        Made(key="k"),
        Missed(key="k", code="c", what="w", at="a", fix="f"),
        Busy(keys=("a", "b"), part=0.5),
        ModelState(model="m", state="ready"),
    ):
        assert there(news, NEWS) == news


def test_a_job_has_every_field_that_an_adapter_may_ask_for() -> None:
    assert set(dataclasses.asdict(Job())) == {field.name for field in dataclasses.fields(Job)}
