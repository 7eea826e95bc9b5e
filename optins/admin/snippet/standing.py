"""Whether the tag can work on a site: what is set up, what is missing, and where to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from optins.doctor.findings import Level
from optins.tag import view as tag
from pages.models import Button, Link, Site
from pages.models.button import ButtonKind
from pages.states import GatewayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """`url` leads to where it is mended; empty where all is well."""

    level: Level
    title: str
    text: str = ""
    url: str = ""
    action: str = ""


def standing(site: Site) -> list[Point]:
    return [_seen(site), _origins(site), *_page(site), _buttons(site), *_privacy(site), _weight(site)]


def _seen(site: Site) -> Point:
    if site.tag_seen_at is None:
        text = _("It gives a sign of life once a visitor's browser has run it.")
        return Point(level=Level.DOUBTFUL, title=_("The tag was never seen on the shop's pages"), text=text)
    when = date_format(localtime(site.tag_seen_at), "DATETIME_FORMAT")
    return Point(level=Level.GOOD, title=_("The tag was last seen on %(when)s") % {"when": when})


def _origins(site: Site) -> Point:
    if site.origins:
        return Point(level=Level.GOOD, title=_("The shop's addresses are declared"), text=", ".join(site.origins))
    return Point(
        level=Level.WRONG,
        title=_("No address of the shop is declared"),
        text=_("Clicks are taken from declared addresses alone, so every click is refused."),
        url=_site(site),
        action=_("Declare it"),
    )


def _page(site: Site) -> Iterator[Point]:
    link = Link.objects.open().filter(site=site).select_related("page").defer("page__token").first()
    if link is None:
        title = _("The site has no Facebook page")
        text = _("There is nobody in Messenger whom a button could lead to.")
        url = reverse("admin:pages_page_changelist")
        yield Point(level=Level.WRONG, title=title, text=text, url=url, action=_("Link a page"))
    elif link.page.gateway != GatewayKind.META:
        title = _("The page goes through iAdvize, which asks for the consent itself")
        text = _("Only “Message us” buttons appear; opt-ins come from iAdvize.")
        yield Point(level=Level.DOUBTFUL, title=title, text=text)
    else:
        yield Point(level=Level.GOOD, title=_("Buttons lead to the page %(page)s") % {"page": link.page.name})


def _buttons(site: Site) -> Point:
    count = Button.objects.filter(site=site, enabled=True).count()
    if count:
        words = ngettext("%(count)d button is switched on", "%(count)d buttons are switched on", count)
        return Point(level=Level.GOOD, title=words % {"count": count})
    return Point(
        level=Level.WRONG,
        title=_("No button is switched on"),
        text=_("The tag runs and shows nothing."),
        url=_of_site(site),
        action=_("To the buttons"),
    )


def _privacy(site: Site) -> Iterator[Point]:
    asks = Button.objects.filter(site=site, enabled=True, kind=ButtonKind.SEND_TO_MESSENGER).exists()
    if asks and not site.privacy_url:
        title = _("No privacy notice is declared")
        text = _("The law asks for one beside a button that asks for consent.")
        yield Point(level=Level.DOUBTFUL, title=title, text=text, url=_site(site), action=_("Declare it"))


def _weight(site: Site) -> Point:
    weight = tag.weight(site)
    size = number_format(round(weight / 1024, 1), 1)
    if weight <= tag.MOST_BYTES:
        return Point(level=Level.GOOD, title=_("Visitors fetch %(size)s KB") % {"size": size})
    return Point(
        level=Level.DOUBTFUL,
        title=_("Visitors fetch %(size)s KB, and 10 is what the tag is meant to need") % {"size": size},
        text=_("It works, a little later. Fewer or shorter texts and rules make it lighter."),
        url=_of_site(site),
        action=_("To the buttons"),
    )


def _of_site(site: Site) -> str:
    return f"{reverse('admin:pages_button_changelist')}?site__id__exact={site.pk}"


def _site(site: Site) -> str:
    return reverse("admin:pages_site_change", args=[site.pk])
