"""Gatherings: opened, moved, cancelled; who comes; and what became of them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from invest.gatherings.queries import headcount, may_be_removed
from invest.gatherings.refusals import (
    BadGathering,
    GatheringCancelled,
    GatheringFull,
    GatheringOver,
)
from invest.kinds.refusals import AlreadyRecorded
from invest.letters import about, outbox
from invest.letters.queries import anew
from invest.links import absolute
from invest.models import (
    Fair,
    Gathering,
    GatheringChange,
    Letter,
    Organisation,
    Person,
    Place,
    SignUp,
)
from invest.once import Sent
from invest.people import Giver, person_for, plain
from invest.refusals import WrongState
from invest.similarity import fold
from invest.slugs import free_slug

LARGEST_PARTY = 20
MOST_LETTERS = 3  # An hour, of one sign-up.
LONGEST = timedelta(days=31)
MOST_WORDS = 4000
OLDEST, FURTHEST = 1900, 10  # The first year that is told of, and how many years ahead.
SIGNED_UP = gettext_noop("You have signed up for %(name)s")
MOVED, CANCELLED = gettext_noop("%(name)s is moved"), gettext_noop("%(name)s is cancelled")


@transaction.atomic
def open_gathering(
    *,
    organisation: Organisation,
    form: str,
    name: str,
    venue: str,
    starts_at: datetime,
    ends_at: datetime,
    place: Place | None = None,
    most: int | None = None,
    about_sv: str = "",
    about_en: str = "",
    fair: Fair | None = None,
    at: datetime | None = None,
) -> Gathering:
    """A new gathering; one of the past is told as held.

    Raises BadGathering for hours that cannot be, AlreadyRecorded where the organisation has one of
    the name at the same moment (a form sent twice), UnsafeText, TextTooLong.
    """
    name, at = plain(name), at or timezone.now()
    _refuse_hours(starts_at, ends_at, at)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = organisation.gatherings.filter(starts_at=starts_at, cancelled_at__isnull=True)
    if any(fold(each.name) == fold(name) for each in same):
        raise AlreadyRecorded(what=name)
    return Gathering.objects.create(
        slug=free_slug(name, "traff", Gathering),
        organisation=organisation,
        form=form,
        name=name,
        venue=plain(venue),
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        most=most,
        about_sv=about_sv[:MOST_WORDS],
        about_en=about_en[:MOST_WORDS],
        fair=fair,
        opened_at=at,
    )


@transaction.atomic
def move(
    *,
    gathering: Gathering,
    starts_at: datetime,
    ends_at: datetime,
    venue: str,
    reason: str,
    by: str,
    at: datetime,
) -> Gathering:
    """Another hour or room: whoever has signed up gets a letter, and its fair moves along.

    Raises GatheringOver, GatheringCancelled, BadGathering without a reason, where nothing changes,
    or for hours that cannot be.
    """
    gathering = _lock(gathering, at)
    venue = plain(venue)
    _refuse_hours(starts_at, ends_at, at)
    if starts_at < at:
        raise BadGathering(field="starts_at", reason=_("choose a moment to come"))
    now = (gathering.starts_at, gathering.ends_at, gathering.venue)
    if now == (starts_at, ends_at, venue):
        raise BadGathering(field="starts_at", reason=_("it is then and there already"))
    change = _keep_change(gathering, reason, by, at)
    gathering.starts_at, gathering.ends_at, gathering.venue = starts_at, ends_at, venue
    gathering.save(update_fields=["starts_at", "ends_at", "venue"])
    if (fair := gathering.fair) is not None:
        fair.starts_at, fair.ends_at, fair.venue = starts_at, ends_at, venue
        fair.save(update_fields=["starts_at", "ends_at", "venue"])
    _write_to_all(gathering, MOVED, change)
    return gathering


@transaction.atomic
def cancel(*, gathering: Gathering, reason: str, by: str, at: datetime) -> Gathering:
    """It will not be: whoever has signed up gets a letter that says why. Raises as `move`."""
    gathering = _lock(gathering, at)
    change = _keep_change(gathering, reason, by, at)
    gathering.cancelled_at = at
    gathering.save(update_fields=["cancelled_at"])
    _write_to_all(gathering, CANCELLED, change)
    return gathering


@transaction.atomic
def hold_fair(*, gathering: Gathering) -> Fair:
    """The fair that a gathering is: its name, hours and room, not written again.

    Raises WrongState for another form, AlreadyRecorded where it has one.
    """
    gathering = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    if gathering.form != Gathering.Form.FAIR or gathering.cancelled_at:
        raise WrongState(state=gathering.get_form_display())
    if gathering.fair is not None:
        raise AlreadyRecorded(what=gathering.fair.name)
    gathering.fair = Fair.objects.create(
        slug=free_slug(gathering.name, "massa", Fair),
        organisation=gathering.organisation,
        name=gathering.name,
        venue=gathering.venue,
        municipality=gathering.municipality,
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        about_sv=gathering.about_sv,
        about_en=gathering.about_en,
    )
    gathering.save(update_fields=["fair"])
    return gathering.fair


@transaction.atomic
def invite_to(*, fair: Fair, at: datetime) -> Gathering:
    """The gathering that a fair is, with its name, hours and room, so that people may sign up.

    Raises AlreadyRecorded where it has one, GatheringOver for a fair that was held.
    """
    fair = Fair.objects.select_for_update(of=("self",)).get(pk=fair.pk)
    if Gathering.objects.filter(fair=fair).exists():
        raise AlreadyRecorded(what=fair.name)
    if fair.ends_at < at:
        raise GatheringOver(name=fair.name)
    return open_gathering(
        organisation=fair.organisation,
        form=Gathering.Form.FAIR,
        name=fair.name,
        venue=fair.venue,
        starts_at=fair.starts_at,
        ends_at=fair.ends_at,
        place=fair.organisation.places.filter(municipality=fair.municipality).first(),
        about_sv=fair.about_sv,
        about_en=fair.about_en,
        fair=fair,
        at=at,
    )


@transaction.atomic
def reword(
    *,
    gathering: Gathering,
    name: str,
    about_sv: str,
    about_en: str,
    most: int | None,
    at: datetime,
) -> Gathering:
    """Another name, text or room for more; hours and place are moved, with a reason.

    Raises GatheringOver, GatheringCancelled, BadGathering where fewer would have room than come.
    """
    gathering = _lock(gathering, at)
    if most is not None and most < headcount(gathering):
        raise BadGathering(field="most", reason=_("more than that have signed up"))
    gathering.name, gathering.most = plain(name), most
    gathering.about_sv, gathering.about_en = about_sv[:MOST_WORDS], about_en[:MOST_WORDS]
    gathering.save(update_fields=["name", "most", "about_sv", "about_en"])
    return gathering


@transaction.atomic
def remove(*, gathering: Gathering) -> None:
    """Take away what was written by mistake. Raises WrongState where anything hangs on it."""
    gathering = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    if not may_be_removed(gathering):
        raise WrongState(state=gathering.get_form_display())
    gathering.delete()


def write_outcome(*, gathering: Gathering, sv: str, en: str = "") -> Gathering:
    """What became of it, for everybody; written anew as time goes."""
    gathering.became_sv, gathering.became_en = sv.strip()[:MOST_WORDS], en.strip()[:MOST_WORDS]
    gathering.save(update_fields=["became_sv", "became_en"])
    return gathering


# --- Who comes ------------------------------------------------------------------------------------


@transaction.atomic
def sign_up(
    *,
    gathering: Gathering,
    giver: Giver,
    party: int,
    key: str,
    at: datetime,
    words: str = "",
) -> SignUp:
    """Somebody means to come, with so many. Sent twice, or by who comes already, it is still once.

    Whose address was typed once more gets a letter, three an hour at most, so that nobody can fill
    their box; whoever typed it is told the same as the first time.

    Raises GatheringOver, GatheringCancelled, GatheringFull.
    """
    gathering = _lock(gathering, at)
    # Of one address: a key sent again with another would tell whether the first came already.
    key = salted_hmac("sign-up", f"{gathering.pk} {giver.email.lower()} {key}").hexdigest()
    if earlier := Sent(key).earlier(SignUp.objects.select_related("person")):
        return earlier
    person = person_for(giver, at=at)
    standing = gathering.sign_ups.filter(person=person, cancelled_at__isnull=True).first()
    if standing is not None and giver.user is not None:
        return standing
    _refuse_full(gathering, party)
    if standing is not None:
        _remind(standing, at)
        return standing
    made = SignUp.objects.create(
        gathering=gathering,
        person=person,
        name=plain(giver.name, most=120),
        party=party,
        words=plain(words, most=200),
        signed_up_at=at,
        key=key,
    )
    _write(made, "gatherings/letters/sign_up", SIGNED_UP, key=f"{about.sign_up(made)}:first")
    return made


@transaction.atomic
def change(*, sign_up: SignUp, party: int, at: datetime) -> SignUp:
    """As many as come now; 0: nobody. Who has withdrawn may come after all.

    Raises GatheringOver, GatheringCancelled, GatheringFull.
    """
    gathering = _lock(sign_up.gathering, at)
    sign_up = SignUp.objects.select_for_update(of=("self",)).get(pk=sign_up.pk)
    if party:
        _refuse_full(gathering, party, but=sign_up)
        sign_up.party, sign_up.cancelled_at = party, None
    else:
        sign_up.cancelled_at = sign_up.cancelled_at or at
    sign_up.save(update_fields=["party", "cancelled_at"])
    return sign_up


def mark(*, sign_up: SignUp, came: bool | None) -> None:
    """Whether they came; None: not told."""
    sign_up.came = came
    sign_up.save(update_fields=["came"])


# --- Inside ---------------------------------------------------------------------------------------


def _lock(gathering: Gathering, at: datetime) -> Gathering:
    """One at a time; nothing of what is over or cancelled."""
    held = Gathering.objects.select_for_update(of=("self",)).select_related(
        "organisation", "place", "fair"
    )
    gathering = held.get(pk=gathering.pk)
    if gathering.cancelled_at:
        raise GatheringCancelled(name=gathering.name)
    if gathering.ends_at < at:
        raise GatheringOver(name=gathering.name)
    return gathering


def _refuse_hours(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if not all(OLDEST <= each.year <= at.year + FURTHEST for each in (starts_at, ends_at)):
        reason = _("choose a year from %(first)s to %(last)s")
        years = {"first": OLDEST, "last": at.year + FURTHEST}
        raise BadGathering(field="starts_at", reason=reason % years)
    if ends_at <= starts_at:
        raise BadGathering(field="ends_at", reason=_("it ends before it begins"))
    if ends_at - starts_at > LONGEST:
        raise BadGathering(field="ends_at", reason=_("it is longer than a month"))


def _refuse_full(gathering: Gathering, party: int, but: SignUp | None = None) -> None:
    if not 1 <= party <= LARGEST_PARTY:
        reason = _("write a number from 1 to %(most)s") % {"most": LARGEST_PARTY}
        raise BadGathering(field="party", reason=reason)
    if gathering.most is None:
        return
    own = but.party if but and but.cancelled_at is None else 0
    left = gathering.most - headcount(gathering) + own
    if party > left:
        raise GatheringFull(left=max(0, left))


def _keep_change(gathering: Gathering, reason: str, by: str, at: datetime) -> GatheringChange:
    words = plain(reason, most=300)
    if not words:
        raise BadGathering(field="reason", reason=_("write a reason"))
    return GatheringChange.objects.create(
        gathering=gathering,
        at=at,
        actor=by,
        was_at=gathering.starts_at,
        was_in=gathering.venue,
        reason=words,
    )


def _remind(made: SignUp, at: datetime) -> None:
    topic = about.sign_up(made)
    lately = Letter.objects.filter(about=topic, written_at__gt=at - timedelta(hours=1))
    if lately.count() < MOST_LETTERS:
        key = anew(topic, made.person)
        _write(made, "gatherings/letters/sign_up", SIGNED_UP, key=key, is_again=True)


def _write_to_all(gathering: Gathering, subject: str, change: GatheringChange) -> None:
    standing = gathering.sign_ups.filter(cancelled_at__isnull=True, person__isnull=False)
    for made in standing.select_related("person").order_by("pk"):
        made.gathering = gathering
        key = f"{about.sign_up(made)}:change:{change.pk}"
        _write(made, "gatherings/letters/gathering_changed", subject, key=key, why=change.reason)


def _write(
    made: SignUp, template: str, subject: str, *, key: str, why: str = "", is_again: bool = False
) -> None:
    person: Person | None = made.person
    if person is None:
        return
    gathering = made.gathering
    with translation.override(person.language):
        told = _(subject) % {"name": gathering.name}
    context = {
        "person": person,
        "gathering": gathering,
        "link": absolute(made.get_absolute_url()),
        "why": why,
        "is_again": is_again,
    }
    outbox.send(
        person,
        Letter.Kind.GATHERING,
        told,
        template,
        context,
        organisation=gathering.organisation,
        about=about.sign_up(made),
        key=key,
    )
