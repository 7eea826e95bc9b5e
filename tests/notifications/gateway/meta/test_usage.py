"""Facebook's count of a page's calls, from whatever headers an answer has."""

import pytest

from notifications.gateway.meta.usage import Usage, read

APP, BUSINESS = "x-app-usage", "x-business-use-case-usage"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({APP: '{"call_count":28,"total_time":25,"total_cputime":31}'}, Usage(percent=31)),
        ({APP: '{"call_count":28.5}'}, Usage(percent=28.5)),
        (
            {
                BUSINESS: '{"123":[{"type":"messenger","call_count":12,"total_cputime":5,"total_time":96,'
                '"estimated_time_to_regain_access":0}]}'
            },
            Usage(percent=96),
        ),
        (
            {BUSINESS: '{"1":[{"call_count":1},{"call_count":100,"estimated_time_to_regain_access":3}],"2":[]}'},
            Usage(percent=100, room_in=180),
        ),
        ({APP: '{"call_count":90}', BUSINESS: '{"1":[{"call_count":12}]}'}, Usage(percent=90)),
        ({BUSINESS: '{"1":[{"call_count":1,"estimated_time_to_regain_access":1e12}]}'}, Usage(percent=1)),
        (
            {BUSINESS: '{"1":[{"call_count":1,"estimated_time_to_regain_access":99999}]}'},
            Usage(percent=1, room_in=86400),
        ),
        ({APP: "28"}, None),
        ({APP: "{"}, None),
        ({APP: "[]"}, None),
        ({APP: '{"call_count":"28"}'}, None),
        ({APP: '{"call_count":true}'}, None),
        ({APP: '{"call_count":NaN}'}, None),
        ({APP: '{"call_count":Infinity}'}, None),
        ({APP: '{"call_count":-4}'}, None),
        ({APP: '{"call_count":' + "9" * 5000 + "}"}, None),
        ({APP: "[" * 100_000}, None),
        ({APP: '{"call_count":90}', BUSINESS: "garbage"}, Usage(percent=90)),
    ],
)
def test_the_worst_of_all_that_is_said_counts(headers: dict[str, str], expected: Usage | None) -> None:
    assert read(headers) == expected
