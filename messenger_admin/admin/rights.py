"""Groups and permissions in the reader's language: the database keeps their English names."""

from django.contrib.auth.models import Permission
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messenger_admin.roles import ROLES

# What Django makes for each model, by the beginning of the codename.
VERBS = {
    "add": _("Can add %(name)s"),
    "change": _("Can change %(name)s"),
    "delete": _("Can delete %(name)s"),
    "view": _("Can view %(name)s"),
}


def group_words(name: str) -> str:
    """A group that people made has the name that they gave it."""
    return gettext(name) if name in ROLES else name


def permission_words(permission: Permission) -> str:
    verb, _underscore, model = permission.codename.partition("_")
    if verb in VERBS and model == permission.content_type.model:
        return VERBS[verb] % {"name": permission.content_type.name}
    return gettext(permission.name)
