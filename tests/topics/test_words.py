"""How topics take a text apart."""

from hypothesis import given
from hypothesis import strategies as st

from digestbot.topics.words import topic_text


@given(st.text("abSX19 .,'&-_+#:\n\"", max_size=30))
def test_plain_english_is_taken_apart_as_any_other_text_is(text: str) -> None:
    """The quick way for text in ASCII finds what the general one finds, which a word with an accent leads to."""
    whole = topic_text(f"{text} Žižkov")
    plain = topic_text(text)
    assert (*plain.parts, "zizkov") == tuple(whole.parts)
    assert tuple(plain.forms) == tuple(whole.forms)
