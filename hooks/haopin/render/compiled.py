"""Compiled templates, kept from one run to the next: compiling them is a third of the work of a county's build."""

import sys
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates beside the engine, where Python keeps its own compiled modules and under the same rules.

    Jinja keeps one by the path of its source, and compiles anew what has another content.
    """

    def __init__(self) -> None:
        """Use the folder that Python makes beside this module."""
        super().__init__(
            str(Path(__file__).parent / "__pycache__"),
            f"jinja-{jinja2.__version__}-{sys.implementation.cache_tag}-%s",
        )

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of ``bucket``; a folder that cannot be written to only costs time, as with modules."""
        if sys.dont_write_bytecode:
            return
        try:
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
        except OSError:
            pass
