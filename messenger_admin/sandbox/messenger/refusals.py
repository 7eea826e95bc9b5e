"""Facebook's refusals of a message, in its words. Pure.

Graph API, "Handling errors"; Messenger Platform, "Error codes" (March 2026).
"""

from http import HTTPStatus

from messenger_admin.sandbox.facebook.graph import errors
from messenger_admin.sandbox.facebook.graph.errors import Refusal

_WORDS: dict[tuple[int, int], str] = {
    (1, 0): "An unknown error occurred",
    (1, 99): "An unknown error occurred",
    (1, 1357046): "Received invalid JSON reply",
    (2, 0): "Service temporarily unavailable",
    (2, 2018344): "The page contact terms have not been accepted",
    (4, 0): "Application request limit reached",
    (4, 2018022): "Too many send requests to phone numbers",
    (9, 0): "The user or page is performing too many actions",
    (10, 0): "Application does not have permission for this action",
    (10, 1893063): "This Page is temporarily restricted from sending messages",
    (10, 2018108): "This person isn't receiving messages from you right now",
    (10, 2018278): "This message is sent outside of allowed window",
    (17, 0): "User request limit reached",
    (32, 0): "Page request limit reached",
    (100, 0): "Invalid parameter",
    (100, 33): "Unsupported post request. Object does not exist or cannot be loaded due to missing permissions",
    (100, 2018001): "No matching user found",
    (100, 2018008): "Failed to fetch the file from the url",
    (100, 2018015): "You must provide either a message or a sender_action",
    (100, 2018034): "Message cannot be empty, must provide valid attachment or text",
    (100, 2018035): "Generic template elements must have title and at least one other parameter",
    (100, 2018040): "Postback payload must not be empty",
    (100, 2018041): "Button url must not be empty",
    (100, 2018047): "Upload attachment failure: type mismatch",
    (100, 2018053): "Button title must not be empty",
    (100, 2018074): "Invalid attachment id",
    (100, 2018098): "Quick reply title must not be empty",
    (100, 2018099): "Quick reply payload must not be empty",
    (100, 2018109): "Attachment size exceeds allowable limit",
    (194, 0): "Param elements has too few elements",
    (200, 0): "Permissions error",
    (200, 1545041): "This person isn't available right now",
    (230, 0): "Requires pages_messaging permission to manage the object",
    (368, 0): "The action attempted has been deemed abusive or is otherwise disallowed",
    (551, 0): "This person isn't available right now",
    (551, 1545041): "This person isn't available right now",
    (613, 0): "Calls to this API have exceeded the rate limit",
    (613, 2018338): "This Page is sending too many messages, which may be seen as abuse",
    (1200, 0): "Temporary send message failure. Please try again later",
    (80006, 0): "There have been too many calls to this messenger account. Wait a bit and try again",
}

_UNAVAILABLE = frozenset({1, 2, 1200})
_FORBIDDEN = frozenset({4, 10, 17, 32, 200, 230, 368, 613, 80006})
DEAD_TOKEN = 190


def refused(code: int, subcode: int = 0, message: str = "") -> Refusal:
    """The error with this code; subcode 0 is none."""
    if code == DEAD_TOKEN:
        return errors.of(code, subcode)
    said = message or _WORDS.get((code, subcode)) or _WORDS.get((code, 0)) or "The sandbox was told to say so"
    return Refusal(message=f"(#{code}) {said}", code=code, subcode=subcode, status=_status(code))


def _status(code: int) -> int:
    if code in _UNAVAILABLE:
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return HTTPStatus.FORBIDDEN if code in _FORBIDDEN else HTTPStatus.BAD_REQUEST
