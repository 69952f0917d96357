"""Figures as SVG, without a browser: what a page shows before plotly is there, and where there is no script at all."""
