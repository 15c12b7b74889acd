"""The shapes of what the API tells. Every field has a description and an example."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field


def field(description: str, example: object, **more: Any) -> Any:
    """A field that is always there."""
    return Field(description=description, examples=[example], **more)


class Money(Schema):
    """An amount in whole öre, never a decimal number."""

    minor: int = field("Whole öre: 125000 is 1 250 kronor.", 125_000)
    unit: Literal["SEK"] = field("What is counted.", "SEK")


class Words(Schema):
    """A text in both languages of the site."""

    sv: str = field("In Swedish.", "Solceller på bygdegårdens tak")
    en: str = field("In English.", "Solar panels on the community hall")


class Named(Schema):
    """A thing with a page of its own."""

    slug: str = field("Its name in addresses.", "bjorkdalens-energi")
    name: str = field("Its name.", "Björkdalens energi")
    url: str = field("Its page.", "https://kassan.example/organisations/bjorkdalens-energi/")


class Sums(Schema):
    """Sums with a meaning each. They are never added together."""

    committed: Money = field("Promised by savers and confirmed.", {"minor": 125_000, "unit": "SEK"})
    received: Money = field(
        "Paid in and seen on the bank account.", {"minor": 75_000, "unit": "SEK"}
    )
    enabled: Money = field(
        "Bank loans that are signed. Not savers' money.", {"minor": 0, "unit": "SEK"}
    )
    pending: Money = field(
        "Promised and not yet confirmed: counts in no other sum.", {"minor": 5_000, "unit": "SEK"}
    )
    saving: Money = field(
        "Promised support savings: they stay the savers' own.", {"minor": 0, "unit": "SEK"}
    )
    savers: int | None = field(
        "Persons with a confirmed promise; null where they are one to four, since so few could be"
        " found out.",
        23,
    )


class Goal(Schema):
    """What savers are asked for, from a day on."""

    since: date = field("The day it began to hold.", "2026-01-15")
    least: Money = field("Without this nothing is built.", {"minor": 5_000_000, "unit": "SEK"})
    most: Money = field("More than this is not used.", {"minor": 9_000_000, "unit": "SEK"})
    reason: Words = field(
        "Why it was moved; empty for the first.", {"sv": "Taket var större", "en": "A larger roof"}
    )


class Offering(Schema):
    """An invitation to savers."""

    name: str = field("What is offered.", "Andelar i soltaket")
    kind: str = field("The kind of vehicle.", "energy-shares")
    opens_on: date = field("First day.", "2026-01-15")
    closes_on: date = field("Last day, inclusive.", "2026-12-31")
    goals: list[Goal] = field(
        "Every goal there has been, oldest first; the last holds from its day on.", []
    )


class ProjectLine(Schema):
    """A project in a list."""

    slug: str = field("Its name in addresses; never changes.", "soltaket")
    name: str = field("Its name.", "Soltaket")
    url: str = field("Its page.", "https://kassan.example/projects/soltaket/")
    organisation: Named = field(
        "Who runs it.",
        {
            "slug": "bjorkdalens-energi",
            "name": "Björkdalens energi",
            "url": "https://kassan.example/organisations/bjorkdalens-energi/",
        },
    )
    sector: str = field("Code of its sector.", "energy")
    municipality: str = field("Where it is.", "Björkdalen")
    stage: str | None = field("Code of its stage; null before the first.", "raising")
    summary: Words = field("In one sentence.", {"sv": "Sol på taket", "en": "Sun on the roof"})
    as_of: date = field("The day the figures hold for.", "2026-11-23")
    sums: Sums = Field(description="Sums with a meaning each, never to be added.")
    goal_least: Money | None = field(
        "Least that is needed, over its offerings that have opened; null where there is none that"
        " money is raised by.",
        {"minor": 5_000_000, "unit": "SEK"},
    )
    goal_most: Money | None = field(
        "Most that can be used; null as above.", {"minor": 9_000_000, "unit": "SEK"}
    )
    days_left: int | None = field("Days to the last day; null when nothing is open.", 38)


class Step(Schema):
    """A stage that was reached."""

    on: date = field("The day.", "2026-01-15")
    stage: str = field("Code of the stage.", "raising")


class Milestone(Schema):
    """A dated aim."""

    planned_on: date = field("The day it is planned for.", "2026-10-01")
    reached_on: date | None = field("The day it was reached; null: not yet.", None)
    text: Words = field("The aim.", {"sv": "Panelerna är uppe", "en": "The panels are up"})


class News(Schema):
    """What a project tells."""

    on: date = field("The day.", "2026-11-02")
    title: Words = field("The heading.", {"sv": "Taket är klart", "en": "The roof is ready"})
    text: Words = field("The news.", {"sv": "Nu väntar vi.", "en": "Now we wait."})


class Need(Schema):
    """What a project asks for: in money, or in kind."""

    text: Words = field("What.", {"sv": "Växelriktare", "en": "Inverter"})
    money: Money | None = field("How much money; null in kind.", {"minor": 900_000, "unit": "SEK"})
    quantity: str | None = field("How much in kind, as a decimal; null in money.", "40.00")
    unit: str | None = field("What is counted in kind; null in money.", "timmar")


class Finance(Schema):
    """Money from elsewhere; told apart from what savers promise and pay."""

    kind: str = field("bank-loan, grant, gift or own.", "bank-loan")
    text: Words = field("What.", {"sv": "Lån i sparbanken", "en": "Loan at the savings bank"})
    amount: Money = field("How much.", {"minor": 20_000_000, "unit": "SEK"})
    signed_on: date | None = field("The day it was signed; null: applied for.", "2026-03-01")


class Project(ProjectLine):
    """All there is to know of one project."""

    story: Words = field("The long text.", {"sv": "Taket ligger i söder.", "en": "It faces south."})
    use_of_money: Words = field("What the money is for.", {"sv": "Paneler", "en": "Panels"})
    offerings: list[Offering] = field("Invitations to savers, by the day they open.", [])
    stages: list[Step] = field("The way so far.", [])
    milestones: list[Milestone] = field("Dated aims, by the planned day.", [])
    updates: list[News] = field("News, newest first.", [])
    needs: list[Need] = field("What it asks for.", [])
    finance: list[Finance] = field("Money from elsewhere.", [])
    feed: str = field("Its Atom feed.", "https://kassan.example/projects/soltaket/feed/")
    deadlines: str = field(
        "Its days for a calendar.", "https://kassan.example/projects/soltaket/deadlines.ics"
    )
    widget: str = field("A page to frame.", "https://kassan.example/embed/projects/soltaket/")


class OrganisationLine(Named):
    """An organisation that runs projects."""

    form: str = field("Code of its legal form.", "ek-for")
    orgnr: str | None = field("Its organisation number; null without one.", "769600-1234")
    municipality: str = field("Where it has its seat.", "Björkdalen")
    is_energy_company: bool = field("Whether it is a local energy company.", True)
    projects: int = field("How many projects it runs.", 3)


class Organisation(OrganisationLine):
    """An organisation, what it was entrusted with and what came back."""

    about: Words = field("In its own words.", {"sv": "Vi bygger sol.", "en": "We build solar."})
    as_of: date = field("The day the figures hold for.", "2026-11-23")
    sums: Sums = Field(description="Sums with a meaning each, never to be added.")
    repaid: Money = field("Principal repaid to savers.", {"minor": 40_000, "unit": "SEK"})
    interest: Money = field("Interest paid to savers.", {"minor": 1_200, "unit": "SEK"})
    distributed: Money = field("Surplus paid out to savers.", {"minor": 0, "unit": "SEK"})


class FairLine(Named):
    """A local investment fair."""

    venue: str = field("The house.", "Bygdegården")
    municipality: str = field("Where.", "Björkdalen")
    starts_at: datetime = field("When it begins.", "2026-11-23T18:00:00+01:00")
    ends_at: datetime = field("When it ends.", "2026-11-23T21:00:00+01:00")
    organiser: Named = field(
        "Who arranges it.",
        {
            "slug": "bjorkdalens-energi",
            "name": "Björkdalens energi",
            "url": "https://kassan.example/organisations/bjorkdalens-energi/",
        },
    )


class Fair(FairLine):
    """A fair with its programme."""

    about: Words = field("In the organiser's words.", {"sv": "Välkommen!", "en": "Welcome!"})
    projects: list[ProjectLine] = field("The projects that come, in the order they pitch.", [])


class PublicationLine(Schema):
    """Where a signed record is found."""

    id: int = field("Its number.", 7)
    revision: int = field("The newest revision that is public.", 2)
    organisation: str = field("Slug of who tells.", "bjorkdalens-energi")
    project: str | None = field("Slug of what it is about; null: the organisation.", "soltaket")
    published_at: datetime = field("When this revision became public.", "2026-11-23T09:00:00+01:00")
    url: str = field("Its page.", "https://kassan.example/publications/7/")
    record: str = field("The signed record.", "https://kassan.example/api/v1/publications/7")


class Signed(Schema):
    """A publication exactly as it was signed."""

    signed: str = field("Canonical JSON, letter for letter what the signature covers.", '{"id":7}')
    signature: str = field("Ed25519, in hexadecimal.", "3f" * 64)
    key: str = field("The public key, in hexadecimal.", "a1" * 32)


class Page(Schema):
    """Which part of a list this is."""

    count: int = field("How many there are in all.", 19)
    page: int = field("Which page this is, from 1.", 1)
    pages: int = field("How many pages there are.", 1)
    next: str | None = field("The next page; null on the last.", None)


class Projects(Page):
    """Projects, by name."""

    items: list[ProjectLine] = Field(description="The projects of this page.")


class Organisations(Page):
    """Organisations that run projects, by name."""

    items: list[OrganisationLine] = Field(description="The organisations of this page.")


class Fairs(Page):
    """Fairs, newest first."""

    items: list[FairLine] = Field(description="The fairs of this page.")


class Publications(Page):
    """Publications, newest first."""

    items: list[PublicationLine] = Field(description="The publications of this page.")


class Problem(Schema):
    """A refusal (RFC 9457)."""

    status: int = field("The HTTP status.", 404)
    title: str = field("The status in words.", "Not Found")
    detail: str = field("What happened, as a sentence in your language.", "There is no such page.")
