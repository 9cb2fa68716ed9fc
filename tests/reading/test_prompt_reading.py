"""What must hold for every prompt, whatever its words."""

import pytest
from any_prompt import INVENTED, NOUNS, any_prompt, any_text, is_letter
from hypothesis import given
from hypothesis import strategies as st

from roomtone.errors import WireError
from roomtone.reading.prompt import MAX_PARTS, read_prompt
from roomtone.reading.reading import Reading, layers_of
from roomtone.reading.text import MAX_PROMPT_CHARS, Span
from roomtone.scene.model import Constant, SynthSource
from roomtone.synths import SYNTHS


@given(any_text | any_prompt)
def test_any_text_is_read_and_sounds_within_every_bound(text: str):
    reading = read_prompt(text)
    assert len(reading.parts) <= MAX_PARTS
    assert len({part.name for part in reading.parts}) == len(reading.parts)
    for layer in layers_of(reading):
        assert isinstance(layer.source, SynthSource)
        assert isinstance(layer.gain_db, Constant)
        assert -40.0 <= layer.gain_db.value <= 6.0
        known = {control.name for control in SYNTHS[layer.source.synth].controls}
        assert set(layer.source.controls) <= known
        for binding in layer.source.controls.values():
            assert isinstance(binding, Constant)
            assert 0.0 <= binding.value <= 1.0


@given(any_text | any_prompt)
def test_no_word_is_swallowed(text: str):
    reading = read_prompt(text)
    accounted = {i for span in _owned(reading) for i in range(span.start, span.end)}
    assert [text[i] for i in range(len(text)) if is_letter(text[i]) and i not in accounted] == []
    for span in _owned(reading):
        assert text[span.start : span.end] == span.text


@given(any_text | any_prompt)
def test_what_is_unknown_is_nothing_else_as_well(text: str):
    reading = read_prompt(text)
    unknown = {span for each in reading.unknown for span in each.words if not each.too_many}
    understood = {span for part in reading.parts for span in part.words}
    assert not unknown & understood
    assert not unknown & set(reading.plain)


@given(any_prompt)
def test_a_prompt_always_reads_the_same(text: str):
    assert read_prompt(text) == read_prompt(text)


@given(
    st.lists(st.sampled_from(NOUNS), min_size=1, max_size=6), st.lists(st.sampled_from(INVENTED), max_size=3)
)
def test_every_known_noun_is_heard_and_every_invented_one_named(known: list[str], invented: list[str]):
    reading = read_prompt(", ".join([*known, *invented])[:MAX_PROMPT_CHARS])
    heard = {span.text for part in reading.parts for span in part.words}
    assert {word for noun in known for word in noun.split()} - {"the", "a"} <= heard
    assert [each.word for each in reading.unknown] == invented


def _owned(reading: Reading) -> list[Span]:
    return [
        *(span for part in reading.parts for span in part.words),
        *reading.circumstances.words,
        *(span for each in reading.excluded for span in each.words),
        *(span for each in reading.unknown for span in each.words),
        *reading.plain,
    ]


# More is more --------------------------------------------------------------------------------------

LADDERS = (
    ("intensity", ("barely any rain", "light rain", "rain", "heavy rain", "torrential rain")),
    ("intensity", ("very light rain", "light rain", "slightly light rain", "rain")),
    ("intensity", ("rain", "slightly heavy rain", "heavy rain", "very heavy rain", "extremely heavy rain")),
    ("intensity", ("light drizzle", "drizzle", "heavy drizzle", "rain", "downpour", "violent downpour")),
    ("strength", ("faint breeze", "breeze", "strong breeze", "wind", "strong wind", "gale", "violent gale")),
    ("density", ("one cricket", "two crickets", "a few crickets", "many crickets", "hundreds of crickets")),
    ("activity", ("a bird", "three birds", "several birds", "twelve birds", "dozens of birds")),
    ("density", ("two people", "several people", "thirty people", "hundreds of people")),
    ("flow", ("trickle", "small stream", "stream", "big stream", "river", "rapids")),
    ("intensity", ("ripples", "tiny waves", "small waves", "waves", "big waves", "huge waves")),
    ("intensity", ("embers", "soft fire", "fire", "roaring fire")),
    ("distance", ("rain", "approaching rain", "distant rain")),
    ("dryness", ("damp leaves", "leaves", "dry leaves")),
    (
        "temperature",
        ("crickets in the frost", "crickets on a cool night", "crickets", "crickets in the heat"),
    ),
)


