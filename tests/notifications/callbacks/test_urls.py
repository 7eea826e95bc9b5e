import pytest

from notifications.callbacks.urls import UrlProblem, problem
from pages.public_addresses import is_public, may_connect

PRIVATE = [
    "10.0.0.1",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
    "2001:0:0:0:0:0:f5ff:fffe",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
]
PUBLIC = ["8.8.8.8", "193.70.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_never_connected_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [one for one in PRIVATE if one != "127.0.0.1"])
def test_on_a_developers_machine_only_its_own_address_is_allowed_beside(address: str) -> None:
    assert may_connect("127.0.0.1", local=True)
    assert not may_connect(address, local=True)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://shop.example.com/hooks?key=1", None),
        ("https://shop.example.com:8443/", None),
        ("https://8.8.8.8/", None),
        ("https://bücher.example/", None),
        ("http://shop.example.com/", UrlProblem.NOT_HTTPS),
        ("ftp://shop.example.com/", UrlProblem.NOT_HTTPS),
        ("https://", UrlProblem.MALFORMED),
        ("https:///path", UrlProblem.MALFORMED),
        ("shop.example.com", UrlProblem.MALFORMED),
        ("https://shop.example.com:99999/", UrlProblem.MALFORMED),
        ("https://shop.example.com/#part", UrlProblem.MALFORMED),
        ("https://shop.example.com/a b", UrlProblem.MALFORMED),
        ("https://shop.example.com/\nX-Evil: 1", UrlProblem.MALFORMED),
        ("https://[::1", UrlProblem.MALFORMED),
        ("https://user:secret@shop.example.com/", UrlProblem.HOLDS_PASSWORD),
        ("https://" + "a" * 2_000 + ".example/", UrlProblem.TOO_LONG),
        ("https://localhost/", UrlProblem.PRIVATE),
        ("https://LOCALHOST./", UrlProblem.PRIVATE),
        ("https://here.localhost/", UrlProblem.PRIVATE),
        ("https://127.0.0.1/", UrlProblem.PRIVATE),
        ("https://127.1/", UrlProblem.PRIVATE),
        ("https://2130706433/", UrlProblem.PRIVATE),
        ("https://0x7f000001/", UrlProblem.PRIVATE),
        ("https://0177.0.0.1/", UrlProblem.PRIVATE),
        ("https://169.254.169.254/latest/", UrlProblem.PRIVATE),
        ("https://[::ffff:127.0.0.1]/", UrlProblem.PRIVATE),
        ("https://[fd00::1]/", UrlProblem.PRIVATE),
        ("http://127.0.0.1:8000/", UrlProblem.NOT_HTTPS),
    ],
)
def test_a_url_is_judged_before_it_is_kept(url: str, found: UrlProblem | None) -> None:
    assert problem(url, local=False) is found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://127.0.0.1:8000/", None),
        ("http://localhost:8000/", UrlProblem.NOT_HTTPS),
        ("http://127.0.0.2/", UrlProblem.NOT_HTTPS),
        ("http://2130706433/", UrlProblem.NOT_HTTPS),
        ("https://10.0.0.1/", UrlProblem.PRIVATE),
    ],
)
def test_on_a_developers_machine_http_is_allowed_to_itself_alone(url: str, found: UrlProblem | None) -> None:
    assert problem(url, local=True) is found
