"""A selection's text: to conditions and back, in one order, and whatever is none of the grammar refused."""

import contextlib
import operator
import random
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mangetamain.conditions import LONGEST, MOST, Comparison, Range, Term, read, write
from mangetamain.errors import BadInput
from mangetamain.measures import Against, Among
from mangetamain.panels.view import control
from mangetamain.parameters import Selection

AMONG: Selection = Among.__metadata__[0]
AGAINST: Selection = Against.__metadata__[0]
EXAMPLE = "vegetarian, chicken, not dessert, minutes<=30, calories 200-500"
CONDITIONS = (
    Term("chicken"),
    Term("vegetarian"),
    Term("dessert", None, True),
    Range("calories", 200, 500),
    Comparison("minutes", "<=", 30),
)

# Whatever a term may be: any text in lower case without blanks around it, the grammar's own signs among the letters.
SIGNS = st.sampled_from(
    ['"', ",", ":", "<", ">", "=", " ", "not ", "tag:", "all", "1", "-", "minutes<=30", "≤", "\n", "'"]
)
WORDS = st.lists(st.one_of(SIGNS, st.text(max_size=5)), max_size=6).map(lambda parts: "".join(parts).lower().strip())
TERMS = st.builds(
    Term, WORDS.filter(lambda word: word and word == word.lower().strip()),
    st.sampled_from([None, "tag", "ingredient"]), st.booleans(),
)  # fmt: skip
MEASURES = st.from_regex(r"[a-z](_?[a-z]){0,8}", fullmatch=True)
NUMBERS = st.integers(0, 10**12 - 1).map(lambda thousandths: thousandths / 1000)
COMPARISONS = st.builds(Comparison, MEASURES, st.sampled_from(["<=", ">=", "<", ">", "="]), NUMBERS)
RANGES = st.builds(lambda measure, ends: Range(measure, *sorted(ends)), MEASURES, st.tuples(NUMBERS, NUMBERS))
COMPARED = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "=": operator.eq}
SELECTIONS = st.lists(st.one_of(TERMS, COMPARISONS, RANGES), max_size=MOST)


def met(condition, value):
    """Whether a value of the measure meets a condition on it."""
    if isinstance(condition, Range):
        return condition.low <= value <= condition.high
    return COMPARED[condition.operator](value, condition.number)


def possible(conditions):
    """Whether some value of each measure meets all that is said of it: one of the ends, or one right beside it."""
    measured = [each for each in conditions if not isinstance(each, Term)]
    for measure in {each.measure for each in measured}:
        given = [each for each in measured if each.measure == measure]
        ends = {end for each in given for end in ([each.low, each.high] if isinstance(each, Range) else [each.number])}
        values = [end + beside for end in ends for beside in (-0.0005, 0, 0.0005)]
        if not any(all(met(each, value) for each in given) for value in values):
            return False
    return True


def test_the_example_is_read():
    assert read("among", EXAMPLE) == CONDITIONS
    assert write(CONDITIONS) == "chicken, vegetarian, not dessert, calories 200-500, minutes<=30"


@given(SELECTIONS)
@example(
    [Term('"'), Term("a, b"), Term("all"), Term("not"), Term("calories 2-3"), Term("7"), Term("a\u00a0b", "tag", True)]
)
@example([Term("salt and pepper", "ingredient"), Term(";", "tag"), Term("oil & vinegar", "ingredient", True)])
def test_conditions_survive_being_written(conditions):
    text = write(tuple(conditions))
    assume(len(text) <= LONGEST and possible(conditions))
    assert set(read("among", text)) == set(conditions)
    assert write(read("among", text)) == text


@given(SELECTIONS, st.randoms(use_true_random=False))
def test_one_selection_has_one_text_whatever_the_order(conditions, chance):
    assume(len(write(tuple(conditions))) <= LONGEST and possible(conditions))
    other = conditions[:]
    chance.shuffle(other)
    text = ",".join(map(str, other))
    assert write(read("among", text)) == write(tuple(conditions))


FEW = st.integers(0, 3).map(float)
NEARBY = st.one_of(
    st.builds(Comparison, st.sampled_from(["fat", "minutes"]), st.sampled_from([*COMPARED]), FEW),
    st.builds(lambda ends: Range("fat", *sorted(ends)), st.tuples(FEW, FEW)),
)


@given(st.lists(NEARBY, max_size=4))
@example([Comparison("minutes", "<", 30.0), Comparison("minutes", ">=", 30.0)])
@example([Comparison("minutes", "<=", 30.0), Comparison("minutes", ">=", 30.0)])
def test_what_contradicts_itself_is_refused_and_nothing_else(conditions):
    text = write(tuple(conditions))
    if possible(conditions):
        assert set(read("among", text)) == set(conditions)
    else:
        with pytest.raises(BadInput, match=r"among cannot hold both \S+ ?\S* and \S+ ?\S*: no recipe can meet the two"):
            read("among", text)


