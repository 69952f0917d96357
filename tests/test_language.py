"""Numbers, dates and sentences as each language writes them."""

from datetime import date

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from mangetamain.language import LANGS, Day, Listing, Number, digits_for, exact, say


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (Number(1234567), "1,234,567", "1\u202f234\u202f567"),
        (Number(-0.46, 2), "−0.46", "−0,46"),
        (Number(0.46, 2, signed=True), "+0.46", "+0,46"),
        (Number(-0.001, 2, signed=True), "0.00", "0,00"),
        (Number(0.1234, 1, percent=True), "12.3%", "12,3\u202f%"),
        (Number(-0.89, 0, signed=True, percent=True), "−89%", "−89\u202f%"),
    ],
)
def test_a_number_follows_its_language(number, english, french):
    assert number.render("en") == english
    assert number.render("fr") == french


@pytest.mark.parametrize("lang", LANGS)
@given(st.floats(-1e15, 1e15) | st.integers(-(10**15), 10**15) | st.floats(-1, 1), st.integers(0, 6), st.booleans())
def test_a_number_is_written_as_cldr_has_it(lang, value, digits, percent):
    rounded = abs(round(value, digits + 2 * percent))
    pattern = "#,##0" + f".{'0' * digits}" * bool(digits) + {"en": "%", "fr": "\u202f%"}[lang] * percent
    written = Number(abs(value), digits, percent=percent).render(lang)
    assert written == format_decimal(rounded, format=pattern, locale=lang)


@pytest.mark.parametrize(
    ("value", "written"), [(2.0, "2"), (0.05, "0.05"), (0.3, "0.3"), (20.0, "20"), (0.125, "0.125"), (0.6 * 3, "1.8")]
)
def test_a_limit_is_written_with_the_decimals_it_has(value, written):
    assert exact(value).render("en") == written


def test_a_sentence_fills_its_places_in_one_language():
    message = say("in {month}: {items}", month=Day(date(2006, 7, 1), "MMMM y"), items=Listing(("salt", "eggs", "milk")))
    assert message.render("en") == "in July 2006: salt, eggs, and milk"
    assert message.render("fr").endswith("salt, eggs et milk")


@pytest.mark.parametrize(("day", "english", "french"), [(1, "1 May", "1er mai"), (2, "2 May", "2 mai")])
def test_the_first_of_a_month_is_an_ordinal_in_french(day, english, french):
    said = Day(date(2006, 5, day), "d MMMM")
    assert (said.render("en"), said.render("fr")) == (english, french)


def test_values_are_never_read_as_templates():
    assert say("{name}", name="{0.__class__}").render("en") == "{0.__class__}"


def test_no_end_of_an_interval_is_rounded_to_zero_unless_it_is():
    assert [digits_for(values, 1) for values in ((0.4, 2.0), (0.03, 2.0), (0.003, 2.0), (0.0, 2.0), (1e-9, 1.0))] == [
        1,
        2,
        3,
        1,
        3,
    ]
