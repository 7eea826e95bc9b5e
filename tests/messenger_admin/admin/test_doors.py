"""Every address of the admin, opened as each role and as nobody. An address without an expectation fails."""

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from tests.messenger_admin.admin.doors import Door, address, doors, furniture, nameless
from tests.people import NOBODY, STRANGER, SUPERUSER, client_as, person

pytestmark = pytest.mark.django_db

PEOPLE = (SUPERUSER, ADMINISTRATORS, MARKETING, SUPPORT, STRANGER)
Row = tuple[int, int, int, int, int]

#                    superuser  Administrators  Marketing  Support  stranger
EVERYONE: Row = (200, 200, 200, 200, 200)
EVERY_ROLE: Row = (200, 200, 200, 200, 403)
ADMINISTERS: Row = (200, 200, 403, 403, 403)
COMPOSES: Row = (200, 403, 200, 403, 403)
COMPOSES_AND_ADMINISTERS: Row = (200, 200, 200, 403, 403)
SUPPORTS: Row = (200, 403, 403, 200, 403)
CHECKS_CONSENT: Row = (200, 200, 403, 200, 403)
ERASES: Row = CHECKS_CONSENT
NO_ONE: Row = (403, 403, 403, 403, 403)
# The object is in no state for it, which is said on the page that one is sent back to.
COMPOSES_BUT_NOT_NOW: Row = (302, 403, 302, 403, 403)
SUPPORTS_BUT_NOT_NOW: Row = (302, 403, 403, 302, 403)
ADMINISTERS_BUT_NOT_NOW: Row = (302, 302, 403, 403, 403)
CHECKS_CONSENT_BUT_NOT_NOW: Row = (302, 302, 403, 302, 403)
POSTED: Row = (405, 405, 405, 405, 405)
SUPPORTS_POSTED: Row = (405, 403, 403, 405, 403)