@pytest.mark.parametrize("seed", range(20))
def test_blanks_case_and_zeros_make_no_difference(seed):
    chance = random.Random(seed)
    parts = [
        ["vegetarian", "Vegetarian ", "VEGETARIAN"],
        ["ingredient:olive oil", " Ingredient: olive   oil", 'ingredient:"olive oil"', "INGREDIENT :\tOlive oil"],
        ["not dessert", "NOT   dessert", 'not "dessert"'],
        ["minutes<=30", "minutes <= 030", "Minutes≤30.0", "minutes <=30.000"],
        ["saturated_fat 2.5-10", "saturated fat 2.50 - 10", "Saturated_Fat 2.5–10.0"],
        ["", "  ", "vegetarian"],
    ]  # fmt: skip
    chosen = [chance.choice(ways) for ways in parts]
    chance.shuffle(chosen)
    said = "ingredient:olive oil, vegetarian, not dessert, minutes<=30, saturated_fat 2.5-10"
    assert write(read("among", ",".join(chosen))) == said


SIGNIFICANT = [
    *'",:<>=≤≥!-–.;\'\\$%(){}[] \t\n\x00\x1b\u202eİẞΣ', "not ", "tag:", "ingredient:", "minutes", "calories", "<=",
    "200-500", "30", "all", "OR 1=1", "DROP TABLE", "$among_0",
]  # fmt: skip
FRAGMENTS = st.lists(st.one_of(st.sampled_from(SIGNIFICANT), st.characters()), max_size=60).map("".join)


@given(st.one_of(FRAGMENTS, st.text(st.characters(), max_size=LONGEST + 50)))
@example("\ud800")
@example('"' * 499)
@example("İ" * LONGEST)
@example("a," * (LONGEST // 2))
def test_any_text_is_a_selection_or_refused(text):
    try:
        conditions = read("among", text)
    except BadInput as refusal:
        for lang in ("en", "fr"):
            said = refusal.message.render(lang)
            assert said
            assert "\n" not in said
        return
    assert len(conditions) <= MOST
    assert read("among", write(conditions)) == conditions


def test_no_text_takes_long(unmeasured):
    worst = [
        '"' * 500,
        "a " * 250,
        "a 1-" * 125,
        "not " * 125,
        "<" * 500,
        "9" * 500,
        "calories " + "1-" * 245,
        "a" * 500,
    ]
    for text in worst:
        begun = time.thread_time()
        with contextlib.suppress(BadInput):
            read("among", text)
        # Two milliseconds here; a pattern that tries every way would take years.
        assert time.thread_time() - begun < 1


NUMBER = "expected a number such as 30 or 2.5, of at most 9 figures and 3 decimals, without a sign or a unit."
NEAR = NUMBER[:-1] + "; did you mean "
ALL_HOLD = "expected commas between conditions, all of which hold; "
SIGN = "expected one of the signs <= >= < > =; did you mean "
QUOTED = "expected a term, in quotation marks where it holds signs or begins with not."
COMMAS = "expected a number without commas, its decimals after a point; did you mean "
KIND = "expected tag: or ingredient: before the term, or the term in quotation marks"
LIMITS = "expected at most 12 conditions in 500 characters."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("minutes<=30min", NEAR + "minutes<=30?"),
        ("calories 200kcal-500kcal", NUMBER),
        ("minutes>=1e3", NUMBER),
        ("minutes>=-5", NEAR + "minutes>=5?"),
        ("saturated fat <= − 2.5 %", NEAR + "saturated_fat<=2.5?"),
        ("minutes<=30 and calories<200", ALL_HOLD + "did you mean minutes<=30, calories<200?"),
        ("tag:easy or minutes<5 or salt", ALL_HOLD + "for any of them, ask once for each: tag:easy, minutes<5, salt."),
        ("minutes>=٣٠", NUMBER),
        ("minutes<=nan", NUMBER),
        ("minutes<=", NUMBER),
        ("minutes<=1234567890", NUMBER),
        ("minutes<=1 000", NUMBER),
        ("minutes<=(SELECT 1)", NUMBER),
        ("minutes<=30; vegetarian", ALL_HOLD + "did you mean minutes<=30, vegetarian?"),
        ("minutes<=30 & fat<9", ALL_HOLD + "did you mean minutes<=30, fat<9?"),
        ("easy | fat<9", ALL_HOLD + "for any of them, ask once for each: easy, fat<9."),
        ("ingredient=chicken", NEAR + "ingredient:chicken?"),
        ("minutes<=0.0001", NUMBER),
        ("!easy", "expected not before what a recipe must not hold; did you mean not easy?"),
        ("minutes=<30", SIGN + "minutes<=30?"),
        ("minutes==30", SIGN + "minutes=30?"),
        ("minutes!=30", "expected one of the signs <= >= < > =."),
        ("10<minutes<30", "expected one sign between a measure and a number, or a range such as calories 200-500."),
        ("30>minutes", "expected a measure before the sign, as in minutes<=30."),
        ("<=30", "expected a measure before the sign, as in minutes<=30."),
        ("calories 500-200", "expected the lower number first; did you mean calories 200-500?"),
        ("not minutes<=30", "expected a tag or an ingredient after not; did you mean minutes>30?"),
        ("not minutes=30", "expected a tag or an ingredient after not."),
        ("not calories 200-500", "expected a tag or an ingredient after not."),
        ("kind:easy", KIND + "."),
        ("not tags:easy", KIND + "; did you mean not tag:easy?"),
        ("ingredients: chicken", KIND + "; did you mean ingredient:chicken?"),
        ("calories: 200-500", KIND + "; did you mean calories 200-500?"),
        ("tag:minutes<=30", QUOTED),
        ("tag:", QUOTED),
        ("not", QUOTED),
        ("not not easy", QUOTED),
        ('lemon "juice"', "expected the whole term in quotation marks."),
        ('""', "expected the whole term in quotation marks."),
        ('tag:"a" b', "expected the whole term in quotation marks."),
        ("30", "expected a word, or a measure before the number; decimals are written with a point."),
    ],
)
def test_what_is_none_of_the_grammar_is_refused_with_what_was_expected(text, said):
    with pytest.raises(BadInput) as refusal:
        read("among", text)
    assert str(refusal.value) == f"among cannot hold {text!r}: {said}"


