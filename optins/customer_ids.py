"""The guide's rules for customer_id, pure: the one place where an id is judged.

A customer_id is the shop's own name for a visitor: the account in its CRM, or a temporary one that stands for
one request, such as an order or `instock-AB123-k45332j9i54` (product AB123, session k45332j9i54). It is unique
on its page, since a shared one would send messages to people who should not get them.
"""

import re
import unicodedata

# The guide names no limit. 255 characters of any script stay within every database's index and iAdvize's path.
MAX_LENGTH = 255

STOCK_ALERT = "instock"
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return message


MESSAGES = {
    "empty": gettext_noop("Give a customer_id: it is empty."),
    "too_long": gettext_noop("Shorten the customer_id to %(limit)s characters."),
    "unprintable": gettext_noop("Remove the control or invisible characters from the customer_id."),
}


class CustomerIdError(ValueError):
    """`code` is a key of MESSAGES, whose sentence says what is wrong and what to do; fill it with `params`."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = MESSAGES[code]
        self.params = {"limit": MAX_LENGTH}
        super().__init__(self.message % self.params)


def parse(raw: str) -> str:
    """The id as it is stored: composed (NFC) and without blanks around it.

    Raises CustomerIdError for an id that is empty, longer than 255 characters, or holds a control, surrogate
    or format character. Anything else is the shop's own business: `/`, `?`, spaces and any script are fine.
    """
    customer_id = unicodedata.normalize("NFC", raw).strip()
    if not customer_id:
        raise CustomerIdError("empty")
    if len(customer_id) > MAX_LENGTH:
        raise CustomerIdError("too_long")
    # What Python calls printable holds none of these; it has no wider blanks and no private letters either.
    if not customer_id.isprintable() and any(unicodedata.category(letter) in _UNPRINTABLE for letter in customer_id):
        raise CustomerIdError("unprintable")
    return customer_id


# What is left in a page whose template was not filled, or filled with nothing.
_LEFT_IN = re.compile(r"\{\{.*\}\}|\$\{.*\}|<%.*%>|%[A-Z_]+%|\[\[.*\]\]|\{[A-Za-z_.]+\}", re.DOTALL)
_NOTHING = frozenset(
    {"undefined", "null", "none", "nil", "nan", "false", "true", "[object object]", "customer_id", "customerid"}
    | {"extid", "ext_id", "your_customer_id", "user_id", "userid", "guest", "anonymous"}
)
_E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")


def suspicion(customer_id: str) -> str | None:
    """The code of an obvious mistake in the shop's page; None where the id looks like one. It says nothing of whose."""
    said = customer_id.strip()
    if _LEFT_IN.search(said):
        return "placeholder"
    if said.casefold() in _NOTHING or not said.strip("0-_ "):
        return "nothing"
    return "e_mail" if _E_MAIL.match(said) else None


def stock_alert(*, product: str, session: str) -> str:
    """The guide's id for "tell me when this product is back": `instock-<product>-<session>`."""
    return parse(f"{STOCK_ALERT}-{product}-{session}")


def is_stock_alert(customer_id: str) -> bool:
    kind, _, rest = customer_id.partition("-")
    return kind == STOCK_ALERT and "-" in rest.strip("-")
