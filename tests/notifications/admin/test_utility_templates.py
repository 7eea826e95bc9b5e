"""The screens of utility templates: writing one, its page, Facebook's library, synchronising, deleting."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING
from notifications.models import TemplateLook, TemplateStatus, UtilityTemplate
from pages.models import Page
from pages.states import GatewayKind
from tests.factories import LinkedPageFactory, NotificationFactory, UtilityTemplateFactory
from tests.people import client_as
from tests.support.graph_api import graph, refuses, says

pytestmark = pytest.mark.django_db
LIST = "/admin/notifications/utilitytemplate/"
ADD = f"{LIST}add/"
MADE = {"id": "1045", "status": "PENDING", "category": "UTILITY"}


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def page() -> Page:
    made: Page = LinkedPageFactory(name="Apparel", gateway=GatewayKind.META)
    return made


def written(page: Page, /, **changes: str) -> dict[str, str]:
    return {
        "page": str(page.pk),
        "name": "order_left",
        "language": "fr",
        "header": "",
        "body": "Bonjour {{prenom}}, la commande {{numero}} vient de partir de notre entrepôt.",
        "sample-prenom": "Claire",
        "sample-numero": "871",
        "button-0-kind": "URL",
        "button-0-text": "Suivre",
        "button-0-value": "https://shop.example/suivi/{{1}}",
        "button-0-sample": "https://shop.example/suivi/871",
        **changes,
    }


def shown(client: Client, template: UtilityTemplate) -> str:
    return client.get(f"{LIST}{template.pk}/change/").content.decode()


def test_a_template_is_sent_to_facebook_and_followed(marketing: Client, page: Page) -> None:
    with graph(says(MADE)) as far_end:
        response = marketing.post(ADD, written(page), follow=True)
    (template,) = UtilityTemplate.objects.all()
    asked = far_end.asked[0].json
    assert (asked["name"], asked["parameter_format"], len(asked["components"])) == ("order_left", "NAMED", 2)
    content = response.content.decode()
    assert "Facebook has it." in content
    assert f'data-state-url="{LIST}{template.pk}/state.json"' in content
    assert "Bonjour Claire, la commande 871 vient de partir" in content


@pytest.mark.parametrize(
    ("changes", "said", "anchor"),
    [
        ({"name": "Commande"}, "Name the template in small letters", "id_name"),
        ({"body": "{{prenom}} est là, merci beaucoup à vous"}, "Put words before the first parameter", "id_body"),
        ({"sample-numero": ""}, "Give a sample for numero", "id_sample-numero"),
        ({"button-0-text": ""}, "Write something here", "id_button-0-text"),
        ({"button-0-sample": ""}, "Give a sample for https://shop.example/suivi/{{1}}", "id_button-0-sample"),
        ({"page": ""}, "This field is required", "id_page"),
        ({"language": "klingon"}, "Give the language as Facebook writes it", "id_language"),
    ],
)
def test_what_facebook_would_reject_is_said_at_its_field(
    marketing: Client, page: Page, changes: dict[str, str], said: str, anchor: str
) -> None:
    with graph(says(MADE)) as far_end:
        response = marketing.post(ADD, written(page, **changes))
    content = response.content.decode()
    assert response.status_code == 422
    assert said in content
    assert f'href="#{anchor}"' in content
    assert far_end.asked == []
    assert not UtilityTemplate.objects.exists()


def test_a_button_behind_an_empty_one_keeps_its_errors(marketing: Client, page: Page) -> None:
    changes = {"button-0-kind": "", "button-2-kind": "PHONE_NUMBER", "button-2-text": "Call", "button-2-value": "02"}
    content = marketing.post(ADD, written(page, **changes)).content.decode()
    assert 'href="#id_button-2-value"' in content
    assert 'href="#id_button-0-value"' not in content


def test_a_name_that_the_page_has_in_that_language_is_taken(marketing: Client, page: Page) -> None:
    UtilityTemplateFactory(page=page, name="order_left", language="fr")
    assert "The page has a template of this name" in marketing.post(ADD, written(page)).content.decode()


def test_what_facebook_refuses_is_said_and_nothing_is_lost(marketing: Client, page: Page) -> None:
    with graph(refuses(100, message="order_left (fr) exists already.")):
        content = marketing.post(ADD, written(page)).content.decode()
    assert "Facebook refused it: order_left (fr) exists already." in content
    assert "la commande {{numero}} vient de partir" in content


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refuses(190), "Facebook refused the page&#x27;s token"),
        (refuses(200), "The permission for utility messages is missing"),
        (refuses(2, status=500), "Facebook is busy"),
        (says([]), "Facebook gave no answer that can be read"),
    ],
)
def test_each_trouble_says_what_to_do(marketing: Client, page: Page, answer: Any, said: str) -> None:
    with graph(answer):
        assert said in marketing.post(ADD, written(page)).content.decode()


def test_the_preview_shows_what_stands_in_the_form(marketing: Client, page: Page) -> None:
    answer = marketing.post(f"{LIST}preview/", written(page, header="Commande <b>", **{"sample-numero": ""}))
    content = answer.content.decode()
    assert "Bonjour Claire, la commande" in content
    assert "Commande &lt;b&gt;" in content
    assert "1 thing to do before Facebook can look at it" in content


def test_the_preview_of_a_form_that_is_empty_or_no_form_does_not_fail(marketing: Client) -> None:
    for data in ({}, {"body": "{{", "button-0-kind": "NOTHING"}):
        assert marketing.post(f"{LIST}preview/", data).status_code == 200


def test_without_a_linked_page_it_says_so(marketing: Client) -> None:
    LinkedPageFactory(gateway=GatewayKind.IADVIZE)
    for address in (ADD, f"{LIST}library/", LIST):
        assert "No page is linked through Facebook" in marketing.get(address).content.decode()


# --- One template ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", TemplateStatus)
def test_each_status_has_words(marketing: Client, status: str) -> None:
    template = UtilityTemplateFactory(status=status)
    content = shown(marketing, template)
    assert str(TemplateStatus(status).label) in content
    assert "Good news: your order 871 has left our warehouse." in content


def test_a_rejection_says_why_and_what_to_do(marketing: Client) -> None:
    content = shown(marketing, UtilityTemplateFactory(status="REJECTED", reason="TAG_SHOULD_BE_MARKETING"))
    assert "Facebook takes it for advertising." in content
    assert "TAG_SHOULD_BE_MARKETING" in content
    assert "Delete it, and write a new one" in content


def test_facebooks_own_words_stand_where_nobody_knows_them(marketing: Client) -> None:
    assert "NEW_RULE" in shown(marketing, UtilityTemplateFactory(status="REJECTED", reason="NEW_RULE"))


def test_a_new_one_begins_with_the_texts_of_another(marketing: Client, page: Page) -> None:
    template = UtilityTemplateFactory(page=page)
    again = marketing.get(f"{LIST}{template.pk}/change/").context["again_url"]
    content = marketing.get(again).content.decode()
    assert "your order {{order}} has left our warehouse." in content
    assert 'name="sample-order" value="871"' in content


def test_it_tells_where_it_is_chosen(marketing: Client, page: Page) -> None:
    template = UtilityTemplateFactory(page=page)
    NotificationFactory(name="Order sent", utility={"name": template.name, "language": "en", "parameters": {}})
    assert "Order sent" in shown(marketing, template)


def test_a_state_for_scripts(marketing: Client) -> None:
    template = UtilityTemplateFactory(status="PENDING")
    told = marketing.get(f"{LIST}{template.pk}/state.json").json()
    assert (told["state"], told["final"]) == ("PENDING", False)


def test_an_administrator_looks_and_changes_nothing(page: Page) -> None:
    content = shown(client_as(ADMINISTRATORS), UtilityTemplateFactory(page=page))
    for words in ("Delete on Facebook", "Synchronise with Facebook", "Write a new one"):
        assert words not in content


# --- Keeping up with Facebook ---------------------------------------------------------------------------------


def test_the_list_says_which_pages_could_not_be_listed_and_why(marketing: Client, page: Page) -> None:
    for one, trouble in ((page, "permission"), (LinkedPageFactory(name="Shoes", gateway=GatewayKind.META), "")):
        TemplateLook.objects.create(page=one, looked_at=timezone.now(), trouble=trouble)
    content = marketing.get(LIST).content.decode()
    assert "Apparel: The permission for utility messages is missing on Facebook." in content
    assert "Shoes:" not in content


def test_a_page_without_a_site_troubles_nobody(marketing: Client, page: Page) -> None:
    TemplateLook.objects.create(page=page, looked_at=timezone.now(), trouble="busy")
    page.links.update(closed_at=timezone.now())
    assert "Apparel:" not in marketing.get(LIST).content.decode()


def test_synchronising_says_of_each_page_what_came_of_it(marketing: Client, page: Page) -> None:
    LinkedPageFactory(name="Zoo", gateway=GatewayKind.META)
    item = {"id": "1", "name": "a", "language": "fr", "status": "APPROVED", "category": "UTILITY", "components": []}
    with graph(says({"data": [item]}), refuses(190)):
        content = marketing.post(f"{LIST}synchronise/", follow=True).content.decode()
    assert "Apparel: 1 template on Facebook." in content
    assert "Zoo: Facebook refused the page&#x27;s token" in content


def test_one_page_alone_and_back_to_the_template(marketing: Client, page: Page) -> None:
    LinkedPageFactory(gateway=GatewayKind.META)
    template = UtilityTemplateFactory(page=page)
    with graph(says({"data": []})) as far_end:
        answer = marketing.post(f"{LIST}synchronise/", {"page": page.pk, "template": template.pk})
    assert len(far_end.asked) == 1
    assert answer.headers["Location"] == reverse("admin:notifications_utilitytemplate_change", args=[template.pk])
    template.refresh_from_db()
    assert template.status == TemplateStatus.GONE


def test_the_library_is_searched_and_begins_a_template(marketing: Client, page: Page) -> None:
    entry = {"name": "order_confirmed", "language": "fr", "body": "Bonjour {{1}}, merci.", "body_params": ["Claire"]}
    with graph(says({"data": [entry]})) as far_end:
        answer = marketing.get(f"{LIST}library/", {"q": "commande", "language": "fr"})
    assert far_end.asked[0].query["name_or_content"] == "commande"
    assert "Bonjour Claire, merci." in answer.content.decode()
    (_entry, _shown, begin) = answer.context["found"][0]
    assert 'name="sample-1" value="Claire"' in marketing.get(begin).content.decode()


def test_a_library_that_does_not_answer_says_so(marketing: Client, page: Page) -> None:
    with graph(refuses(2, status=500)):
        assert "Facebook is busy" in marketing.get(f"{LIST}library/").content.decode()


def test_deleting_asks_first_and_says_where_it_is_chosen(marketing: Client, page: Page) -> None:
    template = UtilityTemplateFactory(page=page)
    NotificationFactory(name="Order sent", utility={"name": template.name, "language": "en", "parameters": {}})
    with graph(says({"success": True})) as far_end:
        asked = marketing.get(f"{LIST}{template.pk}/delete/").content.decode()
        assert "can’t be undone" in asked
        assert "Order sent" in asked
        assert far_end.asked == []
        answer = marketing.post(f"{LIST}{template.pk}/delete/", {"post": "yes"}, follow=True)
    assert "It was deleted on Facebook." in answer.content.decode()
    template.refresh_from_db()
    assert template.status == TemplateStatus.GONE


def test_a_deletion_that_facebook_refuses_leaves_it(marketing: Client, page: Page) -> None:
    template = UtilityTemplateFactory(page=page)
    with graph(refuses(100, message="Message template not found")):
        answer = marketing.post(f"{LIST}{template.pk}/delete/", {"post": "yes"}, follow=True)
    assert "Message template not found" in answer.content.decode()
    template.refresh_from_db()
    assert template.status == TemplateStatus.APPROVED


def test_the_list_stays_at_a_few_queries(marketing: Client, page: Page, django_assert_max_num_queries: Any) -> None:
    UtilityTemplateFactory.create_batch(20, page=page)
    with django_assert_max_num_queries(25):
        assert marketing.get(LIST).status_code == 200
