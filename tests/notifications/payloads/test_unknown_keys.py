"""A key that is not known is refused with a hint, never dropped."""

import pytest

from notifications.payloads import PayloadError, parse
from notifications.payloads.parsing import MOST_PROBLEMS
from tests.notifications.payloads.findings import card, carousel, image, problems, receipt


@pytest.mark.parametrize(
    ("raw", "path", "near"),
    [
        ({"text": "x", "txt": "y"}, "txt", "text"),
        ({"Text": "x"}, "Text", "text"),
        ({"text": "x", "attachement": {}}, "attachement", "attachment"),
        (image(url="https://a.example/", reusable=True), "attachment.payload.reusable", "is_reusable"),
        (carousel(card(subtitel="x")), "attachment.payload.elements[0].subtitel", "subtitle"),
        (carousel(card(image="x")), "attachment.payload.elements[0].image", "image_url"),
        (receipt(order_no="1"), "attachment.payload.order_no", "order_url"),
        (receipt(summary={"total_cost": 1, "sub_total": 1}), "attachment.payload.summary.sub_total", "subtotal"),
    ],
)
def test_the_nearest_known_key_is_proposed(raw: object, path: str, near: str) -> None:
    last = problems(raw)[-1]
    assert (last.path, last.code, last.params["near"]) == (path, "unknown_key_near", near)


def test_without_a_near_one_the_known_keys_are_listed() -> None:
    [problem] = problems({"text": "x", "quick_replies": []})
    assert (problem.path, problem.code) == ("quick_replies", "unknown_key")
    assert problem.english() == "Remove “quick_replies”: it is not known here. These are: text, attachment."


@pytest.mark.parametrize("key", ["template", "generic", "type", "image"])
def test_a_key_named_like_a_kind_keeps_its_path(key: str) -> None:
    [problem] = problems(carousel(card(), **{key: 1}))
    assert problem.path == f"attachment.payload.{key}"


@pytest.mark.parametrize("key", ["", "a.b", "a[0]", "é", "x" * 65, "\u202e", '"'])
def test_a_key_that_a_path_can_not_name_is_shown_at_its_parent(key: str) -> None:
    [problem] = problems({"text": "x", key: 1})
    assert problem.path == ""
    assert problem.code == "unknown_key"
    assert len(str(problem.params["key"])) <= 41


def test_many_problems_are_cut_to_what_somebody_may_read() -> None:
    assert len(problems({"text": "x", **{f"key_{number}": 1 for number in range(100_000)}})) == MOST_PROBLEMS


def test_the_error_tells_every_place_in_words() -> None:
    with pytest.raises(PayloadError, match=r"text: Write something .*; txt: “txt” is not known here"):
        parse({"text": "", "txt": "x"})
