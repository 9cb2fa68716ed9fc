"""The tables keep their promises: every synth has words, every word leads to a control, every level was measured."""

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest

from listening.hearing import short_term_lufs
from listening.sweep import hear
from roomtone.reading import circumstances, tones
from roomtone.reading.cues import CUES
from roomtone.reading.entry import ROLES, Entry, Role
from roomtone.reading.index import index, stated
from roomtone.reading.lexicon import LEXICON
from roomtone.reading.meanings import Place, Sound
from roomtone.reading.mix import own_loudness_db
from roomtone.reading.places import PLACES
from roomtone.reading.prompt import read_prompt
from roomtone.reading.surfaces import SURFACES
from roomtone.scene.names import NAME_PATTERN
from roomtone.synths import SYNTHS

# Gusts, passing cars and single calls differ by some dB from one take of 20 s to the next.
_AS_PLANNED_DB = 3.8

entries = pytest.mark.parametrize("entry", LEXICON.values(), ids=LEXICON)


def test_every_synth_has_a_row_and_every_row_a_synth():
    assert sorted(LEXICON) == sorted(SYNTHS)


@entries
def test_a_row_names_controls_that_exist(entry: Entry):
    controls = {control.name for control in SYNTHS[entry.synth].controls}
    assert {control.removeprefix("-") for control in entry.roles.values()} <= controls
    assert "amount" in entry.roles
    assert not entry.stirred_by or entry.stirred_by in LEXICON


@entries
def test_a_row_states_only_roles_that_it_plays(entry: Entry):
    assert set(entry.roles) <= set(ROLES)
    for said in entry.said:
        assert set(said.at) <= set(entry.roles)
        assert said.nouns or said.verbs or said.others
        low, high = said.span
        assert low <= said.at.get("amount", 0.5) <= high


@pytest.mark.parametrize(
    ("synth", "role"),
    [
        ("footsteps", "hardness"),
        ("clock", "size"),
        ("frogs", "pitch"),
        ("drill", "hardness"),
        ("hammer", "hardness"),
    ],
)
def test_words_for_a_named_setting_lead_to_where_it_stands(synth: str, role: Role):
    entry = LEXICON[synth]
    (control,) = (each for each in SYNTHS[synth].controls if each.name == entry.roles[role])
    assert {said.at[role] for said in entry.said if role in said.at} <= {place for _, place in control.names}


def test_people_walk_on_grounds_that_have_a_name():
    (ground,) = (control for control in SYNTHS["footsteps"].controls if control.name == "surface")
    stated = {surface.sets["footsteps"]["hardness"] for surface in SURFACES if "footsteps" in surface.sets}
    assert stated <= {place for _, place in ground.names}


@entries
def test_every_name_of_a_sound_is_heard_as_that_sound(entry: Entry):
    for said in entry.said:
        for name in (*said.nouns, *said.others):
            parts = read_prompt(name).parts
            assert [part.synth for part in parts] == [entry.synth], name


def test_every_word_that_changes_a_sound_names_roles_and_synths_that_exist():
    for texts, tone in (*tones.ADJECTIVES, *tones.PHRASES, *CUES):
        assert set(tone.pulls) <= set(ROLES), texts
        assert set(tone.only) | ({tone.alone} - {""}) <= set(LEXICON), texts
        assert all(-1.0 <= pull <= 1.0 for pull in tone.pulls.values()), texts


def test_every_setting_and_every_hour_colours_sounds_that_exist():
    hourly = circumstances.HOURLY.values()
    for pulls in (*(setting.pulls for _, setting in circumstances.SETTINGS), *hourly):
        for synth, roles in pulls.items():
            assert set(roles) <= set(LEXICON[synth].roles)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.nouns[0])
def test_a_place_is_made_of_sounds_that_exist(place: Place):
    for member in place.members:
        assert set(member.at) <= set(LEXICON[member.synth].roles)
    assert place.members or place.inside
    assert not place.roof or place.roof in {surface.name for surface in SURFACES}


def test_a_surface_sets_roles_that_exist():
    for surface in SURFACES:
        for synth, roles in surface.sets.items():
            assert set(roles) <= set(LEXICON[synth].roles), surface.name


def test_no_phrase_means_two_sounds_or_a_sound_and_a_place():
    meanings: dict[str, set[str]] = defaultdict(set)
    for text, meaning in stated():
        match meaning:
            case Sound(entry=entry):
                meanings[text].add(entry.synth)
            case Place(nouns=nouns):
                meanings[text].add(f"place {nouns[0]}")
    assert {text: names for text, names in meanings.items() if len(names) > 1} == {}


def test_phrases_are_written_as_they_are_looked_up():
    for phrase in index().senses:
        for word in phrase:
            assert word == word.lower()
            assert word.isascii()
            assert word not in {"a", "an", "the"}, phrase


def test_parameters_have_names_that_a_scene_file_takes():
    for entry in LEXICON.values():
        assert re.fullmatch(NAME_PATTERN, entry.steer.parameter)
        hours = entry.steer.hours
        if hours:
            assert (hours[0][0], hours[-1][0]) == (0, 24)
            assert hours[0][1] == hours[-1][1]


# Levels ------------------------------------------------------------------------------------------


@entries
def test_a_mix_is_planned_with_what_a_synth_measures(entry: Entry):
    # What two controls do together is taken for the sum of what each does.
    for controls in _settings(entry):
        planned_db = own_loudness_db(entry.synth, {**_defaults(entry), **controls})
        # As long as what the calibration heard: the loudest of a longer take is louder.
        takes = [hear(entry.synth, controls, seconds=20.0, seed=seed) for seed in range(11, 14)]
        heard_db = float(np.mean([short_term_lufs(x) for x in takes]))
        assert heard_db == pytest.approx(planned_db, abs=_AS_PLANNED_DB), controls


def _settings(entry: Entry) -> Iterator[dict[str, float]]:
    """Choose what to listen to: as it is, much of it close by, little of it further off."""
    amount = entry.roles["amount"]
    yield {}
    if amount != "rate":
        yield {amount: 0.9}
        yield {amount: 0.4, "distance": 0.4}


def _defaults(entry: Entry) -> dict[str, float]:
    return {control.name: control.default for control in SYNTHS[entry.synth].controls}
