"""What the far end answers and remembers when it behaves."""

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from messenger_admin.sandbox.connection import MAX_BODY, MAX_HEAD
from tests.support.http import Broken, read_answer
from tests.support.sandbox import PAGE, FarEnd, decoded, far_end, request


def test_a_message_is_accepted_in_the_envelope_of_iadvize(sandbox: FarEnd) -> None:
    answer = sandbox.post("FR-1")

    (received,) = sandbox.received()
    link = f"/social/facebook/messenger/pages/{PAGE}/customers/FR-1/messages/{received.message_id}"
    assert answer.status == 202
    assert answer.headers["content-type"] == "application/json"
    assert decoded(answer) == {"meta": {"status": "success"}, "data": {"id": received.message_id, "_link": link}}


@pytest.mark.parametrize(
    "body", [b'{"text":"h\xc3\xa9llo"}', b'{ "text" : "\\u00e9",\n "a":4.950 }', b'{"text":"x"}\n']
)
def test_a_body_is_kept_byte_for_byte(sandbox: FarEnd, body: bytes) -> None:
    sandbox.post(body=body)

    assert [message.body for message in sandbox.received()] == [body]


@pytest.mark.parametrize(
    "customer_id",
    ["instock-AB123-k45332j9i54", "a/b", "a?b#c", "50% off", "é à", "..", "%2F", "日本", "a+b c", "'\"<>"],
)
def test_any_customer_id_arrives_as_it_was_meant(sandbox: FarEnd, customer_id: str) -> None:
    sandbox.post(quote(customer_id, safe=""))

    assert [message.customer_id for message in sandbox.received()] == [customer_id]


def test_the_record_holds_what_was_answered_when_and_under_which_request_id(sandbox: FarEnd) -> None:
    before = time.time()
    sandbox.post(headers="X-Request-Id: delivery-7\r\n")

    (received,) = sandbox.received()
    assert before <= received.received_at <= time.time()
    assert (received.status, received.delivered, received.request_id) == (202, True, "delivery-7")


def test_the_record_never_holds_the_token(sandbox: FarEnd) -> None:
    sandbox.post(token="a-very-secret-token")

    assert not any(b"a-very-secret-token" in path.read_bytes() for path in sandbox.store.parent.iterdir())


def test_a_missing_token_is_refused_as_an_error(sandbox: FarEnd) -> None:
    answer = sandbox.post(token="")

    assert answer.status == 401
    assert decoded(answer) == {"meta": {"status": "error", "message": "Give your token as access_token."}}
    assert [(message.status, message.delivered) for message in sandbox.received()] == [(401, False)]


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b'"text"', b'{"text":', b"\xff\xfe", b'{"a":NaN}', b"[" * 100_000]
)
def test_what_is_no_json_object_is_refused_and_kept(sandbox: FarEnd, body: bytes) -> None:
    answer = sandbox.post(body=body)

    assert (answer.status, decoded(answer)["meta"]["status"]) == (400, "fail")
    assert [(message.body, message.status, message.delivered) for message in sandbox.received()] == [(body, 400, False)]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /", 404),
        ("POST /social/facebook/messenger/pages/1/customers/a/b/messages?access_token=x", 404),
        ("POST /social/facebook/messenger/pages//customers/a/messages?access_token=x", 404),
        ("POST /social/facebook/messenger/pages/1/customers/%FF/messages?access_token=x", 404),
        ("GET /social/facebook/messenger/pages/1/customers/a/messages?access_token=x", 405),
        ("DELETE /social/facebook/messenger/pages/1/customers/a/messages?access_token=x", 405),
    ],
)
def test_other_addresses_and_methods_are_turned_away_without_a_trace(sandbox: FarEnd, line: str, status: int) -> None:
    with sandbox.connect() as connection:
        connection.sendall(f"{line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert read_answer(connection).status == status

    assert sandbox.received() == []


def test_a_connection_is_kept_for_the_next_request(sandbox: FarEnd) -> None:
    with sandbox.connect() as connection:
        for customer_id in ("FR-1", "FR-2"):
            connection.sendall(request(customer_id, b'{"text":"x"}'))
            assert read_answer(connection).status == 202


def test_a_connection_is_closed_for_a_client_that_asks_so(sandbox: FarEnd) -> None:
    with sandbox.connect() as connection:
        connection.sendall(request("FR-1", b'{"text":"x"}', headers="Connection: close\r\n"))
        assert read_answer(connection).status == 202
        assert connection.recv(1) == b""


def test_pipelined_requests_are_answered_in_their_order(sandbox: FarEnd) -> None:
    ids = [f"FR-{n}" for n in range(200)]
    with sandbox.connect() as connection:
        connection.sendall(b"".join(request(one, b'{"text":"x"}') for one in ids))
        links = [decoded(read_answer(connection))["data"]["_link"] for _ in ids]

    assert [link.split("/")[7] for link in links] == ids
    assert [message.customer_id for message in sandbox.received()] == ids


def test_a_request_that_trickles_in_is_understood(sandbox: FarEnd) -> None:
    with sandbox.connect() as connection:
        for byte in request("FR-1", b'{"text":"x"}'):
            connection.sendall(bytes([byte]))
        assert read_answer(connection).status == 202


def test_a_chunked_body_is_put_together(sandbox: FarEnd) -> None:
    path = f"/social/facebook/messenger/pages/{PAGE}/customers/c/messages?access_token=x"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with sandbox.connect() as connection:
        connection.sendall(head.encode() + b'8\r\n{"text":\r\n4\r\n"x"}\r\n0\r\n\r\n')
        assert read_answer(connection).status == 202

    assert sandbox.received()[0].body == b'{"text":"x"}'


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"GET /" + b"x" * (MAX_HEAD + 1) + b" HTTP/1.1\r\n\r\n", 431),
        (request("c", b"x" * (MAX_BODY + 1)), 413),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_connection_closed(sandbox: FarEnd, sent: bytes, status: int) -> None:
    with sandbox.connect() as connection:
        connection.sendall(sent)
        assert read_answer(connection).status == status
        with pytest.raises((Broken, ConnectionResetError)):
            read_answer(connection)


