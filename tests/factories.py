"""Dull makers of what a test needs. They go through the verbs; nothing here surprises."""

import hashlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from moneyed import Money

from invest import access
from invest.gatherings import gatherings
from invest.in_kind import in_kind
from invest.kinds import KINDS
from invest.models import (
    Assessment,
    AssetCard,
    Fair,
    Gathering,
    Holding,
    InKind,
    Offering,
    Organisation,
    Person,
    Pitch,
    Place,
    Placement,
    Pledge,
    Project,
    Role,
    User,
    Vehicle,
)
from invest.people import Giver
from invest.pledges import pledges
from invest.projects import assessments, stages
from invest.treasury import placing
from invest.vehicles import actions, books, offerings
from pools import book
from pools.bank import intake, statements
from pools.models import Account, BankAccount, Ledger, Part, Unit
from reports import publish
from reports.models import PublicationRevision

DAY = date(2026, 11, 23)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
IBAN = "SE0550000000000058398251"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ASSET, LIABILITY = Account.Kind.ASSET, Account.Kind.LIABILITY


def sek(amount: str | int) -> Money:
    return Money(str(amount), "SEK")


# --- Money ----------------------------------------------------------------------------------------


def ledger(code: str = "book", unit: str = "SEK") -> Ledger:
    return book.open_ledger(code=code, name=code, unit=Unit.objects.get(pk=unit))


def account(
    in_ledger: Ledger,
    code: str,
    kind: Account.Kind = ASSET,
    *,
    floor_minor: int | None = None,
    pool: object = None,
) -> Account:
    return book.open_account(
        ledger=in_ledger,
        code=code,
        kind=kind,
        on=date(2020, 1, 1),
        floor_minor=floor_minor,
        pool=pool,
    )


def post(debit: Account, credit: Account, amount_minor: int, key: str, on: date = DAY, **more):
    return book.post(
        ledger=debit.ledger,
        on=on,
        kind="test",
        moves=[book.Move(debit=debit, credit=credit, amount_minor=amount_minor)],
        key=key,
        by="test",
        **more,
    )


# --- Promises -------------------------------------------------------------------------------------


def organisation(slug: str = "energi", iban: str = IBAN, **more) -> Organisation:
    made = Organisation.objects.create(
        slug=slug,
        name=more.pop("name", slug.title()),
        form="ek-for",
        municipality="Björkdalen",
        **more,
    )
    books.open_books(
        organisation=made,
        on=date(2020, 1, 1),
        iban=iban,
        payee=made.name,
        bankgiro="5051-0015",
        swish="1235051001",
    )
    return made


def project(slug: str = "soltaket", owner: Organisation | None = None) -> Project:
    made = Project.objects.create(
        slug=slug,
        organisation=owner or organisation(),
        name=slug.title(),
        sector="energy",
        municipality="Björkdalen",
        summary_sv="Sol på taket",
        summary_en="Sun on the roof",
    )
    stages.set_stage(project=made, to="raising", on=date(2026, 1, 1), by="test")
    return made


def share_offering(of: Project | None = None, *, cap: int = 100_000, **more) -> Offering:
    of = of or project()
    vehicle = offerings.open_vehicle(
        kind="energy-shares",
        slug=of.slug,
        name=f"{of.name} andelar",
        organisation=of.organisation,
        project=of,
        terms={"price_minor": 50_000, "kwh_per_unit": 100},
        on=date(2026, 1, 1),
    )
    return offerings.open_offering(
        vehicle=vehicle,
        opens_on=date(2026, 1, 1),
        closes_on=date(2026, 12, 31),
        minimum=sek(500),
        goal_min=sek(50_000),
        goal_max=sek(100_000),
        cap=sek(cap),
        **more,
    )


def loan_offering(of: Project | None = None, **terms) -> Offering:
    of = of or project("ugnen")
    vehicle = offerings.open_vehicle(
        kind="direct-loan",
        slug=of.slug,
        name=f"Lån till {of.name}",
        organisation=of.organisation,
        project=of,
        terms={
            "schedule_type": "annuity",
            "rate_pct": "4",
            "periods": 24,
            "months_per_period": 1,
            "day_count": "30E/360",
            **terms,
        },
        on=date(2026, 1, 1),
    )
    return offerings.open_offering(
        vehicle=vehicle,
        opens_on=date(2026, 1, 1),
        closes_on=date(2026, 12, 31),
        minimum=sek(500),
        goal_min=sek(50_000),
        goal_max=sek(100_000),
    )


