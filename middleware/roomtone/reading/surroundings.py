"""When and where all of it sounds, and what that does to the parts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from roomtone.reading.circumstances import HOURLY, phase_of
from roomtone.reading.drafts import Draft
from roomtone.reading.entry import Role
from roomtone.reading.heads import Head
from roomtone.reading.meanings import Place, Setting, Sound, Surface
from roomtone.reading.reading import Circumstances
from roomtone.reading.surfaces import SURFACES
from roomtone.reading.text import Span

Spans = Callable[[Sequence[int]], tuple[Span, ...]]
"""From chunks to the words that they are made of."""

_BY_NAME: Final = {surface.name: surface for surface in SURFACES}
# Out of doors, heard from inside; overhead the roof is nearer than the window.
_INDOORS, _UNDER_A_ROOF, _OUT_THERE = 0.5, 0.25, 0.6
# How much of the wind is heard in the leaves at least.
_STIRRED: Final = 0.8


def circumstances_of(heads: Sequence[Head], spans: Spans) -> Circumstances:
    """Gather what is said of when, where and in what weather; of two times the first counts."""
    there = [head for head in heads if not head.refused]
    settings = [(head.meaning, head) for head in there if isinstance(head.meaning, Setting)]
    places = [(head.meaning, head) for head in there if isinstance(head.meaning, Place)]
    chunks = sorted({i for _, head in (*settings, *places) for i in head.chunks})
    return Circumstances(
        inside=_inside(there),
        hour=next(_hours(there), None),
        season=next((setting.season for setting, _ in settings if setting.season), ""),
        warmth=next(_warmths(settings), None),
        weather=tuple(dict.fromkeys(setting.weather for setting, _ in settings if setting.weather)),
        places=tuple(dict.fromkeys(place.nouns[0] for place, _ in places)),
        words=spans(chunks),
    )


def _hours(heads: Sequence[Head]) -> Iterator[float]:
    for head in heads:
        match head.meaning:
            case Setting(hour=float(hour)):
                yield hour
            case Sound(said=said) if said.hour is not None:
                yield said.hour


def _warmths(settings: Sequence[tuple[Setting, Head]]) -> Iterator[float]:
    """Yield what is said of heat; a word for it counts before the season."""
    yield from (s.warmth for s, _ in settings if s.warmth is not None and not s.season)
    yield from (s.warmth for s, _ in settings if s.warmth is not None)


def _inside(heads: Sequence[Head]) -> bool | None:
    """Say where the listener is: what is said in as many words counts before what a place implies."""
    said = [head.meaning.inside for head in heads if isinstance(head.meaning, Setting)]
    said += [tone.inside for head in heads for tone in head.tones]
    if any(tone.outside for head in heads for tone in head.tones):
        said.append(any(_is_within_walls(head) for head in heads) or None)
    implied = [not head.outside for head in heads if isinstance(head.meaning, Place) and head.meaning.inside]
    return next((inside for inside in (*said, *implied) if inside is not None), None)


def _is_within_walls(head: Head) -> bool:
    """Whether a head is a fire or people, and not out there: who says that rain is outside is inside with them."""
    sheltered = isinstance(head.meaning, Sound) and not head.meaning.entry.outdoors
    return sheltered and not any(tone.outside for tone in head.tones)


def surround(drafts: Sequence[Draft], heads: Sequence[Head], around: Circumstances) -> None:
    """Let season, heat, hour, walls and wind change the drafts."""
    said = [h.meaning.pulls for h in heads if isinstance(h.meaning, Setting) and not h.refused]
    if around.hour is not None:
        said.append(HOURLY.get(phase_of(around.hour), {}))
    roof = next((h.meaning.roof for h in heads if isinstance(h.meaning, Place) and _roofs(h)), "")
    for draft in drafts:
        _colour(draft, [pulls.get(draft.entry.synth, {}) for pulls in said], around)
        if around.inside:
            _wall_in(draft, roof)
    _stir(drafts)


def _colour(draft: Draft, pulls: Sequence[Mapping[Role, float]], around: Circumstances) -> None:
    """Let season, hour and heat change a sound; how much of it there is only where nobody says so."""
    amount_is_said = draft.count is not None or "amount" in draft.pulls
    for each in pulls:
        draft.pull({role: pull for role, pull in each.items() if role != "amount" or not amount_is_said})
    if around.warmth is not None:
        draft.pull({"warmth": around.warmth})


def _roofs(head: Head) -> bool:
    return (
        isinstance(head.meaning, Place) and bool(head.meaning.roof) and not head.refused and not head.outside
    )


def _wall_in(draft: Draft, roof: str) -> None:
    """Put a wall between a listener who is inside and what is outside."""
    surface: Surface | None = _BY_NAME.get(roof)
    if surface is not None and draft.surface is None and draft.entry.synth in surface.sets:
        draft.surface = surface
        draft.muffle = max(draft.muffle, _UNDER_A_ROOF)
    elif draft.outside:
        draft.muffle = max(draft.muffle, _OUT_THERE)
    elif draft.entry.outdoors and draft.surface is None:
        draft.muffle = max(draft.muffle, _INDOORS)


def _stir(drafts: Sequence[Draft]) -> None:
    """Let what the wind moves be no calmer than the wind, unless somebody says how it moves."""
    amounts = {draft.entry.synth: draft.at.get("amount", 0.5) for draft in drafts}
    for draft in drafts:
        wind = amounts.get(draft.entry.stirred_by)
        if wind is not None and "amount" not in draft.pulls:
            draft.at["amount"] = max(draft.at.get("amount", 0.0), _STIRRED * wind)
