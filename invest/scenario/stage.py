"""What the acts of a story share while it is played."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush
from itertools import count
from typing import Any

from invest.models import Call, Fair, Organisation
from invest.people import Giver
from pools.models import BankAccount

BY = "job:demo"
Data = dict[str, Any]


@dataclass
class Summary:
    """How much was played."""

    projects: int = 0
    savers: int = 0
    pledges: int = 0
    lines: int = 0


@dataclass
class Stage:
    """What the acts share while the story is played."""

    story: Data
    today: date
    chance: random.Random
    acts: list[tuple[date, int, Callable[[], object]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    banks: dict[str, BankAccount] = field(default_factory=dict)
    fairs: dict[str, Fair] = field(default_factory=dict)
    crowd: list[Giver] = field(default_factory=list)
    turn: int = 0
    arriving: dict[str, list[tuple[date, int, str, str]]] = field(default_factory=dict)
    fetched: set[tuple[str, date]] = field(default_factory=set)
    told: set[int] = field(default_factory=set)  # entries that the bank has told of
    balance: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    part_paid: dict[str, Call] = field(default_factory=dict)
    summary: Summary = field(default_factory=Summary)

    def day(self, told: date) -> date:
        """The day as told, moved along so that the story ends today."""
        last_day: date = self.story["told_on"]
        return told + (self.today - last_day)

    def at(self, on: date, act: Callable[[], object]) -> None:
        """Let something happen on a day; what lies ahead has not happened."""
        if on <= self.today:
            heappush(self.acts, (on, next(self.order), act))

    def play(self) -> None:
        """Play every act, day by day; acts may add acts on the same day or later."""
        while self.acts:
            _, _, act = heappop(self.acts)
            act()
