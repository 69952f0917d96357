"""Each kind of parameter reads what it wrote, and refuses the rest in one sentence."""

import pytest

from mangetamain.errors import BadInput
from mangetamain.measures import Of, To, Years
from mangetamain.parameters import Choice, Span, Switch, Words, kinds

CHOICE = Choice("Fruit", {"apple": "Apple", "pear": "Pear"})
BAND = Choice("Band", {"25-75": "Middle", "5-95": "Nearly all"})
TO: Choice = To.__metadata__[0]
RATING = (
    f"it cannot be 'rating': expected one of {', '.join(TO.values)}; a measure of reviews is set against one of "
    "recipes, as in of=rating to=minutes."
)
SPAN = Span("Years", 1999, 2018)
SWITCH = Switch("Really")
WORDS = Words("Terms", 2)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (CHOICE, "pear"),
        (SPAN, (2002, 2010)),
        (SPAN, (2005, 2005)),
        (SWITCH, True),
        (SWITCH, False),
        (WORDS, ("a", "b c")),
        (WORDS, ()),
    ],
)
def test_a_value_survives_being_written(kind, value):
    assert kind.parse("it", kind.text(value)) == value


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (SPAN, "2005", (2005, 2005)),
        (SPAN, [2002, 2004], (2002, 2004)),
        (SPAN, 2003, (2003, 2003)),
        (SWITCH, "Oui", True),
        (SWITCH, 0, False),
        (WORDS, " Salt,salt , Olive Oil", ("salt", "olive oil")),
    ],
)
def test_what_people_write_is_read(kind, given, read):
    assert kind.parse("it", given) == read


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (CHOICE, "aple", "it cannot be 'aple': expected one of apple, pear; did you mean apple?"),
        (CHOICE, 3, "it cannot be 3: expected one of apple, pear."),
        (
            SPAN,
            "2010-2002",
            "it cannot be '2010-2002': expected first-last between 1999 and 2018; did you mean 2002-2010?",
        ),
        (
            SPAN,
            "1850-2002",
            "it cannot be '1850-2002': expected first-last between 1999 and 2018; did you mean 1999-2002?",
        ),
        (BAND, "75-25", "it cannot be '75-25': expected one of 25-75, 5-95; did you mean 25-75?"),
        (TO, "rating", RATING),
        (SPAN, "20x0", "it cannot be '20x0': expected first-last between 1999 and 2018."),
        (SPAN, "", "it cannot be '': expected first-last between 1999 and 2018."),
        (SPAN, "2001-2002-2003", "it cannot be '2001-2002-2003': expected first-last between 1999 and 2018."),
        (SWITCH, "perhaps", "it cannot be 'perhaps': expected yes, no."),
        (WORDS, "a,b,c", "it cannot be 'a,b,c': expected at most 2 words separated by commas."),
        (WORDS, 7, "it cannot be 7: expected at most 2 words separated by commas."),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence(kind, given, said):
    with pytest.raises(BadInput) as refusal:
        kind.parse("it", given)
    assert str(refusal.value) == said


def test_parameters_are_read_off_the_annotations():
    def table(con, *, years: Years = (2000, 2001), of: Of = "minutes", plain: int = 3): ...

    found = kinds(table)
    assert list(found) == ["years", "of"]
    assert found["years"][1] == (2000, 2001)
    assert isinstance(found["of"][0], Choice)
