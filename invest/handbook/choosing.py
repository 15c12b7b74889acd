"""Which form of investing fits: a few plain answers against a table of rules. No database.

A rule says of one form what one answer means for it. What stands hardest against a form decides
its verdict; everything that was said of it is told, and nothing is counted or weighed. The rules
are those of `invest/handbook/20-choose-a-form` and of the laws they name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from invest.handbook.choosing_rules import CARE, FORMS, RULES, Form, Rule, Verdict


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that the answers met, and which question they answered."""

    question: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """A form, its one verdict, and every reason, the hardest first."""

    form: Form
    verdict: Verdict
    reasons: tuple[Reason, ...]

    @property
    def blocking(self) -> tuple[str, ...]:
        """The questions whose answers shut the form out."""
        return tuple(reason.question for reason in self.against)

    @property
    def against(self) -> tuple[Reason, ...]:
        """The reasons that shut it out."""
        return tuple(r for r in self.reasons if r.rule.verdict is Verdict.NOT)

    @property
    def besides(self) -> tuple[Reason, ...]:
        """The others."""
        return tuple(r for r in self.reasons if r.rule.verdict is not Verdict.NOT)


_NOTHING_SAID = Reason("", Rule(CARE, _("Nothing that you answered speaks for it or against it.")))


def outcome(chapter: str, answers: Mapping[str, str]) -> Outcome:
    """What the answers (question → answer; some may be missing) mean for one form."""
    met = [
        Reason(question, said[answers[question]])
        for question, said in RULES[chapter].items()
        if answers.get(question) in said
    ] or [_NOTHING_SAID]
    met.sort(key=lambda reason: -reason.rule.verdict)
    return Outcome(FORMS[chapter], met[0].rule.verdict, tuple(met))


def outcomes(answers: Mapping[str, str]) -> list[Outcome]:
    """All seven: those that fit first, each group in the order of the handbook."""
    return sorted((outcome(chapter, answers) for chapter in FORMS), key=lambda told: told.verdict)


def nearest(told: list[Outcome]) -> list[Outcome]:
    """Where nothing fits: the forms that the fewest answers shut out; empty where something does.

    `Outcome.blocking` names the answers to think of again.
    """
    if any(found.verdict is not Verdict.NOT for found in told):
        return []
    fewest = min(len(found.blocking) for found in told)
    return [found for found in told if len(found.blocking) == fewest]
