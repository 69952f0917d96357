from __future__ import annotations

import json

import pytest

from mangetamain.errors import NoWarehouse
from mangetamain.warehouse import build, connect, status


@pytest.fixture
def home(plain_sample, tmp_path):
    build("sample:120", home=tmp_path)
    return tmp_path


def test_all_that_stands_is_told(home):
    state = status(home)
    assert state.info == connect(home).info
    assert state.tables["raw.RAW_recipes"] == 120
    assert state.tables["recipes"] == connect(home).execute("SELECT count(*) FROM recipes").fetchall()[0][0]
    assert {"reviews", "vocabulary", "cube_terms", "cube_spellings", "cube_recipes", "cube_ratings"} <= set(
        state.tables
    )
    assert (state.rejects, state.first_rejects) == (0, ())
    assert [step.rule for step in state.cleaning][:2] == ["one row a recipe", "duration"]


def test_it_goes_to_json(home):
    told = json.loads(json.dumps(status(home).as_dict()))
    assert told["info"]["fingerprint"] == status(home).info.fingerprint
    assert told["info"]["built_at"].endswith("Z")
    assert told["info"]["row_counts"][1] == {
        "tbl": "RAW_recipes", "file": "sample", "records": 120, "loaded": 120, "rejected": 0
    }  # fmt: skip
    assert told["cleaning"][0]["remaining"] == 120


def test_without_a_warehouse_there_is_one_sentence(tmp_path):
    with pytest.raises(NoWarehouse, match="mangetamain build"):
        status(tmp_path)
