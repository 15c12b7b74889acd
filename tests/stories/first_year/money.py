"""A fair, what was promised there, what came to the bank, and what came back."""

import re
from urllib.parse import quote

from tests import visitor
from tests.camt_files import Row, camt
from tests.stories.first_year.founding import IBAN
from tests.stories.first_year.year import PROJECT, SLUG, Year, address
from tests.visitor import Page, Visitor

SAVERS = {"ada": "3 000", "cem": "2 000", "dina": "1 000", "elis": "1 500", "frida": "500"}


def hold_a_fair(year: Year) -> None:
    """A gathering becomes a fair, the project is asked, and its owner says yes."""
    page = (
        year.home("maj")
        .follow("Träffar")
        .form(has="venue")
        .send(
            form="mässa",
            name="Första mässan",
            venue="Skolan",
            about_sv="Kom och se.",
            starts_at=f"{year.in_days(0)}T10:00",
            ends_at=f"{year.in_days(0)}T23:00",
        )
    )
    desk = page.form(button="Gör mässan").send().follow("Mässans arrangörsbord")
    desk = desk.form(button="Bjud in").send(project=PROJECT)
    desk.says(f"{PROJECT} är inbjuden, och ett brev med länken är på väg")
    assert "/invitations/" in year.office.last_to("styrelsen@sjovik.example")
    year.home("bo").follow(to="/invitations/").form(button="Ja, vi kommer").send("Ja").says(
        "Arrangören ser ert svar"
    )
    stand = year.browser("maj").open(desk.path).link(to="/poster/")
    year.told["on the poster"] = f"/k/{stand.split('/')[-3]}/"
    Visitor(year.site).open("/fairs/").follow("Första mässan").says(PROJECT)


def promise_on_the_phone(year: Year) -> None:
    """Each by the code on the poster; Cem chose wrong, takes it back and promises anew."""
    for name, amount in SAVERS.items():
        form = year.browser(name).open(year.told["on the poster"]).form(has="amount")
        told = {"name": f"{name.title()} Lind", "email": address(name), "publish_name": True}
        if name == "cem":
            wrong = form.send("Jag lovar", choice="10 000 kr", **told)
            wrong.follow("Ta tillbaka").form(button="Ja").send().says("gäller inte längre")
            form = year.browser(name).open(year.told["on the poster"]).form(has="amount")
        receipt = form.send("Jag lovar", choice="Annat belopp", amount=amount, **told)
        year.told[name] = receipt.says("Tack!", f"{amount} kr").path
        assert receipt.path in year.letter(name)
    # One was taken back: it was promised here all the same (docs/adr/0014).
    Visitor(year.site).open("/fairs/forsta-massan/board/").says("+ 8 000 kr", "6 löften")


def call_for_payment(year: Year) -> None:
    """Maj confirms, Dag asks for the money, and the receipt says how to pay."""
    waiting = year.home("maj").follow("Löften").follow("Inlämnat")
    savers = [f"{name.title()} Lind" for name in SAVERS]
    waiting.form(has="pledges").send("Bekräfta", pledges=savers).says("5 löften är klara")
    confirmed = year.home("dag").follow("Löften").follow("Bekräftat")
    confirmed.form(has="pledges").send("Avropa", pledges=savers).says("5 löften är klara")
    for name in SAVERS:
        page = year.browser(name).open(year.told[name]).says("Dags att betala", "5050-1055")
        found = re.search(r"OCR-nummer (\d+)", page.words)
        assert found is not None
        year.told[f"{name}'s reference"] = found[1]


