"""Prompts as people write them, and what must be understood of each."""

import pytest
from expectations import misunderstood

from roomtone.reading.prompt import read_prompt

# The prompt, its parts (see `expectations`), and the words that must be named as unknown.
SOUNDS = (
    # Rain and how much of it.
    ("rain", "rain intensity=.5 main bed named", ""),
    ("light rain", "rain intensity<.35", ""),
    ("It's raining heavily", "rain intensity>.7", ""),
    ("a gentle drizzle", "rain intensity<.2", ""),
    ("torrential rain", "rain intensity>.97", ""),
    ("pouring rain", "rain intensity>.8", ""),
    ("raining cats and dogs", "rain intensity>.8", ""),
    ("a bit of rain", "rain intensity<.3", ""),
    ("barely any rain", "rain intensity<.15", ""),
    ("heavy and loud rain", "rain intensity>.85", ""),
    ("rain, soft and gentle", "rain intensity<.25", ""),
    ("the rain is light and the wind is strong", "rain intensity<.35 | wind strength>.7", ""),
    ("not too heavy rain", "rain intensity<.5 intensity>.2", ""),
    ("a few drops of rain", "rain intensity<.2", ""),
    ("monsoon rain", "rain intensity>.9", ""),
    # What it falls on.
    ("rain on a tin roof", "rain surface>.95 on=tin", ""),
    ("heavy rain drumming on a metal roof", "rain intensity>.7 surface>.95 on=tin", ""),
    ("rain on the window", "rain surface>.8 brightness<.4 on=glass", ""),
    ("rain pattering on a tent", "rain surface<.1 on=tent", ""),
    ("rain falling softly on leaves", "rain surface<.5 intensity<.4 on=leaves", ""),
    ("rain on grass", "rain surface<.2 on=grass", ""),
    ("rain on leaves and on a tin roof", "rain on=leaves main | rain_2 on=tin surface>.9 beside", ""),
    ("tin roof, rain", "rain on=tin", ""),
    ("waves crashing on rocks", "waves intensity>.7 foam<.2 on=rocks", ""),
    ("gentle waves on a pebble beach", "waves intensity<.35 foam>.9 on=pebbles", ""),
    ("a brook over pebbles", "stream depth<.2 on=pebbles", ""),
    # Several at once.
    (
        "rain on a tin roof with distant thunder and crickets",
        "rain on=tin main | thunder distance>.7 background scatter | crickets beside",
        "",
    ),
    ("wind in the leaves", "wind main | leaves beside", ""),
    ("rain+wind & waves", "rain | wind | waves", ""),
    ("RAIN!!! And THUNDER???", "rain | thunder", ""),
    ("babbling brook, birds chirping, leaves rustling", "stream bubbliness>.6 | birds | leaves", ""),
    ("heavy wind and light rain", "wind strength>.7 | rain intensity<.35", ""),
    ("light rain and heavy wind", "rain intensity<.35 | wind strength>.7", ""),
    # Wind, thunder, water, fire.
    ("a light breeze", "wind strength<.25", ""),
    ("gale", "wind strength>.8", ""),
    ("gusty wind", "wind gustiness>.8", ""),
    ("wind howling through the pines", "wind whistle>.5 strength>.6 | leaves dryness<.2", ""),
    ("very windy", "wind strength>.65", ""),
    ("dry autumn leaves", "leaves dryness>.9", ""),
    ("thunder overhead", "thunder distance<.1 scatter", ""),
    ("lightning strikes", "thunder distance<.2", ""),
    ("rolling thunder far away", "thunder rumble>.7 distance>.8", ""),
    ("thunder 5 km away", "thunder distance>.95", ""),
    ("murmur of a stream", "stream flow<.3", ""),
    ("the roar of the ocean", "waves intensity>.85", ""),
    ("calm sea lapping at the shore", "waves intensity<.2 | wind", ""),
    ("ocean surf, distant", "waves distance>.7 foam=.6", ""),
    ("a deep river", "stream flow>.65 depth>.8", ""),
    ("campfire", "fire point main", ""),
    ("enormous bonfire", "fire intensity>.9 size>.95", ""),
    ("glowing embers", "fire intensity<.1", ""),
    ("a crackling fire in the hearth", "fire crackle>.6", ""),
    # Animals and people, counted and not.
    ("a single blackbird", "birds activity=0 pitch<.5", ""),
    ("a few birds", "birds activity<.3 activity>.1", ""),
    ("one or two birds in the distance", "birds activity<.15 distance>.7", ""),
    ("dozens of birds", "birds activity=1", ""),
    ("a robin and a blackbird", "birds activity<.2 activity>.05", ""),
    ("dawn chorus", "birds activity>.9", ""),
    ("birds at dawn", "birds activity>.65", ""),
    ("two crickets chirping nearby", "crickets density<.15 distance<.15", ""),
    ("crickets on a warm night", "crickets temperature>.7", ""),
    ("crickets on a cold night", "crickets temperature<.3", ""),
    ("people talking", "crowd clatter<.1", ""),
    ("a large crowd cheering", "crowd density>.7 excitement>.9", ""),
    ("several people whispering", "whispers voices<.6", ""),
    ("laughter", "crowd excitement>.7", ""),
    ("three people talking around a campfire", "crowd density<.15 main | fire beside", ""),
    # Places.
    ("thunderstorm", "rain intensity>.8 main | thunder | wind strength>.6", ""),
    ("a violent thunderstorm over the sea", "rain intensity>.95 main | thunder | wind | waves", ""),
    ("a forest at night", "leaves main implied | crickets implied | wind", ""),
    ("forest", "leaves | birds | wind", ""),
    ("jungle", "birds variety=1 | crickets temperature>.8 | leaves", ""),
    ("windy beach", "wind strength=.5 main named | waves implied", ""),
    ("a busy market", "crowd density>.9", ""),
    ("a quiet café", "crowd density<.3 clatter=.5", ""),
    ("cups clinking in a café", "crowd clatter>.75", ""),
    ("city park", "birds | crowd distance>.8 | leaves", ""),
    ("mountain", "wind whistle>.2", ""),
    ("cave", "drips depth>.7 room=1 | wind brightness<.2", ""),
    ("medieval tavern", "crowd | fire", ""),
    ("birds in a forest", "birds main named | leaves beside | wind background", ""),
    ("summer night", "crickets temperature>.6 | wind | leaves", ""),
    ("a cold winter night", "wind | leaves", ""),
    ("autumn forest", "leaves dryness>.7 | birds | wind", ""),
    # Where they are, and through what they are heard.
    ("a busy café with rain outside", "crowd main | rain background inside>.4", ""),
    ("a fire, and howling wind outside", "fire main | wind background inside>.4", ""),
    ("rain outside a café", "rain brightness=.5 main | crowd distance>.3 inside>.4 background", ""),
    (
        "inside a tent in a storm",
        "rain on=tent inside>.1 main | thunder background | wind background",
        "",
    ),
    ("rain heard from inside a cabin", "rain on=roof inside>.3", ""),
    ("people murmuring behind a closed door", "crowd inside>.5 excitement<.2", ""),
    ("birds to the left, a brook to the right", "birds area | stream area", ""),
    ("a campfire behind me", "fire point", ""),
    ("drizzle in the background, people chatting", "rain background | crowd main", ""),
    (
        "in the distance, thunder; crickets nearby",
        "thunder distance>.8 background | crickets distance<.1 main",
        "",
    ),
    # What is not to be heard.
    ("a forest without birds", "leaves | wind", ""),
    ("a thunderstorm without thunder", "rain | wind", ""),
    ("no rain, just wind", "wind", ""),
    ("without wind and rain, a brook", "stream", ""),
    ("neither birds nor wind, only crickets", "crickets", ""),
    ("windless forest", "leaves | birds", ""),
    ("after the rain, birds sing", "birds", ""),
    # Words with two sides.
    ("heavy rain and thunder roaring in the distance", "rain intensity=.8 | thunder distance>.8", ""),
    ("deep forest", "leaves | birds pitch=.5 | wind", ""),
    ("inside a parked car in the rain", "rain on=tin inside>.1", ""),
    ("birds, occasional car passing", "birds | traffic", ""),
    ("winds of 100 km/h", "wind strength=1", ""),
    ("a person talking", "crowd density=0", ""),
    ("rustling trees", "leaves", ""),
    ("rustling paper", "", "paper"),
    ("howling wolves", "", "wolves"),
    ("crackling and popping", "fire crackle>.8", ""),
    ("a trickle of water", "stream flow<.2", ""),
    ("rain drips from the roof", "rain intensity<.4", ""),
    ("a snow storm", "snow_wind strength>.8", ""),
    ("snow outside, a fire in the hearth", "snow_wind | fire", ""),
    ("a city street after rain", "", "city_street"),
    # What nobody can make, or not yet.
    ("dragons", "", "dragons"),
    ("heavy dragons in light rain", "rain intensity<.35", "dragons"),
    ("dragons roaring over a burning city", "fire", "dragons city"),
    ("wind chimes in a gentle breeze", "wind strength<.25", "wind_chimes"),
    ("an orchestra by the sea", "waves", "orchestra"),
    ("a choir of ghosts, and rain", "rain", "choir ghosts"),
    ("rian and thundr", "", "rian thundr"),
    ("🐉 and rain", "rain", "🐉"),
    ("heavy", "", "heavy"),
    ("the sound of it all", "", ""),
)


