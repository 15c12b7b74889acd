"""What the room `organisations` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class OrganisationNamed(Refused):
    """Two organisations with one name in a municipality: nobody could tell whom they pay."""

    sentence = _(
        "%(name)s in %(municipality)s is here already. Choose a name that tells the two apart."
    )
    status = 409
