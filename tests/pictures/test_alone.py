"""A picture that leaves the page says what it shows and of which data, in colours that need no page."""

import re
from xml.etree import ElementTree

import pytest

from mangetamain import charter
from mangetamain.answers.source import source
from mangetamain.pictures.alone import alone
from mangetamain.pictures.svg import NARROW, WIDE
from mangetamain.questions import QUESTIONS

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = (
    '<svg class="mm-picture" viewBox="0 0 340 100" width="340" height="100"><g style="color:var(--mm-rise)"/></svg>'
)


def texts(markup):
    return [node.text for node in ElementTree.fromstring(markup).iter(f"{SVG}text")]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_answer_leaves_with_its_headline_and_source(sample, lang, width):
    answer = QUESTIONS["level"](sample, of="minutes")
    said = " ".join(filter(None, texts(answer.svg(lang, width))))
    assert answer.headline(lang) in said
    assert " ".join(answer.sentence(lang).split()) in " ".join(said.split())
    assert {"en": "Synthetic sample data", "fr": "synthétique"}[lang] in said
    assert "1999-2018" in said
    assert answer.headline(lang) not in answer.svg(lang, width, framed=False)


@pytest.mark.parametrize("scheme", charter.SCHEMES)
def test_its_colours_are_written_in(scheme):
    markup = alone(PICTURE, 340, "Title", ["Source"], scheme)
    assert "var(" not in markup
    assert charter.colour("rise", scheme) in markup
    assert charter.colour("card", scheme) in markup


def test_what_stands_around_it_does_not_touch_it():
    title = "A headline of so many words that it takes more lines than one on a phone"
    root = ElementTree.fromstring(alone(PICTURE, 340, title, ["It rose.", "Food.com, 1999-2018"]))
    top = float(re.search(r"translate\(0 (\d+)\)", root.find(f"{SVG}g").get("transform"))[1])
    *heading, said, below = [(node.text, float(node.get("y"))) for node in root.findall(f"{SVG}text")]
    assert " ".join(text for text, _ in heading) == title
    assert len(heading) > 1
    assert heading[-1][1] < top
    assert top + 100 < said[1] < below[1] < float(root.get("height"))


def test_hostile_words_are_drawn():
    assert "<script>" in " ".join(texts(alone(PICTURE, 340, "<script>x</script>", ["a & b"])))


@pytest.mark.parametrize(
    ("parameters", "synthetic", "expected"),
    [
        ({"of": "minutes"}, False, "Food.com, 2000-2009; 1,234 recipes"),
        ({"of": "rating"}, False, "Food.com, 2000-2009; 1,234 reviews"),
        ({"of": "reviewers"}, False, "Food.com, 2000-2009; 1,234 reviews"),
        ({"of": "minutes", "against": "meat"}, False, "Food.com, 2000-2009"),
        ({"of": "rating", "kind": "tag"}, False, "Food.com, 2000-2009"),
        ({"of": "minutes"}, True, "Synthetic sample data — not real recipes, 2000-2009; 1,234 recipes"),
    ],
)
def test_the_source_says_whose_data_and_how_many(parameters, synthetic, expected):
    assert source({"years": "2000-2009", **parameters}, 1234, synthetic=synthetic).render("en") == expected
