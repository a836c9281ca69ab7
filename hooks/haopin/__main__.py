"""The office's commands, as a program: ``haopin``, ``python -m haopin``."""

import logging
import os
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
    code = main(sys.argv[1:])
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # The process ends here: taking thousands of records apart first would cost a tenth of a build.
    os._exit(code)


if __name__ == "__main__":
    run()
