"""Entry point of ``haopin`` and ``python -m haopin``."""

import sys


def run() -> None:
    """Run the command in ``sys.argv`` and exit with its code."""
    # An incomplete installation must not exit with 1, which means that the data or the live site has errors.
    try:
        from haopin.cli.main import main
    except ImportError as error:
        from haopin.installation import incomplete

        print(incomplete(error), file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
