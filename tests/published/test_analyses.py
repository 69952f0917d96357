"""What became of the published analyses: each is asked, judged by our finding, and said in both languages."""

import json
import re
import shlex
from collections.abc import Mapping

import numpy as np
import pytest

from mangetamain.answers.answer import Answer
from mangetamain.finding import Estimate, Nothing
from mangetamain.language import say
from mangetamain.published import caution, judged, moved, told, write
from mangetamain.published.analyses import ANALYSES, Order, Peak
from mangetamain.published.judged import JUDGEMENTS, judgement, outcome, ways
from mangetamain.questions import QUESTIONS
from mangetamain.questions.contrast import Contrast
from mangetamain.questions.courses import LevelFinding, Step, Stretch
from mangetamain.questions.volume import VolumeFinding
from mangetamain.themes import themes
from mangetamain.warehouse import connect
from tests.command import command
from tests.published.test_published import FullSet
from tests.test_french import english_in

# What the pages said in words that their own numbers had left behind.
STALE = {"season.nutrition", "weekend.volume.ratio"}


@pytest.fixture(scope="module")
def found(sample_home):
    return judged(connect(sample_home))


def test_every_published_analysis_is_there():
    names = {one.id for one in ANALYSES}
    assert names >= {f"{page}{i}" for page in "TSW" for i in range(1, 7)} | {f"R{i}" for i in range(1, 6)}
    assert len({(one.id, one.claim) for one in ANALYSES}) == len(ANALYSES)


@pytest.mark.parametrize("one", ANALYSES, ids=[f"{one.id}-{i}" for i, one in enumerate(ANALYSES)])
def test_a_published_number_is_that_of_the_reference_file(one, shared_data):
    text = (shared_data.parent / "reference" / "published_figures.json").read_text("utf-8")
    entries = {entry["id"]: entry["value"] for entry in json.loads(text)["entries"]}
    number = entries[one.where[0]]
    for key in one.where[1:]:
        number = number[key]
    assert (number == one.published) == (one.where[0] not in STALE)
    assert len(str(float(one.published)).partition(".")[2].rstrip("0")) <= max(one.digits, 6)


def test_each_line_can_be_asked_and_says_what_the_table_says(found, sample_home):
    for one in found:
        program, *words = shlex.split(one.command)
        done = command(*words, home=sample_home)
        assert (program, done.returncode) == ("mangetamain", 0), done.stderr
        said = re.sub(r"\s+", " ", done.stdout)
        assert one.answer.sentence("en") in said


def test_the_sample_is_judged_by_what_was_planted(found):
    """No effect of weekends is planted; seasons of terms and the fall after 2007 are, as published."""
    said = {}
    for one in found:
        said.setdefault(one.analysis.id, one.judgement.render("en"))
    assert (said["T1"], said["W1"], said["W2"], said["W3"]) == ("right",) * 4
    assert said["S6"] == "right: summer, barbecue, thanksgiving, and christmas"
    assert said["W5"].startswith("noise (undecided): ground cinnamon, ")
    assert said["R1"] == said["N2"] == "not shown: its number is an artefact"
    assert said["R2"] == "wrong: there is a difference"
    assert all(one.ours is not None for one in found)
    assert {one.answer.question for one in found} <= {*QUESTIONS}


def test_every_analysis_has_a_panel_that_shows_it_where_one_control_is_moved_at_most(found):
    """What the page asks with that control moved is what the analysis asks."""
    places = {}
    for one in found:
        (place, panel), answer = (one.place, one.place.panel), one.answer
        asked = panel.question.read({**panel.given, **place.moved})
        assert panel in themes()[place.page].asked
        assert panel.question.texts(asked) == {**panel.question.texts(asked), **answer.parameters}
        assert len(place.moved) <= 1
        places.setdefault(one.analysis.id, (place.page, panel.key, moved(place).render("en")))
    assert places["T1"] == ("trends", "volume", "")
    assert places["S2"] == ("seasons", "contrast", "")
    assert places["S3"] == ("seasons", "contrast", "Measure: Complexity")
    assert places["R2"] == ("ratings", "level", "Years: 2005-2018")
    one = next(one for one in found if one.analysis.id == "S3")
    assert one.place.asked == {"contrast.of": "complexity"}
    assert moved(one.place).render("fr") == "Mesure\u00a0: Complexité"


CHANGE = {"up": Estimate(2.0, 1.5, 2.5), "down": Estimate(-2.0, -2.5, -1.5), "trace": Estimate(0.1, -0.1, 0.3),
          "little": Estimate(0.3, 0.1, 0.5)}  # fmt: skip


