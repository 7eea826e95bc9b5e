"""The groups in the database are those of the table."""

import pytest
from django.contrib.auth.models import Group, Permission

from messenger_admin.roles import ROLES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_the_migrations_give_each_role_what_the_table_says(role: str) -> None:
    group = Group.objects.get(name=role)
    held = Permission.objects.filter(group=group).values_list("content_type__app_label", "codename")
    assert {f"{app}.{codename}" for app, codename in held} == ROLES[role]


@pytest.mark.parametrize(
    "permission",
    ["set_token", "link_page", "add_apitoken", "view_apitoken", "revoke_apitoken"],
)
def test_only_administrators_hold_tokens_and_links(permission: str) -> None:
    assert {role for role, held in ROLES.items() if f"pages.{permission}" in held} == {"Administrators"}


def test_only_marketing_launches() -> None:
    assert {role for role, permissions in ROLES.items() if "notifications.launch_campaign" in permissions} == {
        "Marketing"
    }


def test_only_support_decides_the_doubtful() -> None:
    assert {role for role, permissions in ROLES.items() if "notifications.resolve_delivery" in permissions} == {
        "Support"
    }
