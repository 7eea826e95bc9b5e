"""The call of the Send API, to the byte."""

import json

import pytest

from notifications.gateway.contract import Envelope, Right
from notifications.gateway.meta.build import build
from notifications.gateway.meta.parts import DISCLOSURE, count, pieces, split, utility


def envelope(body: str, **right: str) -> Envelope:
    told = {"psid": "7012", "messaging_type": "UPDATE", "tag": "", "metadata": "ma1:x:1:0", "proof": "ab12", **right}
    return Envelope(
        delivery_id=1,
        page_id="3228",
        customer_id="",
        body=body,
        base_url="https://graph.facebook.com/v26.0/",
        token="EAAB-secret",
        right=Right(**told),
    )


def test_a_text_as_facebook_takes_it() -> None:
    request = build(envelope('{"text":"Été à 4.95 €"}'))

    assert request.url == "https://graph.facebook.com/v26.0/3228/messages?appsecret_proof=ab12"
    assert "Authorization: Bearer EAAB-secret" in request.headers
    assert json.loads(request.body) == {
        "recipient": {"id": "7012"},
        "messaging_type": "UPDATE",
        "message": {"text": "Été à 4.95 €", "metadata": "ma1:x:1:0"},
    }


def test_the_frozen_words_go_out_byte_for_byte() -> None:
    words = '"text": "\\u00e9t\\u00e9 \\"}",  "x":[1.50]'

    assert words.encode() in build(envelope(f"{{{words}}}\n")).body


def test_the_token_stands_in_no_url_and_in_no_body() -> None:
    request = build(envelope('{"text":"x"}'))

    assert "EAAB-secret" not in request.url
    assert b"EAAB-secret" not in request.body
    assert "EAAB-secret" not in repr(envelope('{"text":"x"}'))


def test_an_agents_tag_stands_beside_its_type() -> None:
    said = json.loads(build(envelope('{"text":"x"}', messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")).body)

    assert (said["messaging_type"], said["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_without_the_apps_secret_there_is_no_proof() -> None:
    assert build(envelope('{"text":"x"}', proof="")).url.endswith("/3228/messages")


def test_without_a_right_nothing_is_built() -> None:
    with pytest.raises(ValueError, match="right"):
        build(Envelope(delivery_id=1, page_id="1", customer_id="", body="{}", base_url="http://x", token="t"))


# -- parts ---------------------------------------------------------------------------------------------------------

BOTH = '{"attachment":{"type":"image","payload":{"url":"https://x.example/é.png"}},"text":"é"}'


def test_the_text_is_the_first_part_wherever_it_stands() -> None:
    first, second = split(BOTH)

    assert (first.number, first.message) == (0, '{"text":"é"}')
    assert json.loads(second.message) == {"attachment": json.loads(BOTH)["attachment"]}
    assert count(BOTH) == 2


@pytest.mark.parametrize("body", ['{"text":"x"}', '{"attachment":{"type":"image"}}', '{"text":"x","attachment":null}'])
def test_most_messages_are_one_part(body: str) -> None:
    assert [piece.number for piece in split(body)] == [0]


def test_what_went_out_is_not_among_what_is_left() -> None:
    assert [piece.number for piece in pieces(BOTH, sent=1)] == [1]
    assert pieces(BOTH, sent=2) == ()


def test_a_disclosure_goes_first_and_shifts_no_number() -> None:
    assert [piece.number for piece in pieces(BOTH, sent=0, disclosure="Automated.")] == [DISCLOSURE, 0, 1]
    assert pieces(BOTH, sent=2, disclosure="Automated.") == ()


def test_a_template_stands_under_message() -> None:
    (piece,) = utility('{"name":"a"}')

    assert json.loads(piece.message) == {"template": {"name": "a"}}
