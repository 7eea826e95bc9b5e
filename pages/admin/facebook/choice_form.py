"""What was ticked, and the site for each: read from the form, refused at the row where it is wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from pages.admin.facebook.permissions import Words, words_of
from pages.models import Link, Site
from pages.services.choices import Choice
from pages.services.connecting import Chosen
from pages.services.links import SiteHeld


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    choice: Choice
    ticked: bool
    site: str
    error: str
    missing_tasks: list[tuple[str, Words]]
    missing_permissions: list[tuple[str, Words]]


@dataclass
class ChoiceForm:
    """Not a Django form: its fields are as many as the person has pages, and greyed ones are none of them."""

    choices: Sequence[Choice]
    data: Mapping[str, str] | None = None
    chosen: list[Chosen] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    refusal: str = ""

    def is_valid(self) -> bool:
        if self.data is None:
            return False
        ticked = [choice for choice in self.choices if self._is_ticked(choice)]
        if gone := [choice for choice in ticked if not choice.is_free]:
            self.refusal = _("%(page)s can't be linked any more: see below why.") % {"page": gone[0].page.name}
        elif not ticked:
            self.refusal = _("Tick at least one page.")
        found = [(choice, self._site_of(choice)) for choice in ticked if choice.is_free]
        self._refuse_twice([site for _choice, site in found if site], found)
        self.chosen = [Chosen(page=choice.page, site=site) for choice, site in found if site]
        return not self.refusal and not self.errors

    def refuse(self, reason: str) -> None:
        self.refusal = reason

    def rows(self) -> list[Row]:
        return [self._row(choice) for choice in self.choices]

    def _row(self, choice: Choice) -> Row:
        before = str(choice.before) if choice.before else ""
        return Row(
            choice=choice,
            ticked=choice.is_free and self._is_ticked(choice),
            site=before if self.data is None else self._typed(choice),
            error=self.errors.get(choice.page.page_id, ""),
            missing_tasks=words_of(choice.page.missing_tasks),
            missing_permissions=words_of(choice.page.missing_permissions),
        )

    def _is_ticked(self, choice: Choice) -> bool:
        return bool(self.data and self.data.get(f"page-{choice.page.page_id}"))

    def _typed(self, choice: Choice) -> str:
        return (self.data or {}).get(f"site-{choice.page.page_id}", "").strip()[:200]

    def _site_of(self, choice: Choice) -> Site | None:
        typed = self._typed(choice)
        try:
            return find_site(typed)
        except NoSite as error:
            self.errors[choice.page.page_id] = str(error)
            return None

    def _refuse_twice(self, sites: Sequence[Site], found: Sequence[tuple[Choice, Site | None]]) -> None:
        counted = Counter(site.pk for site in sites)
        for choice, site in found:
            if site and counted[site.pk] > 1:
                text = _("A site has one page: give %(site)s to one of them only.") % {"site": site}
                self.errors.setdefault(choice.page.page_id, text)


class NoSite(Exception):
    """What was typed names no site that is free; `str()` says why."""


def find_site(typed: str) -> Site:
    """By "Name (SID)" as it is offered, by SID, or by a name that one site alone has. Raises NoSite."""
    if not typed:
        raise NoSite(_("Choose the site that this page shall belong to."))
    sid = typed.rpartition("(")[2].rstrip(")").strip()
    by_sid = Site.objects.filter(Q(sid=typed) | Q(sid=sid)).order_by("pk")
    sites = list(by_sid[:2]) or list(Site.objects.filter(name__iexact=typed).order_by("pk")[:2])
    if not sites:
        raise NoSite(_("No site has the SID or the name “%(typed)s”. Create it first.") % {"typed": typed})
    if len(sites) > 1:
        raise NoSite(_("Several sites are called “%(typed)s”: give the SID.") % {"typed": typed})
    link = Link.objects.open().filter(site=sites[0]).select_related("page").defer("page__token").first()
    if link:
        raise NoSite(str(SiteHeld(sites[0], link.page)))
    return sites[0]
