"""The only file that MkDocs loads: one line an event, no logic."""

from haopin.adapter.reload import fresh

_events = fresh("haopin.adapter.events")

on_config = _events.on_config
on_pre_build = _events.on_pre_build
on_files = _events.on_files
on_page_content = _events.on_page_content
on_env = _events.on_env
on_page_context = _events.on_page_context
on_template_context = _events.on_template_context
on_post_build = _events.on_post_build
on_build_error = _events.on_build_error
