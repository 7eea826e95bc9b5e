"""The buttons of a card, and what a tap on the card itself does."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from notifications.payloads import limits
from notifications.payloads.parts import Part, Words, at_most, sized
from notifications.payloads.problems import Refusal
from notifications.payloads.urls import WebUrl, is_https

_PHONE_NUMBER = rf"\+[0-9]{{{limits.PHONE_NUMBER.least},{limits.PHONE_NUMBER.most}}}"


def _phone_number(number: str) -> str:
    if not re.fullmatch(_PHONE_NUMBER, number):
        raise Refusal("phone_number")
    return number


Title = Annotated[Words, at_most(limits.BUTTON_TITLE), sized(limits.BUTTON_TITLE)]
PhoneNumber = Annotated[str, AfterValidator(_phone_number), Field(json_schema_extra={"pattern": f"^{_PHONE_NUMBER}$"})]


class DefaultAction(Part):
    """What a tap on the card opens: a web_url button without its title."""

    type: Literal["web_url"]
    url: WebUrl
    webview_height_ratio: Literal["compact", "tall", "full"] | None = None
    messenger_extensions: bool | None = None

    @model_validator(mode="after")
    def _extensions_need_https(self) -> Self:
        if self.messenger_extensions and not is_https(self.url):
            raise Refusal("https_needed", at="url")
        return self


class WebUrlButton(DefaultAction):
    """Opens a page of the web."""

    title: Title


class PostbackButton(Part):
    """Sends `payload` back to the page."""

    type: Literal["postback"]
    title: Title
    payload: Annotated[Words, at_most(limits.POSTBACK_PAYLOAD), sized(limits.POSTBACK_PAYLOAD)]


class PhoneNumberButton(Part):
    """Calls the number in `payload`."""

    type: Literal["phone_number"]
    title: Title
    payload: PhoneNumber


Button = Annotated[WebUrlButton | PostbackButton | PhoneNumberButton, Field(discriminator="type")]
