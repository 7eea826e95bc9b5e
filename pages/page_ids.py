"""The page id, read out of what people paste. Pure.

The guide: "your id is the series of digits in the Messenger link", such as http://m.me/322837607840703; it also stands
in the source of the Facebook page, beside the keyword "pageID".
"""

import re

_ID = r"(?P<id>[0-9]{5,32})"
_END = r"(?:[/?#&].*)?$"
_WEB = r"^(?:https?://)?(?:[a-z0-9-]+\.)?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"^{_ID}$",
        rf"{_WEB}m\.me/{_ID}{_END}",
        rf"{_WEB}messenger\.com/t/{_ID}{_END}",
        # facebook.com/<id>, /<Name>-<id>/, /pages/<Name>/<id>, /messages/t/<id>
        rf"{_WEB}facebook\.com/(?:pages/[^/?#]+/|messages/t/|[^/?#]*-|){_ID}{_END}",
        rf"{_WEB}facebook\.com/profile\.php\?id={_ID}{_END}",
        rf"""^["']?pageID["']?\s*[:=]\s*["']?{_ID}["']?,?$""",
    )
)


def find(pasted: str) -> str:
    """The digits, from the id itself, a Messenger or Facebook address, or `"pageID":"…"` of a page's source.

    Anything else comes back as it is, without the blanks around it, for the model's own validator to refuse.
    """
    text = pasted.strip()
    found = next((match for shape in _SHAPES if (match := shape.match(text))), None)
    return found["id"] if found else text
