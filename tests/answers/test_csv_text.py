"""A table as CSV opens in spreadsheets and pandas alike, and no cell of it is a formula."""

import csv
import io
import re

import pandas as pd
import pytest

from mangetamain.answers.csv_text import csv_text

PARAMETERS = {"of": "minutes", "chosen": "salt,=cmd"}
TABLE = {
    "term": ["crème fraîche", "=1+1", None, "salt"],
    "change": [-0.25, 1e-12, None, 3.0],
    "recipes": [-3, 0, 7, 231_637],
    "shown": [True, False, True, False],
}


def written(columns):
    return csv_text(columns, PARAMETERS, "0123456789abcdef", True)


def test_pandas_reads_back_what_was_written():
    read = pd.read_csv(io.BytesIO(written(TABLE).encode()))
    assert read["term"].tolist()[:2] == ["crème fraîche", "'=1+1"]
    assert read["term"].isna().tolist() == read["change"].isna().tolist() == [False, False, True, False]
    assert read["change"].dropna().tolist() == [-0.25, 1e-12, 3.0]
    assert read["recipes"].tolist() == TABLE["recipes"]
    assert read["shown"].tolist() == TABLE["shown"]
    assert set(read["parameters"]) == {"of=minutes; chosen=salt,=cmd"}
    assert set(read["fingerprint"]) == {"0123456789abcdef"}
    assert read["synthetic"].all()


def test_it_begins_with_a_mark_for_excel_and_ends_its_lines_as_rfc_4180_says():
    text = written(TABLE)
    assert text.encode().startswith(b"\xef\xbb\xbfterm,")
    assert text.count("\ufeff") == 1
    assert len(re.findall("\r\n", text)) == text.count("\n") == 5


def test_an_empty_table_is_its_head():
    assert written({"term": []}) == "\ufeffterm,parameters,fingerprint,synthetic\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "'=1",
        '"=1"',
        "=",
        "-salt",
    ],
)
def test_no_text_is_a_formula(text):
    [row] = csv.DictReader(io.StringIO(written({"term": [text]}).removeprefix("\ufeff"), newline=""))
    assert row["term"].startswith("'")
    assert row["term"].replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("apart", [";", "; ", ";'", "\t", "\n", "\r\n"])
def test_no_text_becomes_one_where_the_list_separator_is_another(apart):
    [row] = csv.DictReader(io.StringIO(written({"term": [f"salt{apart}=1+1"]}).removeprefix("\ufeff"), newline=""))
    for cell in re.split(r"[;\t\r\n]", row["term"]):
        assert not cell.strip(' "').startswith("=")


@pytest.mark.parametrize("text", ["salt", "half-and-half", "1-2-3", "a=b", "2% milk", "m@m", "−3", "d'eau"])
def test_other_texts_are_left_alone(text):
    [row] = csv.DictReader(io.StringIO(written({"term": [text]}).removeprefix("\ufeff"), newline=""))
    assert row["term"] == text
