"""People and groups: nobody rises above themselves."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS, SUPPORT
from pages import audit
from tests.factories import PageFactory, UserFactory
from tests.people import SUPERUSER, client_as, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def url(name: str, user: User) -> str:
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


def test_a_new_person_may_enter_the_admin_in_their_group(administrator: Client) -> None:
    password = "correct-horse-battery"
    administrator.post(
        reverse("admin:auth_user_add"),
        {
            "username": "sam",
            "password1": password,
            "password2": password,
            "groups": [Group.objects.get(name=SUPPORT).pk],
        },
    )
    sam = User.objects.get(username="sam")
    assert (sam.is_staff, sam.is_superuser, sam.has_perm("notifications.resolve_delivery")) == (True, False, True)


def test_an_administrator_makes_nobody_a_superuser(administrator: Client) -> None:
    sam = person(SUPPORT)
    administrator.post(
        url("change", sam), {"username": sam.username, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    )
    sam.refresh_from_db()
    assert not sam.is_superuser


def test_an_administrator_does_not_touch_a_superuser(administrator: Client) -> None:
    root = person(SUPERUSER)
    administrator.post(url("change", root), {"username": "taken-over"})
    administrator.post(url("password_change", root), {"password1": "correct-horse", "password2": "correct-horse"})
    administrator.post(url("delete", root), {"post": "yes"})
    root.refresh_from_db()
    assert root.username != "taken-over"
    assert not root.check_password("correct-horse")


def test_somebody_who_is_in_the_audit_log_is_not_deleted(administrator: Client) -> None:
    sam = person(SUPPORT)
    audit.record(actor=sam, action="optin.revoked", subject=PageFactory())
    response = administrator.post(url("delete", sam), {"post": "yes"}, follow=True)
    assert "Take away “Active” instead." in response.content.decode()
    assert User.objects.filter(pk=sam.pk).exists()


def test_somebody_who_did_nothing_yet_can_be_deleted(administrator: Client) -> None:
    sam = person(SUPPORT)
    administrator.post(url("delete", sam), {"post": "yes"})
    assert not User.objects.filter(pk=sam.pk).exists()


def test_a_list_of_thirty_costs_as_many_queries_as_one_of_three(administrator: Client) -> None:
    url = reverse("admin:auth_user_changelist")
    UserFactory.create_batch(2)
    administrator.get(url)
    with CaptureQueriesContext(connection) as few:
        administrator.get(url)
    for user in UserFactory.create_batch(27):
        user.groups.add(Group.objects.get(name=SUPPORT))
    with CaptureQueriesContext(connection) as many:
        administrator.get(url)
    assert len(many) <= len(few) + 1  # the groups, once somebody has one


def test_a_group_is_given_what_means_something_here(administrator: Client) -> None:
    group = Group.objects.get(name=SUPPORT)
    form = administrator.get(reverse("admin:auth_group_change", args=[group.pk])).context["adminform"].form
    apps = {permission.content_type.app_label for permission in form.fields["permissions"].queryset}
    assert apps == {"pages", "optins", "notifications", "auth"}


@pytest.mark.parametrize(("name", "status"), [(SUPPORT, 403), ("Interns", 302)])
def test_a_group_that_comes_with_the_product_is_not_deleted(administrator: Client, name: str, status: int) -> None:
    group, _made = Group.objects.get_or_create(name=name)
    response = administrator.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"})
    assert (response.status_code, Group.objects.filter(pk=group.pk).exists()) == (status, status == 403)
