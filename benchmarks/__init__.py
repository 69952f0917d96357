"""Measures of speed, memory and page cost, as ratios to a reference in the same run."""

import os

# As in the processes of the site's pool: threads of OpenBLAS that wait count as processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
