"""The office's commands: ``python -m haopin check | build | schema | export-pages``."""

import logging
import os
import sys

from haopin.commands import main

if __name__ == "__main__":
    code = main(sys.argv[1:])
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # The process ends here: taking thousands of records apart first would cost a tenth of a build.
    os._exit(code)
