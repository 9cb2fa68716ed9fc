"""Layers that a neural model makes: what a scene file may say of them, and every way to say it wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomtone.scene.model import Constant, Follow, PromptSource, Scene, Slot, StandIn, SynthSource
from roomtone.scene.prompts import PromptFault, prompt_at, read_prompt_pieces

Parse = Callable[[str], Scene]
Mistakes = Callable[[str], list[tuple[str, int, int]]]

CAFE = """\
scene: cafe
seed: 7
parameters:
  rain: {default: 0.4, range: [0, 10]}
  hour: {default: 18, range: [0, 24], wraps: true}
layers:
  window:
    prompt: "{rain: light|steady|heavy} rain on a {hour: dark|sunny} window"
    model: audioldm2
    negative: music
    variations: 3
    seconds: 8
    steps: 50
    guidance: 4.5
    loop: true
    melody: clips/bell.wav
    stand_in: {synth: rain, controls: {intensity: rain, surface: 0.9}}
  storm:
    prompt: a storm far away
    stand_in:
      - {synth: thunder}
      - {synth: rain, gain_db: -6}
"""


def prompt_of(scene: Scene, layer: str) -> PromptSource:
    source = scene.layers[layer].source
    assert isinstance(source, PromptSource)
    return source


def test_a_prompt_is_read_as_it_is_written(parse: Parse, root: Path) -> None:
    window = prompt_of(parse(CAFE), "window")
    assert window.text == (
        Slot(parameter="rain", wordings=("light", "steady", "heavy")),
        " rain on a ",
        Slot(parameter="hour", wordings=("dark", "sunny")),
        " window",
    )
    assert (window.model, window.negative, window.variations) == ("audioldm2", "music", 3)
    assert (window.seconds, window.steps, window.guidance, window.loop) == (8.0, 50, 4.5, True)
    assert window.melody == (root / "clips" / "bell.wav").resolve()
    assert window.seed == 7
    (stand_in,) = window.stand_in
    assert stand_in.source.synth == "rain"
    assert isinstance(stand_in.source.controls["intensity"], Follow)
    assert stand_in.source.controls["surface"] == Constant(0.9)


def test_what_a_prompt_leaves_out_is_the_models_own(parse: Parse) -> None:
    storm = prompt_of(parse(CAFE), "storm")
    assert storm.text == ("a storm far away",)
    assert (storm.model, storm.negative, storm.steps, storm.guidance, storm.melody) == (
        "",
        "",
        None,
        None,
        None,
    )
    assert (storm.variations, storm.seconds, storm.loop) == (4, 10.0, False)
    assert storm.stand_in == (
        StandIn(source=SynthSource(synth="thunder", controls={})),
        StandIn(source=SynthSource(synth="rain", controls={}), gain_db=-6.0),
    )


def test_a_prompt_is_written_out_for_each_choice_of_wordings(parse: Parse) -> None:
    text = prompt_of(parse(CAFE), "window").text
    assert prompt_at(text, (0, 1)) == "light rain on a sunny window"
    assert prompt_at(text, (2, 0)) == "heavy rain on a dark window"


PROMPT = '"{rain: light|steady|heavy} rain on a {hour: dark|sunny} window"'

# Each text has a § where the mistake is to be reported.
ONE_MISTAKE = {
    "scene.prompt": [
        CAFE.replace(PROMPT, '§"{rain: light|heavy rain"'),
        CAFE.replace(PROMPT, '§"{rain} on a window"'),
        CAFE.replace(PROMPT, '§"{rain: light} rain"'),
        CAFE.replace(PROMPT, '§"{rain: a|b} and {rain: c|d}"'),
        CAFE.replace(PROMPT, '§"rain } on a roof"'),
        CAFE.replace(PROMPT, '§" "'),
        CAFE.replace(PROMPT, '§""'),
        CAFE.replace(PROMPT, '§"two\\nlines"'),
        CAFE.replace(PROMPT, '§"{rain: a|b|c|d|e|f|g|h|i}"'),
    ],
    "scene.unknown-parameter": [
        CAFE.replace(PROMPT, '§"{rian: light|heavy} rain"'),
        CAFE.replace("intensity: rain", "intensity: §rian"),
    ],
    "scene.length": [
        CAFE.replace(PROMPT, f'§"{"a" * 501}"'),
        CAFE.replace("seconds: 8", "seconds: 8").replace(
            "      - {synth: thunder}\n      - {synth: rain, gain_db: -6}", "      §[]"
        ),
    ],
    "scene.no-stand-in": [
        CAFE.replace("    stand_in: {synth: rain, controls: {intensity: rain, surface: 0.9}}\n", "").replace(
            "  window:", "  §window:"
        )
    ],
    "scene.two-sources": [
        CAFE.replace("    model: audioldm2", "    synth: rain").replace('    prompt: "{', '    §prompt: "{')
    ],
    "scene.misplaced-key": [
        CAFE.replace("seconds: 8", "§crossfade_s: 1"),
        CAFE.replace("seconds: 8", "§controls: {}"),
    ],
    "scene.unknown-synth": [CAFE.replace("{synth: thunder}", "{synth: §thundr}")],
    "scene.unknown-control": [CAFE.replace("surface: 0.9", "§surfac: 0.9")],
    "scene.unknown-key": [CAFE.replace("gain_db: -6", "§gain: -6"), CAFE.replace("negative:", "§negativ:")],
    "scene.missing-key": [CAFE.replace("- {synth: thunder}", "- §{controls: {}}")],
    "scene.range": [
        CAFE.replace("variations: 3", "variations: §0"),
        CAFE.replace("variations: 3", "variations: §17"),
        CAFE.replace("seconds: 8", "seconds: §61"),
        CAFE.replace("steps: 50", "steps: §0"),
        CAFE.replace("guidance: 4.5", "guidance: §-1"),
        CAFE.replace("surface: 0.9", "surface: §1.9"),
    ],
    "scene.gain-range": [CAFE.replace("gain_db: -6", "gain_db: §7")],
    "scene.type": [
        CAFE.replace("{synth: rain, controls: {intensity: rain, surface: 0.9}}", "§rain"),
        CAFE.replace("loop: true", "loop: §yes"),
    ],
    "scene.clip-missing": [CAFE.replace("clips/bell.wav", "§clips/bel.wav")],
    "scene.clip-outside": [CAFE.replace("clips/bell.wav", "§../secret.wav")],
}


def _marked(text: str) -> tuple[str, int, int]:
    """Take the § out of a text and return where it stood, counted from 1."""
    before, _, after = text.partition("§")
    return before + after, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in ONE_MISTAKE.items() for text in texts]
)
def test_a_mistake_in_a_prompt_is_reported_once_and_where_it_stands(
    code: str, text: str, mistakes: Mistakes
) -> None:
    clean, line, column = _marked(text)
    assert clean != text
    assert mistakes(clean) == [(code, line, column)]


def test_more_banks_than_can_be_made_are_refused() -> None:
    slot = "{{{}: a|b|c|d|e}}"
    assert not isinstance(read_prompt_pieces(slot.format("p") + slot.format("q")), PromptFault)
    assert isinstance(read_prompt_pieces(" ".join(slot.format(name) for name in "pqr")), PromptFault)
    assert isinstance(read_prompt_pieces(" ".join(f"{{{name}: a|b}}" for name in "pqrs")), PromptFault)


@given(st.text(st.characters(exclude_categories=("C",)), max_size=80))
def test_any_text_is_read_or_refused_and_nothing_of_it_is_lost(text: str) -> None:
    pieces = read_prompt_pieces(text)
    if isinstance(pieces, PromptFault):
        return
    slots = [piece for piece in pieces if isinstance(piece, Slot)]
    written = prompt_at(pieces, tuple(0 for _ in slots))
    assert written or slots
    if not slots:
        assert written == " ".join(text.split())
