"""The token leaves in the request and is seen nowhere else."""

import logging
from urllib.parse import quote

import pytest

from notifications.gateway import iadvize
from notifications.gateway.contract import Envelope
from notifications.gateway.wire import Wire
from tests.notifications.gateway.conftest import MakeFarEnd, collect
from tests.support.far_end import Act, Visit, answer, close_after_reading, http, nobody, outburst

TOKEN = "EAAB/s3cr3t+token="
SPELLINGS = (TOKEN, quote(TOKEN, safe=""), quote(TOKEN))


def echo(status: int) -> Act:
    """Repeats the whole request in the answer, as a debugging proxy would."""

    def act(visit: Visit) -> bool:
        request = visit.read()
        visit.send(http(status, request + b"\r\n" + TOKEN.encode(), f"Location: {request.decode().split()[1]}"))
        return True

    return act


def seen_after(wire: Wire, url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> str:
    """Everything that a person or a file could get to see of one delivery."""
    envelope = Envelope(delivery_id=1, page_id="1", customer_id="c", body="{}", base_url=url, token=TOKEN)
    request = iadvize.build(envelope)
    with caplog.at_level(logging.DEBUG):
        wire.submit(1, request)
        ((_, got),) = collect(wire, 1)
    outcome = iadvize.interpret(got, token=TOKEN, now=0)
    printed = capfd.readouterr()
    return "\n".join(
        [repr(envelope), repr(request), repr(outcome), iadvize.kept(got, TOKEN), caplog.text, printed.out, printed.err]
    )


@pytest.mark.parametrize(
    "act", [echo(200), echo(302), echo(400), echo(500), close_after_reading, answer(b"?"), outburst(b"")]
)
def test_a_far_end_that_repeats_the_token_does_not_make_it_seen(
    act: Act,
    far_end: MakeFarEnd,
    wire: Wire,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    there = far_end(act)
    seen = seen_after(wire, there.url, caplog, capfd)
    assert not [spelling for spelling in SPELLINGS if spelling.lower() in seen.lower()]


@pytest.mark.parametrize("broken", ["http://two words", "gopher://127.0.0.1", ""])
def test_an_address_that_cannot_be_used_is_not_repeated(
    broken: str, wire: Wire, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    seen = seen_after(wire, broken, caplog, capfd)
    assert not [spelling for spelling in SPELLINGS if spelling in seen]


def test_a_refused_connection_does_not_name_the_token(
    wire: Wire, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with nobody() as url:
        seen = seen_after(wire, url, caplog, capfd)
    assert not [spelling for spelling in SPELLINGS if spelling in seen]
