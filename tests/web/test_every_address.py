"""Every address against every role, and the headers that every answer carries.

An address names its desk by its decorator, or is said here to be public or one's own. Which roles a
desk opens to, and which desks a room has, is written here a second time, by role and by room, so
that `access.DESKS` is held against something else than itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from invest import access
from invest.fairs import confirmations
from invest.gatherings import cooperations
from invest.models import BankAccountChange, JoinInvitation, Offering, Role
from invest.payouts import distributions, repayments
from invest.places import card_consents, directory, listing_links
from invest.treasury import placing
from invest.vehicles import actions, offerings
from invest.vouchers import codes
from pools import uploads
from reports.models import Pack
from tests import factories as make

pytestmark = pytest.mark.django_db

PUBLIC = {
    *("healthz", "readyz", "home", "project_list", "project", "raised", "pledge", "receipt"),
    *("withdraw", "organisation_list", "organisation", "fair_list", "fair", "fair_report"),
    *("report_loop", "fair_chart_csv"),
    *("demo", "demo_bank_file", "calculator", "in_kind", "in_kind_receipt", "service_worker"),
    *("board", "board_now", "fair_ics"),
    *("handbook", "handbook_chapter", "handbook_pdf"),
    *("choose", "assessment"),
    *("outcomes", "confirm_by_link", "community"),
    *("vouchers", "till", "join"),
    *("listings", "listings_csv", "listings_pdf", "path", "listing_by_link"),
    *("gathering_list", "gatherings_ics", "gathering", "gathering_ics", "sign_up", "cooperation"),
    *(
        "gatherings_feed",
        "place_list",
        "place",
        "add_card",
        "place_csv",
        "asset_card",
        "agree_contact",
    ),
    *("publication", "publication_signed", "publication_paper", "publication_picture", "verify"),
    *("feed", "project_feed", "deadlines", "project_deadlines", "oembed", "embed_project"),
    *("robots", "sitemap"),
    *(f"v1:{name}" for name in ("openapi-json", "api-root", "projects", "project")),
    *(f"v1:{name}" for name in ("organisations", "organisation", "fairs", "fair")),
    *(f"v1:{name}" for name in ("publications", "publication")),
}
OF_PROJECT = ("project_feed", "project_deadlines", "embed_project", "v1:project")
OF_GATHERING = (
    *("gathering_at_desk", "guest_list", "reword_gathering", "move_gathering", "cancel_gathering"),
    *("remove_gathering", "gathering_became", "hold_fair", "write_minute"),
)
OF_GUEST = ("guest_came", "guest_did_not_come")
OF_MINUTE = ("finish_minute", "minute_project", "minute_card", "strike_minute")
ON_THE_BOARD = ("hold_on_board", "show_on_board")
OF_BATCH = ("enter_card", "close_batch")
OF_PAPER_CARD = ("correct_card", "withdraw_card")
OF_PROMISE = ("confirm_promise", "change_promise", "decline_promise")
OF_FAIR = (
    *("open_batch", "ask_all", "plan_follow_ups", "invite_pitch", "add_task", "add_usual_tasks"),
)
OF_FAIRS_ROW = (
    *("take_back_pitch", "move_pitch_up", "move_pitch_down", "tick_task", "untick_task"),
    "answer_follow_up",
)
OF_INVITATION = ("accept_invitation", "decline_invitation")
OF_PLACE = ("correct_place", "preview_cards", "enter_cards")
OF_LISTING = ("correct_listing", "end_listing", "mail_listing")
# For whoever holds the link.
OF_SIGN_UP = ("change_sign_up", "withdraw_sign_up")
OF_COOPERATION = ("accept_cooperation", "decline_cooperation")
OF_CARD = ("promise_card", "take_card_away")
OF_CONTACT = ("show_contact", "refuse_contact", "ask_contact_anew")
OF_LISTING_LINK = ("correct_listing_by_link", "end_listing_by_link")
BY_LINK = {*OF_SIGN_UP, *OF_COOPERATION, *OF_CARD, *OF_CONTACT, *OF_LISTING_LINK}
OF_HELP = ("say_help", "accept_help", "decline_help")
OF_HELP += ("schedule_help", "deliver_help", "verify_help")
OF_RECEIPT = ("say_in_kind", "withdraw_in_kind")
OF_WORDS = ("preview_publication", "draft_publication")
OF_REVISION = ("preview_revision", "draft_revision")
OF_DRAFT = ("approve_publication", "discard_publication")
OF_QUESTION = ("join_yes", "join_no")
OF_STAGES = ("answer_gate", "move_project")
OF_ACTION = ("approve_action", "refuse_action", "undo_action")
WITH_TICKED = (
    *("confirm_pledges", "call_pledges", "decline_pledges", "release_pledges"),
    "mark_pledges_unfulfilled",
)
OF_PLAN = ("plan", "make_plan", "repay", "repay_early")
OF_PART = (
    *("bank_part", "pay_part", "hold_part", "fee_part", "bookkeeper_part", "confirm_part"),
    "set_off_part",
)
OF_BANK_ACCOUNT = ("bank_agrees", "change_account", "end_account", "confirm_opening")
OF_PROPOSED = ("agree_account", "refuse_account", "take_back_account")
OF_REPAYMENT = ("repayment", "undo_repayment")
OF_PAYOUT = ("distribution", "approve_distribution", "pay_distribution")
# The only page that others may frame.
FRAMEABLE = {"embed_project"}
# Nothing there without a question.
ASKED = {"oembed": {"url": "http://localhost:8000/projects/soltaket/"}}
OWN = {"me", "my_export", "my_contact", "forget_me"}
# Only who holds there; nobody here does.
HELD = {"holding", "holding_sheet", "my_certificate"}
# Paper's way into the site.
LEADS_ON = {"short_code"}
# Only a POST does anything there.
POST_ONLY = {"show_name": 405, "hide_name": 405, "ask_exit": 405, "set_language": 302}
# An act: its page shows what there is to see. The first are of who has the link or the till.
FREE_ACTS = {*OF_RECEIPT, *OF_QUESTION, "take_voucher"}
ACTS = FREE_ACTS | {
    *("undo_voucher", "confirm_opening", "settle_own", "settle_same", *OF_PART[1:], *OF_PROPOSED),
    *("make_pack", "decide_report", *OF_ACTION, *WITH_TICKED),
    *(*OF_REPAYMENT[1:], *OF_PAYOUT[1:], *OF_PLAN[1:], *OF_STAGES, *OF_HELP),
    *(*OF_WORDS, *OF_REVISION, *OF_DRAFT),
    *("open_gathering", "invite_to_fair"),
    *("ask_cooperation", "take_back_cooperation", "remove_card"),
    *(*OF_GATHERING[2:], *OF_GUEST, *OF_MINUTE, *ON_THE_BOARD, *OF_BATCH, *OF_PAPER_CARD),
    *(*OF_PROMISE, *OF_FAIR, *OF_FAIRS_ROW, *OF_INVITATION, *OF_PLACE, *OF_LISTING),
}
# What each role may enter and do, and what each room has a door to.
OPENS = {
    "project-owner": "projects invitations publications publications.draft publications.discard",
    "treasurer": "bank bank.approve offers pledges pledges.call pledges.allot letters conversions "
    "repayments payouts payouts.compute payouts.approve payouts.pay registers registers.keep "
    "actions.do actions.undo actions.approve limits limits.look projects invitations publications "
    "publications.draft publications.approve publications.discard",
    "approver": "bank.approve payouts payouts.approve registers actions.approve limits limits.look "
    "publications publications.approve publications.discard",
    "organiser": "pledges letters conversions limits projects projects.pass fairs packs gatherings "
    "places publications publications.draft publications.discard",
    "register-keeper": "registers registers.keep actions.do actions.undo",
    "auditor": "payouts registers limits",
    "administrator": "",
}
ROOMS = {
    "invest.treasury": "bank",
    "invest.vehicles": "offers registers actions",
    "invest.vouchers": "registers",
    "invest.pledges": "pledges",
    "invest.letters": "letters",
    "invest.conversions": "conversions",
    "invest.payouts": "payouts repayments",
    "invest.organisations": "limits",
    "invest.projects": "projects",
    "invest.in_kind": "projects",
    "invest.fairs": "fairs invitations",
    "invest.gatherings": "gatherings",
    "invest.places": "places",
    "reports.views": "packs publications",
}
# What the menu of one's own page leads to.
MENU = {"bank", "pledges_desk", "letters", "distributions", "offers", "registers", "limits"}
MENU |= {"publications", "places_desk", "gathering_desk"}
READ_ONLY = {"letters", "offers", "registers", "vehicle", "sheet", "letter", "certificate"}
READ_ONLY |= {
    "guest_list",
    "poster",
    "stand_card",
    "card_sheet",
    "publications",
    "pack",
    "pack_zip",
}
# What is done there has addresses of its own.
READ_ONLY |= {
    *("gathering_desk", "gathering_at_desk", "cooperation_desk", "fair_desk", "board_moderate"),
    *("cards", "fair_after", "follow_ups", "invitation", "place_desk", "listing_desk"),
    *("bank_part", "bank_agrees", "bank_accounts", "bank_file"),
    *(
        "distribution",
        "plan",
        "repayment",
        "pledges_desk",
        "stage_desk",
        "help_desk",
        "codes",
        "packs",
    ),
    *("new_publication", "revise_publication", "publication_at_desk"),
}
VISITORS = ["public", "saver", *Role.Kind.values, "treasurer elsewhere"]


@dataclass(frozen=True)
class Address:
    """A name that `reverse` knows, what the pattern wants, and which desk of which room it is."""

    name: str
    wants: tuple[str, ...]
    desk: str
    room: str


def walk(patterns: list, prefix: str = "", above: tuple[str, ...] = ()) -> Iterator[Address]:
    for pattern in patterns:
        wants = (*above, *pattern.pattern.regex.groupindex)
        if hasattr(pattern, "url_patterns"):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from walk(pattern.url_patterns, space, wants)
        elif pattern.name:
            view = pattern.callback
            room = ".".join(view.__module__.split(".")[:2])
            yield Address(prefix + pattern.name, wants, getattr(view, "desk", ""), room)


ADDRESSES = list(walk(get_resolver().url_patterns))
OURS = [found for found in ADDRESSES if not found.name.startswith(("account_", "mfa_", "admin:"))]
LIBRARIES = [found for found in ADDRESSES if found not in OURS]
DESKS = {found.name: set(access.DESKS[found.desk]) for found in OURS if found.desk}
ELSE = PUBLIC | OWN | HELD | LEADS_ON | BY_LINK | FREE_ACTS | set(POST_ONLY)


@pytest.fixture
def world() -> dict[str, dict[str, object]]:
    return one_of_each()


def one_of_each() -> dict[str, dict[str, object]]:
    """One of each thing; the value gives each address its words."""
    offering = make.share_offering()
    Offering.objects.update(closes_on=timezone.localdate() + timedelta(days=9))
    project, owner = offering.vehicle.project, offering.vehicle.organisation
    fair = make.fair(owner=owner, of=(project,))
    pledge = make.pledge(offering)
    help_ = make.help_offer(project)
    call = make.called(pledge)
    line = make.bank_line(100_000, call.ocr)
    (placement,) = placing.pair_by_reference(parts=[line], by="test").placed
    at_bank = line.movement.bank_account
    told_by = line.movement.lines.get()
    uploads.path_of(told_by.statement.file.sha256).parent.mkdir(parents=True, exist_ok=True)
    uploads.path_of(told_by.statement.file.sha256).write_bytes(b"<Document/>")
    proposed = BankAccountChange.objects.create(
        organisation=owner,
        bank_account=at_bank,
        kind="end",
        key="end",
        proposed_by=make.user("proposer"),
        proposed_at=timezone.now(),
    )
    payout = distributions.compute(
        vehicle=offering.vehicle,
        total=make.sek(100),
        record_on=make.DAY,
        reason="Överskott 2025",
        by=make.user("author"),
        key="k",
    )
    terms = {"price_minor": 100_000, "exit_months": 6}
    of_stakes = make.offering("coop-stakes", terms, project)
    make.paid(of_stakes, 1000, "Bo")
    loan = make.loan_offering(make.project("ugnen", owner))
    make.paid(loan, 1000, "Bo")
    plan = repayments.make_plan(vehicle=loan.vehicle, on=make.DAY)
    back = repayments.repay(instalment=plan.instalments.first(), on=make.DAY, by="t", key="back")
    action = make.did(of_stakes.vehicle, "trade", holder=1, year=2025, amount=100)
    offerings.change_terms(
        vehicle=offering.vehicle, terms={"price_minor": 50_000, "kwh_per_unit": 9}, on=make.DAY
    )
    told = make.publication(project)
    pack = Pack.objects.create(
        fair=fair,
        as_of=make.DAY,
        language="sv",
        asked_at=timezone.now(),
        finished_at=timezone.now(),
        of=1,
        archive=b"PK",
    )
    flour = {"item": "Mjöl", "unit_word": "säck", "price_minor": 100, "least": 1, "most": 9}
    bought = make.offering("joint-purchase", flour, make.project("mjolet", owner)).vehicle
    worth = {"worth": 100, "months": 12, "in_part": "yes", "lapses_to": "income", "most": 9}
    cheques = make.offering("local-vouchers", worth, make.project("checken", owner)).vehicle
    asked = JoinInvitation.objects.create(
        offering=of_stakes, person=pledge.person, invited_on=make.DAY
    )
    of_stakes.vehicle.grew_from = bought
    of_stakes.vehicle.save()
    producer = actions.number_for(
        person=make.person("Macken"), vehicle=cheques, role="owed", on=make.DAY
    )
    joined = make.did(cheques, "join", producer=producer)
    place = make.place(owner)
    met = make.gathering(owner)
    coming = make.sign_up(met, "Mia")
    together = cooperations.invite(
        organisation=make.organisation("kyrkan", iban="SE4550000000058398257466"),
        into=met,
        part="Kaffe",
        on=make.DAY,
    )
    listed = directory.enlist(
        place=place, name="Smedjan", sort="craft", what_sv="Smide", agreed_on=make.DAY
    )
    card = make.asset_card(place, person=make.person("Kim", email="kim@example.se"))
    slug = {"slug": owner.slug}
    code = {"code": fair.pitches.get().code}
    desks = ("bank", "pledges_desk", "distributions", "registers", "offers", "limits")
    of_owner = ("organisation", "demo_bank_file", *desks, *WITH_TICKED)
    return {
        **{name: {"slug": project.slug} for name in ("project", "raised", "pledge")},
        **{name: {"slug": project.slug} for name in OF_PROJECT},
        "v1:organisation": slug,
        "v1:publication": {"pk": told.publication_id},
        **{name: {"slug": "massan"} for name in ("fair", "fair_report", "report_loop", "v1:fair")},
        "fair_chart_csv": {"slug": "massan", "chart": "raised"},
        **{name: {"slug": "massan"} for name in ("packs", "make_pack", "decide_report")},
        **{name: {"slug": "massan", "pk": pack.pk} for name in ("pack", "pack_zip")},
        **{name: {"slug": fair.slug} for name in ("fair_desk", "fair_ics", "card_sheet")},
        **{name: {"slug": fair.slug} for name in ("board", "board_now", "board_moderate")},
        **{name: {"slug": place.slug} for name in ("place", "add_card", "place_csv")},
        **{name: {"token": card.token} for name in ("asset_card", *OF_CARD)},
        **{name: {"signed": card_consents.sign(card)} for name in ("agree_contact", *OF_CONTACT)},
        **{name: {"slug": met.slug} for name in ("gathering", "gathering_ics")},
        **{name: {"token": coming.token} for name in ("sign_up", *OF_SIGN_UP)},
        **{name: {"token": together.token} for name in ("cooperation", *OF_COOPERATION)},
        **dict.fromkeys(("gathering_desk", "cooperation_desk"), slug),
        **dict.fromkeys(("open_gathering", "ask_cooperation"), slug),
        "invite_to_fair": {**slug, "fair": fair.slug},
        "take_back_cooperation": {**slug, "pk": together.pk},
        **{name: {**slug, "gathering": met.slug} for name in OF_GATHERING},
        **{name: {**slug, "gathering": met.slug, "pk": coming.pk} for name in OF_GUEST},
        **{name: {**slug, "gathering": met.slug, "number": 1} for name in OF_MINUTE},
        **{name: {"slug": "massan", "what": "pledge", "pk": 1} for name in ON_THE_BOARD},
        **{name: {"slug": "massan", "number": 1} for name in OF_BATCH},
        **{name: {"slug": "massan", "number": 1, "pk": 1} for name in OF_PAPER_CARD},
        **{name: {"slug": "massan", "code": "pledge-1"} for name in OF_PROMISE},
        **{name: {"slug": "massan"} for name in OF_FAIR},
        **{name: {"slug": "massan", "pk": 1} for name in OF_FAIRS_ROW},
        **{
            name: {"slug": place.slug}
            for name in ("listings", "listings_csv", "listings_pdf", "path")
        },
        **{
            name: {"signed": listing_links.sign(listed)}
            for name in ("listing_by_link", *OF_LISTING_LINK)
        },
        "listings_desk": {**slug, "place": place.slug},
        **{
            name: {**slug, "place": place.slug, "pk": listed.pk}
            for name in ("listing_desk", *OF_LISTING)
        },
        "remove_card": {**slug, "place": place.slug, "pk": card.pk},
        "places_desk": slug,
        **{name: {**slug, "place": place.slug} for name in ("place_desk", *OF_PLACE)},
        "in_kind": {"slug": project.slug},
        **{name: {"token": help_.token} for name in ("in_kind_receipt", *OF_RECEIPT)},
        **{name: {"slug": fair.slug, **code} for name in ("poster", "stand_card")},
        **dict.fromkeys(("invitation", "short_code", *OF_INVITATION), code),
        **dict.fromkeys(of_owner, slug),
        "new_offer": {**slug, "kind": "direct-loan"},
        **{name: {**slug, "pk": offering.pk} for name in ("revise_goal", "allot")},
        "help_desk": {"slug": project.slug},
        **{name: {"slug": project.slug, "pk": help_.pk} for name in OF_HELP},
        **{key: {"slug": project.slug} for key in OF_STAGES},
        **{key: {"slug": project.slug} for key in ("stage_desk", "assess", "assessment")},
        **{key: {"slug": "massan"} for key in ("cards", "fair_after", "follow_ups", "outcomes")},
        "confirm_by_link": {"signed": confirmations.sign(pledge)},
        "holding": {"vehicle": offering.vehicle.slug},
        "my_certificate": {"vehicle": offering.vehicle.slug},
        "ask_exit": {"vehicle": offering.vehicle.slug},
        "letters": slug,
        "handbook_chapter": {"slug": "first-evening"},
        **{
            name: {**slug, "vehicle": of_stakes.vehicle.slug, "number": 1}
            for name in ("holder", "certificate")
        },
        "holding_sheet": {"vehicle": offering.vehicle.slug, "sheet": "statement"},
        **{name: {**slug, "vehicle": offering.vehicle.slug} for name in ("vehicle", "terms")},
        **{name: {**slug, "vehicle": loan.vehicle.slug} for name in OF_PLAN},
        **{name: {**slug, "vehicle": loan.vehicle.slug, "pk": back.pk} for name in OF_REPAYMENT},
        "sheet": {**slug, "vehicle": offering.vehicle.slug, "sheet": "register"},
        "act": {**slug, "vehicle": of_stakes.vehicle.slug, "act": "trade"},
        **{
            f"{act}_action": {**slug, "vehicle": of_stakes.vehicle.slug, "pk": action.pk}
            for act in ("approve", "refuse", "undo")
        },
        "letter": {**slug, "vehicle": offering.vehicle.slug, "version": 2},
        "codes": {**slug, "vehicle": cheques.slug},
        "undo_voucher": {**slug, "vehicle": cheques.slug, "pk": 1},
        "conversion": {**slug, "vehicle": bought.slug},
        "conversion_kind": {**slug, "vehicle": bought.slug, "kind": "coop-stakes"},
        **{name: {"token": asked.token} for name in ("join", *OF_QUESTION)},
        "till": {"token": codes.till_token(joined)},
        "receipt": {"token": pledge.token},
        "withdraw": {"token": pledge.token},
        **{name: {**slug, "part": line.pk} for name in OF_PART},
        "undo_placement": {**slug, "placement": placement.pk},
        **{name: {**slug, "account": at_bank.pk} for name in OF_BANK_ACCOUNT},
        **{name: {**slug, "pk": proposed.pk} for name in OF_PROPOSED},
        "settle_own": {**slug, "line": told_by.pk},
        "settle_same": {**slug, "line": told_by.pk, "movement": line.movement_id},
        "bank_file": {**slug, "pk": told_by.statement.file_id},
        **dict.fromkeys(("bank_accounts", "open_account"), slug),
        **{name: {**slug, "pk": payout.pk} for name in OF_PAYOUT},
        **{
            name: {"pk": told.publication_id}
            for name in (
                "publication",
                "publication_signed",
                "publication_paper",
                "publication_picture",
            )
        },
        **dict.fromkeys(("publications", "new_publication", *OF_WORDS), slug),
        **{
            name: {**slug, "pk": told.publication_id}
            for name in ("publication_at_desk", "revise_publication", *OF_REVISION)
        },
        **{name: {**slug, "pk": told.publication_id, "revision": told.pk} for name in OF_DRAFT},
        "owner": {"organisation": owner},
    }


def visitor(client: Client, who: str, owner: object) -> None:
    if who == "public":
        return
    if who == "treasurer elsewhere":
        role = ("treasurer", make.organisation("annan", iban="SE3550000000054910000003"))
        client.force_login(make.user("dan", role))
    elif who == "saver":
        client.force_login(make.user("cem"))
    else:
        of = None if who == "administrator" else owner
        client.force_login(make.user("dee", (who, of)))


def expected(name: str, who: str) -> int:
    """What a GET answers: 302 is to the login."""
    if name in PUBLIC:
        return 200
    if name in LEADS_ON:
        return 302
    if name in ACTS | BY_LINK:
        return 405
    if name in HELD:
        return 302 if who == "public" else 404
    if name in DESKS and who != "public" and who not in DESKS[name]:
        return 404
    if name != "set_language" and who == "public":
        return 302
    return POST_ONLY.get(name, 200)


@pytest.mark.fault("F58")
def test_each_address_names_its_desk_or_stands_here_as_one_that_needs_none():
    odd = {found.name for found in OURS if bool(found.desk) == (found.name in ELSE)}

    assert odd == set()


@pytest.mark.fault("F58")
@pytest.mark.parametrize("who", VISITORS)
def test_each_address_opens_to_its_roles_and_to_nobody_else(client, world, who):
    visitor(client, who, world["owner"]["organisation"])
    answers, wanted = {}, {}

    for address in OURS:
        path = reverse(address.name, kwargs=world.get(address.name, {}))
        answers[address.name] = client.get(path, ASKED.get(address.name)).status_code
        wanted[address.name] = expected(address.name, who)

    assert answers == wanted


@pytest.mark.fault("F58")
@pytest.mark.parametrize("who", Role.Kind.values)
def test_a_role_opens_the_desks_written_here_and_no_other(who):
    opened = {name for name, roles in access.DESKS.items() if who in roles}

    assert opened == set(OPENS[who].split())


@pytest.mark.fault("F58")
def test_the_pages_of_a_room_are_behind_the_doors_of_that_room():
    behind: dict[str, set[str]] = {}
    for address in OURS:
        if address.desk:
            behind.setdefault(address.room, set()).add(address.desk.split(".")[0])

    assert behind == {room: set(nouns.split()) for room, nouns in ROOMS.items()}


@pytest.mark.parametrize("who", Role.Kind.values)
def test_the_menu_leads_to_the_desks_that_open(client, world, who):
    visitor(client, who, world["owner"]["organisation"])

    page = client.get(reverse("me")).content.decode()

    led_to = {name for name in MENU if f'href="{reverse(name, kwargs=world[name])}"' in page}
    assert led_to == {name for name in MENU if who in DESKS[name]}


@pytest.mark.fault("F58")
@pytest.mark.parametrize("who", VISITORS)
def test_no_desk_takes_a_post_from_others(client, world, who):
    visitor(client, who, world["owner"]["organisation"])

    for name, roles in DESKS.items():
        # An auditor is let in to look, and does nothing anywhere.
        if who not in roles - {"auditor"} and name not in READ_ONLY:
            answer = client.post(reverse(name, kwargs=world[name])).status_code
            assert (name, answer) == (name, 302 if who == "public" else 404)


@pytest.mark.fault("F58")
@pytest.mark.parametrize("who", VISITORS)
def test_the_admin_opens_to_administrators_only(client, world, who):
    visitor(client, who, world["owner"]["organisation"])
    open_to_all = {"admin:login", "admin:logout", "admin:jsi18n"}
    lists = [a for a in LIBRARIES if a.name.startswith("admin:") and a.name not in open_to_all]
    filled = {"object_id": "1", "content_type_id": "1", "id": "1", "url": "x", "app_label": "pools"}

    opened = {
        address.name
        for address in lists
        if client.get(
            reverse(address.name, kwargs={word: filled[word] for word in address.wants})
        ).status_code
        == 200
    }

    if who == "administrator":
        assert {"admin:index", "admin:pools_entry_changelist"} <= opened
        of_book = {name for name in opened if name.startswith("admin:pools_")}
        assert not {name for name in of_book if name.endswith(("_add", "_delete"))}
    else:
        assert opened == set()


@pytest.mark.fault("F60")
def test_a_role_that_ends_closes_its_desk_at_the_next_request(client, world):
    owner = world["owner"]["organisation"]
    visitor(client, "treasurer", owner)
    path = reverse("bank", args=[owner.slug])
    assert client.get(path).status_code == 200

    Role.objects.update(until=timezone.localdate() - timedelta(days=1))

    assert client.get(path).status_code == 404


@pytest.mark.fault("F64")
@pytest.mark.parametrize("who", ["public", "treasurer", "administrator"])
def test_no_page_can_be_framed(client, world, who):
    visitor(client, who, world["owner"]["organisation"])
    filled = {
        "object_id": "1",
        "content_type_id": "1",
        "id": "1",
        "app_label": "pools",
        "pk": "1",
        "key": "k",
        "uidb36": "1",
        "url": "x",
    }

    for address in ADDRESSES:
        words = world.get(address.name) or {word: filled[word] for word in address.wants}
        response = client.get(reverse(address.name, kwargs=words))
        policy = response["Content-Security-Policy"]
        frameable = address.name in FRAMEABLE
        assert ("frame-ancestors *" if frameable else "frame-ancestors 'none'") in policy
        assert response.get("X-Frame-Options") == (None if frameable else "DENY"), address.name
        assert "unsafe" not in policy, address.name
    for path in ("/nothing/", "/projects/%00/", "/admin/x/"):
        assert "frame-ancestors 'none'" in client.get(path)["Content-Security-Policy"]
