"""Where sentences come from, and which of them Django has translated already."""

import gettext
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import AppConfig, apps
from django.conf import settings

from messenger_admin.translations.catalogue import LOCALE
from messenger_admin.translations.extract import Found, sentences

OURS = ("messenger_admin", "pages", "optins", "notifications", "templates")


def catalogue_path() -> Path:
    return Path(settings.LOCALE_PATHS[0]) / LOCALE / "LC_MESSAGES" / "django.po"


def found() -> list[Found]:
    """Ours, and of unfold's, which ships no French, those that Django doesn't translate for it."""
    ours = [each for name in OURS for each in sentences(settings.BASE_DIR / name, name=name)]
    known = _translated_by_django()
    return ours + [each for each in _unfolds() if each.key not in known]


def _unfolds() -> Iterator[Found]:
    """Of the extras that lie inside unfold's own folder, those that are installed."""
    for app in _apps_of("unfold"):
        for each in sentences(Path(app.path), name=app.name.replace(".", "/")):
            if app.name != "unfold" or not each.location.startswith("unfold/contrib/"):
                yield each


def _apps_of(package: str) -> list[AppConfig]:
    return [app for app in apps.get_app_configs() if app.name.split(".")[0] == package]


def _translated_by_django() -> set[tuple[str, str]]:
    """Context and sentence of what Django and its installed apps say in French."""
    folders = [Path(django.__path__[0]) / "conf", *(Path(app.path) for app in _apps_of("django"))]
    known: set[tuple[str, str]] = set()
    for folder in folders:
        path = folder / "locale" / LOCALE / "LC_MESSAGES" / "django.mo"
        if path.exists():
            with path.open("rb") as file:
                known.update(map(_key, gettext.GNUTranslations(file)._catalog))  # type: ignore[attr-defined]  # noqa: SLF001  (the only way to its ids)
    return known


def _key(msgid: str | tuple[str, int]) -> tuple[str, str]:
    """GNUTranslations keeps a plural as (id, form), and a context before its id and an EOT."""
    context, _, sentence = (msgid if isinstance(msgid, str) else msgid[0]).rpartition("\x04")
    return context, sentence
