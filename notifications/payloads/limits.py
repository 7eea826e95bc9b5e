"""Every limit of a message, once, with the documentation it comes from. Form, API and documentation read it here.

Lengths are counted in Unicode code points. The sources are Meta's Messenger Platform documentation, by page.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

SEND_API: Final = "Messenger Platform, Send API"
GENERIC: Final = "Messenger Platform, generic template"
RECEIPT: Final = "Messenger Platform, receipt template"
BUTTONS: Final = "Messenger Platform, buttons"
GUIDE: Final = "the integration guide, Facebook guidelines"
UTILITY: Final = "Messenger Platform, utility messages"
OURS: Final = "this project: no source names one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`of` is the path of the field, `[]` standing for any index; `least` and `most` are both allowed."""

    of: str
    most: int
    unit: str
    source: str
    least: int = 0


TEXT: Final = Limit(of="text", least=1, most=2000, unit="characters", source=SEND_API)
# Beyond it the guide warns; Facebook accepts.
SHORT_TEXT: Final = Limit(of="text, without a warning", most=320, unit="characters", source=GUIDE)

URL: Final = Limit(of="every URL", least=1, most=2048, unit="characters", source=OURS)

CARDS: Final = Limit(of="attachment.payload.elements (generic)", least=1, most=10, unit="cards", source=GENERIC)
CARD_TITLE: Final = Limit(
    of="attachment.payload.elements[].title (generic)", least=1, most=80, unit="characters", source=GENERIC
)
CARD_SUBTITLE: Final = Limit(
    of="attachment.payload.elements[].subtitle (generic)", most=80, unit="characters", source=GENERIC
)
CARD_BUTTONS: Final = Limit(of="attachment.payload.elements[].buttons", least=1, most=3, unit="buttons", source=GENERIC)

BUTTON_TITLE: Final = Limit(of="buttons[].title", least=1, most=20, unit="characters", source=BUTTONS)
POSTBACK_PAYLOAD: Final = Limit(
    of="buttons[].payload (postback)", least=1, most=1000, unit="characters", source=BUTTONS
)
PHONE_NUMBER: Final = Limit(
    of="buttons[].payload (phone_number), after the +", least=6, most=15, unit="digits", source="ITU-T E.164"
)

RECEIPT_LINES: Final = Limit(of="attachment.payload.elements (receipt)", most=100, unit="lines", source=RECEIPT)
QUANTITY: Final = Limit(
    of="attachment.payload.elements[].quantity", least=1, most=999_999_999, unit="pieces", source=OURS
)
# In the places after the dot. Facebook: "most currencies" have two at most.
DECIMALS: Final = Limit(of="every amount of money", most=2, unit="decimals", source=RECEIPT)
# An amount of this size with two decimals still goes through a double unchanged.
AMOUNT: Final = Limit(of="every amount of money", most=999_999_999_999, unit="units of the currency", source=OURS)

TEMPLATE_NAME: Final = Limit(
    of="name of a utility template", least=1, most=512, unit="small letters, digits and _", source=UTILITY
)
TEMPLATE_HEADER: Final = Limit(of="header of a utility template", most=60, unit="characters", source=UTILITY)
TEMPLATE_BODY: Final = Limit(of="body of a utility template", least=1, most=1024, unit="characters", source=UTILITY)
TEMPLATE_BUTTONS: Final = Limit(of="buttons of a utility template", most=3, unit="buttons", source=UTILITY)
HEADER_PARAMETERS: Final = Limit(
    of="parameters in the header of a utility template", most=1, unit="parameter", source=UTILITY
)
# Facebook rejects "too many parameters for its length" and names no figure.
WORDS_PER_PARAMETER: Final = Limit(
    of="words beside the parameters of a utility template", least=3, most=1024, unit="words for each", source=OURS
)
TEMPLATE_PARAMETERS: Final = Limit(of="utility.parameters", most=50, unit="parameters", source=OURS)
TEMPLATE_PARAMETER: Final = Limit(of="utility.parameters.*", least=1, most=1000, unit="characters", source=OURS)

ALL: Final = (
    TEXT,
    SHORT_TEXT,
    URL,
    CARDS,
    CARD_TITLE,
    CARD_SUBTITLE,
    CARD_BUTTONS,
    BUTTON_TITLE,
    POSTBACK_PAYLOAD,
    PHONE_NUMBER,
    RECEIPT_LINES,
    QUANTITY,
    DECIMALS,
    AMOUNT,
    TEMPLATE_NAME,
    TEMPLATE_HEADER,
    TEMPLATE_BODY,
    TEMPLATE_BUTTONS,
    HEADER_PARAMETERS,
    WORDS_PER_PARAMETER,
    TEMPLATE_PARAMETERS,
    TEMPLATE_PARAMETER,
)

# Width divided by height that Messenger expects of an image (the guide and the generic template); 1200 x 628 is 1.911.
IMAGE_RATIO: Final = Decimal("1.91")
# Half a row of pixels in a small preview: nobody sees it.
IMAGE_RATIO_TOLERANCE: Final = Decimal("0.03")