EXPECTED: dict[str, Row] = {
    "index": EVERYONE,
    "search": EVERYONE,
    "jsi18n": EVERYONE,
    "password_change": EVERYONE,
    "password_change_done": EVERYONE,
    "login": (302, 302, 302, 302, 302),
    "logout": POSTED,
    "arm": ADMINISTERS_BUT_NOT_NOW,
    "retention": ADMINISTERS,
    "autocomplete": NO_ONE,  # without the field that it completes
    "app_list": (302, 302, 302, 302, 302),  # to Today
    "view_on_site": (404, 404, 404, 404, 404),
    **dict.fromkeys(("auth_group_add", "auth_group_change", "auth_group_changelist", "auth_group_delete"), ADMINISTERS),
    **dict.fromkeys(("auth_user_add", "auth_user_change", "auth_user_changelist", "auth_user_delete"), ADMINISTERS),
    **dict.fromkeys(("auth_group_history", "auth_user_history", "auth_user_password_change"), ADMINISTERS),
    **dict.fromkeys(("pages_site_add", "pages_site_delete", "pages_page_add", "pages_page_unlink"), ADMINISTERS),
    "pages_page_delete": ADMINISTERS_BUT_NOT_NOW,
    **dict.fromkeys(("pages_page_move", "pages_page_facebook", "pages_page_facebook_choose"), ADMINISTERS),
    # The page is none of Facebook's.
    **dict.fromkeys(("pages_page_reconnect", "pages_page_resume"), ADMINISTERS_BUT_NOT_NOW),
    "pages_page_check": POSTED,
    **dict.fromkeys(("pages_apitoken_add", "pages_apitoken_change", "pages_apitoken_changelist"), ADMINISTERS),
    **dict.fromkeys(("pages_apitoken_history", "pages_apitoken_replace", "pages_apitoken_revoke"), ADMINISTERS),
    "pages_apitoken_delete": NO_ONE,
    **dict.fromkeys(("pages_site_change", "pages_site_changelist", "pages_site_history"), EVERY_ROLE),
    **dict.fromkeys(("pages_button_add", "pages_button_delete"), ADMINISTERS),
    **dict.fromkeys(
        ("pages_button_change", "pages_button_changelist", "pages_button_dry_run", "pages_button_history"), EVERY_ROLE
    ),
    "pages_button_switch": POSTED,
    **dict.fromkeys(("pages_page_change", "pages_page_changelist", "pages_page_history"), EVERY_ROLE),
    **dict.fromkeys(("pages_incident_change", "pages_incident_changelist", "pages_incident_history"), EVERY_ROLE),
    **dict.fromkeys(("pages_incident_add", "pages_incident_delete"), NO_ONE),
    **dict.fromkeys(
        ("pages_webhookevent_change", "pages_webhookevent_changelist", "pages_webhookevent_history"), CHECKS_CONSENT
    ),
    **dict.fromkeys(
        ("pages_webhookpost_change", "pages_webhookpost_changelist", "pages_webhookpost_history"), CHECKS_CONSENT
    ),
    **dict.fromkeys(("pages_webhookevent_replay", "pages_webhookpost_read_again"), ADMINISTERS),
    **dict.fromkeys(("pages_webhookevent_add", "pages_webhookevent_delete"), NO_ONE),
    **dict.fromkeys(("pages_webhookpost_add", "pages_webhookpost_delete"), NO_ONE),
    **dict.fromkeys(("pages_auditentry_add", "pages_auditentry_delete"), NO_ONE),
    **dict.fromkeys(
        ("pages_auditentry_change", "pages_auditentry_changelist", "pages_auditentry_history"), ADMINISTERS
    ),
    **dict.fromkeys(("optins_idpattern_add", "optins_idpattern_delete"), ADMINISTERS),
    **dict.fromkeys(
        ("optins_tagfinding_changelist", "optins_tagfinding_history", "optins_tagfinding_site"), ADMINISTERS
    ),
    # To the page of its site.
    "optins_tagfinding_change": ADMINISTERS_BUT_NOT_NOW,
    "optins_tagfinding_dismiss": POSTED,
    **dict.fromkeys(("optins_tagfinding_add", "optins_tagfinding_delete"), NO_ONE),
    **dict.fromkeys(("optins_idpattern_change", "optins_idpattern_changelist", "optins_idpattern_history"), EVERY_ROLE),
    **dict.fromkeys(("optins_optin_change", "optins_optin_changelist", "optins_optin_history"), EVERY_ROLE),
    **dict.fromkeys(
        ("optins_optin_add", "optins_optin_describe", "optins_optin_revoke", "optins_optin_agree_again"), SUPPORTS
    ),
    **dict.fromkeys(
        (
            "notifications_callback_add",
            "notifications_callback_change",
            "notifications_callback_changelist",
            "notifications_callback_history",
            "notifications_callback_replay",
            "notifications_callback_rotate",
            "notifications_callback_send_test",
            "notifications_callback_start_again",
            "notifications_callback_try_now",
            "notifications_callbackcall_change",
            "notifications_callbackcall_changelist",
            "notifications_callbackcall_history",
        ),
        ADMINISTERS,
    ),
    # Its events are not kept any more.
    "notifications_callbackcall_replay": ADMINISTERS_BUT_NOT_NOW,
    **dict.fromkeys(
        ("notifications_callback_delete", "notifications_callbackcall_add", "notifications_callbackcall_delete"), NO_ONE
    ),
    **dict.fromkeys(("optins_optin_erase", "pages_thread_erase"), ERASES),
    **dict.fromkeys(("optins_consentevent_file", "optins_optin_whole_file", "pages_thread_whole_file"), POSTED),
    "optins_optin_export": CHECKS_CONSENT,
    **dict.fromkeys(
        (
            "optins_import_add",
            "optins_import_change",
            "optins_import_changelist",
            "optins_import_drop",
            "optins_import_history",
            "optins_import_progress",
            "optins_import_report",
            "optins_import_sample",
        ),
        CHECKS_CONSENT,
    ),
    # Asked on its own page; elsewhere one is sent back to that.
    **dict.fromkeys(("optins_import_confirm", "optins_import_go-on", "optins_import_stop"), CHECKS_CONSENT_BUT_NOT_NOW),
    "optins_import_delete": NO_ONE,
    "optins_optin_delete": NO_ONE,
    **dict.fromkeys(
        (
            "pages_thread_change",
            "pages_thread_changelist",
            "pages_thread_history",
            "pages_thread_news",
            "pages_thread_older",
            "pages_thread_rows",
        ),
        CHECKS_CONSENT,
    ),
    "pages_thread_preview": SUPPORTS,
    # Shut before anything else is looked at.
    **dict.fromkeys(("pages_thread_act", "pages_thread_reply"), SUPPORTS_POSTED),
    **dict.fromkeys(("pages_thread_add", "pages_thread_delete"), NO_ONE),
    **dict.fromkeys(
        ("optins_consentevent_change", "optins_consentevent_changelist", "optins_consentevent_history"), CHECKS_CONSENT
    ),
    **dict.fromkeys(("optins_consentevent_add", "optins_consentevent_delete"), NO_ONE),
    **dict.fromkeys(
        (
            "notifications_notification_change",
            "notifications_notification_changelist",
            "notifications_notification_history",
        ),
        EVERY_ROLE,
    ),
    **dict.fromkeys(
        (
            "notifications_notification_add",
            "notifications_notification_customers",
            "notifications_notification_delete",
        ),
        COMPOSES,
    ),
    "notifications_notification_duplicate": COMPOSES_BUT_NOT_NOW,
    **dict.fromkeys(("notifications_notification_preview", "notifications_notification_test"), POSTED),
    **dict.fromkeys(
        (
            "notifications_utilitytemplate_change",
            "notifications_utilitytemplate_changelist",
            "notifications_utilitytemplate_history",
            "notifications_utilitytemplate_state",
        ),
        COMPOSES_AND_ADMINISTERS,
    ),
    **dict.fromkeys(
        (
            "notifications_utilitytemplate_add",
            "notifications_utilitytemplate_delete",
            "notifications_utilitytemplate_library",
        ),
        COMPOSES,
    ),
    **dict.fromkeys(("notifications_utilitytemplate_preview", "notifications_utilitytemplate_synchronise"), POSTED),
    **dict.fromkeys(
        (
            "notifications_campaign_change",
            "notifications_campaign_changelist",
            "notifications_campaign_history",
            "notifications_campaign_progress",
        ),
        EVERY_ROLE,
    ),
    **dict.fromkeys(
        (
            "notifications_campaign_add",
            "notifications_campaign_audience",
            "notifications_campaign_delete",
            "notifications_campaign_launch",
        ),
        COMPOSES,
    ),
    **dict.fromkeys(
        (
            "notifications_campaign_cancel",
            "notifications_campaign_pause",
            "notifications_campaign_resume",
            "notifications_campaign_adjust",
            "notifications_campaign_reschedule",
            "notifications_campaign_schedule",
            "notifications_campaign_unschedule",
        ),
        COMPOSES_BUT_NOT_NOW,
    ),
    "notifications_campaign_duplicate": POSTED,
    **dict.fromkeys(
        ("notifications_campaign_send_again", "notifications_campaign_treat_as_sent"), SUPPORTS_BUT_NOT_NOW
    ),
    **dict.fromkeys(
        (
            "notifications_delivery_change",
            "notifications_delivery_changelist",
            "notifications_delivery_history",
            "notifications_delivery_state",
        ),
        EVERY_ROLE,
    ),
    **dict.fromkeys(("notifications_delivery_send_again", "notifications_delivery_treat_as_sent"), SUPPORTS),
    **dict.fromkeys(("notifications_delivery_add", "notifications_delivery_delete"), NO_ONE),
}

