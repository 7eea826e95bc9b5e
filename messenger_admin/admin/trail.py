"""Where a person is: from the list in the sidebar, by the object, to what is being done with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.options import Options
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst

from messenger_admin.admin.navigation import GROUPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A name, and where it leads; `url` is empty for the place where the person is."""

    title: str | Promise
    url: str = ""


def trail(context: RequestContext) -> list[Step]:
    """The last step is the page itself. A page of no model, such as Today, has one step: its title."""
    steps = list(_steps(context))
    return [*steps[:-1], Step(title=steps[-1].title)]


def _steps(context: RequestContext) -> Iterator[Step]:
    cl, opts, obj = context.get("cl"), context.get("opts"), _object(context)
    opts = opts or (cl.opts if cl else None) or (obj._meta if obj else None)
    title = Step(title=capfirst(str(context.get("title") or "")))
    if opts is None:
        yield title
        return
    yield (listed := Step(title=list_title(opts), url=_url(opts, "changelist")))
    if context.request.path == listed.url:
        return
    if obj is not None:
        yield (shown := Step(title=str(obj), url=_url(opts, "change", obj.pk)))
        if context.request.path == shown.url:
            return
    yield title


def _object(context: RequestContext) -> models.Model | None:
    """The questions name it `original`; deletion and history name it `object`."""
    found = (context.get(name) for name in ("original", "object"))
    return next((obj for obj in found if isinstance(obj, models.Model) and obj.pk is not None), None)


def list_title(opts: Options[Any]) -> str:
    """The sidebar's name for the list, else the model's own."""
    url = f"admin:{opts.app_label}_{opts.model_name}_changelist"
    items = (item for _group, group in GROUPS for item in group)
    found = next((item.title for item in items if item.url == url and not item.query), opts.verbose_name_plural)
    return capfirst(str(found))


def _url(opts: Options[Any], view: str, *args: object) -> str:
    try:
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{view}", args=args)
    except NoReverseMatch:
        return ""