def pledge(
    to: Offering, amount: int = 1000, name: str = "Ada", *, key: str = "", on: date = DAY, **more
) -> Pledge:
    return pledges.submit(
        offering=to,
        giver=Giver(name=name, email=f"{name.lower()}@example.org", municipality="Björkdalen"),
        amount=sek(amount),
        key=key or f"{to.pk}:{name}:{amount}:{on}",
        key_owner="test",
        on=on,
        by="test",
        **more,
    )


def help_offer(
    to: Project, name: str = "Ada", *, key: str = "", on: date = DAY, fair: Fair | None = None, **of
) -> InKind:
    """Help in kind, eight hours of it unless told otherwise."""
    told = {"sort": "time", "what": "Måla taket", "quantity": Decimal(8), "unit": "HOUR", **of}
    return in_kind.offer(
        project=to,
        giver=Giver(name=name, email=f"{name.lower()}@example.org"),
        help_=in_kind.Help(**told),
        key=key or f"{to.pk}:{name}:{told['quantity']}:{told['unit']}",
        key_owner="test",
        on=on,
        by="test",
        fair=fair,
    )


def called(of: Pledge, on: date = DAY):
    pledges.confirm(pledge=of, on=on, by="test")
    return pledges.call(pledge=of, on=on, due_on=on, by="test")


def bank_line(
    amount_minor: int, ocr: str = "", *, reference: str = "r1", iban: str = IBAN, on: date = DAY
) -> Part:
    """One payment that the bank tells: its only part."""
    line = statements.Line(
        position=1,
        amount_minor=amount_minor,
        currency="SEK",
        booked_on=on,
        value_on=on,
        reference=reference,
        parts=(statements.Part(amount_minor=amount_minor, ocr=ocr, payer_name="Ada"),),
    )
    statement = statements.Statement(reference, "054", iban, "SEK", None, None, None, None, (line,))
    brought = intake.take_in(
        file=statements.StatementFile(reference, None, (statement,)),
        sha256=hashlib.sha256(f"{iban}{reference}".encode()).hexdigest(),
        file_name=f"{reference}.xml",
        bank_accounts=[BankAccount.objects.get(iban=iban)],
        by="test",
    )
    return brought.parts[0]


def placed(part: Part) -> Placement:
    """Somebody has said what the whole of a part became."""
    return placing.leave_to_bookkeeper(part=part, amount_minor=abs(part.amount_minor), by="test")


def fair(slug: str = "massan", *, owner: Organisation, of: tuple[Project, ...] = ()) -> Fair:
    made = Fair.objects.create(
        slug=slug,
        organisation=owner,
        name=slug.title(),
        venue="Bygdegården",
        municipality="Björkdalen",
        starts_at=datetime(2026, 11, 23, 18, tzinfo=STOCKHOLM),
        ends_at=datetime(2026, 11, 23, 21, tzinfo=STOCKHOLM),
    )
    for position, pitched in enumerate(of, start=1):
        Pitch.objects.create(
            fair=made, project=pitched, position=position, accepted_on=date(2026, 1, 1)
        )
    return made


# --- People ---------------------------------------------------------------------------------------


def user(name: str, *roles: tuple[str, Organisation | None], mfa: bool = True) -> User:
    is_administrator = ("administrator", None) in roles
    make = User.objects.create_superuser if is_administrator else User.objects.create_user
    made = make(f"{name.lower()}@example.org")
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    for kind, of in set(roles) - {("administrator", None)}:
        Role.objects.create(user=made, kind=kind, organisation=of, since=date(2020, 1, 1))
    if mfa and access.needs_mfa(made):
        TOTP.activate(made, SECRET)
    return made


def person(name: str = "Ada", **more) -> Person:
    more = {"email": f"{name.lower()}@example.org", "created_at": timezone.now(), **more}
    return Person.objects.create(name=name, **more)