@pytest.mark.parametrize(
    ("text", "part", "said"),
    [
        ("calories<=2,5", "'calories<=2,5'", COMMAS + "calories<=2.5?"),
        ("fat 2,5-10,5", "'fat 2,5-10,5'", COMMAS + "fat 2.5-10.5?"),
        ("calories<=1,000", "'calories<=1,000'", COMMAS + "calories<=1000?"),
        ("easy, calories 1,000-2,500, fat<9", "'calories 1,000-2,500'", COMMAS + "calories 1000-2500?"),
        ('easy, "lemon, juice of', "' \"lemon, juice of'", "expected a second quotation mark."),
        (", ".join("abcdefghijklm"), "'a, b, c, d, e, f, g, h, i, j, k, l, m'", LIMITS),
        ("a" * 501, f"'{'a' * 39}…{'a' * 20}'", LIMITS),
        ("a\ud800", "'a\\ud800'", "expected text."),
    ],
)
def test_a_refusal_names_the_part_that_is_wrong(text, part, said):
    with pytest.raises(BadInput) as refusal:
        read("against", text)
    assert str(refusal.value) == f"against cannot hold {part}: {said}"


def test_a_refusal_is_said_in_french():
    with pytest.raises(BadInput) as refusal:
        read("among", "calories 500-200")
    assert refusal.value.message.render("fr") == (
        "among ne peut contenir «\u202fcalories 500-200\u202f»\u00a0: attendu le plus petit nombre d’abord\u202f; "
        "vouliez-vous dire calories 200-500\u202f?"
    )


@pytest.mark.parametrize(
    ("kind", "given", "read", "text"),
    [
        (AMONG, "", (), ""),
        (AMONG, "all", (), ""),
        (AMONG, EXAMPLE, CONDITIONS, write(CONDITIONS)),
        (AMONG, CONDITIONS[::-1], CONDITIONS, write(CONDITIONS)),
        (AMONG, (Term("Olive Oil"),), (Term("olive oil"),), "olive oil"),
        (AGAINST, "", None, ""),
        (AGAINST, None, None, ""),
        (AGAINST, " , ", None, ""),
        (AGAINST, "All", (), "all"),
        (AGAINST, (), (), "all"),
        (AGAINST, "easy", (Term("easy"),), "easy"),
    ],
)
def test_the_parameter_reads_what_it_writes(kind, given, read, text):
    assert kind.parse("it", given) == read
    assert kind.text(read) == text
    assert kind.parse("it", text) == read


@pytest.mark.parametrize("given", [7, ["easy"], ("easy",), b"easy", {"among": "easy"}])
def test_the_parameter_takes_text_or_conditions_alone(given):
    with pytest.raises(BadInput, match="cannot be") as refusal:
        AMONG.parse("among", given)
    assert str(refusal.value).startswith(f"among cannot be {given!r}: expected conditions such as vegetarian, ")


def test_without_conditions_nothing_is_not_all():
    with pytest.raises(BadInput):
        AMONG.parse("among", None)


def test_the_control_is_a_field_of_text():
    assert [control(name, kind, "en")["kind"] for name, kind in (("among", AMONG), ("against", AGAINST))] == [
        "words"
    ] * 2
    assert (AMONG.text(CONDITIONS), AGAINST.text(None)) == (write(CONDITIONS), "")
