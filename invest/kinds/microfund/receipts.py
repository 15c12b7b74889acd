"""What a payment on a loan settles, in which order: pure arithmetic on whole öre.

Costs, late interest, interest, fee, principal; what is over is an advance. The usual order of
Swedish loan contracts and of handelsbalken 9:5.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Parts:
    """Öre by what they are for, in the order they are settled. As a debt, or as what was paid."""

    costs_minor: int = 0
    late_minor: int = 0
    interest_minor: int = 0
    fee_minor: int = 0
    principal_minor: int = 0
    over_minor: int = 0

    @property
    def total_minor(self) -> int:
        """All of them."""
        return sum(getattr(self, part.name) for part in fields(self))

    def __add__(self, other: "Parts") -> "Parts":
        """Part by part."""
        names = [part.name for part in fields(self)]
        return Parts(**{name: getattr(self, name) + getattr(other, name) for name in names})


def allocate(paid_minor: int, owed: Parts) -> Parts:
    """Share a payment over what is owed, in order; the rest is over. The parts sum to it."""
    left, parts = paid_minor, {}
    for part in fields(Parts)[:-1]:
        parts[part.name] = min(left, getattr(owed, part.name))
        left -= parts[part.name]
    return Parts(**parts, over_minor=left)