def take_the_money_in(year: Year) -> None:
    """The first month's statement: the opening balance, four that find their promise, one by hand,
    and a fee. Then book and bank are equal to the öre.
    """
    upload(year, statement(year, but="cem")).says("Placerade efter referens4")
    upload(year, statement(year, but="cem"), expect=409).says("Inget nytt har bokförts")
    dag = year.browser("dag")
    compared = dag.open(f"/organisations/{SLUG}/bank/").follow("Jämför med banken")
    compared = compared.form(button="Bekräfta ingående saldo").send()
    compared.says("Ingående saldo är bokat", "Boken stämmer med banken på öret")
    page = payment(year, "Cem Lind")
    page = (
        page.form(has="call", button="Placera som betald")
        .send(call="Cem Lind", amount="200")
        .says("Placerat: 200 kr")
    )
    page = dag.open(page.path).follow("Ångra 200 kr").says("Ångra det här?", "Cem Lind")
    page.form(button="Ja, ångra").send().says("Det är ångrat")
    page = payment(year, "Cem Lind").says("2 000 kr")
    page.form(has="call", button="Placera som betald").send(call="Cem Lind").says(
        "Placerat: 2 000 kr"
    )
    payment(year, "Banken").form(has="amount", button="Boka avgiften").send()
    dag.open(f"/organisations/{SLUG}/bank/").says("Inget väntar", "Stämmer med banken")
    for name, amount in SAVERS.items():
        year.browser(name).open(year.told[name]).says("Betalt", f"Inbetalt {amount} kr")
    Visitor(year.site).open("/projects/").follow(PROJECT).says("8 000 kr")


def payment(year: Year, payer: str) -> Page:
    """The page of what waits from somebody."""
    bank = year.browser("dag").open(f"/organisations/{SLUG}/bank/?q={quote(payer)}")
    return bank.follow(to=rf"/organisations/{SLUG}/bank/\d+/$")


def upload(year: Year, file: bytes, *, expect: int = 200) -> Page:
    """Dag hands the bank's file in."""
    form = year.home("dag").follow("Bank").form(has="file")
    return form.send("Läs in", file=("kontoutdrag.xml", file), expect=expect)


def statement(year: Year, *, but: str) -> bytes:
    """A day at the bank: everybody pays, one without the reference, and the bank takes its fee."""
    paid = [
        Row(
            amount=amount.replace(" ", "") + ".00",
            ocr="" if name == but else year.told[f"{name}'s reference"],
            message="Taket" if name == but else "",
            reference=f"B-{name}",
            name=f"{name.title()} Lind",
            on=year.in_days(0),
        )
        for name, amount in SAVERS.items()
    ]
    fee = Row("25.00", reference="B-fee", name="Banken", direction="DBIT", on=year.in_days(0))
    return camt(*paid, fee, kind="053", iban=IBAN, opening="500.00", closing="8475.00")


def keep_the_register(year: Year) -> None:
    """Rut enters what law asks for; Ada logs in, finds what she has, and takes the proof home."""
    page = year.home("rut").follow("Register").follow("Taklånet")
    sheet = page.says("Registret stämmer med boken, på öret.").follow("Register", to="/sheets/")
    sheet.says("1 · Ada Lind", "3 000 kr").follow("1 · Ada Lind").form(has="identity_number").send(
        postal_address="Strandvägen 2, 795 30 Rättvik", identity_number="19811218-9876"
    ).says("19811218-****")
    ada = year.browser("ada")
    visitor.sign_up(ada, year.office, address("ada"))
    holding = ada.open("/me/").says("Jag har betalat in3 000 kr").follow("Taklånet")
    assert holding.follow(to="/certificate/").content.startswith(b"%PDF")


def pay_back_early(year: Year) -> None:
    """A plan is made, and a part of the loan comes back before its day."""
    plan = year.home("dag").follow("Register").follow("Taklånet").follow("Planen")
    plan = plan.form(has="plan-on").send().says("Planen är gjord", "Utestående8 000 kr")
    plan.form(has="early-amount").send(**{"early-amount": "800"}).says("Utestående7 200 kr")
    year.browser("ada").open("/me/").says("Återbetalt till mig300 kr")


def share_a_surplus(year: Year) -> None:
    """Dag reckons, may not approve it himself, Eva does, and Dag pays."""
    form = year.home("dag").follow("Utbetalningar").form(has="total")
    payout = form.send(
        vehicle="Taklånet",
        total="720",
        record_on=year.in_days(0),
        reason="Överskottet, årsmötet § 9",
    ).says("720 kr till spararna", "1 · Ada Lind 270 000 27000,00 0,00 270 kr")
    payout.form(button="Godkänn").send(expect=403).says("Någon annan än den som föreslog det")
    mine = year.home("eva").follow("Utbetalningar").follow(to=r"/distributions/\d+/")
    mine.form(button="Godkänn").send().says("Kassören kan betala nu")
    again = year.browser("dag").open(payout.path)
    again.form(button="Jag har betalat den i banken").send().says("Antecknat som betalt")
    year.browser("ada").open("/me/").says("Ränta och överskott270 kr")
