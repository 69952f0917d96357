"""One report: it runs the notebook itself and stands alone."""

import base64
import csv
import json
import re
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from mangetamain.reports import Registry, ReportFailed, Run, key_of, make, run_of
from mangetamain.themes import Theme, theme
from mangetamain.warehouse import Cleaning, Warehouse, build


@pytest.fixture(scope="module")
def made(home, tmp_path_factory):
    """A French report on two years in all formats, and the steps it told of."""
    from mangetamain.warehouse import connect

    steps, registry = [], Registry(tmp_path_factory.mktemp("reports"))
    run = run_of(theme("trends"), {"years": "2005-2006", "lang": "fr"})
    place = make(
        run,
        registry,
        connect(home),
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
    assert about["parameters"] == {"lang": "fr", "years": "2005-2006", "among": "", "against": ""}
    assert about["synthetic"] is False


def test_the_executed_notebook_runs_again(made, tmp_path):
    notebook = nbformat.read(made[0] / "report.ipynb", as_version=4)
    assert any('years = "2005-2006"' in cell.source for cell in notebook.cells)
    before = [output.data["text/plain"] for cell in notebook.cells for output in cell.get("outputs", [])]
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [output.data["text/plain"] for cell in notebook.cells for output in cell.get("outputs", [])] == before


def test_markdown_and_csv_hold_the_same_tables(made, con):
    text = (made[0] / "report.md").read_text("utf-8")
    assert text.startswith("# Tendances\n")
    assert "| year | n | month_sd | partial |" in text
    with (made[0] / "tables" / "volume.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["year"], row["n"]) for row in rows] == [("2005", "3"), ("2006", "3")]
    assert {row["fingerprint"] for row in rows} == {con.fingerprint}
    assert all("years=2005-2006" in row["parameters"].split("; ") for row in rows)
    # What the page offers to download is the same file, letter by letter.
    page = (made[0] / "report.html").read_text("utf-8")
    offered = re.search(r'download="mangetamain-volume-[\w-]+-2005-2006.csv" href="data:text/csv;base64,([^"]+)"', page)
    assert base64.b64decode(offered[1]) == (made[0] / "tables" / "volume.csv").read_bytes()
    assert len(list((made[0] / "tables").iterdir())) == len(theme("trends").asked)


def test_the_record_is_enough_to_make_it_again(made, con):
    record = json.loads((made[0] / "record.json").read_text("utf-8"))
    again = run_of(theme(record["theme"]), record["parameters"])
    assert key_of(again, record["data"]["fingerprint"]) == record["key"]
    assert record["outcome"] == "done"
    assert record["data"]["fingerprint"] == con.fingerprint
    assert set(record["versions"]) >= {"python", "mangetamain", "duckdb", "plotly", "papermill"}


def broken(tmp_path, source):
    """A notebook whose first panel is replaced by other code."""
    path = tmp_path / "trends.ipynb"
    panel = "mm.panel(mm.volume, con)"
    path.write_text(theme("trends").path.read_text("utf-8").replace(panel, source))
    return Run(Theme("trends", path), run_of(theme("trends"), {}).parameters)


def failed_record(folder):
    records = [json.loads(path.read_text("utf-8")) for path in folder.glob("*/record.json")]
    assert [sorted(path.name for path in place.iterdir()) for place in folder.iterdir()] == [["record.json"]]
    return records[0]["outcome"]


def test_a_failing_cell_is_one_sentence_and_leaves_a_record_only(con, tmp_path):
    with pytest.raises(ReportFailed, match=r"trends failed in cell \d+: ZeroDivisionError"):
        make(broken(tmp_path, "1 / 0"), Registry(tmp_path / "out"), con)
    assert "ZeroDivisionError" in failed_record(tmp_path / "out")


def test_a_run_has_its_time_and_no_more(con, tmp_path):
    with pytest.raises(ReportFailed, match="took too long"):
        make(broken(tmp_path, "import time; time.sleep(3600)"), Registry(tmp_path / "out"), con, timeout=4)
    assert "took too long" in failed_record(tmp_path / "out")


def test_all_cells_share_one_clock(con, tmp_path):
    source = re.sub(r"mm\.panel\([^)]*\)", "__import__('time').sleep(0.5)", theme("trends").path.read_text("utf-8"))
    assert source.count("sleep(0.5)") == 8
    (tmp_path / "trends.ipynb").write_text(source)
    run = Run(Theme("trends", tmp_path / "trends.ipynb"), run_of(theme("trends"), {}).parameters)
    with pytest.raises(ReportFailed, match="took too long"):
        make(run, Registry(tmp_path / "out"), con, timeout=3)


def test_a_kernel_that_does_not_start_has_the_same_time(con, tmp_path, monkeypatch):
    slow = tmp_path / "bin" / "sitecustomize.py"
    slow.parent.mkdir()
    slow.write_text(f"import time\ntime.sleep(3600)\nopen({str(tmp_path / 'awake')!r}, 'w')\n")
    monkeypatch.setenv("PYTHONPATH", str(slow.parent))
    with pytest.raises(ReportFailed, match="took too long"):
        make(run_of(theme("trends"), {}), Registry(tmp_path / "out"), con, timeout=2)
    assert not (tmp_path / "awake").exists()


@pytest.fixture
def growing(tiny_home, tmp_path, monkeypatch):
    """A data folder of its own, in which builds may come and go; give what makes another build."""
    monkeypatch.setenv("MANGETAMAIN_DATA", str(tmp_path / "home"))

    def grow(longest):
        build(str(tiny_home / "raw"), home=tmp_path / "home", cleaning=Cleaning(minutes=(1, longest)))
        return Warehouse(tmp_path / "home")

    return grow


def test_a_build_meanwhile_changes_no_report(growing, tmp_path):
    before = growing(180)
    held = Warehouse(before.home, before.version)
    fingerprint = held.fingerprint
    assert growing(45).fingerprint != fingerprint
    place = make(run_of(theme("trends"), {}), Registry(tmp_path / "out"), held)
    record, told = (json.loads((place / f"{name}.json").read_text()) for name in ("record", "answers"))
    assert {answer["fingerprint"] for answer in told["answers"]} == {fingerprint} == {record["data"]["fingerprint"]}


def test_data_that_later_builds_removed_are_one_sentence(growing, tmp_path):
    before = growing(180)
    held, run = Warehouse(before.home, before.version), run_of(theme("trends"), {})
    begun = []

    def swept(*_):
        if not begun:
            begun.extend((growing(45), growing(60)))

    for _ in "midway", "before":
        with pytest.raises(ReportFailed, match="data of trends are gone, newer builds"):
            make(run, Registry(tmp_path / "out"), held, progress=swept)


def test_answers_of_other_data_are_no_report(con, tmp_path, monkeypatch):
    real = sys.modules["mangetamain.reports.run"].answers_of
    strange = lambda notebook: [{**answer, "fingerprint": "0"} for answer in real(notebook)]  # noqa: E731
    monkeypatch.setattr("mangetamain.reports.run.answers_of", strange)
    with pytest.raises(ReportFailed, match="from other data than it was given"):
        make(run_of(theme("trends"), {}), Registry(tmp_path / "out"), con)


def test_an_answer_that_is_missing_is_no_report(con, tmp_path):
    with pytest.raises(ReportFailed, match="gave 7 of its 8 answers"):
        make(broken(tmp_path, "0 and mm.panel(mm.volume, con)"), Registry(tmp_path / "out"), con)


def test_a_kernel_that_dies_midway_is_not_tried_again(con, tmp_path):
    mark = tmp_path / "mark"
    code = f"import os; open({str(mark)!r}, 'a').write('x'); os._exit(1)"
    with pytest.raises(ReportFailed, match="kernel of trends died"):
        make(broken(tmp_path, code), Registry(tmp_path / "out"), con)
    assert mark.read_text() == "x"


def test_a_kernel_that_dies_at_its_start_is_tried_once_more(con, tmp_path, monkeypatch):
    import papermill

    real, tries = papermill.execute_notebook, []

    def flaky(*args, **kwargs):
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return real(*args, **kwargs)

    monkeypatch.setattr(papermill, "execute_notebook", flaky)
    assert make(run_of(theme("ratings"), {}), Registry(tmp_path / "out"), con).is_dir()
    assert len(tries) == 2
