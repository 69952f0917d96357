"""Reports: notebooks that a machine runs with papermill, planned, resumed, registered and compared."""

from mangetamain.reports.batch import Event, Outcome, Step, batch, jobs_that_fit, steps
from mangetamain.reports.plan import BadPlan, Run, from_file, from_words, run_of
from mangetamain.reports.registry import NoRoom, Registry, key_of
from mangetamain.reports.run import ReportFailed, make

__all__ = [
    "BadPlan",
    "Event",
    "NoRoom",
    "Outcome",
    "Registry",
    "ReportFailed",
    "Run",
    "Step",
    "batch",
    "from_file",
    "from_words",
    "jobs_that_fit",
    "key_of",
    "make",
    "run_of",
    "steps",
]