@pytest.mark.parametrize(("prompt", "parts", "unknown"), SOUNDS, ids=[prompt for prompt, _, _ in SOUNDS])
def test_a_prompt_is_understood(prompt: str, parts: str, unknown: str):
    reading = read_prompt(prompt)
    assert misunderstood(reading.parts, parts) == []
    assert [each.word.replace(" ", "_") for each in reading.unknown] == unknown.split()


CIRCUMSTANCES = (
    ("crickets at midnight", {"hour": 0.0}),
    ("rain at 3 am", {"hour": 3.0}),
    ("rain at 10:30 pm", {"hour": 22.5}),
    ("birds at dawn", {"hour": 5.5}),
    ("dawn chorus", {"hour": 5.5}),
    ("a meadow at noon", {"hour": 12.0}),
    ("the sea at dusk", {"hour": 19.8}),
    ("rain heard from inside a cabin", {"inside": True}),
    ("birds outside the window", {"inside": True}),
    ("people talking outside", {"inside": None}),
    ("outdoor market", {"inside": False}),
    ("inside a forest", {"inside": None}),
    ("hot summer meadow", {"season": "summer", "warmth": 0.9}),
    ("wind at 5 degrees", {"warmth": -0.93}),
    ("a foggy beach", {"weather": ("foggy",)}),
    ("a pub by the sea", {"places": ("pub",), "inside": True}),
)