def line(change, verdict, steps=()):
    stretch = Stretch("2000", "2017", 10.0, change, 1.0, verdict, 1.0)
    return LevelFinding(
        n=9, verdict=verdict, first="2000", last="2017", points=9, left_out=0, stretches=(stretch,), corners=(1.0, 2.0),
        steps=steps, drift=0.0, by_size=0.0, hangs_on=(), tau=0.0, rho=0.0,
    )  # fmt: skip


def gap(change, verdict):
    return Contrast(
        n=9, verdict=verdict, highest="autumn", lowest="summer", top=2.0, bottom=1.0, gap=change, smallest=1.0, p=0.1,
        pairs=6, highest_apart=True, lowest_apart=False, effect=0.1, left_out=(),
    )  # fmt: skip


RANKED = ("autumn", "winter", "spring", "summer")


def peak(year, change):
    return VolumeFinding(
        n=9, verdict="clear", peak_year=year, peak=9, end_year=2017, end=3, first=1999, last=2018, change=change,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("finding", "claimed", "expected"),
    [
        (line(CHANGE["up"], "clear"), "up", "right"),
        (line(CHANGE["up"], "real"), "up", "right"),
        (line(CHANGE["up"], "clear"), "method", "artefact"),
        (line(CHANGE["up"], "clear"), "down", "other"),
        (line(CHANGE["down"], "clear"), "down", "right"),
        (line(CHANGE["up"], "clear"), "none", "moves"),
        (line(CHANGE["little"], "negligible"), "up", "negligible"),
        (line(CHANGE["little"], "negligible"), "down", "nothing"),
        (line(CHANGE["trace"], "negligible"), "up", "nothing"),
        (line(CHANGE["little"], "negligible"), "none", "right"),
        (line(CHANGE["up"], "undecided"), "up", "noise"),
        (line(CHANGE["up"], "undecided"), "none", "noise"),
        (gap(CHANGE["up"], "clear"), Order(("autumn",)), "right"),
        (gap(CHANGE["up"], "clear"), Order(("winter",)), "other"),
        (gap(CHANGE["up"], "clear"), Order(("autumn",), ("summer",)), "right"),
        (gap(CHANGE["up"], "clear"), Order(("autumn",), ("winter",)), "part"),
        (gap(CHANGE["up"], "clear"), Order(("spring",), ("summer",)), "part"),
        (gap(CHANGE["up"], "clear"), Order(("spring",), ("winter",)), "other"),
        (gap(CHANGE["up"], "clear"), Order(("winter", "autumn")), "right"),
        (gap(CHANGE["up"], "clear"), Order(("autumn", "spring")), "part"),
        (gap(CHANGE["up"], "undecided"), Order(("spring",), ("winter",)), "noise"),
        (gap(CHANGE["little"], "negligible"), Order(("autumn",)), "negligible"),
        (gap(CHANGE["little"], "negligible"), Order(("autumn",), ("winter",)), "nothing"),
        (gap(CHANGE["little"], "negligible"), "none", "right"),
        (gap(CHANGE["little"], "negligible"), "trace", "right"),
        (gap(CHANGE["trace"], "negligible"), "trace", "part"),
        (gap(CHANGE["up"], "clear"), "trace", "moves"),
        (peak(2007, CHANGE["down"]), Peak(2007), "right"),
        (peak(2002, CHANGE["down"]), Peak(2007), "part"),
        (peak(2007, CHANGE["up"]), Peak(2007), "part"),
        (peak(2002, CHANGE["up"]), Peak(2007), "other"),
        (Nothing(), "up", "noise"),
    ],
)
def test_the_judgement_follows_from_verdict_and_direction(finding, claimed, expected):
    assert judgement(finding, claimed, RANKED) == expected
    assert expected in JUDGEMENTS


def test_a_level_that_shifts_is_not_stable_whatever_its_line_does():
    step = Step("2006-08", 4.7, 4.6, Estimate(-0.1, -0.2, -0.05), 0.001)
    assert judgement(line(CHANGE["trace"], "undecided", (step,)), "none") == "moves"
    assert judgement(line(CHANGE["trace"], "undecided", (step,)), "up") == "noise"


def answered(question, columns, **parameters):
    columns = {name: np.array(column) for name, column in columns.items()}
    return Answer(question, parameters, "0" * 16, False, columns, Nothing(), say("."), say("."), {}, "")


