"""What a letter is about, by key: who wrote to whom is found by these, never by what was written.

    pledge:17                a promise of money         gathering:3:sign-up:8   who means to come
    call:9                   a call for payment         fair:3                  promises at a fair
    holding:4:12:exit        number 12 of vehicle 4     fair:3:pitch:8          asked to pitch
                             asks to leave              cooperation:5           asked to take part
    project:5:assessment:9   time to look again         card:7                  an inventory card
    invitation:6             asked to join              listing:7               a listed producer

`Letter.key` says which letter about it: `pledge:17:receipt`, `call:9:late`. What may be asked
again and again is told apart by the letter that it follows (`queries.anew`).
"""

from invest.models import (
    Assessment,
    AssetCard,
    Call,
    Cooperation,
    Fair,
    JoinInvitation,
    Pitch,
    Pledge,
    Producer,
    SignUp,
    Vehicle,
)


def pledge(row: Pledge) -> str:
    """A promise of money."""
    return f"pledge:{row.pk}"


CALLS = "call:"


def call(row: Call) -> str:
    """A call for payment."""
    return f"{CALLS}{row.pk}"


def exit_of(vehicle: Vehicle, number: int) -> str:
    """That a holder, by number, asks to leave a vehicle."""
    return f"holding:{vehicle.pk}:{number}:exit"


def assessment(row: Assessment) -> str:
    """How an enterprise saw itself, and is to look again."""
    return f"project:{row.project_id}:assessment:{row.pk}"


def invitation(row: JoinInvitation) -> str:
    """That a holder is asked to join what the vehicle becomes."""
    return f"invitation:{row.pk}"


def sign_up(row: SignUp) -> str:
    """That somebody means to come to a gathering."""
    return f"gathering:{row.gathering_id}:sign-up:{row.pk}"


FAIRS = "fair:"


def fair(row: Fair) -> str:
    """What somebody promised at a fair, all of it."""
    return f"{FAIRS}{row.pk}"


def pitch(row: Pitch) -> str:
    """That a project is asked to a fair."""
    return f"{FAIRS}{row.fair_id}:pitch:{row.pk}"


def cooperation(row: Cooperation) -> str:
    """That an organisation is asked to take a part."""
    return f"cooperation:{row.pk}"


def card(row: AssetCard) -> str:
    """A card of an inventory."""
    return f"card:{row.pk}"


def listing(row: Producer) -> str:
    """A listing in a directory."""
    return f"listing:{row.pk}"
