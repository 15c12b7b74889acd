"""Who holds which numbers: the blocks of the share register on a day."""

from dataclasses import dataclass, replace
from datetime import date

from invest.kinds.actions import Change, Done, Snapshot

NUMBERED = ("register-issue", "transfer", "redeem")


@dataclass(frozen=True, slots=True)
class Block:
    """Shares `first` to `last`, whose they are (0: redeemed), since when, and what is noted."""

    first: int
    last: int
    holder: int
    since: date
    note: str = ""

    @property
    def shares(self) -> int:
        """How many."""
        return self.last - self.first + 1


def blocks(now: Snapshot) -> list[Block]:
    """The share register by numbers: every number ever given is in exactly one block."""
    held: list[Block] = []
    for action in sorted(now.of(*NUMBERED, "note"), key=lambda d: (d.on, d.number)):
        if action.act == "register-issue":
            given = [(c.number, c.amount) for c in now.changes if gave(c, action.number)]
            for holder, shares in sorted(given):
                first = held[-1].last + 1 if held else 1
                held.append(Block(first, first + shares - 1, holder, action.on))
        else:
            held = _with(held, action)
    return held


def gave(change: Change, action: int) -> bool:
    """Whether a change is what a holder got by an action, and kept."""
    kept = not change.why.endswith("-reversed")
    return change.action == action and change.role == "units" and change.number > 0 and kept


def _with(held: list[Block], action: Done) -> list[Block]:
    """The blocks after numbers changed hands, were redeemed or got a note."""
    first, last = action.facts["first"], action.facts["last"]
    after = []
    for block in held:
        low, high = max(block.first, first), min(block.last, last)
        if low > high:
            after.append(block)
            continue
        if block.first < low:
            after.append(replace(block, last=low - 1))
        changed = {"first": low, "last": high}
        if action.act == "note":
            after.append(replace(block, **changed, note=action.facts["text"] or ""))
        else:
            holder = action.facts["buyer"] if action.act == "transfer" else 0
            after.append(Block(low, high, holder, action.on))
        if high < block.last:
            after.append(replace(block, first=high + 1))
    return after


def owns(now: Snapshot, holder: int, first: int, last: int) -> bool:
    """Whether all those numbers are the holder's."""
    mine = [b for b in blocks(now) if b.holder == holder]
    count = sum(max(0, min(b.last, last) - max(b.first, first) + 1) for b in mine)
    return first <= last and count == last - first + 1