def test_terms_go_the_ways_that_are_beyond_doubt():
    rows = {"term": ["salt", "egg", "kale"], "change": [1.0, -2.0, 3.0], "wrong": [0.01, 0.02, 0.3]}
    rows["verdict"] = ["negligible", "clear", None]
    assert ways(answered("term_changes", rows)) == {"salt": {"up": False}, "egg": {"down": True}}
    rows = {"term": ["pie"] * 3, "season": ["winter", "summer", "autumn"], "times": [1.4, 0.5, 1.6], "q": [0.01] * 3}
    rows["verdict"] = ["real", "clear", None]
    assert ways(answered("term_contrast", rows)) == {"pie": {"winter": True, "autumn": True}}
    rows = {"term": ["corn", "lemon", "leek"], "season": ["summer"] * 3, "gap": [0.1, -0.1, 0.1], "q": [0.01] * 3}
    rows |= {"low": [0.05, -0.2, -0.1], "high": [0.15, -0.05, 0.3], "verdict": ["real", "real", None]}
    assert ways(answered("term_levels", rows)) == {"corn": {"summer": True}}
    assert ways(answered("term_levels", {"term": []})) == {}


@pytest.mark.parametrize(("going", "small", "expected"), [
    ({"up": True}, False, "right"), ({"up": False}, False, "negligible"), ({"down": True}, False, "other"),
    ({"down": False}, False, "nothing"), ({}, False, "noise"), ({}, True, "nothing"), ({"up": True}, True, "right"),
])  # fmt: skip
def test_a_term_is_judged_by_its_ways_and_what_is_too_little_is_no_noise(going, small, expected):
    assert outcome(going, "up", small=small) == expected


def test_where_no_term_goes_by_enough_to_matter_the_claims_on_terms_are_wrong(found):
    """Ratings go with no term in the sample, which is known by season and weekend."""
    said = {one.analysis.id: one.judgement.render("en") for one in found}
    assert said["N7"] == "wrong: nothing that would matter: tomatoes, lemon, corn, and brussels sprouts"
    assert said["N8"] == (
        "not in these data: chocolate; wrong: nothing that would matter: garlic, olive oil, and bacon"
    )


def test_what_the_data_lack_is_no_noise(tiny):
    """Nobody names tofu in ten recipes, and too few name eggs to judge them."""
    said = {
        one.analysis.id: one.judgement.render("en") for one in judged(tiny) if isinstance(one.analysis.claimed, Mapping)
    }
    assert said["N6"] == "not in these data: tofu"
    assert "noise" not in said["N7"] + said["N8"] + said["T5"]
    assert re.search(r"not in these data: kosher salt.*; too rare here to judge: .*butter", said["T5"])


def test_each_kind_of_effect_has_its_short_form(found):
    said = [told(one.answer).render("en") for one in found]
    assert "−99.2% since the peak of 2007 (−99.3% to −99.1%): clear" in said
    assert any(re.fullmatch(r"summer → autumn \+3\.\d minutes \(.*\): clear", each) for each in said)
    assert any(", with shifts in " in each and each.endswith(": undecided") for each in said)
    assert any(re.fullmatch(r"\d+ of 2,387 beyond doubt: clear", each) for each in said)
    assert any(each.startswith("rank correlation −0.0") for each in said)
    assert any(" at equally many recipes (" in each for each in said)
    assert any(" from the lowest tenth to the highest (" in each for each in said)


def test_everything_is_said_in_french(found, sample):
    for one in found:
        terms = {*one.analysis.claimed} if isinstance(one.analysis.claimed, Mapping) else set()
        for message in (say(one.analysis.claim), one.numbers, one.judgement, one.artefact, told(one.answer)):
            assert message is None or english_in(message.render("fr"), terms | {"occasion", "equipment"}) == []
            assert message is None or message.render("fr") != message.render("en")
    assert "échantillon" in caution(sample).render("fr")


def test_the_data_are_named_where_they_are_not_those_of_the_publication(sample, tiny):
    assert "are synthetic" in caution(sample).render("en")
    assert "not the full Food.com set" in caution(tiny).render("en")
    full = FullSet(tiny)
    assert caution(full) is None
    assert write(sample, "en").startswith("The data loaded are synthetic")


def test_few_rows_are_judged_as_undecided(real):
    said = {one.analysis.id: one.judgement.render("en") for one in judged(real)}
    assert (said["T2"], said["S2"], said["S1"]) == ("noise (undecided)",) * 3
    assert re.search("(not in these data|too rare here to judge): .*zucchini", said["S5"])
    assert "T2  Recipes get quicker: noise (undecided)" in write(real, "en")


def test_the_command_says_them(sample, sample_home):
    done = command("answers", "--analyses", home=sample_home)
    assert done.returncode == 0
    assert "T1  Recipes rise to a peak in 2007 and fall sharply after it: right\n" in done.stdout
    assert "\n    mangetamain ask volume\n" in done.stdout
    french = write(sample, "fr")
    assert "T1  Les recettes montent jusqu’au sommet de 2007, puis chutent\u00a0: juste\n" in french
