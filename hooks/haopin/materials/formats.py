"""Formats of materials: those shipped in ``formats.yml``, changed and added to by ``materials.yml`` of a county."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from haopin.model.material_format import MaterialFormat


@cache
def shipped() -> tuple[MaterialFormat, ...]:
    """Return the formats that come with the program."""
    records = yaml.safe_load(Path(__file__).with_name("formats.yml").read_text("utf-8"))
    return tuple(MaterialFormat.model_validate(record) for record in records)


def formats(own: Iterable[MaterialFormat] = ()) -> tuple[MaterialFormat, ...]:
    """Return all formats: one of a county's ``own`` with the id of a shipped one takes its place."""
    return tuple(({each.id: each for each in shipped()} | {each.id: each for each in own}).values())
