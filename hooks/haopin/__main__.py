"""Entry point of ``haopin`` and ``python -m haopin``."""

import gc
import os
import sys

#: Number of new objects after which garbage is collected; Python's default of 700 means hundreds of collections while
#: modules and records are loaded, which are no garbage. A command on a county of 577 records makes fewer than this.
_OBJECTS = 1_000_000


def run() -> None:
    """Run the command in ``sys.argv`` and exit with its code."""
    gc.set_threshold(_OBJECTS)
    # It would search the installed packages for plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # An incomplete installation must not exit with 1, which means that the data or the live site has errors.
    try:
        from haopin.cli.main import main
    except ImportError as error:
        from haopin.installation import incomplete

        print(incomplete(error), file=sys.stderr)
        sys.exit(2)
    code = main(sys.argv[1:])
    # No last collection: the process ends.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    run()
