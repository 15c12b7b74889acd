"""What a project or an organisation tells everybody: frozen, agreed by two, signed, never changed.

`freeze` makes the content, `parts` watches that no figure points at somebody, `verbs` drafts,
approves, revises and discards, `signature` signs and checks, `files` are what is carried away
(`signed.json`, the paper), `shown` reads it all back for a page. Why so: docs/adr/0011.
"""

from reports.publish.files import (
    Unreadable,
    Verdict,
    check_file,
    read_file,
    seal_paper,
    signed_file,
    verdict_on,
    wrong_heads,
)
from reports.publish.freeze import Words, freeze
from reports.publish.shown import ShownPublication, shown
from reports.publish.signature import is_genuine, our_keys
from reports.publish.verbs import (
    State,
    approve,
    discard,
    draft,
    latest,
    newest,
    preview,
    published,
    revise,
    state,
    would_point,
)

__all__ = [
    "ShownPublication",
    "State",
    "Unreadable",
    "Verdict",
    "Words",
    "approve",
    "check_file",
    "discard",
    "draft",
    "freeze",
    "is_genuine",
    "latest",
    "newest",
    "our_keys",
    "preview",
    "published",
    "read_file",
    "revise",
    "seal_paper",
    "shown",
    "signed_file",
    "state",
    "verdict_on",
    "would_point",
    "wrong_heads",
]