def did(vehicle: Vehicle, act: str, on: date = DAY, *, by: str = "user:1", **facts):
    """Do an act, by two persons where it needs them."""
    second = KINDS[vehicle.kind].act(act).needs_second
    action = actions.do(
        vehicle=vehicle,
        act=act,
        facts=facts,
        on=on,
        by=by,
        key=f"{vehicle.slug}:{act}:{vehicle.actions.count()}",
        evidence="Protokoll § 1",
        at=datetime.combine(on, time(12), STOCKHOLM),
    )
    return actions.approve(action=action, by="user:2") if second else action


def paid(to: Offering, amount: int, name: str = "Ada", on: date = DAY) -> int:
    """Somebody promises, is called and pays on a day: the number as a holder."""
    promise = pledge(to, amount, name, on=on)
    call = called(promise, on)
    line = bank_line(amount * 100, call.ocr, reference=call.ocr, on=on)
    placing.pair_by_reference(parts=[line], by="test")
    return Holding.objects.filter(person=promise.person, vehicle=to.vehicle)[0].number


def sheet(vehicle: Vehicle, name: str, on: date = DAY) -> list[tuple]:
    """The raw rows of a sheet: öre, numbers and days."""
    now = actions.snapshot(vehicle, on)
    told = next(s for s in now.kind.all_sheets() if s.name == name)
    return [tuple(row) for row in told.rule(now.kind, now)]


def offering(
    kind: str,
    terms: dict,
    of: Project | None = None,
    *,
    since: date = date(2020, 1, 1),
    **more,
) -> Offering:
    """A vehicle of a kind, open for many years on wide limits."""
    of = of or project()
    vehicle = offerings.open_vehicle(
        kind=kind,
        slug=f"{of.slug}-{kind}",
        name=f"{of.name} {kind}",
        organisation=of.organisation,
        project=of,
        terms=terms,
        on=since,
    )
    return offerings.open_offering(
        vehicle=vehicle,
        opens_on=since,
        closes_on=date(2030, 12, 31),
        **{
            "minimum": sek(1),
            "goal_min": sek(50_000),
            "goal_max": sek(10_000_000),
            **more,
        },
    )


def publication(of: Project, on: date = DAY, **words: str) -> PublicationRevision:
    """What a project tells as of a day: drafted by one, approved by another, published at noon."""
    at = datetime.combine(on, time(12), STOCKHOLM)
    told = {"title_sv": "Solen kommer", "text_sv": "Taket är klart.", **words}
    draft = publish.draft(
        organisation=of.organisation,
        project=of,
        as_of=on,
        words=publish.Words(**told),
        by="user:1",
        at=at,
    )
    return publish.approve(revision=draft, by="user:2", at=at)


def place(owner: Organisation, name: str = "Björkdalen", **more) -> Place:
    told = {"slug": "bjorkdalen", "municipality": owner.municipality, **more}
    return Place.objects.create(organisation=owner, name=name, **told)


def gathering(owner: Organisation, form: str = "meeting", name: str = "Första kvällen", **more):
    """Tomorrow, three hours."""
    starts_at = more.pop("starts_at", timezone.now() + timedelta(days=1))
    told = {"venue": "Skolan", "ends_at": starts_at + timedelta(hours=3), **more}
    return gatherings.open_gathering(
        organisation=owner, form=form, name=name, starts_at=starts_at, **told
    )


def sign_up(to: Gathering, name: str = "Ada", party: int = 1, **more):
    """By somebody with an address of their own."""
    told = {"key": f"come-{name}-{to.pk}", "at": timezone.now(), **more}
    giver = Giver(name=name, email=f"{name.lower()}@example.se")
    return gatherings.sign_up(gathering=to, giver=giver, party=party, **told)


def asset_card(of: Place, title: str = "En lokal för tjugo", **more) -> AssetCard:
    number = AssetCard.objects.count()
    told = {"kind": "room", "side": "have", "key": f"card-{number}", "added_by": "public", **more}
    return AssetCard.objects.create(place=of, title=title, added_at=timezone.now(), **told)


def assessment(of: Project, *, on: date = DAY, key: str = "", **more) -> Assessment:
    """Threes all over, unless told otherwise by code; a four has its evidence."""
    steps = {code: more.pop(code, 3) for code in assessments.QUESTIONS}
    told = {"pays": "yes", "evidence": dict.fromkeys(steps, "Ett brev"), **more}
    told.setdefault("next_on", on + timedelta(days=365))
    return assessments.assess(
        project=of, answers=steps, on=on, by="user:1", key=key or f"seen-{of.pk}-{on}", **told
    )
