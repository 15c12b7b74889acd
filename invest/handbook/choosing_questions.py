"""What the chooser asks, and the answers there are."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Question → what is asked, and answer → how it reads.
QUESTIONS: dict[str, tuple[Promise, dict[str, Promise]]] = {
    "back": (
        _("Shall the money come back?"),
        {
            "plan": _("Yes, by a plan, at fixed times"),
            "own": _("It never leaves the saver: their own account in a bank"),
            "stays": _("No, one owns a part, and may sell or leave"),
        },
    ),
    "say": (
        _("What say do those who give the money get?"),
        {
            "member": _("One person, one vote"),
            "share": _("Votes by how much one owns"),
            "all": _("All must agree"),
            "none": _("None is needed"),
        },
    ),
    "surplus": (
        _("Will there be a surplus?"),
        {
            "none": _("Hardly any"),
            "some": _("Some, and it shall mostly stay"),
            "share": _("Yes, and the owners want a dividend"),
            "use": _("The benefit is the use: electricity, goods, a lower price"),
        },
    ),
    "people": (
        _("How many shall be asked, and who?"),
        {
            "few": _("Two to six who know each other"),
            "circle": _("A definite circle that we can name"),
            "anybody": _("Anybody: at a fair, on the web, by posters"),
        },
    ),
    "loss": (
        _("Who bears the loss if it goes wrong?"),
        {
            "nobody": _("No saver may lose anything"),
            "stake": _("Each may lose what they put in, and no more"),
            "ourselves": _("We do it together, and answer for it ourselves"),
        },
    ),
    "what": (
        _("What is the money for?"),
        {
            "one": _("One thing: a machine, a roof, an oven"),
            "trade": _("An enterprise that buys, sells and employs"),
            "energy": _("Making electricity"),
            "lend": _("Lending on to many small firms"),
        },
    ),
    "bank": (
        _("Is there a member bank that opens support savings for you, and can you bear a loan?"),
        {"yes": _("Yes, we have asked"), "no": _("No, or we have not asked")},
    ),
    "amount": (
        _("How much is needed?"),
        {
            "little": _("Less than half a million kronor"),
            "more": _("Up to ten million"),
            "much": _("More than ten million"),
        },
    ),
    "body": (
        _("Is there an association or company that can sign?"),
        {"yes": _("Yes, with an organisation number"), "none": _("Not yet")},
    ),
}
