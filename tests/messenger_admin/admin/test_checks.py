"""The admin is checked before the first migration has run, so its checks ask nothing of the database."""

import pytest
from django.contrib.admin.checks import check_admin_app
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.mark.django_db
def test_the_admins_checks_ask_nothing_of_the_database() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert check_admin_app(app_configs=None) == []
    assert [query["sql"] for query in captured] == []
