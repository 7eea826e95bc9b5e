"""The list of buttons: what each is, and a switch in its row that is its own undo."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING
from optins.models import Invitation
from pages.models import AuditEntry, Button, ButtonRule
from pages.services import buttons
from tests.factories import ButtonFactory, LinkedPageFactory, SiteFactory
from tests.pages.admin.buttons.editing import LIST, change_url
from tests.people import NOBODY, client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def switch_url(button: Button) -> str:
    return reverse("admin:pages_button_switch", args=[button.pk])


def delete_url(button: Button) -> str:
    return reverse("admin:pages_button_delete", args=[button.pk])


def said(response: object) -> list[str]:
    return [str(message) for message in response.context["messages"]]  # type: ignore[attr-defined]


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_an_empty_list_says_what_a_button_is_for(administrator: Client) -> None:
    assert "No button yet. A button on the shop’s pages" in administrator.get(LIST).text


def test_a_row_says_what_the_button_is(administrator: Client) -> None:
    button = ButtonFactory(name="Alert", site=SiteFactory(name="Lilas"), placement="fixed", selector="#here")
    ButtonRule.objects.create(button=button, name="R", conditions=[])
    ButtonFactory(name="Question", kind="message_us", corner="top-start")
    text = administrator.get(LIST).text
    for words in ("Alert", "Lilas", "Large, Blue on white", "#here", "1 rule", "everybody", "Top, at the beginning"):
        assert words in text, words


def test_the_list_asks_as_often_for_many_buttons_as_for_few(
    administrator: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    ButtonFactory.create_batch(20)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        administrator.get(LIST)


def test_a_switch_goes_off_and_on_again_and_says_so(administrator: Client) -> None:
    button = ButtonFactory(name="Alert")
    off = administrator.post(switch_url(button), {"on": ""}, follow=True)
    assert said(off) == ["“Alert” is switched off. Visitors see it so within a minute."]
    assert not Button.objects.get().enabled
    on = administrator.post(switch_url(button), {"on": "1"}, follow=True)
    assert said(on) == ["“Alert” is switched on. Visitors see it so within a minute."]
    assert Button.objects.get().enabled
    assert acts() == ["button.switched_off", "button.switched_on"]


def test_what_is_so_already_is_not_done_twice(administrator: Client) -> None:
    button = ButtonFactory(enabled=False)
    assert said(administrator.post(switch_url(button), {"on": ""}, follow=True)) == []
    assert acts() == []


def test_the_switch_says_where_it_leads(administrator: Client) -> None:
    ButtonFactory(name="<b>Alert</b>")
    text = administrator.get(LIST).text
    assert 'role="switch" aria-checked="true"' in text
    assert "Show “&lt;b&gt;Alert&lt;/b&gt;” on the shop’s pages" in text
    assert "<b>Alert</b>" not in text


def test_the_list_comes_back_as_it_was_searched(administrator: Client) -> None:
    url = switch_url(ButtonFactory())
    searched = f"http://testserver{LIST}?q=alert&kind__exact=message_us"
    back = administrator.post(url, {"on": ""}, headers={"Referer": searched})
    assert back.headers["Location"] == f"{LIST}?q=alert&kind__exact=message_us"
    for elsewhere in (
        "https://evil.example/admin/?a=b",
        "http://testserver/admin/?q=1",
        "",
        f"http://testserver{LIST}",
    ):
        back = administrator.post(url, {"on": "1"}, headers={"Referer": elsewhere})
        assert back.headers["Location"] == LIST


def test_who_may_not_change_a_button_sees_how_it_stands_and_switches_nothing() -> None:
    client, button = client_as(MARKETING), ButtonFactory()
    assert 'role="switch"' not in client.get(LIST).text
    assert client.post(switch_url(button), {"on": ""}).status_code == 403
    assert client_as(NOBODY).post(switch_url(button), {"on": ""}).status_code == 302
    assert Button.objects.get().enabled


def test_a_button_that_is_gone_can_not_be_switched(administrator: Client) -> None:
    response = administrator.post(reverse("admin:pages_button_switch", args=[99]), {"on": ""}, follow=True)
    assert "Perhaps it was deleted." in said(response)[0]


# --- Deleting -----------------------------------------------------------------------------------------------------


def test_deleting_asks_first(administrator: Client) -> None:
    button = ButtonFactory(name="Alert")
    page = administrator.get(delete_url(button)).text
    assert "Delete “Alert”?" in page
    assert "This can’t be undone." in page
    assert Button.objects.exists()
    response = administrator.post(delete_url(button), follow=True)
    assert said(response) == ["“Alert” was deleted."]
    assert not Button.objects.exists()
    assert acts() == ["button.deleted"]


def test_what_visitors_agreed_through_stays_and_says_why(administrator: Client) -> None:
    page = LinkedPageFactory()
    made = ButtonFactory.build(site=page.site, name="Alert", wordings={"en": "one"})
    button = buttons.save(button=made, rules=[], actor=None, now=timezone.now())
    now = timezone.now()
    Invitation.objects.create(
        token_sha256="t",
        site=page.site,
        page=page,
        button=button,
        wording=button.texts.get(),
        customer_id="FR-1",
        language="en",
        created_at=now,
        expires_at=now,
    )
    response = administrator.post(delete_url(button), follow=True)
    assert response.redirect_chain[-1][0] == change_url(button)
    assert said(response) == [
        "“Alert” can’t be deleted: its wording proves what visitors agreed to. Switch it off instead."
    ]
    assert Button.objects.exists()


def test_only_who_may_deletes() -> None:
    button = ButtonFactory()
    assert client_as(MARKETING).post(delete_url(button)).status_code == 403
    assert Button.objects.exists()


def test_a_button_that_is_gone_can_not_be_deleted(administrator: Client) -> None:
    response = administrator.post(reverse("admin:pages_button_delete", args=[99]), follow=True)
    assert "Perhaps it was deleted." in said(response)[0]
