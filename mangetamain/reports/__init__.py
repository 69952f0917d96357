"""Reports: notebooks that a machine runs with papermill into self-contained files."""

from mangetamain.reports.report import Report, report

__all__ = ["Report", "report"]
