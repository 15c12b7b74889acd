"""A word for an address that no other row has: the name's own, or numbered where it is taken."""

from typing import Any

from django.utils.text import slugify


def free_slug(name: str, usual: str, *models: Any, most: int = 50) -> str:
    """The name's first `most` letters as an address that no row of any of the models has.

    `usual` stands in for a name without letters; a number follows where a word is taken.
    """
    start = slugify(name)[:most] or usual
    taken: set[str] = set()
    for model in models:
        rows = model.objects.filter(slug__startswith=start)
        taken.update(rows.values_list("slug", flat=True))
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := start + f"-{n}" * (n > 1)) not in taken
    )
