"""One report: it runs the notebook itself and stands alone."""

import csv
import json
import re

import nbformat
import pytest
from nbclient import NotebookClient

from mangetamain.reports import Registry, ReportFailed, Run, key_of, make, run_of
from mangetamain.themes import Theme, theme


@pytest.fixture(scope="module")
def made(home, tmp_path_factory):
    """A French report on two years in all formats, and the steps it told of."""
    from mangetamain.warehouse import connect

    steps, registry = [], Registry(tmp_path_factory.mktemp("reports"))
    run = run_of(theme("trends"), {"years": "2005-2006", "lang": "fr"})
    place = make(
        run,
        registry,
        connect(home).info,
        formats=("html", "md", "csv"),
        progress=lambda done, total: steps.append((done, total)),
    )
    return place, steps


def test_a_report_is_a_folder_with_all_it_takes(made):
    place, steps = made
    assert place.name.startswith("trends_lang-fr_years-2005-2006_")
    assert {path.name for path in place.iterdir()} == {
        "report.html", "report.ipynb", "report.md", "tables", "record.json", "answers.json",
    }  # fmt: skip
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    assert steps[-1][0] < steps[-1][1]
    assert len(steps) >= len(theme("trends").asked)


def test_the_page_stands_alone(made):
    html = re.sub(r"<script>.*?</script>", "", (made[0] / "report.html").read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r'(src|href)="(https?:)?//', html)
    assert not re.search(r"url\((?!data:|#)", html)
    assert html.count('class="mm-figure"') == len(theme("trends").asked)
    assert (made[0] / "report.html").stat().st_size < 3_000_000


def test_the_page_speaks_its_language_and_says_where_it_comes_from(made):
    html = (made[0] / "report.html").read_text("utf-8")
    assert "<h1>Tendances</h1>" in re.sub(r' id="[^"]*"|<a class="anchor.*?</a>', "", html)
    assert "How recipes changed from year to year" not in html
    for part in ("years = 2005-2006", "lang = fr"):
        assert part in html
    about = json.loads((made[0] / "report.ipynb").read_text("utf-8"))["metadata"]["mangetamain"]
    assert about["fingerprint"] in html
    assert about["parameters"] == {"lang": "fr", "years": "2005-2006"}
    assert about["synthetic"] is False


def test_the_executed_notebook_runs_again(made, tmp_path):
    notebook = nbformat.read(made[0] / "report.ipynb", as_version=4)
    assert any('years = "2005-2006"' in cell.source for cell in notebook.cells)
    before = [output.data["text/plain"] for cell in notebook.cells for output in cell.get("outputs", [])]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [output.data["text/plain"] for cell in notebook.cells for output in cell.get("outputs", [])] == before


def test_markdown_and_csv_hold_the_same_tables(made):
    text = (made[0] / "report.md").read_text("utf-8")
    assert text.startswith("# Tendances\n")
    assert "| year | n | month_sd | partial |" in text
    rows = list(csv.reader((made[0] / "tables" / "volume.csv").open()))
    assert rows[0] == ["year", "n", "month_sd", "partial"]
    assert [row[:2] for row in rows[1:]] == [["2005", "3"], ["2006", "3"]]
    assert len(list((made[0] / "tables").iterdir())) == len(theme("trends").asked)


def test_the_record_is_enough_to_make_it_again(made, info):
    record = json.loads((made[0] / "record.json").read_text("utf-8"))
    again = run_of(theme(record["theme"]), record["parameters"])
    assert key_of(again, record["data"]["fingerprint"]) == record["key"]
    assert record["outcome"] == "done"
    assert record["data"]["fingerprint"] == info.fingerprint
    assert set(record["versions"]) >= {"python", "mangetamain", "duckdb", "plotly", "papermill"}


def broken(tmp_path, source):
    """A notebook whose first panel is replaced by other code."""
    path = tmp_path / "trends.ipynb"
    panel = "mm.panel(mm.volume, con, years=years, lang=lang)"
    path.write_text(theme("trends").path.read_text("utf-8").replace(panel, source))
    return Run(Theme("trends", path), run_of(theme("trends"), {}).parameters)


def failed_record(folder):
    records = [json.loads(path.read_text("utf-8")) for path in folder.glob("*/record.json")]
    assert [sorted(path.name for path in place.iterdir()) for place in folder.iterdir()] == [["record.json"]]
    return records[0]["outcome"]


def test_a_failing_cell_is_one_sentence_and_leaves_a_record_only(info, tmp_path):
    with pytest.raises(ReportFailed, match=r"trends failed in cell \d+: ZeroDivisionError"):
        make(broken(tmp_path, "1 / 0"), Registry(tmp_path / "out"), info)
    assert "ZeroDivisionError" in failed_record(tmp_path / "out")


def test_a_run_has_its_time_and_no_more(info, tmp_path):
    with pytest.raises(ReportFailed, match="took too long"):
        make(broken(tmp_path, "import time; time.sleep(60)"), Registry(tmp_path / "out"), info, timeout=4)
    assert "took too long" in failed_record(tmp_path / "out")


def test_a_kernel_that_dies_midway_is_not_tried_again(info, tmp_path):
    mark = tmp_path / "mark"
    code = f"import os; open({str(mark)!r}, 'a').write('x'); os._exit(1)"
    with pytest.raises(ReportFailed, match="kernel of trends died"):
        make(broken(tmp_path, code), Registry(tmp_path / "out"), info)
    assert mark.read_text() == "x"


def test_a_kernel_that_dies_at_its_start_is_tried_once_more(info, tmp_path, monkeypatch):
    import papermill

    real, tries = papermill.execute_notebook, []

    def flaky(*args, **kwargs):
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return real(*args, **kwargs)

    monkeypatch.setattr(papermill, "execute_notebook", flaky)
    assert make(run_of(theme("ratings"), {}), Registry(tmp_path / "out"), info).is_dir()
    assert len(tries) == 2
