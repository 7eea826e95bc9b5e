"""What is written on a message comes back whole, and what others wrote is not taken for ours."""

from uuid import UUID

import pytest

from notifications.gateway.meta import metadata
from notifications.gateway.meta.metadata import Mark

OURS = UUID("7d0f3c1e9a0b4c5d8e6f112233445566")


def test_what_is_written_is_read_again() -> None:
    text = metadata.write(OURS, 4211, 1)

    assert text == "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:4211:1"
    assert metadata.read(text) == Mark(installation=OURS, delivery_id=4211, part=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "send:9f3c1b",
        "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:4211",
        "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:4211:1:2",
        "ma2:7d0f3c1e9a0b4c5d8e6f112233445566:4211:1",
        "ma1:7D0F3C1E9A0B4C5D8E6F112233445566:4211:1",
        "ma1:7d0f3c1e-9a0b-4c5d-8e6f-112233445566:4211:1",
        "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:-1:0",
        "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:0:0",
        "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:٤٢:0",
        "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:9999999999999999999:0",
        "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:1:99999",
        "ma1:7d0f3c1e9a0b4c5d8e6f112233445566:1:0\n",
    ],
)
def test_what_others_wrote_is_not_ours(text: str) -> None:
    assert metadata.read(text) is None


def test_the_longest_fits_where_facebook_keeps_it() -> None:
    assert len(metadata.write(OURS, 2**63 - 1, 2**15 - 1)) < 1_000