def test_a_refusal_waits_for_the_answers_before_it(sandbox: FarEnd) -> None:
    with sandbox.connect() as connection:
        connection.sendall(request("FR-1", b'{"text":"x"}') + b"rubbish\r\n\r\n")
        assert [read_answer(connection).status for _ in range(2)] == [202, 400]


def test_every_one_of_many_at_once_is_on_record_when_it_is_answered(sandbox: FarEnd) -> None:
    def send(sender: int) -> None:
        with sandbox.connect() as connection:
            for number in range(50):
                customer_id = f"{sender}-{number}"
                connection.sendall(request(customer_id, b'{"text":"x"}'))
                assert read_answer(connection).status == 202
                found.append(bool(sandbox.received(customer_id=customer_id)))

    found: list[bool] = []
    senders = [threading.Thread(target=send, args=(n,)) for n in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert found == [True] * 200


def test_a_message_that_cannot_be_written_down_is_not_accepted(sandbox: FarEnd) -> None:
    with sqlite3.connect(sandbox.store) as store:
        store.execute("ALTER TABLE messages RENAME TO elsewhere")

    assert sandbox.post().status == 500


def test_the_oldest_are_forgotten_past_the_number_it_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messenger_admin.sandbox.recorder.TRIM_EVERY", 5)
    with far_end(tmp_path / "store.sqlite3", keep=10) as sandbox:
        for number in range(26):
            sandbox.post(f"FR-{number}")

        assert [message.customer_id for message in sandbox.received()] == [f"FR-{n}" for n in range(16, 26)]


def test_a_stopped_far_end_goes_on_with_its_record(tmp_path: Path) -> None:
    for customer_id in ("FR-1", "FR-2"):
        with far_end(tmp_path / "store.sqlite3") as sandbox:
            sandbox.post(customer_id)

    assert [(message.id, message.customer_id) for message in sandbox.received()] == [(1, "FR-1"), (2, "FR-2")]


def start(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "manage.py", "sandbox", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_command_tells_its_address_and_ends_on_a_signal(tmp_path: Path) -> None:
    with start("--port", "0", "--store", str(tmp_path / "store.sqlite3")) as process:
        assert process.stdout
        sandbox = FarEnd(port=int(process.stdout.readline().rpartition(":")[2]), store=tmp_path / "store.sqlite3")
        assert sandbox.post().status == 202
        with sandbox.connect():
            process.terminate()
            assert process.wait(timeout=5) == 0
    assert len(sandbox.received()) == 1


def test_the_command_says_that_its_port_is_taken(sandbox: FarEnd) -> None:
    with start("--port", str(sandbox.port), "--store", str(sandbox.store)) as process:
        _, errors = process.communicate(timeout=20)

    assert process.returncode == 1
    assert f"The sandbox can't use port {sandbox.port}" in errors
    assert "Traceback" not in errors
