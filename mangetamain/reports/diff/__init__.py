"""Two runs of one notebook compared by meaning, and the comparison in words."""
