"""One picture by its address, and its ratio."""

import pytest

from notifications.payloads.image import ratio_warning
from tests.notifications.payloads.findings import found, image, warned

PATH = "attachment.payload"


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ({}, (f"{PATH}.url", "missing")),
        ({"url": ""}, (f"{PATH}.url", "blank")),
        ({"url": "scarf.png"}, (f"{PATH}.url", "url_scheme")),
        ({"url": "https://a.example/", "is_reusable": 1}, (f"{PATH}.is_reusable", "not_true_or_false")),
        ({"url": "https://a.example/", "image_url": "x"}, (f"{PATH}.image_url", "unknown_key_near")),
    ],
)
def test_what_facebook_refuses_is_named_by_its_path(payload: dict[str, object], problem: tuple[str, str]) -> None:
    assert found(image(**payload)) == [problem]


@pytest.mark.parametrize(
    ("url", "warnings"),
    [
        ("https://a.example/1.png", []),
        ("HTTPS://a.example/1.png", []),
        ("http://a.example/1.png", [(f"{PATH}.url", "http")]),
    ],
)
def test_an_image_over_http_is_a_warning(url: str, warnings: list[tuple[str, str]]) -> None:
    assert warned(image(url=url)) == warnings


@pytest.mark.parametrize("size", [(1200, 628), (191, 100), (1910, 1000), (500, 262), (1200, 630)])
def test_an_image_of_the_expected_ratio_is_no_warning(size: tuple[int, int]) -> None:
    assert ratio_warning(*size, "attachment.payload.url") is None


@pytest.mark.parametrize("size", [(500, 500), (628, 1200), (1600, 900), (1000, 500), (0, 0), (100, 0)])
def test_another_ratio_is_a_warning_with_the_size(size: tuple[int, int]) -> None:
    warning = ratio_warning(*size, "attachment.payload.url")
    assert warning is not None
    assert (warning.path, warning.code) == ("attachment.payload.url", "image_ratio")
    assert f"{size[0]} × {size[1]}" in warning.english()
