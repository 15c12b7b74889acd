"""What may be asked of the API, and how its answers are described beyond their shapes."""

from typing import Any, Literal

from ninja.params.functions import Path, Query

Form = Literal["json", "csv"]

MOST_ON_A_PAGE = 200
_WORD: dict[str, Any] = {"pattern": r"^[-a-zA-Z0-9_]+$", "max_length": 60}

SLUG = Path(..., description="Its name in addresses.", example="soltaket", **_WORD)
PK = Path(..., ge=1, le=2**31 - 1, description="Its number.", example=7)
PROJECT = Query(None, description="Slug of a project.", example="soltaket", **_WORD)
ORGANISATION = Query(
    None, description="Slug of an organisation.", example="bjorkdalens-energi", **_WORD
)
MUNICIPALITY = Query(
    None, max_length=60, pattern=r"^[^\u0000]+$", description="Where.", example="Björkdalen"
)
SECTOR = Query(None, description="Code of the sector.", example="energy")
STAGE = Query(None, description="Code of the stage today.", example="raising")
REVISION = Query(
    None, ge=1, le=2**31 - 1, description="Which; the newest unless told otherwise.", example=1
)
PAGE = Query(1, ge=1, le=10_000, description="Which page, from 1.", example=1)
PER_PAGE = Query(50, ge=1, le=MOST_ON_A_PAGE, description="How many on a page.", example=50)
FORM = Query(
    "json",
    alias="as",
    description="csv: all that the filters choose, as RFC 4180 has it. Amounts stay whole öre.",
    example="json",
)

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_REFUSALS = {
    400: "The address holds a character that no text has.",
    404: "There is no such thing.",
    409: "What is kept is not what was signed.",
    422: "A part of the question cannot be read.",
    429: "Asked too often: wait as many seconds as Retry-After says.",
}


def described(*statuses: int, csv: bool = False) -> dict[str, Any]:
    """Refusals beside the ones that every address has, and CSV where a list can be had so."""
    told: dict[int, Any] = {
        status: {"description": _REFUSALS[status], "content": _PROBLEM}
        for status in sorted({400, 429, *statuses})
    }
    if csv:
        text = {"schema": {"type": "string"}, "example": "slug,name\r\nsoltaket,Soltaket\r\n"}
        told[200] = {"content": {"text/csv": text}}
    return {"responses": told}
