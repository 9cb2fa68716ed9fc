"""Prompts at random: put together from the lexicon's own words, and any text at all."""

import unicodedata
from typing import Final

from hypothesis import strategies as st

from roomtone.reading import plain_words
from roomtone.reading.cues import CUES
from roomtone.reading.lexicon import LEXICON
from roomtone.reading.places import PLACES
from roomtone.reading.surfaces import SURFACES
from roomtone.reading.text import MAX_PROMPT_CHARS
from roomtone.reading.tones import ADJECTIVES, PHRASES

NOUNS: Final = tuple(noun for entry in LEXICON.values() for said in entry.said for noun in said.nouns)
_PLACES: Final = tuple(noun for place in PLACES for noun in place.nouns)
_SURFACES: Final = tuple(noun for surface in SURFACES for noun in surface.nouns)
_TONES: Final = tuple(text for texts, _ in (*ADJECTIVES, *PHRASES, *CUES) for text in texts)
_GRAMMAR: Final = (
    *(text for texts, _ in (*plain_words.LINKS, *plain_words.REFUSALS) for text in texts),
    *(
        "a",
        "the",
        ",",
        ".",
        ";",
        "(",
        ")",
        "not",
        "very",
        "two",
        "7",
        "at 3 am",
        "200 m away",
        "at night",
        "in winter",
    ),
)
# No synth will ever make these.
INVENTED: Final = ("dragons", "xylofrobs", "qwertz", "unicorns", "blorp", "zeppelins", "гроза", "雨")

any_text = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=MAX_PROMPT_CHARS
)


def _joined(words: list[str]) -> str:
    return " ".join(words)[:MAX_PROMPT_CHARS]


any_prompt = st.lists(
    st.one_of(*map(st.sampled_from, (NOUNS, _PLACES, _SURFACES, _TONES, _GRAMMAR, INVENTED))),
    min_size=1,
    max_size=24,
).map(_joined)


def is_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN"
