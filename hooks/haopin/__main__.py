"""The office's commands, as a program: ``haopin``, ``python -m haopin``."""

import sys


def run() -> None:
    """Run the command of this process and end it."""
    # An installation that is not whole must not end with 1, which says that the data or the public site is wrong.
    try:
        from haopin.cli.main import main
    except ImportError as error:
        from haopin.installation import incomplete

        print(incomplete(error), file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
