"""Prompts with slots: `heavy {rain: drizzle|rain|downpour} on a tin roof` to pieces, or to what is wrong with it."""

import re
from math import prod
from typing import Final, NamedTuple, TypeAlias

from roomtone.scene.model import Slot
from roomtone.scene.names import MAX_NAME_CHARS, NAME_PATTERN, shown

MAX_PROMPT_CHARS: Final = 500
MAX_SLOTS: Final = 3
MAX_WORDINGS: Final = 8
# A bank of clips for each: more take days to make, and nobody hears the difference.
MAX_BANKS: Final = 64

Pieces: TypeAlias = tuple[str | Slot, ...]

_SLOT: Final = re.compile(r"\{([^{}]*)\}")


class PromptFault(NamedTuple):
    """What is wrong with a prompt, and how to mend it."""

    what: str
    fix: str


def read_prompt_pieces(text: str) -> Pieces | PromptFault:
    """Take a prompt apart."""
    if not text.isprintable():
        return PromptFault("it has a character that cannot be shown", "write it in one line of text")
    pieces: list[str | Slot] = []
    for i, piece in enumerate(_SLOT.split(text)):
        # A split by one group alternates between what is around and what was found.
        read = _read_slot(piece) if i % 2 else _read_words(piece)
        if isinstance(read, PromptFault):
            return read
        if read:
            pieces.append(read)
    return _fault_of(pieces) or tuple(pieces)


def _read_words(text: str) -> str | PromptFault:
    if "{" in text or "}" in text:
        return PromptFault("a brace has no partner", "write slots as {parameter: one wording|another}")
    return text


def _read_slot(inside: str) -> Slot | PromptFault:
    name, colon, rest = inside.partition(":")
    name, wordings = name.strip(), tuple(wording.strip() for wording in rest.split("|"))
    if not colon or len(name) > MAX_NAME_CHARS or not re.fullmatch(NAME_PATTERN, name):
        what = f"the slot {shown('{' + inside + '}')} names no parameter"
        return PromptFault(what, "write {parameter: one wording|another}")
    if not 2 <= len(wordings) <= MAX_WORDINGS:
        what = f"the slot of {shown(name)} has {len(wordings)} wordings"
        return PromptFault(what, f"give 2 to {MAX_WORDINGS}, with | between them")
    return Slot(parameter=name, wordings=wordings)


def _fault_of(pieces: list[str | Slot]) -> PromptFault | None:
    slots = [piece for piece in pieces if isinstance(piece, Slot)]
    if not any(slot for slot in slots) and not "".join(map(str, pieces)).strip():
        return PromptFault("the prompt is empty", "say what should be heard")
    if len({slot.parameter for slot in slots}) < len(slots):
        return PromptFault("two slots follow the same parameter", "put their wordings into one slot")
    if len(slots) > MAX_SLOTS:
        return PromptFault(f"the prompt has {len(slots)} slots", f"keep to {MAX_SLOTS}")
    banks = prod(len(slot.wordings) for slot in slots)
    if banks > MAX_BANKS:
        return PromptFault(f"its slots make {banks} different prompts", f"keep to {MAX_BANKS}")
    return None


def prompt_at(pieces: Pieces, choice: tuple[int, ...]) -> str:
    """Write the prompt with one wording chosen for each slot, in order."""
    chosen = iter(choice)
    words = (piece.wordings[next(chosen)] if isinstance(piece, Slot) else piece for piece in pieces)
    return " ".join("".join(words).split())
