"""Which fields of a new record are asked, by what is known of it already."""

from collections.abc import Mapping
from typing import Any, Literal

from haopin.desk.new_fields import Field
from haopin.desk.new_lookup import Lookup
from haopin.records import Kind
from haopin.records.ledger import ASSIGNMENT, ENTRY
from haopin.records.publishable import WITHDRAWAL

Need = Literal["must", "may", "never"]

# Given by an option only: an editor's note, the mark of samples, changes of what is only just announced.
_NEVER = ("id", "note", "sample", "changed", "cancelled", "keep", "looked_at")


def need(kind: Kind, field: Field, given: Mapping[str, Any], lookup: Lookup) -> Need:
    """Return whether ``field`` of a new record of ``kind`` is asked, and whether it may be skipped."""
    if field.name in _NEVER:
        return "never"
    if kind is ENTRY:
        found = _of_entry(field.name, given, lookup)
        if found is not None:
            return found
    if kind is ASSIGNMENT and field.name == "due":
        return "may" if given.get("body") else "must"
    if kind is WITHDRAWAL and field.name == "record":
        return "may" if given.get("names") else "must"
    return "must" if field.required else "may"


def _of_entry(name: str, given: Mapping[str, Any], lookup: Lookup) -> Need | None:
    """Return the need of a field of the ledger: a measure has a state, a target with a number has a value."""
    target = lookup.targets.get(given.get("target", ""))
    has_number = target is not None and target.value is not None
    if name == "measure":
        return "never" if given.get("target") else "may"
    if name == "target":
        return "never" if given.get("measure") else "must"
    if name == "state":
        return "never" if has_number else "must"
    if name == "value":
        return "must" if has_number else "never"
    if name == "unit":
        return "never"
    if name == "covers":
        return "may" if has_number else "never"
    if name == "corrects":
        return "may" if lookup.candidates("entry", given) else "never"
    if name == "reason":
        return "must" if given.get("corrects") else "never"
    return None


def completed(kind: Kind, given: Mapping[str, Any], lookup: Lookup) -> dict[str, Any]:
    """Return ``given`` with what follows from it: the unit of a value is that of its target."""
    target = lookup.targets.get(given.get("target", "")) if kind is ENTRY else None
    if target is not None and target.unit and "value" in given and "unit" not in given:
        return {**given, "unit": target.unit}
    return dict(given)


def missing(kind: Kind, fields: tuple[Field, ...], given: Mapping[str, Any], lookup: Lookup) -> tuple[Field, ...]:
    """Return the fields that must be given and are not."""
    return tuple(f for f in fields if f.name not in given and need(kind, f, given, lookup) == "must")


#: Fields that are asked anew when one of the ledger changes.
_ABOUT = ("state", "value", "unit", "covers", "corrects", "reason")
_DEPENDENTS = {"measure": ("target", *_ABOUT), "target": ("measure", *_ABOUT), "corrects": ("reason",)}


def dependents(kind: Kind, name: str) -> tuple[str, ...]:
    """Return the fields whose answers no longer hold when the field ``name`` has changed."""
    return _DEPENDENTS.get(name, ()) if kind is ENTRY else ()
