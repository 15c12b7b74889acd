"""What the room `in_kind` refuses."""

from django.utils.translation import gettext_lazy as _

from pools.errors import Refused


class ProjectClosed(Refused):
    """A project that takes no more."""

    sentence = _("%(project)s ended on %(on)s and takes no more. Nothing was recorded.")
    status = 409
