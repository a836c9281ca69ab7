"""What may be written in the data folder: one module a subject, one definition a kind.

A kind added to `KINDS` is read, checked, described by a JSON Schema and on the reference page, searched and exported
without further code; only a page of its own look needs a template.
"""

from haopin.model.activity import ACTIVITY, CHANNEL
from haopin.model.base import Kind, Record
from haopin.model.body import BODY
from haopin.model.disclosure import ANALYSIS, BATCH, INSPECTION, RECALL, VIOLATION, WARNING
from haopin.model.document import DOCUMENT
from haopin.model.ledger import ASSIGNMENT, ENTRY
from haopin.model.need import NEED
from haopin.model.news import EVENT, NEWS
from haopin.model.phase import PHASE, SAFEGUARD
from haopin.model.provision import HONOUR, INDUSTRIES, MECHANISM, PILOT_FIELD, SERVICE, TERM
from haopin.model.publishable import WITHDRAWAL
from haopin.model.recognition import AWARD, CERTIFICATION, DEMONSTRATION, STANDARD
from haopin.model.redirect import REDIRECT
from haopin.model.site import SITE
from haopin.model.support_policy import DIMENSION, POLICY
from haopin.model.target import TARGET
from haopin.model.task import GROUP, SECTION, TASK

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
