"""One line that tells a message from the others in a list."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from notifications.bubble.reading import loaded, mapping, mappings, words

LENGTH = 90


def excerpt(body: object) -> str:
    content = mapping(loaded(body))
    payload = mapping(mapping(content.get("attachment")).get("payload"))
    number = words(payload.get("order_number"))
    titles = [words(element.get("title")) for element in mappings(payload.get("elements"))]
    candidates = [
        words(content.get("text")),
        _("Order %(number)s") % {"number": number} if number else "",
        " · ".join(filter(None, titles)),
        words(payload.get("url")),
    ]
    line = next((candidate for candidate in candidates if candidate.strip()), "–")
    return Truncator(" ".join(line.split())).chars(LENGTH)