@pytest.mark.parametrize(("prompt", "expected"), CIRCUMSTANCES, ids=[prompt for prompt, _ in CIRCUMSTANCES])
def test_when_and_where_are_understood(prompt: str, expected: dict[str, object]):
    around = read_prompt(prompt).circumstances
    for name, value in expected.items():
        assert getattr(around, name) == (
            pytest.approx(value, abs=0.01) if isinstance(value, float) else value
        )


EXCLUDED = (
    ("rain, no birds", "no birds", ("birds",)),
    ("rain without any wind", "without any wind", ("wind",)),
    ("a windless night", "windless", ("wind",)),
    ("rain, no dragons", "no dragons", ()),
    ("after the storm, birds", "after storm", ("rain", "thunder", "wind")),
    ("a café, no loud people", "no loud people", ("crowd",)),
)


@pytest.mark.parametrize(("prompt", "words", "synths"), EXCLUDED, ids=[prompt for prompt, _, _ in EXCLUDED])
def test_what_is_not_to_be_heard_is_left_out(prompt: str, words: str, synths: tuple[str, ...]):
    reading = read_prompt(prompt)
    (excluded,) = reading.excluded
    assert " ".join(word.text for word in excluded.words) == words
    assert excluded.synths == synths
    assert not reading.unknown


SUGGESTIONS = (
    ("rian", "rain"),
    ("thundr", "thunder"),
    ("criket", "cricket"),
    ("forrest", "forest"),
    ("parrot", "birds"),
    ("canal", "stream"),
    ("train station", "crowd"),
)


@pytest.mark.parametrize(("word", "meant"), SUGGESTIONS)
def test_an_unknown_word_comes_with_what_was_probably_meant(word: str, meant: str):
    (unknown,) = read_prompt(word).unknown
    assert unknown.word == word
    assert meant in unknown.suggestions


@pytest.mark.parametrize("word", ["unicorns", "dragons", "violin", "xyzzy", "ネコ"])
def test_a_word_that_is_like_nothing_gets_no_suggestion(word: str):
    (unknown,) = read_prompt(word).unknown
    assert unknown.suggestions == ()
