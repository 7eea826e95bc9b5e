"""The name of a duplicate."""

from django.utils.translation import gettext as _

from notifications.models import Notification

MAX_LENGTH = Notification._meta.get_field("name").max_length


def name_of_copy(original: Notification) -> str:
    """`Copy of …`, numbered if that name is taken, within what a name may hold."""
    number = 1
    while True:
        name = _("Copy of %(name)s") if number == 1 else _("Copy %(number)s of %(name)s")
        name = (name % {"name": original.name, "number": number})[:MAX_LENGTH]
        if not Notification.objects.filter(name=name).exists():
            return name
        number += 1
