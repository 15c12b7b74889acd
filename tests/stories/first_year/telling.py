"""The end of the year: what everybody may read, and the books."""

from tests import visitor
from tests.stories.first_year.year import SLUG, Year, address, still_by_shell
from tests.visitor import Visitor


def tell_everybody(year: Year) -> None:
    """Bo writes how the year went, Eva comes back on a new phone and signs, and anybody reads."""
    form = year.home("bo").follow("Publiceringar").follow("Skriv en ny").form(has="title_sv")
    form.send("Frys", title_sv="Ett år med taket", text_sv="Så gick det.").says("en andra person")
    year.browsers["eva"] = year.browser("eva").on_a_new_phone()
    visitor.log_in(year.browser("eva"), year.office, address("eva"))
    draft = year.home("eva").follow("Publiceringar").follow("Ett år med taket")
    signed = draft.form(button="Godkänn och signera").send("Godkänn")
    open_page = signed.link(to=r"localhost/publications/\d+/$")
    Visitor(year.site).open(open_page).says("Ett år med taket", "Inbetalt 8 000 kr")
    report = Visitor(year.site).open("/fairs/").follow("Första mässan").follow(to="/report/")
    report.says("Utlovat 8 000 kr", "Inbetalt 8 000 kr", "Sparare 5")


def close_the_year(year: Year) -> None:
    """The books hold, and go to whoever does the accounts."""
    look_through_the_books(year)
    hand_out_the_books(year)


@still_by_shell("the books looked through")
def look_through_the_books(year: Year) -> None:
    year.site.manage("audit_book")


@still_by_shell("the year's books to whoever does the accounts")
def hand_out_the_books(year: Year) -> None:
    file = year.site.log.with_name("books.journal")
    told = ("--format", "hledger", "--organisation", SLUG, "--out", str(file))
    year.site.manage("export_book", *told)
    assert "Liabilities:Taklanet:Loan:00001  -3000.00 SEK" in file.read_text("utf-8")
