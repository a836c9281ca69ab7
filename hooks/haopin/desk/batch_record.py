"""The record of a batch: the one that there is, or a new one from what a clerk says of it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from haopin.desk.yamltext import block
from haopin.problem import DataError, Place
from haopin.reading.messages import translate
from haopin.reading.reading import Reading
from haopin.records.disclosure import Batch

#: What the record of a batch needs, and the option that gives it.
NEEDED = ("title", "body", "date", "source")


def existing(reading: Reading, batch_id: str) -> Batch | None:
    """Return the record of the batch, if there is one."""
    records = (e.record for e in reading.entries if isinstance(e.record, Batch))
    return next((record for record in records if record.id == batch_id), None)


def new_record(batch_id: str, given: Mapping[str, Any]) -> Batch:
    """Return the record of a new batch.

    Raises:
        DataError: if an option is missing or wrong.
    """
    try:
        return Batch.model_validate({"id": batch_id, **given})
    except ValidationError as error:
        wrong = list(translate(error, Batch, Place("")))
        lines = [
            f"--{p.place.path[0] if p.place.path else 'id'}\uff1a{p.zh} / --{p.place.path[0]}: {p.en}" for p in wrong
        ]
        raise DataError(lines) from error


def record_text(record: Batch) -> str:
    """Return the file of a new batch."""
    plain = {
        "id": record.id,
        "date": record.date.isoformat(),
        "title": record.title.zh,
        "body": record.body,
        "source": record.source.zh,
    }
    return (
        "# yaml-language-server: $schema=../schema/batch.json\n"
        f"# 抽检批次，产品在同名的 {record.id}.csv 里。审核（haopin approve）后才公布。\n"
        f"# A batch of product sampling; its products stand in {record.id}.csv. Public once approved.\n"
    ) + block(plain)
