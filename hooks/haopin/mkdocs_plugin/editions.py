"""The other languages of a build: a second process beside it where that is possible, after it where not."""

import json
import logging
import os
import shutil
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from haopin.build.session import BuildSession
from haopin.build.settings import LanguageEdition
from haopin.files import Scratch
from haopin.mkdocs_plugin import LOGGER

log = logging.getLogger(LOGGER)


@dataclass
class Job:
    """The build of one other language into a folder of its own.

    Attributes:
        edition: The language.
        scratch: Its working folder.
        pid: Of the process that builds it, if it is another one.
    """

    edition: LanguageEdition
    scratch: Scratch
    pid: int | None = None

    @property
    def folder(self) -> Path:
        """The working folder of this build, deleted at its end."""
        return self.scratch.path

    @property
    def site(self) -> Path:
        """Where the site is built."""
        return self.folder / "site"

    @property
    def known(self) -> Path:
        """File in which another process records the files that it made."""
        return self.folder / "known.json"


# Builds in progress: MkDocs reports a failed build without saying which, and children must not outlive it.
_in_progress: "list[Editions]" = []


def abandon_all() -> None:
    """End every build that was started and leave nothing behind."""
    while _in_progress:
        _in_progress.pop().abandon()


@dataclass
class Editions:
    """The builds that a primary build brings along."""

    session: BuildSession
    jobs: list[Job] = field(default_factory=list)

    def start(self, editions: tuple[LanguageEdition, ...], config: MkDocsConfig) -> None:
        """Start building ``editions`` beside ``config``'s own language.

        A fork shares everything that is already read. It is safe only while no other thread runs, so a live preview
        (which serves pages from a thread) and systems without fork build one language after the other, in `finish`.
        """
        _in_progress.append(self)
        for edition in editions:
            parent = Path(config.site_dir).resolve().parent
            parent.mkdir(parents=True, exist_ok=True)
            job = Job(edition, Scratch(parent, ".haopin-"))
            self.jobs.append(job)
            if hasattr(os, "fork") and threading.active_count() == 1:
                sys.stdout.flush()
                sys.stderr.flush()
                job.pid = os.fork()
                if job.pid == 0:
                    _in_progress.clear()
                    self._run_and_exit(job, config)

    def _run_and_exit(self, job: Job, config: MkDocsConfig) -> None:
        code = 1
        try:
            self._build(job, config)
            made = sorted(self.session.known[job.edition.language])
            job.known.write_text(json.dumps(made), encoding="utf-8")
            code = 0
        except SystemExit:
            pass  # MkDocs has already said why.
        except BaseException as error:
            log.error(f"{job.edition.config}: {type(error).__name__}: {error}")
        finally:
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _build(self, job: Job, config: MkDocsConfig) -> None:
        base = Path(config.config_file_path).parent
        other = load_config(
            config_file=str(base / job.edition.config),
            site_dir=str(job.site),
            docs_dir=str(base / job.edition.docs),
            strict=config.strict,
        )
        other.site_url = (config.site_url or "/") + job.edition.path
        # All that is set for the build as a whole is set once, where it begins.
        language = {"language": job.edition.language, "session": self.session}
        other.extra["haopin"] = {**config.extra["haopin"], **language}
        build(other)

    def finish(self, config: MkDocsConfig) -> None:
        """Wait for the other languages and move them into the site.

        Raises:
            PluginError: if one of them failed.
        """
        for job in self.jobs:
            if job.pid is None:
                self._build(job, config)
            else:
                _, status = os.waitpid(job.pid, 0)
                job.pid = None
                if status != 0:
                    raise PluginError(f"{job.edition.config}: 生成失败 / the build failed")
                self.session.known[job.edition.language] = set(json.loads(job.known.read_text(encoding="utf-8")))
            target = Path(config.site_dir) / job.edition.path
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            job.site.rename(target)
            job.scratch.remove()
        self.jobs.clear()
        _in_progress.remove(self)

    def abandon(self) -> None:
        """Stop the processes that were started and delete their folders."""
        for job in self.jobs:
            if job.pid is not None:
                os.kill(job.pid, 9)
                os.waitpid(job.pid, 0)
            job.scratch.remove()
        self.jobs.clear()
