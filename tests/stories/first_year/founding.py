"""From an empty site to a project that asks for money."""

from tests import visitor
from tests.stories.first_year.year import GROUP, PROJECT, Year, address, still_by_shell
from tests.visitor import Visitor

IBAN = "SE4550000000058398257466"


def found_the_group(year: Year) -> None:
    """From an empty site to a group whose people have logged in."""
    Visitor(year.site).open("/").says("Utlovat 0 kr", "Finns er grupp inte här?")
    make_administrator(year)
    open_group(year)
    year.home("anna")
    year.browser("anna").open("/admin/").says("Webbplatsadministration")
    complete_the_group(year)
    year.home("maj").says(GROUP, "Träffar", "Platser")
    year.home("dag").says(GROUP, "Bank", "Erbjudanden", "Register")
    year.home("eva").says(GROUP, "Utbetalningar")


@still_by_shell("the first administrator")
def make_administrator(year: Year) -> None:
    year.site.manage("createsuperuser", "--noinput", "--email", address("anna"))


@still_by_shell("the group with its place, roles and books")
def open_group(year: Year) -> None:
    roles = {"organiser": "maj", "treasurer": "dag", "approver": "eva", "auditor": "rut"}
    said = year.site.manage(
        *("open_group", GROUP, "--form", "ek-for", "--municipality", "Rättvik"),
        *("--place", "Sjövik", "--iban", IBAN, "--bankgiro", "5050-1055"),
        *(word for role, name in roles.items() for word in (f"--{role}", address(name))),
    )
    assert "with books" in said


@still_by_shell("the group's number and letter box")
def complete_the_group(year: Year) -> None:
    page = year.browser("anna").open("/admin/invest/organisation/").follow(GROUP)
    page.form(has="orgnr").send(
        "Spara", orgnr="769601-2347", contact_email="styrelsen@sjovik.example"
    ).says("Ändrade")


def hold_a_first_evening(year: Year) -> None:
    """Maj invites, moves the hour, and writes down what was decided; a neighbour signs up."""
    desk = year.home("maj").follow("Träffar")
    evening = desk.form(has="venue").send(
        form="Möte",
        name="Första kvällen",
        venue="Bygdegården",
        about_sv="Alla är välkomna.",
        starts_at=f"{year.in_days(3)}T18:00",
        ends_at=f"{year.in_days(3)}T21:00",
    )
    year.browser("ada").open("/gatherings/").follow("Första kvällen").form(has="party").send(
        name="Ada Lind", email=address("ada")
    ).says("Du står på listan")
    evening.form(button="Flytta det").send(
        starts_at=f"{year.in_days(4)}T18:00", ends_at=f"{year.in_days(4)}T21:00", reason="Älgjakt"
    ).says("Den är flyttad. 1 som anmält sig har fått brev.")
    assert "Älgjakt" in year.letter("ada")

    write = {"kind": "Beslut", "who": "Bo"}
    page = year.browser("maj").open(evening.path)
    page = page.form(button="Skriv en rad").send(text="Solseller på bygdegården", **write)
    page = page.form(button="Stryk raden").send(why="Felskrivet")
    page = page.form(button="Skriv en rad").send(text=PROJECT, **write)
    page.form(button="Starta projektet").send(sector="Energi").says(f"{PROJECT} är nu ett projekt")


def ready_the_project(year: Year) -> None:
    """Bo makes himself an account and gets the project; its gates open one by one."""
    bo = year.browser("bo")
    visitor.sign_up(bo, year.office, address("bo"))
    assert GROUP not in bo.open("/me/").words
    give_roles(year)
    way = bo.open("/me/").follow(PROJECT, to="/way/")
    way = way.form(button="Gå vidare till ”Bildat”").send(reason="Årsmötet, § 4")
    way.says("Budgeten är inskriven: vad som behövs, i kronor. Administratören för in det.")
    write_the_budget(year)
    write_the_story(year)
    read = bo.open(way.path).form(has="is_met", beside="Någon utifrån har läst budgeten")
    way = read.send(is_met="Ja, och jag svarar för det", words="Elfirman, 2 december")
    way.form(button="Gå vidare till ”Granskat”").send(reason="Styrelsen, § 2").says(
        f"{PROJECT} står nu på ”Granskat”"
    )


@still_by_shell("more roles: who owns the project, who keeps the register")
def give_roles(year: Year) -> None:
    for name, kind in (("bo", "Projektägare"), ("rut", "Registerförare")):
        page = year.browser("anna").open("/admin/invest/role/add/")
        page.form(has="kind").send("Spara", user=address(name), organisation=GROUP, kind=kind)


@still_by_shell("the project's budget")
def write_the_budget(year: Year) -> None:
    form = year.browser("anna").open("/admin/invest/need/add/").form(has="money_0")
    words = {"text_sv": "Paneler och växelriktare", "text_en": "Panels and an inverter"}
    form.send("Spara", project=PROJECT, money_0="60000", **words)


@still_by_shell("the project's own words")
def write_the_story(year: Year) -> None:
    page = year.browser("anna").open("/admin/invest/project/").follow(PROJECT, to="/admin/")
    page.form(has="story_sv").send(
        "Spara",
        summary_sv="Sol till bygdegården",
        story_sv="Taket ligger i söderläge.",
        story_en="The roof faces south.",
        use_of_money_sv="Paneler och montering.",
        use_of_money_en="Panels, and putting them up.",
    )
    Visitor(year.site).open("/projects/").follow(PROJECT).says("Taket ligger i söderläge.")


def open_the_offer(year: Year) -> None:
    """Dag opens a loan and moves its goal; Maj lets the project ask for money."""
    form = year.home("dag").follow("Erbjudanden").follow("Direktlån").form(has="closes_on")
    page = form.send(
        name="Taklånet",
        project=PROJECT,
        opens_on=year.in_days(0),
        closes_on=year.in_days(60),
        minimum="500",
        maximum="20 000",
        goal_min="80 000",
        goal_max="90 000",
        terms_schedule_type="annuitet",
        terms_rate_pct="3",
        terms_periods="4",
        terms_months_per_period="12",
    ).says("Öppnat: Taklånet")
    page.follow("Flytta").form(has="reason_sv").send(
        goal_min="5 000", goal_max="60 000", reason_sv="En nolla för mycket"
    ).says("Målet är flyttat")
    way = year.browser("bo").open("/me/").follow(PROJECT, to="/way/")
    for asked in ("Det finns en styrelse eller grupp", "Risken står i klartext"):
        form = way.form(has="is_met", beside=asked)
        way = form.send(is_met="Ja, och jag svarar för det", words="Styrelsen, § 5")
    way.form(button="Gå vidare till ”Samlar in”").send(reason="Styrelsen, § 6")
