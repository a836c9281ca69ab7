"""The office's commands: ``python -m haopin check | build | schema | export-pages``."""

import logging
import os
import sys

if __name__ == "__main__":
    # An installation that is not whole must not end with 1, which says that the data or the public site is wrong.
    try:
        from haopin.cli.main import main
    except ImportError as error:
        print(
            f"程序没有装完整：{error}；请运行 .ci/setup site / "
            f"the installation is not complete: {error}; run .ci/setup site",
            file=sys.stderr,
        )
        sys.exit(2)
    code = main(sys.argv[1:])
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # The process ends here: taking thousands of records apart first would cost a tenth of a build.
    os._exit(code)
