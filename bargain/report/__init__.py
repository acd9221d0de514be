"""The study as a document: every model solved, tabulated and drawn; LaTeX, HTML, JSON and PDF."""

from bargain.report.study import Report, write_report

__all__ = ["Report", "write_report"]
