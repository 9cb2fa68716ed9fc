"""A prompt cut into words, within limits that hold before any work is done."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from roomtone.errors import WireError

MAX_PROMPT_CHARS: Final = 500

# Cc and Cf could break out of a log line or a comment; the others are no text at all.
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ARTICLES: Final = frozenset(
    {
        *("a", "an", "the", "this", "that", "these", "those"),
        *("my", "your", "our", "his", "her", "its", "their", "one's"),
    }
)
_ONE: Final = frozenset({"a", "an"})
# Signs that stand for a word.
_SPELLED: Final = {"&": "and", "+": "and"}
# What a symbol may not be to be a word of its own: money, arithmetic and accents say nothing of sound.
_PICTURE: Final = "So"
_APOSTROPHES: Final = "'\u2019\u02bc"


@dataclass(frozen=True, slots=True)
class Span:
    """A word of the prompt as it was written: `text` is `prompt[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """One word that may mean something; articles are not words of their own.

    Attributes:
        text: in lower case, without accents and possessive s.
        span: where it stands.
        article: what stood before it: `a`, `the`, or nothing.
        pause: whether punctuation stands before it.
    """

    text: str
    span: Span
    article: str = ""
    pause: bool = False


def check_prompt(text: str) -> None:
    """Refuse what is too long, and what cannot stand in one line of text.

    Raises:
        WireError: `prompt.too-long` or `prompt.character`.
    """
    if len(text) > MAX_PROMPT_CHARS:
        what = f"the prompt has {len(text)} characters"
        raise WireError(
            "prompt.too-long", at="prompt", what=what, fix=f"say it in {MAX_PROMPT_CHARS} or fewer"
        )
    for i, letter in enumerate(text):
        if unicodedata.category(letter) in _REFUSED:
            what = f"character {i + 1} of the prompt is U+{ord(letter):04X}, which cannot be shown"
            raise WireError("prompt.character", at="prompt", what=what, fix="write one line of plain text")


def cut(text: str) -> tuple[tuple[Word, ...], tuple[Span, ...]]:
    """Cut a checked prompt into its words and the articles between them."""
    words: list[Word] = []
    articles: list[Span] = []
    article, pause = "", False
    for span, apart in _spans(text):
        plain = _plain(span.text)
        pause = pause or apart
        if plain in _ARTICLES:
            articles.append(span)
            article = "a" if plain in _ONE else "the"
            continue
        words.append(Word(_SPELLED.get(plain, plain), span, article, pause))
        article, pause = "", False
    return tuple(words), tuple(articles)


def _spans(text: str) -> list[tuple[Span, bool]]:
    """List the words, each with whether punctuation stands before it."""
    found: list[tuple[Span, bool]] = []
    start, pause, i = None, False, 0
    for i, letter in enumerate((*text, " ")):
        inside = _is_letter(letter) or (start is not None and _joins(text, i))
        if start is not None and not inside:
            found.append((Span(text[start:i], start, i), pause))
            start, pause = None, False
        if inside:
            start = i if start is None else start
        elif letter in _SPELLED or unicodedata.category(letter) == _PICTURE:
            found.append((Span(letter, i, i + 1), pause))
            pause = False
        else:
            pause = pause or _is_pause(text, i)
    return found


def _is_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN"


def _joins(text: str, i: int) -> bool:
    """Whether a sign within a word belongs to it: o'clock, 6:30, 2.5."""
    if not 0 < i < len(text) - 1:
        return False
    before, sign, after = text[i - 1], text[i], text[i + 1]
    if sign in _APOSTROPHES:
        return _is_letter(before) and _is_letter(after)
    return sign in ".:" and before.isdecimal() and after.isdecimal()


def _is_pause(text: str, i: int) -> bool:
    """Whether a sign between words parts them; a hyphen does when it stands alone, as a dash."""
    if i >= len(text) or text[i].isspace():
        return False
    if unicodedata.category(text[i]) != "Pd":
        return True
    return text[i - 1 : i].isspace() or text[i + 1 : i + 2].isspace()


def _plain(word: str) -> str:
    """Fold case, accents and the possessive: `Café's` is `cafe`."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    for sign in _APOSTROPHES[1:]:
        plain = plain.replace(sign, "'")
    return plain.removesuffix("'s") or word
