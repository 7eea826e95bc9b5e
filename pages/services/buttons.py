"""The buttons of a site: written as a whole, switched, deleted; each text that visitors see is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, ProtectedError

from pages import audit
from pages.buttons import targeting
from pages.models import Button, ButtonRule, Site, Wording

# What a person writes of a button, besides its rules.
WRITTEN = (
    *("name", "enabled", "kind", "size", "colour", "placement", "selector", "corner", "offset_x", "offset_y"),
    *("labels", "wordings", "legacy"),
)
# Its name, whether it is switched on, its conditions as they are stored.
Rule = tuple[str, bool, list[dict[str, object]]]


class ButtonOvertaken(Exception):
    """Somebody else saved or deleted the button since it was shown."""


class ButtonAgreedThrough(Exception):
    """Visitors were asked in its words, which prove their agreement: it can be switched off, not deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWish:
    """A rule as it shall be; `conditions` as targeting.parse takes them."""

    name: str
    enabled: bool
    conditions: list[dict[str, object]]


def save(
    *,
    button: Button,
    rules: Sequence[RuleWish],
    actor: AbstractBaseUser | None,
    now: datetime,
    seen: datetime | None = None,
) -> Button:
    """Writes the button and all its rules. `seen` is when it had last been changed as the person saw it.

    Raises targeting.ConditionError for a rule that can't be judged, ButtonOvertaken.
    """
    wanted = [(wish.name, wish.enabled, targeting.parse(wish.conditions)) for wish in rules]
    is_new = button.pk is None
    with transaction.atomic():
        if is_new:
            button.position = (button.site.buttons.aggregate(most=Max("position"))["most"] or 0) + 1
            said: dict[str, object] = {}
        else:
            said = {"changed": _changes(_held(button, seen), button, wanted)}
        button.save()
        _replace_rules(button, wanted)
        said |= _keep_wordings(button, now)
        tag_changed(site=button.site, now=now)
        action = "button.created" if is_new else "button.changed"
        audit.record(actor=actor, action=action, subject=button, sid=button.site.sid, name=button.name, **said)
    return button


def switch(*, button: Button, on: bool, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """False: it was so already."""
    with transaction.atomic():
        changed = Button.objects.filter(pk=button.pk, enabled=not on).update(enabled=on, updated_at=now)
        if changed:
            tag_changed(site=button.site, now=now)
            action = "button.switched_on" if on else "button.switched_off"
            audit.record(actor=actor, action=action, subject=button, sid=button.site.sid, name=button.name)
    return bool(changed)


def delete(*, button: Button, actor: AbstractBaseUser | None, now: datetime) -> None:
    """Raises ButtonAgreedThrough where anything stands on one of its wordings."""
    try:
        with transaction.atomic():
            audit.record(actor=actor, action="button.deleted", subject=button, sid=button.site.sid, name=button.name)
            button.texts.all().delete()
            button.delete()
            tag_changed(site=button.site, now=now)
    except ProtectedError:
        raise ButtonAgreedThrough from None


def tag_changed(*, site: Site, now: datetime) -> None:
    Site.objects.filter(pk=site.pk).update(tag_changed_at=now)


def site_changed(*, site: Site, actor: AbstractBaseUser, now: datetime, **changed: object) -> None:
    """What the site tells its tag is another from now on; `changed` are its new values, by field."""
    with transaction.atomic():
        tag_changed(site=site, now=now)
        audit.record(actor=actor, action="site.tag_changed", subject=site, sid=site.sid, **changed)


def _held(button: Button, seen: datetime | None) -> Button:
    """As it is stored; nobody else can write it until the transaction ends, where the database holds rows."""
    stored = Button.objects.select_for_update().filter(pk=button.pk).first()
    if stored is None or (seen is not None and stored.updated_at != seen):
        raise ButtonOvertaken
    return stored


def _changes(stored: Button, button: Button, wanted: list[Rule]) -> list[str]:
    """The names of the fields that become others; "rules" is all of them."""
    fields = [name for name in WRITTEN if getattr(stored, name) != getattr(button, name)]
    rules = [(rule.name, rule.enabled, rule.conditions) for rule in stored.rules.order_by("position", "id")]
    return [*fields, *(["rules"] if rules != wanted else [])]


def _replace_rules(button: Button, wanted: list[Rule]) -> None:
    button.rules.all().delete()
    ButtonRule.objects.bulk_create(
        ButtonRule(button=button, name=name, enabled=enabled, conditions=conditions, position=place)
        for place, (name, enabled, conditions) in enumerate(wanted)
    )


def _keep_wordings(button: Button, now: datetime) -> dict[str, object]:
    """A new version of each text that is not the newest of its language already; says which."""
    newest = {wording.language: wording for wording in button.texts.order_by("version")}
    made = [
        Wording(
            button=button,
            language=language,
            version=newest[language].version + 1 if language in newest else 1,
            text=text,
            created_at=now,
        )
        for language, text in sorted(button.wordings.items())
        if text and (language not in newest or newest[language].text != text)
    ]
    Wording.objects.bulk_create(made)
    return {"wordings": {one.language: one.version for one in made}} if made else {}
