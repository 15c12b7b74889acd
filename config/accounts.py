"""What the login library leaves untold in Swedish."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

# Its own Swedish says the opposite of this; ours goes before it.
gettext_noop(
    "If you have not created an account yet, then please %(link)ssign up%(end_link)s first."
)


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc] # allauth has no stubs
    """A new passkey, with a name its owner will know it by."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Name of the key")


class EditKeyForm(EditWebAuthnForm):  # type: ignore[misc] # allauth has no stubs
    """A passkey's name."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Name of the key")
