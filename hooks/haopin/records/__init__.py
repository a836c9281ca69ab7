"""What may be written in the data folder: one module a subject, one definition a kind.

A kind added to `KINDS` is read, checked, described by a JSON Schema and on the reference page, searched and exported
without further code; only a page of its own look needs a template.
"""

from haopin.records.activity import ACTIVITY, CHANNEL
from haopin.records.base import Kind, Record
from haopin.records.body import BODY
from haopin.records.disclosure import ANALYSIS, BATCH, INSPECTION, RECALL, VIOLATION, WARNING
from haopin.records.document import DOCUMENT
from haopin.records.ledger import ASSIGNMENT, ENTRY
from haopin.records.need import NEED
from haopin.records.news import EVENT, NEWS
from haopin.records.phase import PHASE, SAFEGUARD
from haopin.records.policy import DIMENSION, POLICY
from haopin.records.provision import HONOUR, INDUSTRIES, MECHANISM, PILOT_FIELD, SERVICE, TERM
from haopin.records.publishable import WITHDRAWAL
from haopin.records.recognition import AWARD, CERTIFICATION, DEMONSTRATION, STANDARD
from haopin.records.redirect import REDIRECT
from haopin.records.site import SITE
from haopin.records.target import TARGET
from haopin.records.task import GROUP, SECTION, TASK

KINDS: tuple[Kind, ...] = (
    SITE,
    DOCUMENT,
    GROUP,
    TASK,
    SECTION,
    BODY,
    TARGET,
    PHASE,
    SAFEGUARD,
    ACTIVITY,
    CHANNEL,
    SERVICE,
    PILOT_FIELD,
    INDUSTRIES,
    HONOUR,
    MECHANISM,
    NEED,
    TERM,
    ASSIGNMENT,
    ENTRY,
    NEWS,
    EVENT,
    BATCH,
    INSPECTION,
    VIOLATION,
    RECALL,
    WARNING,
    ANALYSIS,
    AWARD,
    STANDARD,
    CERTIFICATION,
    DEMONSTRATION,
    POLICY,
    DIMENSION,
    WITHDRAWAL,
)

#: Kinds that serve the web server alone: read and checked like all, but on no page, in no file and not in the API.
INTERNAL: tuple[Kind, ...] = (REDIRECT,)

#: All that the data folder may hold.
READ: tuple[Kind, ...] = (*KINDS, *INTERNAL)

__all__ = ["INTERNAL", "KINDS", "READ", "Kind", "Record"]
