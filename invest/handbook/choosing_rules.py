"""The table behind the chooser: the forms, and for each answer a rule and its law."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEPOSITS = _("Banking and Financing Business Act, lag (2004:297) 1:7")
SPREADING = _("Companies Act, aktiebolagslagen (2005:551) 1:7–8")
COMPANIES = _("Companies Act, aktiebolagslagen (2005:551)")
SVB = _("Companies Act, aktiebolagslagen (2005:551) ch. 32")
COOPERATIVES = _("Economic Associations Act, lag (2018:672)")
PARTNERSHIPS = _("Partnerships Act, lag (1980:1102) ch. 4")
GUARANTEE = _("Deposit Insurance Act, lag (1995:1571)")
FUNDS = _("Alternative Investment Fund Managers Act, lag (2013:561)")
LENDERS = _("Certain Financial Operations Act, lag (1996:1006)")
CROWDFUNDING = _("Crowdfunding Regulation (EU) 2020/1503")
PROSPECTUS = _("Prospectus Regulation (EU) 2017/1129 and lag (2019:414)")
DISTANCE = _("Distance Contracts Act, lag (2005:59)")


class Verdict(IntEnum):
    """What the answers mean for a form; the highest one holds."""

    FITS = 0
    CARE = 1
    NOT = 2

    @property
    def label(self) -> Promise:
        """As it is shown."""
        return _LABELS[self]

    @property
    def tone(self) -> str:
        """The class that colours it."""
        return ("is-good", "is-warm", "is-quiet")[self]


_LABELS = {
    Verdict.FITS: _("Fits"),
    Verdict.CARE: _("Fits with care"),
    Verdict.NOT: _("Does not fit"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One of the seven: its chapter of the handbook, the kinds opened for it, its law and risk."""

    chapter: str
    label: Promise
    gives: Promise
    risk: Promise
    laws: tuple[Promise, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an answer means for a form, and the law behind it, if any."""

    verdict: Verdict
    reason: Promise
    law: Promise | None = None


FORMS: dict[str, Form] = {
    form.chapter: form
    for form in (
        Form(
            "support-savings",
            _("Support savings"),
            _("their own money still in the bank; the points go to the project"),
            _("Interest forgone. Terms, factors and binding times are the bank's, and change."),
            (GUARANTEE,),
            ("support-saving",),
        ),
        Form(
            "local-company",
            _("Local limited company, AB or AB (svb)"),
            _("shares, votes, perhaps a dividend"),
            _("The whole stake, if the company goes under. Shares may be hard to sell."),
            (SPREADING, SVB, PROSPECTUS),
            ("company-shares",),
        ),
        Form(
            "cooperative",
            _("Co-operative association"),
            _("membership, one vote, the stake back on leaving"),
            _("That the stake is no longer there. Subordinated stakes are bound for five years."),
            (COOPERATIVES,),
            ("coop-stakes", "subordinated-stakes"),
        ),
        Form(
            "energy-company",
            _("Local energy company"),
            _("a right to kilowatt-hours"),
            _("Price, weather, tax and technology. Promise no kilowatt-hours."),
            (COOPERATIVES,),
            ("energy-shares",),
        ),
        Form(
            "simple-partnership",
            _("Simple partnership"),
            _("a part in something bought together"),
            _("An agreement nobody wrote. Whoever signs is bound with all that they own."),
            (PARTNERSHIPS,),
            ("simple-partnership",),
        ),
        Form(
            "microfund",
            _("Microfund"),
            _("money that works again and again"),
            _("Loans that are not repaid: a member can lose the stake."),
            (COOPERATIVES, LENDERS, FUNDS),
            ("microfund",),
        ),
        Form(
            "direct-loan",
            _("Direct loan"),
            _("the money back by a plan"),
            _("Everything lent, if the borrower cannot pay. No deposit guarantee holds."),
            (DEPOSITS, CROWDFUNDING, DISTANCE),
            ("direct-loan",),
        ),
    )
}

FITS, CARE, NOT = Verdict


_STAKES_STAY = Rule(FITS, _("The money stays as stakes for as long as one is a member."))
_NO_PLAN = Rule(NOT, _("A stake comes back when a member leaves, not by a plan."), COOPERATIVES)
_NOT_SAVINGS = Rule(
    NOT, _("Only a bank may keep money for others on an account. This is something else."), DEPOSITS
)
_MAY_LOSE = Rule(NOT, _("Whoever puts money in can lose it; no deposit guarantee holds."))
_FOUND_IT = Rule(
    CARE, _("At least three must found the association first, and register it."), COOPERATIVES
)
_MUCH = Rule(
    CARE,
    _("Offers this large may need a prospectus: the page Limits keeps count in Byakassan."),
    PROSPECTUS,
)
_OWN_ANSWER = Rule(CARE, _("Here the loss ends at the stake. Say so plainly to all."))

# Form → question → answer → what it means. What is not here says nothing of the form.
RULES: dict[str, dict[str, dict[str, Rule]]] = {
    "support-savings": {
        "back": {
            "own": Rule(
                FITS, _("The money stays on the saver's own account in the bank."), GUARANTEE
            ),
            "plan": Rule(
                CARE, _("What is paid back by a plan is the bank's loan; the savings never left.")
            ),
            "stays": Rule(NOT, _("Nobody comes to own a part by saving in a bank.")),
        },
        "say": {
            "none": Rule(FITS, _("The savers need no say: their money is safe in the bank.")),
            "member": Rule(CARE, _("The saving gives no vote; membership in the group can.")),
            "share": Rule(NOT, _("The saving gives no votes at all.")),
            "all": Rule(CARE, _("Those who borrow decide; the savers do not.")),
        },
        "surplus": {
            "none": Rule(FITS, _("It does not rest on a surplus.")),
            "share": Rule(NOT, _("It gives no dividend, only points for the project.")),
        },
        "loss": {"nobody": Rule(FITS, _("The bank bears the risk of the loan."), GUARANTEE)},
        "what": {
            "lend": Rule(CARE, _("A committee would have to give out points, not money.")),
        },
        "bank": {
            "yes": Rule(FITS, _("There is a bank that does it.")),
            "no": Rule(NOT, _("Without a member bank that opens such savings there is none.")),
        },
        "amount": {
            "much": Rule(CARE, _("Few places have friends enough to carry so large a loan.")),
        },
        "body": {
            "none": Rule(CARE, _("The bank lends to somebody who can sign, with security.")),
        },
    },
    "local-company": {
        "back": {
            "stays": Rule(FITS, _("A share is owned until it is sold.")),
            "plan": Rule(NOT, _("Share capital is not paid back by a plan."), COMPANIES),
            "own": _NOT_SAVINGS,
        },
        "say": {
            "share": Rule(FITS, _("Votes follow the shares.")),
            "member": Rule(CARE, _("Votes follow shares unless the articles cap them."), COMPANIES),
            "all": Rule(CARE, _("The general meeting decides by majority."), COMPANIES),
            "none": Rule(CARE, _("Shares carry votes, wanted or not.")),
        },
        "surplus": {
            "share": Rule(FITS, _("It can pay a dividend when it can bear it."), COMPANIES),
            "some": Rule(FITS, _("In an AB (svb) the profit mostly stays, by law."), SVB),
            "none": Rule(CARE, _("Promise no dividend: AB (svb) is the honest form."), SVB),
            "use": Rule(CARE, _("A company pays money; benefit in goods may be taxed.")),
        },
        "people": {
            "few": Rule(FITS, _("Known owners can be asked.")),
            "circle": Rule(
                CARE, _("Ask the circle by name, and look into the rule first."), SPREADING
            ),
            "anybody": Rule(
                NOT,
                _("A private company, AB (svb) too, may not offer its shares to the public."),
                SPREADING,
            ),
        },
        "loss": {
            "nobody": _MAY_LOSE,
            "stake": Rule(FITS, _("If it goes bankrupt the stake is gone, and nothing more.")),
            "ourselves": _OWN_ANSWER,
        },
        "what": {
            "trade": Rule(FITS, _("It is made for trading and employing.")),
            "lend": Rule(CARE, _("A company that places money for many can be a fund."), FUNDS),
            "energy": Rule(CARE, _("It works, but kilowatt-hours to owners may be taxed.")),
        },
        "amount": {"much": _MUCH},
        "body": {
            "none": Rule(
                CARE, _("Found it first, with the share capital that the law asks for."), COMPANIES
            ),
        },
    },
    "cooperative": {
        "back": {"stays": _STAKES_STAY, "plan": _NO_PLAN, "own": _NOT_SAVINGS},
        "say": {
            "member": Rule(FITS, _("One member, one vote, however much one put in."), COOPERATIVES),
            "share": Rule(CARE, _("A large stake gives no more votes."), COOPERATIVES),
            "all": Rule(CARE, _("The meeting decides by majority.")),
            "none": Rule(CARE, _("Let the statutes allow investing members."), COOPERATIVES),
        },
        "surplus": {
            "none": Rule(FITS, _("It exists for its members' use, not for a surplus.")),
            "some": Rule(FITS, _("What is over can stay, or go back by how much one traded.")),
            "use": Rule(FITS, _("The members' use of it is what the law wants."), COOPERATIVES),
            "share": Rule(CARE, _("A dividend is never certain; subordinated stakes come first.")),
        },
        "people": {
            "few": Rule(CARE, _("At least three members are needed."), COOPERATIVES),
            "circle": Rule(FITS, _("Members come and go without buying from each other.")),
            "anybody": Rule(FITS, _("Membership is open to whoever can use it."), COOPERATIVES),
        },
        "loss": {
            "nobody": _MAY_LOSE,
            "stake": Rule(FITS, _("A member risks the stake, not more."), COOPERATIVES),
            "ourselves": _OWN_ANSWER,
        },
        "what": {
            "one": Rule(FITS, _("Members can own a thing together through it.")),
            "trade": Rule(FITS, _("It can trade and employ for its members.")),
            "energy": Rule(CARE, _("It works; energy shares tell the kilowatt-hours too.")),
            "lend": Rule(CARE, _("Then it is a microfund: read that chapter."), LENDERS),
        },
        "amount": {"much": _MUCH},
        "body": {"none": _FOUND_IT},
    },
    "energy-company": {
        "back": {"stays": _STAKES_STAY, "plan": _NO_PLAN, "own": _NOT_SAVINGS},
        "say": {
            "member": Rule(FITS, _("Most often it is an association: one member, one vote.")),
            "share": Rule(CARE, _("In an association a large stake gives no more votes.")),
            "all": Rule(CARE, _("The meeting decides by majority.")),
            "none": Rule(CARE, _("Owners have a vote, wanted or not.")),
        },
        "surplus": {
            "use": Rule(FITS, _("Each share gives kilowatt-hours at cost.")),
            "none": Rule(FITS, _("Electricity at cost needs no surplus.")),
            "some": Rule(FITS, _("Set money aside for what wears out.")),
            "share": Rule(CARE, _("Price and weather decide; a dividend is never certain.")),
        },
        "people": {
            "few": Rule(CARE, _("At least three members are needed."), COOPERATIVES),
            "circle": Rule(FITS, _("Those who use the electricity can own the plant.")),
            "anybody": Rule(FITS, _("An association may invite new members openly.")),
        },
        "loss": {
            "nobody": _MAY_LOSE,
            "stake": Rule(FITS, _("An owner risks the stake, not more."), COOPERATIVES),
            "ourselves": _OWN_ANSWER,
        },
        "what": {
            "energy": Rule(FITS, _("It is made for a plant that is owned together.")),
            **dict.fromkeys(
                ("one", "trade", "lend"),
                Rule(NOT, _("Kilowatt-hours come only from a plant that makes electricity.")),
            ),
        },
        "amount": {"much": _MUCH},
        "body": {"none": _FOUND_IT},
    },
    "simple-partnership": {
        "back": {
            "stays": Rule(FITS, _("Each has a part until you settle and stop."), PARTNERSHIPS),
            "plan": Rule(NOT, _("A partner's money comes back when you stop, not by a plan.")),
            "own": _NOT_SAVINGS,
        },
        "say": {
            "all": Rule(FITS, _("By law all partners must agree."), PARTNERSHIPS),
            "member": Rule(CARE, _("By law all must agree; write it if not."), PARTNERSHIPS),
            "share": Rule(CARE, _("By law all must agree; write it if not."), PARTNERSHIPS),
            "none": Rule(NOT, _("Every partner takes part in the decisions."), PARTNERSHIPS),
        },
        "surplus": {
            "none": Rule(FITS, _("You share costs as well as profit.")),
            "use": Rule(FITS, _("The use of the thing is the point of it.")),
            "some": Rule(FITS, _("It is shared equally unless you write otherwise."), PARTNERSHIPS),
            "share": Rule(CARE, _("It is shared equally unless you write otherwise."),
                          PARTNERSHIPS),
        },
        "people": {
            "few": Rule(FITS, _("Few who trust each other can manage with an agreement.")),
            "circle": Rule(
                NOT, _("Nobody joins without the consent of all: too many."), PARTNERSHIPS
            ),
            "anybody": Rule(
                NOT, _("Nobody joins without the consent of all: it is not for the public."),
                PARTNERSHIPS,
            ),
        },
        "loss": {
            "nobody": _MAY_LOSE,
            "stake": Rule(CARE, _("Whoever signs answers for the whole, not the stake only."),
                          PARTNERSHIPS),
            "ourselves": Rule(FITS, _("You bear profit and loss together."), PARTNERSHIPS),
        },
        "what": {
            "one": Rule(FITS, _("A machine, a boat or a task to share.")),
            "trade": Rule(CARE, _("It cannot own, sign or employ: one of you stands for it."),
                          PARTNERSHIPS),
            "energy": Rule(CARE, _("It cannot own the plant: one of you stands for it."),
                           PARTNERSHIPS),
            "lend": Rule(NOT, _("It cannot own money or sign, so it cannot lend."), PARTNERSHIPS),
        },
        "amount": {
            "more": Rule(CARE, _("Much money for an agreement: found an association instead?")),
            "much": Rule(NOT, _("So much money needs somebody who can own it."), PARTNERSHIPS),
        },
        "body": {"none": Rule(FITS, _("It needs no registration, only an agreement."),
                              PARTNERSHIPS)},
    },
    "microfund": {
        "back": {
            "stays": Rule(FITS, _("The stakes stay, and are lent again and again.")),
            "plan": Rule(NOT, _("The firms pay the fund back; the members' stakes stay."),
                         COOPERATIVES),
            "own": _NOT_SAVINGS,
        },
        "say": {
            "member": Rule(FITS, _("One member, one vote; a credit group reads applications.")),
            "share": Rule(CARE, _("A large stake gives no more votes."), COOPERATIVES),
            "all": Rule(CARE, _("A credit group decides, by rules told beforehand.")),
            "none": Rule(CARE, _("Members have a vote, wanted or not.")),
        },
        "surplus": {
            "none": Rule(FITS, _("What is over is lent again.")),
            "some": Rule(FITS, _("What is over is lent again.")),
            "share": Rule(NOT, _("What is over stays in the fund, to bear losses.")),
            "use": Rule(CARE, _("The benefit is a shop that lives on, not a rebate.")),
        },
        "people": {
            "few": Rule(CARE, _("You need ten or so, and a credit group of three to five.")),
            "circle": Rule(FITS, _("Members who know the place know the borrowers.")),
            "anybody": Rule(CARE, _("Call nothing savings: stakes are not deposits."), DEPOSITS),
        },
        "loss": {
            "nobody": _MAY_LOSE,
            "stake": Rule(FITS, _("The loss is shared, and ends at the stake.")),
            "ourselves": _OWN_ANSWER,
        },
        "what": {
            "lend": Rule(FITS, _("It is made for many small firms."), LENDERS),
            **dict.fromkeys(
                ("one", "trade", "energy"),
                Rule(CARE, _("Found none for a single need; ask one that exists to stand surety.")),
            ),
        },
        "amount": {"much": _MUCH},
        "body": {"none": _FOUND_IT},
    },
    "direct-loan": {
        "back": {
            "plan": Rule(FITS, _("A promissory note with a plan says when.")),
            "own": _NOT_SAVINGS,
            "stays": Rule(NOT, _("A lender owns nothing of it: the money must come back.")),
        },
        "say": {
            "none": Rule(FITS, _("A lender needs no say.")),
            **dict.fromkeys(
                ("member", "share", "all"),
                Rule(CARE, _("A loan gives no vote; membership beside it can.")),
            ),
        },
        "surplus": {
            "some": Rule(FITS, _("The income must be enough in a bad year too.")),
            "none": Rule(CARE, _("It must be paid back all the same: from what?")),
            "share": Rule(CARE, _("A lender gets interest, not a dividend.")),
            "use": Rule(CARE, _("A loan can come back in goods; agree how they are valued.")),
        },
        "people": {
            "few": Rule(FITS, _("Known lenders, one note, the same terms.")),
            "circle": Rule(FITS, _("A definite circle for a definite project.")),
            "anybody": Rule(
                CARE,
                _("Many loans from the public can be deposit-taking. Ask before you invite."),
                DEPOSITS,
            ),
        },
        "loss": {
            "nobody": _MAY_LOSE,
            "stake": Rule(FITS, _("A lender can lose what was lent, and no more.")),
            "ourselves": _OWN_ANSWER,
        },
        "what": {
            "one": Rule(FITS, _("One thing that earns its own instalments.")),
            "trade": Rule(FITS, _("An enterprise with income that comes again.")),
            "lend": Rule(NOT, _("To borrow from many in order to lend is a bank's business."),
                         DEPOSITS),
        },
        "amount": {
            "much": Rule(CARE, _("A loan of this size is the bank's, or needs a licence."),
                         CROWDFUNDING),
        },
        "body": {
            "none": Rule(CARE, _("Somebody must sign, and answers with all that they own.")),
        },
    },
}  # fmt: skip