# Who may post to the doors that answer nothing else.
MAY_POST: dict[str, set[str]] = {
    "logout": set(PEOPLE),
    "pages_page_check": {SUPERUSER, ADMINISTRATORS},
    "pages_button_switch": {SUPERUSER, ADMINISTRATORS},
    "optins_tagfinding_dismiss": {SUPERUSER, ADMINISTRATORS},
    "optins_consentevent_file": {SUPERUSER, ADMINISTRATORS, SUPPORT},
    "optins_optin_whole_file": {SUPERUSER, ADMINISTRATORS, SUPPORT},
    "pages_thread_whole_file": {SUPERUSER, ADMINISTRATORS, SUPPORT},
    "notifications_campaign_duplicate": {SUPERUSER, MARKETING},
    "notifications_notification_preview": {SUPERUSER, ADMINISTRATORS, MARKETING, SUPPORT},
    "notifications_notification_test": {SUPERUSER, MARKETING},
    "notifications_utilitytemplate_preview": {SUPERUSER, MARKETING},
    "notifications_utilitytemplate_synchronise": {SUPERUSER, MARKETING},
}
# Open to those who have not come in yet: the status, and where it leads.
OUTSIDE = {"login": (200, None), "logout": (302, "/admin/")}


@pytest.fixture
def objects() -> dict[str, models.Model]:
    return furniture()


