"""Buttons are written with their rules in one go, keep every text that was shown, and bump the tag."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from optins.models import Invitation
from pages.buttons.targeting import ConditionError
from pages.models import AuditEntry, Button, Wording
from pages.services import buttons
from pages.services.buttons import ButtonAgreedThrough, ButtonOvertaken, RuleWish
from tests.factories import ButtonFactory, LinkedPageFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
RULE = RuleWish(name="Products", enabled=True, conditions=[{"what": "address", "operator": "contains", "value": "/p"}])
WRONG = RuleWish(name="Wrong", enabled=True, conditions=[{"what": "weather"}])


def saved(button: Button | None = None, **changes: object) -> Button:
    button = button or ButtonFactory.build(site=SiteFactory())
    for name, value in changes.items():
        setattr(button, name, value)
    return buttons.save(button=button, rules=[RULE], actor=UserFactory(), now=NOW)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_button_and_its_rules() -> None:
    button = saved()
    assert [(rule.name, rule.conditions) for rule in button.rules.all()] == [("Products", RULE.conditions)]
    assert actions() == ["button.created"]


def test_the_rules_are_those_of_the_last_save() -> None:
    button = saved()
    buttons.save(button=button, rules=[RULE, RULE], actor=None, now=NOW)
    buttons.save(button=button, rules=[RuleWish(name="B", enabled=False, conditions=[])], actor=None, now=NOW)
    assert [rule.name for rule in button.rules.all()] == ["B"]


def test_a_wrong_rule_changes_nothing() -> None:
    button = saved()
    button.name = "Other"
    with pytest.raises(ConditionError):
        buttons.save(button=button, rules=[RULE, WRONG], actor=None, now=NOW)
    assert Button.objects.get().name != "Other"
    assert button.rules.count() == 1


def test_buttons_come_in_the_order_in_which_they_were_made() -> None:
    site = SiteFactory()
    made = [saved(ButtonFactory.build(site=site)) for _ in range(3)]
    assert [button.position for button in made] == [1, 2, 3]


def test_each_text_is_kept_as_a_version_and_the_same_text_only_once() -> None:
    button = saved(wordings={"en": "one", "fr": "un"})
    saved(button, wordings={"en": "two", "fr": "un"})
    saved(button, wordings={"en": "two", "fr": ""})
    kept = Wording.objects.order_by("language", "version").values_list("language", "version", "text")
    assert list(kept) == [("en", 1, "one"), ("en", 2, "two"), ("fr", 1, "un")]
    said = AuditEntry.objects.filter(action="button.changed").order_by("pk").values_list("detail", flat=True)
    assert [detail.get("wordings") for detail in said] == [{"en": 2}, None]


def test_a_text_that_comes_back_is_a_new_version() -> None:
    button = saved(wordings={"en": "one"})
    saved(button, wordings={"en": "two"})
    saved(button, wordings={"en": "one"})
    assert button.texts.first().version == 3  # type: ignore[union-attr]  # there are three


def test_the_tag_changes_with_each_save_and_each_switch() -> None:
    button = saved()
    acts: list[Callable[[Button], object]] = [
        saved,
        lambda one: buttons.switch(button=one, on=False, actor=None, now=NOW),
    ]
    for step, act in enumerate(acts):
        button.site.tag_changed_at = None
        button.site.save()
        act(button)
        button.site.refresh_from_db()
        assert button.site.tag_changed_at == NOW, step


def test_switching_twice_is_said_once() -> None:
    button = saved()
    assert buttons.switch(button=button, on=False, actor=None, now=NOW)
    assert not buttons.switch(button=button, on=False, actor=None, now=NOW)
    assert buttons.switch(button=button, on=True, actor=None, now=NOW)
    assert actions()[1:] == ["button.switched_off", "button.switched_on"]


def test_who_saves_over_somebody_else_is_told() -> None:
    button = saved()
    with pytest.raises(ButtonOvertaken):
        buttons.save(button=button, rules=[], actor=None, now=NOW, seen=button.updated_at - timedelta(seconds=1))
    assert button.rules.count() == 1


def test_a_button_that_nobody_agreed_through_goes_with_its_texts() -> None:
    button = saved(wordings={"en": "one"})
    buttons.delete(button=button, actor=None, now=NOW)
    assert not Button.objects.exists()
    assert not Wording.objects.exists()
    assert actions()[-1] == "button.deleted"


def test_a_button_that_somebody_agreed_through_stays_whole() -> None:
    page = LinkedPageFactory()
    button = saved(wordings={"en": "one"})
    Invitation.objects.create(
        token_sha256="t",
        site=button.site,
        page=page,
        button=button,
        wording=button.texts.get(),
        customer_id="FR-1",
        language="en",
        created_at=NOW,
        expires_at=NOW,
    )
    with pytest.raises(ButtonAgreedThrough):
        buttons.delete(button=button, actor=None, now=NOW)
    assert button.texts.count() == 1
    assert "button.deleted" not in actions()
