"""Which Content-Security-Policy lets the tag work."""

import pytest

from optins.doctor.policies import allows

TAG = "https://messenger.example.com/tag/501.js"


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        ("", True),
        ("img-src 'self'", True),
        ("default-src *", True),
        ("default-src 'self'", False),
        ("default-src 'none'; script-src https://messenger.example.com", True),
        ("script-src messenger.example.com", True),
        ("script-src https:", True),
        ("script-src http://messenger.example.com", True),
        ("script-src *.example.com", True),
        ("script-src *.messenger.example.com", False),
        ("script-src https://messenger.example.com:444", False),
        ("script-src https://messenger.example.com:*", True),
        ("script-src https://messenger.example.com/tag/", True),
        ("script-src https://messenger.example.com/other/", False),
        ("script-src 'self'; script-src https:", False),
        ("script-src 'none'; script-src-elem https:", True),
        ("script-src 'nonce-abc'", False),
        ("script-src 'nonce-abc' https:", True),
        ("script-src 'nonce-abc' 'strict-dynamic' https:", False),
        ("SCRIPT-SRC HTTPS:", True),
    ],
)
def test_scripts(policy: str, allowed: bool) -> None:
    assert allows(policy, "script-src-elem", TAG) is allowed


def test_a_nonce_on_the_tag_lets_it_through() -> None:
    assert allows("script-src 'nonce-abc' 'strict-dynamic'", "script-src-elem", TAG, nonced=True)


def test_self_is_the_page_itself() -> None:
    assert allows("script-src 'self'", "script-src-elem", TAG, page="https://messenger.example.com/shop")
    assert not allows("script-src 'self'", "script-src-elem", TAG, page="https://shop.example/")


def test_asking_has_a_directive_of_its_own() -> None:
    policy = "default-src 'none'; script-src https:; connect-src 'self'"
    assert not allows(policy, "connect-src", TAG, page="https://shop.example/")
    assert allows("script-src 'none'", "connect-src", TAG)
