"""Run the command line: ``python -m mangetamain``."""

from mangetamain.cli import main

main()
