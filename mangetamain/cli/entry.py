"""Where the command line begins: it can be told to end before anything heavy is imported."""

from __future__ import annotations

from mangetamain import stopping


def main() -> None:
    """Run the command line; what a signal ends has exit code 130 or 143, wherever it was."""
    stopping.listen()
    try:
        from mangetamain.cli.app import main as command

        command()
    except BaseException as ended:
        if not stopping.came:
            raise
        stopping.leave(said=isinstance(ended, stopping.Ended))
    if stopping.came:
        stopping.leave()
