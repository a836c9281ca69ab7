"""The theme's templates.

MkDocs asks the theme for a fresh environment in each build; here all share the compiled templates, and the theme's ten
thousand icons are not listed to be left out again.
"""

import os
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from haopin.build.session import theme_assets
from haopin.html.renderer import CompiledTemplates

#: What every page and the not-found page are made of.
_NEEDED = (
    "404.html",
    "main.html",
    "haopin-spliced.html",
    "sitemap.xml",
    "partials/haopin-header.html",
    "partials/haopin-menu.html",
    "partials/haopin-footer.html",
)


class _WithoutHidden(FileSystemLoader):
    """A loader that does not list hidden folders, of whose files MkDocs takes none."""

    def list_templates(self) -> list[str]:
        """Return the names of all templates outside hidden folders."""
        found: set[str] = set()
        for top in self.searchpath:
            for folder, folders, names in os.walk(top):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found.update(os.path.relpath(os.path.join(folder, name), top) for name in names)  # noqa: PTH118
        return sorted(name.replace(os.sep, "/") for name in found)


def share_templates(config: MkDocsConfig) -> None:
    """Let the theme of ``config`` use the shared templates."""
    make = config.theme.get_env

    def shared() -> Environment:
        environment = make()
        environment.loader = _WithoutHidden(config.theme.dirs)
        environment.bytecode_cache = CompiledTemplates()
        return environment

    config.theme.get_env = shared  # type: ignore[method-assign]


def compile_templates(config: MkDocsConfig) -> None:
    """Compile what every page needs, before a build forks into its languages."""
    environment = config.theme.get_env()
    for name in _NEEDED:
        environment.get_template(name)


def place_assets(files: Files, folder: str, config: MkDocsConfig) -> None:
    """Let what our theme gives to be loaded lie in ``folder``, below the root of the language.

    Nothing else of the folders of the theme is published: not the shell of the theme that ours is built on (a
    megabyte), and no file that somebody left there.
    """
    tops = [Path(top).resolve() for top in config.theme.dirs]
    for file in list(files):
        if file.src_dir is not None and Path(file.src_dir).resolve() in tops:
            files.remove(file)
    for asset in theme_assets():
        files.append(File.generated(config, folder + asset.name, abs_src_path=str(asset)))
