"""Builds of the other languages: in a forked process in parallel where possible, otherwise one after the other."""

import json
import logging
import multiprocessing
import shutil
import sys
import threading
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from haopin.build.session import BuildSession
from haopin.build.settings import LanguageEdition
from haopin.exports.ahead import processor_count
from haopin.files import Scratch
from haopin.mkdocs_plugin import CANCELLED, LAST_SITE, LOGGER, MODE, PROGRAM
from haopin.mkdocs_plugin.loading import load

log = logging.getLogger(LOGGER)


@dataclass
class Job:
    """The build of one other language into a folder of its own.

    Attributes:
        edition: The language to build.
        scratch: Its working folder.
        process: The process that builds it; None if it is built by the process of the primary build.
    """

    edition: LanguageEdition
    scratch: Scratch
    process: ForkProcess | None = None

    @property
    def folder(self) -> Path:
        """Working folder of this build, deleted at its end."""
        return self.scratch.path

    @property
    def site(self) -> Path:
        """Output folder of this build."""
        return self.folder / "site"

    @property
    def known(self) -> Path:
        """File by which a forked process passes on the list of files that it made."""
        return self.folder / "known.json"


# Builds in progress. MkDocs does not say which build failed; child processes must not outlive it.
_in_progress: "list[Editions]" = []


def abandon_all() -> None:
    """Stop every build in progress and delete its folders."""
    while _in_progress:
        _in_progress.pop().abandon()


@dataclass
class Editions:
    """Builds of the other languages, started by the primary build."""

    session: BuildSession
    jobs: list[Job] = field(default_factory=list)

    def start(self, editions: tuple[LanguageEdition, ...], config: MkDocsConfig) -> None:
        """Start to build ``editions``, in parallel with the language of ``config``.

        A forked process shares everything that is loaded, and uses a second processor. Where there is none, it would
        only take more memory. Forking is safe only if no other thread runs; so a live preview (which serves pages from
        a thread) and systems without fork build one language after the other, in `finish`.
        """
        _in_progress.append(self)
        is_useful = processor_count() > 1 and threading.active_count() == 1
        forks = is_useful and "fork" in multiprocessing.get_all_start_methods()
        for edition in editions:
            parent = Path(config.site_dir).resolve().parent
            parent.mkdir(parents=True, exist_ok=True)
            job = Job(edition, Scratch(parent, ".haopin-"))
            self.jobs.append(job)
            if forks:
                # A daemon process ends with this one.
                job.process = multiprocessing.get_context("fork").Process(
                    target=self._build_apart, args=(job, config), daemon=True
                )
                job.process.start()

    def _build_apart(self, job: Job, config: MkDocsConfig) -> None:
        """Build ``job`` in a separate process, with exit code 1 if the build fails."""
        _in_progress.clear()
        try:
            self._build(job, config)
        except SystemExit:
            raise  # MkDocs has already printed why.
        except BaseException as error:
            log.error(f"{job.edition.config}: {type(error).__name__}: {error}")
            sys.exit(1)
        job.known.write_text(json.dumps(self.session.known[job.edition.language]), encoding="utf-8")

    def _build(self, job: Job, config: MkDocsConfig) -> None:
        base = Path(config.config_file_path).parent
        other = load(
            base / job.edition.config,
            site_dir=str(job.site),
            docs_dir=str(base / job.edition.docs),
            strict=config.strict,
        )
        other.site_url = (config.site_url or "/") + job.edition.path
        # Settings of the whole build are made once, at its start.
        language = {"language": job.edition.language, "session": self.session}
        other.extra["haopin"] = {**config.extra["haopin"], **language}
        other.extra |= {key: config.extra[key] for key in (LAST_SITE, MODE, PROGRAM, CANCELLED) if key in config.extra}
        build(other)

    def finish(self, config: MkDocsConfig) -> None:
        """Wait for the other languages and move their output into the site.

        Raises:
            PluginError: if a build failed.
        """
        for job in self.jobs:
            if job.process is None:
                self._build(job, config)
            else:
                job.process.join()
                if job.process.exitcode != 0:
                    raise PluginError(f"{job.edition.config}: 生成失败 / the build failed")
                self.session.known[job.edition.language] = json.loads(job.known.read_text(encoding="utf-8"))
            target = Path(config.site_dir) / job.edition.path
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            job.site.rename(target)
            job.scratch.remove()
        self.jobs.clear()
        _in_progress.remove(self)

    def abandon(self) -> None:
        """Stop the started processes and delete their folders."""
        for job in self.jobs:
            if job.process is not None:
                job.process.kill()
                job.process.join()
            job.scratch.remove()
        self.jobs.clear()
