"""The specification, `messages.json` and the dataclasses say the same."""

import dataclasses
import re
from typing import Any, Final, get_args

import pytest
from wire_vectors import PROTOCOL

from roomtone.wire import messages
from roomtone.wire.codec import wire_name
from roomtone.wire.limits import FROM_CLIENT, FROM_DAEMON, MAX_DEPTH
from roomtone.wire.messages import PROTOCOL_VERSION, Message
from roomtone.wire.schema import messages_text

SPEC: Final = (PROTOCOL / "SPEC.md").read_text(encoding="utf-8")
RECORDS: Final = {
    "ParameterInfo": "A record of `parameters`",
    "LayerInfo": "A record of `layers`",
    "PlacementInfo": "A record `placement`",
    "SceneResume": "A record of `scenes_open`",
    "StreamStats": "A record of `streams`",
}


def tabled_fields(after: str) -> list[str]:
    """Name the fields in the first table after a line."""
    table = SPEC.split(after, 1)[1].split("|---", 1)[1].split("\n\n", 1)[0]
    cells = [row.split("|")[1] for row in table.splitlines()[1:]]
    return re.findall(r"`(\w+)`", " ".join(cells))


def test_messages_json_is_what_the_dataclasses_say() -> None:
    assert (PROTOCOL / "messages.json").read_text(encoding="utf-8") == messages_text()


@pytest.mark.parametrize("cls", sorted(set(get_args(Message)), key=wire_name), ids=wire_name)
def test_the_specification_has_every_field_of_a_message(cls: Any) -> None:
    assert tabled_fields(f"### `{wire_name(cls)}` (") == [field.name for field in dataclasses.fields(cls)]


@pytest.mark.parametrize("name", RECORDS)
def test_the_specification_has_every_field_of_a_record(name: str) -> None:
    expected = [field.name for field in dataclasses.fields(getattr(messages, name))]
    assert tabled_fields(RECORDS[name]) == expected


def test_the_specification_states_the_limits_in_force() -> None:
    rows = {
        "bytes of the header": (FROM_CLIENT.frame_bytes, FROM_DAEMON.frame_bytes),
        "bytes of one string": (FROM_CLIENT.string_bytes, FROM_DAEMON.string_bytes),
        "items of one array, entries of one map": (FROM_CLIENT.items, FROM_DAEMON.items),
        "containers in containers, the message's own map included": (MAX_DEPTH, MAX_DEPTH),
    }
    for row, (client, daemon) in rows.items():
        assert f"| {row} | {client:,} | {daemon:,} |" in SPEC


def test_the_specification_is_of_this_version() -> None:
    assert f"**Version {PROTOCOL_VERSION}, revision" in SPEC
