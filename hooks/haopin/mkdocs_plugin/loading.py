"""Load MkDocs' configuration, as `mkdocs.config.load_config` does, in a third of the time.

YAML is parsed in C. Markdown extensions are not loaded to validate their options: the written pages are read at the
beginning of a build, which validates them if they have changed. The functions that list all ten thousand emoji are
replaced, as in each build.
"""

import logging
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.base import ValidationError
from mkdocs.config.config_options import MarkdownExtensions
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.exceptions import ConfigurationError as MkDocsConfigurationError
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from haopin.build.settings import name_own_emoji, named_extensions
from haopin.mkdocs_plugin import BUILDER
from haopin.problem import ConfigurationError


class _NamedExtensions(MarkdownExtensions):
    """Names and options of Markdown extensions, which are loaded later."""

    def run_validation(self, value: object) -> list[str]:
        """Return the names."""
        try:
            found = named_extensions(value, "mkdocs.yml")
        except ConfigurationError as error:
            raise ValidationError(str(error)) from error
        self.configdata = dict(found.configs)
        return [name for name in found.names if isinstance(name, str)]


_EXTENSIONS = "markdown_extensions"
log = logging.getLogger(f"{BUILDER}.config")


def load(config: Path, **overrides: Any) -> MkDocsConfig:
    """Load MkDocs' configuration from ``config``.

    Raises:
        ConfigurationError: if it cannot be read.
        Abort: if it is invalid; what is wrong has been logged.
    """
    file = config.resolve()
    found = MkDocsConfig(config_file_path=str(file))
    own = _NamedExtensions(configkey="mdx_configs", default=[])
    found._schema = tuple((key, own if key == _EXTENSIONS else option) for key, option in found._schema)
    loader = get_yaml_loader(yaml.CLoader, found)
    name_own_emoji(loader)
    try:
        with file.open("rb") as opened:
            found.load_dict(yaml_load(opened, loader))
    except (MkDocsConfigurationError, yaml.YAMLError, OSError) as error:
        raise ConfigurationError(f"{config}: {error}") from error
    found.load_dict(overrides)
    errors, warnings = found.validate()
    for level, wrong in ((logging.WARNING, warnings), (logging.ERROR, errors)):
        for name, reason in wrong:
            log.log(level, f"Config value '{name}': {reason}")
    if errors or (found.strict and warnings):
        raise Abort(f"{config}: {len(errors or warnings)}")
    return found
