"""Load MkDocs' configuration, as `mkdocs.config.load_config` does, in a third of the time.

YAML is parsed in C. The functions that list all ten thousand emoji, which each build replaces, are replaced before
MkDocs calls them to validate the options of extensions.
"""

import logging
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.exceptions import ConfigurationError as MkDocsConfigurationError
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from haopin.build.settings import name_own_emoji
from haopin.mkdocs_plugin import BUILDER
from haopin.problem import ConfigurationError

log = logging.getLogger(f"{BUILDER}.config")


def load(config: Path, **overrides: Any) -> MkDocsConfig:
    """Load MkDocs' configuration from ``config``.

    Raises:
        ConfigurationError: if it cannot be read.
        Abort: if it is invalid; what is wrong has been logged.
    """
    file = config.resolve()
    found = MkDocsConfig(config_file_path=str(file))
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
