"""Run the command line: ``python -m mangetamain``."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the folder one works in, whose random.py must not be taken for Python's

from mangetamain.cli.entry import main

main()
