import hashlib
import hmac

from notifications.callbacks import signing


def test_the_signature_is_an_hmac_of_the_time_and_the_raw_body() -> None:
    expected = hmac.new(b"cbs_secret", b'1767225600.{"a":1}', hashlib.sha256).hexdigest()
    assert signing.sign(secret="cbs_secret", timestamp=1_767_225_600, body=b'{"a":1}') == expected


def test_another_body_time_or_secret_has_another_signature() -> None:
    signatures = {
        signing.sign(secret=secret, timestamp=timestamp, body=body)
        for secret in ("a", "b")
        for timestamp in (1, 2)
        for body in (b"x", b"y")
    }
    assert len(signatures) == 8


def test_during_a_rotation_there_is_a_signature_with_each_secret_the_newest_first() -> None:
    made = signing.headers(secrets=["new", "old"], delivery="d", timestamp=5, body=b"{}")

    signed = [f"sha256={signing.sign(secret=secret, timestamp=5, body=b'{}')}" for secret in ("new", "old")]
    assert made["X-Messenger-Signature"] == ", ".join(signed)
    assert made["X-Messenger-Timestamp"] == "5"
    assert made["X-Messenger-Delivery"] == "d"
