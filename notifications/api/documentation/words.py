"""The document's own words: what stands before the calls, and what parameters and refusals mean. English only."""

from typing import Final

INTRODUCTION: Final = """\
Send messages to customers in Facebook Messenger, and only to those who agreed.

A call that was written for the guide's host works here unchanged: only the host name is another. What is beside it
(keys against doing things twice, dry runs, batches, opt-ins, campaigns) is new, and optional.

**Tokens.** An administrator makes them under *API tokens*. Send yours as `Authorization: Bearer …` or as `X-API-Key`.
The guide's `?access_token=…` works as well, and is kept for calls that exist: an address is written to logs by
whatever stands between. Each call names the scope that its token needs.

**Answers** are in one envelope. `meta.status` is `success`, `fail` (yours to mend) or `error` (refused, or ours);
`errors` names each thing that is wrong with its place, a stable code and a sentence, in English or French by
`Accept-Language`.

**Ids in addresses** are percent-encoded: a `customer_id` may hold `/`, `?`, spaces and any script.

**HEAD** is answered wherever GET is, with the same headers and without the body.
"""

TAGS: Final = {
    "Messages": "One message to one customer, or many in one call, and what became of them.",
    "Opt-ins": "Who agreed to be written to, under which customer_id.",
    "Campaigns": "One notification to many, at a time.",
}

SECURITY: Final = {
    "BearerToken": "The usual way.",
    "HeaderToken": "For callers that can't set Authorization.",
    "AddressToken": "The guide's way, kept for calls that exist. Addresses are written to logs: prefer a header.",
}

PAGE_ID: Final = "The Facebook page's id."
CUSTOMER_ID: Final = "The shop's own name for the customer, percent-encoded: it may hold `/`, `?` and any script."
CUSTOMER_ID_IN_BODY: Final = "The shop's own name for the customer, as it is."
KEY_OF_ENTRY: Final = "An Idempotency-Key for this message alone."
DRY_RUN: Final = "Judge and forecast, and store nothing."
IDEMPOTENCY_KEY: Final = (
    "Any text of your own for this one call. Repeated with it within thirty days, the call is made once, "
    "and answered as it was answered then."
)
ACCEPT_LANGUAGE: Final = "The language of `message`: English, or French."

LOCATION: Final = "Where to read what becomes of it; the same as `_link`."
REPLAYED: Final = "This is the answer that was given to the first call with this key."
RETRY_AFTER: Final = "Seconds to wait before the call is repeated."
AUTHENTICATE: Final = "How to bring a token."

BY_NAME: Final = "A notification that marketing composed, by its name, with values for its placeholders."
UTILITY: Final = (
    "What goes out instead once Facebook's 24-hour window is closed: a utility template that Facebook approved for the "
    "page, for what concerns an order, an account or an appointment. Without it such a message is skipped. Pages that "
    "go through iAdvize never use it."
)
UTILITY_PARAMETERS: Final = "A text for each of the template's parameters; it may hold placeholders."
VARIABLES: Final = "They go before what is known of the customer."
