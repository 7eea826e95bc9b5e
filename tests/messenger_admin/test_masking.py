"""No token in any log and on no error page: the real web server runs, is asked in every way, and is read to the end."""

import ast
import itertools
import logging
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from messenger_admin.scrubbing import ScrubbedRecord, scrub
from messenger_admin.supervisor import stack
from pages import api_secrets
from tests.support.processes import ROOT, Running, environment, free_port, running, wait_for

OURS = api_secrets.make(bytes(range(22)))
# A page's token, or a typo: nothing but the name beside it says what it is.
THEIRS = "EAAGhush0123456789"
BROKEN = "tests.support.broken:application"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"/messages?access_token={THEIRS}&dry_run=1", "/messages?access_token=…&dry_run=1"),
        (f"/messages?access%5ftoken={THEIRS}", "/messages?access%5ftoken=…"),
        (f"next=%2Fm%3Faccess_token%3D{THEIRS}", "next=%2Fm%3Faccess_token%3D…"),
        (f"access_token={THEIRS},;)}}]", "access_token=…"),
        (f"{{'access_token': '{THEIRS}', 'a': 1}}", "{'access_token': '…', 'a': 1}"),
        (f'{{"access_token": "{THEIRS}"}}', '{"access_token": "…"}'),
        (f"<QueryDict: {{'access_token': ['{THEIRS}']}}>", "<QueryDict: {'access_token': ['…']}>"),
        (f"&#x27;access_token&#x27;: &#x27;{THEIRS}&#x27;", "&#x27;access_token&#x27;: &#x27;…&#x27;"),
        (f"Authorization: Bearer {THEIRS}", "Authorization: Bearer …"),
        (f"'HTTP_AUTHORIZATION': 'bearer {THEIRS}'", "'HTTP_AUTHORIZATION': 'bearer …'"),
        (f"X-API-Key: {THEIRS}", "X-API-Key: …"),
        (f"'HTTP_X_API_KEY': '{THEIRS}'", "'HTTP_X_API_KEY': '…'"),
        *(
            (
                f"GET /v26.0/oauth/access_token?client_id=1&{name}={THEIRS}&x=2",
                f"GET /v26.0/oauth/access_token?client_id=1&{name}=…&x=2",
            )
            for name in ("appsecret_proof", "client_secret", "fb_exchange_token", "input_token", "signed_request")
        ),
        (f"got {OURS}.", "got ma_…."),
        (f"/customers/{OURS[:-8]}/messages", "/customers/ma_…/messages"),
        (f"ma%5F{OURS[3:]}", "ma%5F…"),
        (f"?a=%0A{OURS}&b", "?a=%0Ama_…&b"),
        (rf"'\n{OURS}'", r"'\nma_…'"),
        ("The access token has expired.", "The access token has expired."),
        ("schema_migrations and ma_chine", "schema_migrations and ma_chine"),
    ],
)
def test_a_token_is_masked_and_nothing_else(text: str, masked: str) -> None:
    assert scrub(text) == masked


def test_a_record_that_can_not_be_put_together_is_no_fault_of_the_caller() -> None:
    record = ScrubbedRecord("x", logging.INFO, "x.py", 1, "%d", ("no number",), None)
    with pytest.raises(TypeError):
        record.getMessage()


def of_the_supervisor(port: int, settings: Settings) -> list[str]:
    settings.PORT, settings.ACCESS_LOG = port, True
    return stack.web()._arguments


def of_the_image(port: int, _settings: Settings) -> list[str]:
    _rest, _cmd, text = (ROOT / "Dockerfile").read_text().rpartition("\nCMD ")
    command: list[str] = ast.literal_eval(text.replace("\\\n", ""))
    there = {"0.0.0.0": "127.0.0.1", "8000": str(port), "granian": "granian"}
    return ["-m", *(there.get(word, word) for word in command)]


