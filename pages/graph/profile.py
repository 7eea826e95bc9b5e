"""How a page greets whoever opens its conversation for the first time (Messenger Profile API).

Without Get Started, the link of somebody who never wrote to the page brings no `ref`, and so no opt-in. Ten calls in
ten minutes for each page: what is there already is not set again.
"""

from pages.graph import client

GET_STARTED = "GET_STARTED"


def has_get_started(token: str) -> bool:
    found = client.get("me/messenger_profile", token=token, fields="get_started").get("data")
    return isinstance(found, list) and any(isinstance(part, dict) and part.get("get_started") for part in found)


def set_get_started(token: str) -> None:
    client.post("me/messenger_profile", token=token, json={"get_started": {"payload": GET_STARTED}})