def test_every_door_has_an_expectation_and_every_expectation_a_door() -> None:
    assert {door.name for door in doors()} == set(EXPECTED)


def test_every_door_that_is_only_posted_to_says_who_may() -> None:
    assert {name for name, row in EXPECTED.items() if row == POSTED} == set(MAY_POST)


def test_what_has_no_name_is_known() -> None:
    assert nameless() == ["(?P<url>.*)$", "<path:object_id>/"]


@pytest.mark.parametrize("role", PEOPLE)
def test_each_door_opens_to_those_it_is_for(role: str, objects: dict[str, models.Model]) -> None:
    client, column = client_as(role), PEOPLE.index(role)
    seen = {door.name: client.get(address(door, objects)).status_code for door in doors()}
    assert seen == {name: row[column] for name, row in EXPECTED.items()}


@pytest.mark.parametrize("role", PEOPLE)
def test_a_door_that_is_shut_does_not_open_to_a_post(role: str, objects: dict[str, models.Model]) -> None:
    client, column = client_as(role), PEOPLE.index(role)
    shut = [door for door in doors() if EXPECTED[door.name][column] == 403 or role not in may_post(door)]
    seen = {door.name: client.post(address(door, objects), {"post": "yes"}).status_code for door in shut}
    assert {name: status for name, status in seen.items() if status not in (403, 405)} == {}


@pytest.mark.parametrize("role", PEOPLE)
def test_what_is_only_posted_to_answers_those_it_is_for(role: str, objects: dict[str, models.Model]) -> None:
    client = client_as(role)
    for door in doors():
        if door.name in MAY_POST and role in MAY_POST[door.name] and door.name != "logout":
            assert client.post(address(door, objects)).status_code not in (403, 404, 405), door


def test_nobody_is_sent_to_the_login_and_back_from_everywhere(objects: dict[str, models.Model]) -> None:
    client = client_as(NOBODY)
    for door in doors():
        url = address(door, objects)
        response = client.get(url)
        expected = OUTSIDE.get(door.name, (302, login(url)))
        assert (response.status_code, response.headers.get("Location")) == expected, door


def test_nobody_changes_anything_by_a_post(objects: dict[str, models.Model]) -> None:
    client = client_as(NOBODY)
    for door in doors():
        if door.name not in ("login", "logout"):
            url = address(door, objects)
            assert client.post(url, {"post": "yes"}).headers["Location"] == login(url), door


@pytest.mark.parametrize("role", [*PEOPLE, NOBODY])
def test_an_address_that_does_not_exist_says_nothing_about_it(role: str) -> None:
    assert client_as(role).get("/admin/nowhere/").status_code == (302 if role == NOBODY else 404)


def test_a_post_without_the_forms_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(SUPERUSER))
    assert client.post(reverse("admin:pages_site_add"), {"sid": "1", "name": "x"}).status_code == 403


def may_post(door: Door) -> set[str]:
    return MAY_POST.get(door.name, set(PEOPLE))


def login(url: str) -> str:
    return f"{reverse('admin:login')}?next={url}"
