"""The only file that MkDocs loads: one line an event, no logic.

MkDocs keeps this file for the life of a live preview; `fresh` brings in the package anew when it was edited.
"""

# ruff: noqa: D103 - each function is MkDocs' event of that name, documented in haopin.mkdocs_plugin.events
# mypy: disable-error-code="no-untyped-def"

from haopin.mkdocs_plugin import reload

# The policy and the digests of a site are those of its finished files: what plugins do at the end comes first.
_LAST = -100


def on_config(config):
    return reload.fresh("events").on_config(config)


def on_pre_build(config):
    reload.current("events").on_pre_build(config)


def on_files(files, config):
    return reload.current("events").on_files(files, config)


def on_page_markdown(markdown, page, config, files):
    return reload.current("events").on_page_markdown(markdown, page, config, files)


def on_page_content(html, page, config, files):
    return reload.current("events").on_page_content(html, page, config, files)


def on_env(env, config, files):
    return reload.current("events").on_env(env, config, files)


def on_page_context(context, page, config, nav):
    return reload.current("events").on_page_context(context, page, config, nav)


def on_template_context(context, template_name, config):
    return reload.current("events").on_template_context(context, template_name, config)


def on_post_template(output_content, template_name, config):
    return reload.current("events").on_post_template(output_content, template_name, config)


def on_post_build(config):
    reload.current("events").on_post_build(config)


on_post_build.mkdocs_priority = _LAST  # type: ignore[attr-defined]


def on_build_error(error):
    reload.current("events").on_build_error(error)
