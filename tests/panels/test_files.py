"""What is taken away from an answer: its names, its table as Parquet, its picture."""

from xml.etree import ElementTree

import duckdb
import pytest

from mangetamain.language import LANGS, say
from mangetamain.panels.view import FILES, file, held_in
from mangetamain.questions import QUESTIONS, level, volume
from mangetamain.questions.answer_html import file_name
from mangetamain.warehouse.info import SYNTHETIC


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"of": "minutes", "years": "2000-2018"}, "level-minutes-2000-2018"),
        ({"of": "sugar", "centre": "median", "fit_all": "yes"}, "level-sugar-centre-median-fit-all-1999-2018"),
        ({"among": "easy, minutes<=30"}, "level-minutes-among-easy-minutes-max-30-1999-2018"),
        ({"among": "easy, minutes>30"}, "level-minutes-among-easy-minutes-min-30-1999-2018"),
        ({"among": "easy", "against": "all"}, "level-minutes-among-easy-against-all-1999-2018"),
    ],
)
def test_a_file_is_named_by_what_was_asked(given, name, tiny):
    assert file_name(level, level(tiny, **given), "csv") == f"mangetamain-{name}.csv"


def test_no_selection_makes_a_name_that_a_disk_refuses(tiny):
    among = ", ".join(f"minutes<={each}" for each in range(501, 512))
    name = file_name(level, level(tiny, among=among), "parquet")
    assert len(name) < 130
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_table_as_parquet_has_the_same_columns_types_and_rows(name, tiny, tmp_path):
    question, path = QUESTIONS[name], tmp_path / "table.parquet"
    answer = question(tiny)
    path.write_bytes(held_in(file("parquet", question, answer, "en")))
    read = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
    assert list(read) == [*answer.columns, "parameters", "fingerprint", "synthetic"]
    for column, values in answer.columns.items():
        assert read[column].tolist() == [None if value != value else value for value in values.tolist()]
        if len(values) and values.dtype.kind in "ifb":
            assert read[column].dtype.kind == values.dtype.kind
    assert set(read["fingerprint"]) <= {answer.fingerprint}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_picture_that_leaves_the_page_says_what_it_is(name, lang, tiny):
    question = QUESTIONS[name]
    answer = question(tiny)
    text = held_in(file("svg", question, answer, lang)).decode()
    drawn = ElementTree.fromstring(text)
    said = " ".join("".join(each.itertext()) for each in drawn if each.tag.endswith("text"))
    for part in (answer.headline(lang), answer.sentence(lang), "1999-2018"):
        assert " ".join(part.split()) in " ".join(said.split())
    assert "var(" not in text.split("<style>")[1].split("</style>")[0]  # few programs know what a page has in store
    assert "color-mix" not in text


def test_synthetic_data_are_called_so_in_the_picture(small):
    answer = volume(small)
    assert answer.synthetic
    assert say(SYNTHETIC).render("fr") in file("svg", volume, answer, "fr")["text"]


def test_every_file_says_its_kind():
    assert {ending: kind.split(";")[0] for ending, (kind, _) in FILES.items()} == {
        "csv": "text/csv", "parquet": "application/vnd.apache.parquet", "svg": "image/svg+xml",
    }  # fmt: skip
