"""`digestbot explain A --and B`: why two reports are one story, or two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ..edition.context import DigestSpec, EditionContext
from ..edition.draft import EditionDraft
from ..edition.headline import headlined
from ..errors import ConfigError, ConfigErrors
from ..model import Item, Story
from ..stories import CUT, PairEvidence, explain_pair
from .explain import draft_of, shares, titled
from .story_lookup import found_in, words_in


def explain_two(
    references: tuple[str, str], spec: DigestSpec, context: EditionContext, *, now: datetime, day: date | None = None
) -> PairEvidence:
    """Compare two items of an edition again.

    Args:
        references: of each as `explain` takes them; of a story, the item whose title is its headline.
        spec: the digest.
        context: over a store that holds the items; nothing is collected.
        now: as for `explain`.
        day: as for `explain`.

    Raises:
        ConfigErrors: no edition was made for `day`, or an item is in no story of it.
    """
    draft = draft_of(spec, context, now=now, day=day)
    items: list[Item] = []
    for reference in references:
        story, item = found_in(draft, reference)
        if story is None:
            fix = "copy a link, a number or words of a title from this digest"
            raise ConfigErrors([ConfigError(reference, f"is in no story of {draft.edition.date}", fix)])
        items.append(item or _worded(reference, story) or _headline(story, draft, spec))
    one, other = items
    if one.id == other.id:
        raise ConfigErrors([ConfigError("--and", "names the same item", "name another one")])
    return explain_pair(
        one,
        other,
        draft.stories,
        background=draft.background,
        meaning=context.meaning,
        across_languages=spec.across_languages,
    )


def pair_lines(pair: PairEvidence) -> Iterator[str]:
    """The evidence in words."""
    yield titled(pair.one)
    yield titled(pair.other)
    if pair.together:
        yield f"They are in one story, of {len(pair.story_of_one.items)} items."
    else:
        yield "They are in two stories."
    yield f"Similarity {pair.similarity:.2f} of 1; two items alone are one story from {CUT:.2f} on, more by the mean of all their pairs."
    if pair.similarity != pair.in_words:
        yield f"  in words alone {pair.in_words:.2f}; the rest is their meaning"
    yield f"For it: both say {shares(pair.shared)}" if pair.shared else "For it: no word that says anything is in both"
    if pair.only_one:
        yield f"Against it: only the first says {', '.join(pair.only_one)}"
    if pair.only_other:
        yield f"Against it: only the second says {', '.join(pair.only_other)}"
    if pair.titles_unsaid:
        yield "Against it: neither says what the title of the other is about, as in reports written by a template"
    if pair.contrast:
        yield "Against it: their titles tell two events: other names, another step of one matter, or another release"
    if pair.apart is not None:
        yield f"{'Against it' if pair.is_far_in_time else 'Time'}: {_in_words(pair.apart)} lie between them"


def pair_as_dict(pair: PairEvidence) -> dict[str, object]:
    """The same for programs."""
    return {
        "items": [{"id": one.id, "title": one.title, "source": one.source} for one in (pair.one, pair.other)],
        "together": pair.together,
        "similarity": round(pair.similarity, 4),
        "in_words": round(pair.in_words, 4),
        "needed": CUT,
        "shared": {term.word: round(term.share, 4) for term in pair.shared},
        "only": [list(pair.only_one), list(pair.only_other)],
        "titles_unsaid": pair.titles_unsaid,
        "contrast": pair.contrast,
        "hours_apart": round(pair.apart.total_seconds() / 3600, 1) if pair.apart is not None else None,
    }


def _headline(story: Story, draft: EditionDraft, spec: DigestSpec) -> Item:
    """Whoever names a number has the headline before them, which need not be the first item's title."""
    entries = (one for one in draft.entries if one.story.id == story.id)
    return next((headlined(one, language=spec.headline_language).story.lead for one in entries), story.lead)


def _worded(reference: str, story: Story) -> Item | None:
    """The item of the story whose title holds the words, which may not be its first."""
    words = words_in(reference)
    return next((item for item in story.items if words <= words_in(item.title)), None)


def _in_words(gap: timedelta) -> str:
    hours = gap.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"