@pytest.fixture(params=itertools.product([of_the_supervisor, of_the_image], ["false", "true"]))
def web(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[tuple[Running, str]]:
    """The web server as it is started in earnest, in front of what is broken; with and without Django's own pages."""
    command, debug = request.param
    port = free_port()
    arguments = command(port, settings)
    assert arguments[-1] == "messenger_admin.wsgi:application"
    env = environment(DATA_DIR=str(tmp_path), DEBUG=debug, LOG_LEVEL="DEBUG", SANDBOX="false")
    with running(*arguments[:-1], BROKEN, env=env) as server:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: ask(f"{address}/healthz") == (200, '{"status": "ok"}'), "the web", seconds=180)
        yield server, address


def ask(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()
    except OSError:
        return 0, ""


WAYS: list[tuple[str, dict[str, str]]] = [
    (f"?access_token={OURS}", {}),
    (f"?access_token={THEIRS}&dry_run=1", {}),
    (f"?access%5Ftoken={THEIRS}", {}),
    (f"?a=%0A{OURS}", {}),
    ("", {"Authorization": f"Bearer {THEIRS}"}),
    ("", {"X-API-Key": THEIRS}),
    ("", {"Cookie": f"a={OURS}", "Referer": f"http://127.0.0.1/?access_token={THEIRS}"}),
]


def test_the_web_server_says_no_token_in_its_logs_and_on_no_page(web: tuple[Running, str]) -> None:
    server, address = web
    pages = [ask(f"{address}/broken{query}", **headers) for query, headers in WAYS]
    # With "&" where "?" belongs the token is a part of the path.
    misspelt = [ask(f"{address}/nowhere&access_token={token}", Accept="text/html")[0] for token in (OURS, THEIRS)]

    wait_for(lambda: server.said.count("GET '/nowhere") == 2, "the access log")
    # Nobody writes lines of their own into it.
    assert ask(f"{address}/two%0Alines%1B")[0] == 404
    wait_for(lambda: r"GET '/two\nlines\x1b' 404" in server.said, "the line as one")
    assert ({status for status, _page in pages}, misspelt) == ({500}, [404, 404])
    assert len(re.findall(r"GET ./broken. 500 \d+ ms", server.said)) == len(WAYS)
    assert server.said.count("RuntimeError") >= len(WAYS)
    for token in (OURS, THEIRS):
        assert token not in server.said
        assert [page for _status, page in pages if token in page] == []


def test_celery_says_none(tmp_path: Path) -> None:
    script = f"""
from celery.utils.log import get_task_logger
from messenger_admin.celery import app
app.loader.init_worker()
app.log.setup("INFO")
logger = get_task_logger("notifications.tasks")
logger.error("Sent to %s", "https://host/?access_token={THEIRS}")
logger.error("Took %(token)s", {{"token": "{OURS}"}})
"""
    with running("-c", script, env=environment(DATA_DIR=str(tmp_path))) as worker:
        assert worker.wait(60) == 0
    assert "access_token=…" in worker.said
    assert "Took ma_…" in worker.said
    assert (THEIRS in worker.said, OURS in worker.said) == (False, False)


def test_the_server_for_developers_says_none(tmp_path: Path) -> None:
    port = free_port()
    env = environment(DATA_DIR=str(tmp_path), DEBUG="true")
    with running("manage.py", "runserver", "--noreload", "--skip-checks", str(port), env=env) as server:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: ask(f"{address}/healthz")[0] == 200, "the web", seconds=180)
        ask(f"{address}/nowhere?access_token={THEIRS}")
        wait_for(lambda: "GET /nowhere" in server.said, "the log")
    assert "access_token=…" in server.said
    assert THEIRS not in server.said


def test_a_record_is_masked_in_this_very_process(capsys: pytest.CaptureFixture[str]) -> None:
    assert logging.getLogRecordFactory() is ScrubbedRecord
    handler = logging.StreamHandler(sys.stderr)
    logger = logging.getLogger("tests.masking")
    logger.addHandler(handler)
    try:
        logger.warning("Took %s", OURS)
    finally:
        logger.removeHandler(handler)
    assert "ma_…" in capsys.readouterr().err
