"""What a warehouse shows of itself, and its relations."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from mangetamain.errors import BadInput, NoWarehouse
from mangetamain.language import speaking
from mangetamain.warehouse import build, connect
from mangetamain.warehouse.info import SYNTHETIC
from mangetamain.warehouse.versions.listing import folder_of, newest
from tests.conftest import HIDDEN, ROOT


@pytest.fixture
def home(plain_sample, thirty, tmp_path):
    return Path(shutil.copytree(thirty, tmp_path, dirs_exist_ok=True))


def test_source_and_tables_with_rows_and_comments(home):
    first, *lines = repr(connect(home)).splitlines()
    assert first == f"Warehouse of sample:30 ({SYNTHETIC})"
    assert re.fullmatch(r"recipes +30  Recipes that the cleaning kept, .*; from RAW_recipes", lines[0])
    rows = {line.split()[0]: line.split()[1] for line in lines}
    assert list(rows)[:4] == ["recipes", "reviews", "recipe_terms", "days"]
    con = connect(home)
    for name, shown in rows.items():
        assert shown == f"{con.execute(f'SELECT count(*) FROM {name}').fetchall()[0][0]:,}"
    assert len(rows) == con.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]


def test_files_of_food_com_are_not_called_synthetic(tiny):
    assert repr(tiny).splitlines()[0] == f"Warehouse of {tiny.info.source}"


def test_a_notebook_shows_a_table_that_opens_to_the_columns(home):
    html = connect(home)._repr_html_()
    assert f"<p>Warehouse of sample:30 ({SYNTHETIC})</p>" in html
    assert "<td><code>recipes</code></td><td>30</td>" in html
    assert "<div><code>minutes</code> INTEGER — Time that it takes [minutes]; RAW_recipes.minutes</div>" in html
    assert html.count("<details>") == html.count("</details>") == len(repr(connect(home)).splitlines()) - 1


def test_it_speaks_the_language_that_is_spoken(home):
    with speaking("fr"):
        text, html = repr(connect(home)), connect(home)._repr_html_()
    assert text.startswith("Entrepôt de sample:30 (Échantillon de données synthétiques")
    assert "<summary>Recettes que le nettoyage a gardées" in html
    assert "Temps qu’elle demande [minutes]\u202f; RAW_recipes.minutes" in html
    assert '<table lang="fr">' in html


def test_a_source_of_any_name_is_shown_and_obeyed_nowhere(hostile):
    html, text = hostile._repr_html_(), repr(hostile)
    assert not any(sign in html + text for sign in HIDDEN)
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_where_there_is_none_it_says_so(tmp_path):
    assert repr(connect(tmp_path)) == (
        f"There is no warehouse in {folder_of(tmp_path)} yet: make one with the command mangetamain build."
    )
    assert connect(tmp_path)._repr_html_() is None


def test_a_damaged_one_says_so(home):
    folder = folder_of(home)
    (folder / newest(folder)).write_bytes(b"no database" * 400)
    assert "cannot be read" in repr(connect(home))
    assert connect(home)._repr_html_() is None


def test_showing_itself_loads_no_pandas(home):
    script = """
import sys
from pathlib import Path
from mangetamain.warehouse import connect
con = connect(Path(sys.argv[1]))
repr(con), con._repr_html_(), con.sql("FROM recipes LIMIT $n", {"n": 1})
print("pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script, str(home)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_relation_goes_on_from_where_the_query_ends(tiny):
    quick = tiny.sql("FROM recipes WHERE minutes <= $most", {"most": 30})
    assert isinstance(quick, duckdb.DuckDBPyRelation)
    assert quick.filter("year = 2005").project("name").order("name").fetchall() == [("flat bread",), ("omelette",)]
    assert tiny.sql("SELECT count(*) AS n FROM recipes").df()["n"].tolist() == [8]
    assert tiny.sql("SELECT ? + 1 AS n", [2]).fetchall() == [(3,)]


def test_the_examples_of_the_documentation_run(tiny):
    text = (ROOT / "docs" / "data.md").read_text("utf-8")
    queries = [*re.findall(r"```sql\n(.*?)```", text, re.DOTALL), *re.findall(r'con\.sql\("(.+?)"\)', text)]
    assert len(queries) == 3
    assert all(tiny.sql(query).fetchall() for query in queries[1:])
    assert tiny.sql(queries[0].replace("vegetarian", "easy")).fetchall() == [(2004, 5.0), (2005, 3.0), (2006, None)]


def test_a_relation_keeps_to_the_version_that_it_was_asked_of(home):
    con = connect(home)
    rows = con.sql("SELECT count(*) AS n FROM recipes")
    for size in (31, 32, 33):
        build(f"sample:{size}", home=home)
        assert con.sql("SELECT count(*) AS n FROM recipes").fetchall() == [(size,)]
    assert rows.fetchall() == [(30,)]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("FROM recipe", 'Table with name recipe does not exist! Did you mean "recipes"[?]'),
        ("SELECT minute FROM recipes", 'Referenced column "minute" not found .* "minutes".*'),
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("DELETE FROM recipes", ".* read-only mode!"),
        ("FROM read_csv('/etc/passwd')", ".* disabled by configuration"),
        ("SET threads = 9", ".* the configuration has been locked"),
        ("FROM recipes WHERE id = $id", ".*"),
    ],
)
def test_a_query_that_cannot_be_run_is_told_of_in_one_sentence(tiny, query, sentence):
    with pytest.raises(BadInput) as raised:
        tiny.sql(query)
    assert re.fullmatch(f"The query cannot be run: {sentence}", str(raised.value))
    assert "\n" not in str(raised.value)


def test_a_query_without_rows_is_refused(tiny):
    with pytest.raises(BadInput, match=r"The query “” gives no rows; one that begins with FROM recipes does\."):
        tiny.sql("")


def test_a_relation_needs_a_warehouse(tmp_path):
    with pytest.raises(NoWarehouse, match="mangetamain build"):
        connect(tmp_path).sql("FROM recipes")
