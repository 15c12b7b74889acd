"""The six steps of a local group as a checklist of what it has on record. No database, no score.

Each line says how much there is and how much is enough to go on with, and why. The steps are those
of the handbook; how much is enough is a house rule.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Facts:
    """What a group has on record, in whole numbers. Persons fewer than five are told as none."""

    gatherings: int = 0
    cards: int = 0
    stories: int = 0
    decisions: int = 0
    outcomes: int = 0
    helped: int = 0
    producers: int = 0
    bought: int = 0
    projects: int = 0
    offers: int = 0
    savers: int = 0
    fairs: int = 0
    partners: int = 0
    operating: int = 0
    repaid: int = 0
    assessed: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line: which fact, how much is enough, why so much, and what to do next, where.

    `where` is the code of a place to go; the page knows its address. `hides_few` where a number
    below enough could point at somebody: it is told as fewer.
    """

    fact: str
    enough: int
    label: Promise
    why: Promise
    todo: Promise
    where: str
    hides_few: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A rule with how much there is."""

    rule: Rule
    have: int

    @property
    def is_done(self) -> bool:
        """Enough to go on with."""
        return self.have >= self.rule.enough

    @property
    def is_begun(self) -> bool:
        """Something, and not enough."""
        return 0 < self.have < self.rule.enough


@dataclass(frozen=True, slots=True)
class Step:
    """One of the six, with its chapter of the handbook and its lines."""

    chapter: str
    label: Promise
    lines: tuple[Line, ...]

    @property
    def is_done(self) -> bool:
        """Every line is."""
        return all(line.is_done for line in self.lines)


STEPS: tuple[tuple[str, Promise, tuple[Rule, ...]], ...] = (
    (
        "strengthen-local-identity",
        _("Strengthen the local identity"),
        (
            Rule(
                "gatherings",
                2,
                _("gatherings held"),
                _("Once is an event; twice is a group."),
                _("Invite the neighbours to a first evening."),
                "gather",
            ),
            Rule(
                "cards",
                40,
                _("cards in the inventory"),
                _("With some forty cards, what is offered begins to find what is looked for."),
                _("Write a card each: one thing we have, one thing we lack."),
                "add_card",
            ),
            Rule(
                "stories",
                3,
                _("cards that tell a story"),
                _("A place that knows its stories knows what it is for."),
                _("Ask the oldest and the newest among you, and write down what they tell."),
                "add_card",
            ),
        ),
    ),
    (
        "encourage-local-enterprise",
        _("Encourage local enterprise"),
        (
            Rule(
                "decisions",
                3,
                _("decisions and tasks written down"),
                _("An idea without who and when is talk."),
                _("Write in the minutes who does what, and by when."),
                "gather",
            ),
            Rule(
                "outcomes",
                1,
                _("decisions that something came of"),
                _("One that was carried out is worth ten that were made."),
                _("Go through the minutes, and tell what became of each line."),
                "gather",
            ),
            Rule(
                "helped",
                1,
                _("cards that became help to a project"),
                _("That is what the inventory is for."),
                _("Look at what fits together, and promise it to a project."),
                "place",
            ),
        ),
    ),
    (
        "buy-locally",
        _("Make it easy to buy locally"),
        (
            Rule(
                "producers",
                10,
                _("shops and producers in the directory"),
                _("Ten fill a leaflet that is worth keeping."),
                _("Ask those who make and sell here whether they want to be listed."),
                "listings",
            ),
            Rule(
                "bought",
                1,
                _("joint purchases or vouchers opened"),
                _("To buy together trains a group to handle money before it invests."),
                _("Buy something simple together: flour, seed, pellets."),
                "offers",
            ),
        ),
    ),
    (
        "invest-together",
        _("Gather people to invest locally"),
        (
            Rule(
                "projects",
                1,
                _("projects formed"),
                _("Nobody invests in a subject."),
                _("Make a decision into a project."),
                "gather",
            ),
            Rule(
                "offers",
                1,
                _("offers opened"),
                _("The form decides who may lose what, so choose it first."),
                _("Choose the form, then open an offer."),
                "choose",
            ),
            Rule(
                "savers",
                5,
                _("savers who have promised"),
                _("Fewer than five are not told here, so that nobody is pointed at."),
                _("Tell the neighbours what it is for and what can go wrong."),
                "projects",
                hides_few=True,
            ),
            Rule(
                "fairs",
                1,
                _("fairs held"),
                _("There a promise is made to a face."),
                _("Invite to a gathering of the form fair."),
                "gather",
            ),
        ),
    ),
    (
        "work-with-organisations",
        _("Work with local organisations"),
        (
            Rule(
                "partners",
                2,
                _("organisations that take a part"),
                _("With two others no one has to carry it all, and no one owns it."),
                _("Ask a neighbouring organisation to take a part of its own."),
                "cooperate",
            ),
        ),
    ),
    (
        "from-project-to-enterprise",
        _("From project to enterprise"),
        (
            Rule(
                "operating",
                1,
                _("projects in operation"),
                _("A project has an end; an enterprise opens again on Monday."),
                _("Look at the next gate of your project."),
                "projects",
            ),
            Rule(
                "repaid",
                1,
                _("projects that pay back, or are completed"),
                _("What came back is what the next fair is asked about."),
                _("Keep the plan, and tell openly when it is not kept."),
                "projects",
            ),
            Rule(
                "assessed",
                1,
                _("projects that have assessed themselves"),
                _("Seven questions once a year, never added up."),
                _("Answer the seven questions together."),
                "projects",
            ),
        ),
    ),
)


def steps(facts: Facts) -> tuple[Step, ...]:
    """The six steps with how far each line has come."""
    return tuple(
        Step(chapter, label, tuple(Line(rule, getattr(facts, rule.fact)) for rule in rules))
        for chapter, label, rules in STEPS
    )


def next_line(told: tuple[Step, ...]) -> Line | None:
    """The first line that is not done; None when all are."""
    return next((line for step in told for line in step.lines if not line.is_done), None)