@pytest.mark.parametrize(("control", "prompts"), LADDERS, ids=[prompts[0] for _, prompts in LADDERS])
def test_every_step_of_a_ladder_goes_up(control: str, prompts: tuple[str, ...]):
    values = [read_prompt(prompt).parts[0].controls[control] for prompt in prompts]
    assert values == sorted(set(values)), dict(zip(prompts, values, strict=True))


def test_thunder_that_is_frequent_strikes_more_often():
    gaps = [
        read_prompt(prompt).parts[0].placement for prompt in ("rare thunder", "thunder", "frequent thunder")
    ]
    firsts = [gap.every_s[0] for gap in gaps]
    assert firsts == sorted(firsts, reverse=True)
    assert len(set(firsts)) == 3


# The same in other words -----------------------------------------------------------------------------

SAME = (
    ("heavy rain and light wind", "light wind and heavy rain"),
    ("rain, distant thunder, crickets", "crickets, rain and distant thunder"),
    ("thunder in the distance, and rain", "rain and distant thunder"),
    ("rain on a tin roof at night", "at night, rain on a tin roof"),
    ("rain falling softly", "soft rain"),
    ("the wind is strong", "strong wind"),
    ("birds without wind", "no wind, birds"),
    ("a quiet café with a crackling fire", "a crackling fire in a quiet café"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_order_of_words_does_not_change_what_is_heard(one: str, other: str):
    assert _heard(one) == _heard(other)


def _heard(prompt: str) -> dict[str, dict[str, float]]:
    return {part.synth: dict(part.controls) for part in read_prompt(prompt).parts}


# Limits ------------------------------------------------------------------------------------------------


def test_a_prompt_that_is_too_long_is_refused():
    assert read_prompt("a" * MAX_PROMPT_CHARS).unknown
    with pytest.raises(WireError) as refused:
        read_prompt("a" * (MAX_PROMPT_CHARS + 1))
    assert refused.value.code == "prompt.too-long"


@pytest.mark.parametrize("letter", ["\n", "\t", "\x00", "\x1b", "\u2028", "\u202e", "\ud800", "\ufeff"])
def test_what_cannot_be_shown_is_refused(letter: str):
    with pytest.raises(WireError) as refused:
        read_prompt(f"rain {letter} wind")
    assert refused.value.code == "prompt.character"
    assert f"U+{ord(letter):04X}" in refused.value.what


def test_one_sound_too_many_is_named():
    directions = ("to the left", "to the right", "ahead", "behind", "far off", "close by")
    synths = ("rain", "wind", "birds", "waves", "stream")
    prompt = ", ".join(f"{synth} {where}" for synth in synths for where in directions)
    assert len(prompt) <= MAX_PROMPT_CHARS
    reading = read_prompt(prompt)
    assert len(reading.parts) == MAX_PARTS
    assert all(each.too_many for each in reading.unknown)
    assert len(reading.parts) + len(reading.unknown) == len(synths) * len(directions)


def test_a_layer_that_comes_again_is_numbered():
    reading = read_prompt("rain on leaves, rain on a tin roof and rain on a window")
    assert [part.name for part in reading.parts] == ["rain", "rain_2", "rain_3"]


def test_a_caption_is_in_the_words_of_the_prompt():
    reading = read_prompt("Heavy rain on a tin roof, {with} distant thunder in a forest")
    captions = {part.name: part.caption for part in reading.parts}
    assert captions["rain"] == "Heavy rain on a tin roof"
    assert captions["thunder"] == "distant thunder"
    assert captions["leaves"] == "leaves rustling in the wind"
