"""What a save does besides: who did what is kept, each wording too, the shop hears of it, and nobody is overwritten."""

from typing import Any

import pytest
from django.test import Client

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from optins.tag import view
from pages.admin.buttons.form import ButtonForm
from pages.models import AuditEntry, Button, Wording
from tests.factories import ButtonFactory, ConnectedPageFactory, SiteFactory
from tests.pages.admin.buttons.editing import ADD, ADDRESS, LIST, add_url, change_url, fields_in, opened, rule, saved
from tests.people import client_as, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture
def button() -> Button:
    page = ConnectedPageFactory()
    made: Button = ButtonFactory(site=page.site, wordings={"en": "Agree to one"})
    return made


def change(client: Client, button: Button, **fields: Any) -> Button:
    return saved(client, change_url(button), {**opened(client, change_url(button)), **fields})


# --- Who did what -------------------------------------------------------------------------------------------------


def test_the_log_says_who_changed_what(button: Button) -> None:
    someone = person(ADMINISTRATORS)
    client = Client()
    client.force_login(someone)
    change(client, button, name="Renamed", label_fr="Ici", look="standard-blue", **rule(0, ADDRESS))
    entry = AuditEntry.objects.get(action="button.changed")
    assert entry.actor == someone
    assert entry.detail["changed"] == ["name", "size", "labels", "rules"]
    assert (entry.detail["name"], entry.detail["sid"]) == ("Renamed", button.site.sid)


def test_a_save_that_changes_nothing_says_so(administrator: Client, button: Button) -> None:
    change(administrator, button, **rule(0, ADDRESS))
    change(administrator, button)
    assert AuditEntry.objects.filter(action="button.changed").latest("pk").detail["changed"] == []


# --- The proof ----------------------------------------------------------------------------------------------------


def test_other_words_are_a_new_version_and_the_old_one_stays(administrator: Client, button: Button) -> None:
    change(administrator, button)
    change(administrator, button, wording_en="Agree to two")
    kept = Wording.objects.order_by("version").values_list("version", "text")
    assert list(kept) == [(1, "Agree to one"), (2, "Agree to two")]


# --- The shop -----------------------------------------------------------------------------------------------------


def test_the_tag_is_another_after_each_change_and_asked_for_again_within_a_minute(
    administrator: Client, button: Button, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = view.KEPT_SECONDS
    monkeypatch.setattr(view, "KEPT_SECONDS", 0)
    url = f"/tag/{button.site.sid}.js"
    first = administrator.get(url)
    change(administrator, button, label_en="Ring me")
    second = administrator.get(url)
    assert "Ring me" in second.text
    assert second["ETag"] != first["ETag"]
    seconds = int(second["Cache-Control"].split("max-age=")[1].split(",")[0])
    assert seconds + kept <= 60


# --- Two at once --------------------------------------------------------------------------------------------------


def test_who_comes_second_is_told_and_keeps_what_was_written(administrator: Client, button: Button) -> None:
    mine = {**opened(administrator, change_url(button)), "name": "Mine", **rule(0, ADDRESS)}
    change(client_as(ADMINISTRATORS), button, name="Theirs")
    response = administrator.post(change_url(button), mine)
    assert "Somebody else changed this button in the meantime." in response.text
    assert fields_in(response.text)["name"] == "Mine"
    assert fields_in(response.text)["rule-0-0-value"] == "/p/"
    button.refresh_from_db()
    assert button.name == "Theirs"


def test_it_is_noticed_even_between_the_look_and_the_write(
    administrator: Client, button: Button, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form found nothing wrong a moment before; the service holds the row and refuses."""
    mine = {**opened(administrator, change_url(button)), "name": "Mine"}
    change(client_as(ADMINISTRATORS), button, name="Theirs")
    looks = iter([False])
    look = ButtonForm._is_overtaken
    monkeypatch.setattr(ButtonForm, "_is_overtaken", lambda form: next(looks, None) is None and look(form))
    response = administrator.post(change_url(button), mine)
    assert "Somebody else changed this button in the meantime." in response.text
    button.refresh_from_db()
    assert button.name == "Theirs"


def test_a_button_that_is_gone_says_so(administrator: Client, button: Button) -> None:
    mine = opened(administrator, change_url(button))
    button.delete()
    response = administrator.post(change_url(button), mine, follow=True)
    assert "Perhaps it was deleted" in response.text
    assert not Button.objects.exists()


# --- The site -----------------------------------------------------------------------------------------------------


def test_the_site_is_chosen_first_and_known_wherever_the_form_is_sent_from(administrator: Client) -> None:
    site, other = SiteFactory(name="One"), SiteFactory(name="Other")
    page = administrator.get(ADD).text
    assert add_url(site) in page
    assert add_url(other) in page
    fields = {**opened(administrator, add_url(site)), "name": "Alert"}
    assert saved(administrator, ADD, fields).site == site


def test_errors_keep_the_site(administrator: Client) -> None:
    site = SiteFactory()
    SiteFactory()
    page = administrator.post(ADD, {**opened(administrator, add_url(site)), "name": ""})
    assert fields_in(page.text)["site"] == str(site.pk)


@pytest.mark.parametrize("asked", ["", "x", "99999", "9" * 30, "²"])
def test_a_site_that_is_none_is_asked_for(administrator: Client, asked: str) -> None:
    SiteFactory(name="One")
    SiteFactory(name="Other")
    assert "On which site shall the button stand?" in administrator.get(ADD, {"site": asked}).text


def test_the_only_site_need_not_be_chosen(administrator: Client) -> None:
    site = SiteFactory()
    assert administrator.get(ADD).headers["Location"] == add_url(site)


def test_without_a_site_there_is_nowhere_to_put_a_button(administrator: Client) -> None:
    page = administrator.get(ADD).text
    assert "No site yet." in page
    assert "/pages/site/add/" in page


def test_who_adds_another_goes_on_with_the_same_site(administrator: Client) -> None:
    site = SiteFactory()
    SiteFactory()
    fields = {**opened(administrator, add_url(site)), "name": "Alert", "_addanother": "1"}
    assert administrator.post(add_url(site), fields).headers["Location"] == add_url(site)
    button = Button.objects.get()
    again = {**opened(administrator, change_url(button)), "_addanother": "1"}
    assert administrator.post(change_url(button), again).headers["Location"] == add_url(site)


def test_who_saves_comes_back_to_the_list_or_stays(administrator: Client, button: Button) -> None:
    fields = opened(administrator, change_url(button))
    assert administrator.post(change_url(button), {**fields, "_continue": "1"}).headers["Location"] == change_url(
        button
    )
    fields = opened(administrator, change_url(button))
    assert administrator.post(change_url(button), fields).headers["Location"] == LIST


# --- Who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [MARKETING, SUPPORT])
def test_other_roles_read_the_editor_and_write_nothing(role: str, button: Button) -> None:
    client = client_as(role)
    page = client.get(change_url(button))
    assert page.status_code == 200
    assert '<fieldset class="be-fields" disabled>' in page.text
    assert 'name="_save"' not in page.text
    before = Button.objects.values().get()
    assert client.post(change_url(button), {**fields_in(page.text), "name": "Mine"}).status_code == 403
    assert Button.objects.values().get() == before


def test_what_stands_in_the_way_is_said_above_the_form(administrator: Client) -> None:
    site = SiteFactory(name="Alone")
    page = administrator.get(add_url(site)).text
    assert "Alone" in page
    assert "has no Facebook page yet" in page
    assert "This site names no privacy notice" in page
