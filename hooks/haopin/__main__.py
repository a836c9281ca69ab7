"""The office's commands: ``python -m haopin check | build | schema | export-pages``."""

import sys

from haopin.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
