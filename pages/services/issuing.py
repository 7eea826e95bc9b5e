"""Issuing, replacing and revoking API tokens. The secret is returned once, to be shown once, and stored nowhere."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from pages import api_secrets, audit
from pages.models import ApiToken, Binding, Link, Page, Site
from pages.models.api_token import DEFAULT_REQUESTS_PER_SECOND
from pages.services.api_tokens import forget


class CannotIssue(Exception):
    """The token can't be as it was asked for; `str()` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a token shall open: one site, or pages. `scopes` are words of pages.scopes.Scope."""

    name: str
    scopes: Collection[str]
    site: Site | None = None
    pages: Collection[Page] = ()
    expires_at: datetime | None = None
    requests_per_second: int = DEFAULT_REQUESTS_PER_SECOND


def issue(*, terms: Terms, actor: AbstractBaseUser | None, now: datetime) -> tuple[ApiToken, str]:
    """The token and its secret. Raises CannotIssue for terms that open nothing, ValidationError for bad values."""
    bindings = _bindings(terms)
    return _store(_new(terms, actor, now), bindings, actor)


def _bindings(terms: Terms) -> list[Binding]:
    if bool(terms.site) == bool(terms.pages):
        raise CannotIssue(_("A token is for one site, or for pages: choose one of the two."))
    if terms.site:
        return [Binding(site=terms.site)]
    links = {link.page_id: link for link in Link.objects.open().filter(page__in=terms.pages)}
    for page in terms.pages:
        if page.pk not in links:
            raise CannotIssue(
                _("%(page)s belongs to no site. Link it first: a token opens linked pages only.") % {"page": page}
            )
    return [Binding(site_id=link.site_id, page_id=page) for page, link in links.items()]


def _new(terms: Terms, actor: AbstractBaseUser | None, now: datetime) -> ApiToken:
    return ApiToken(
        name=terms.name,
        scopes=sorted(terms.scopes),
        requests_per_second=terms.requests_per_second,
        expires_at=terms.expires_at,
        created_at=now,
        created_by_id=actor.pk if actor else None,
    )


def _store(
    token: ApiToken, bindings: Collection[Binding], actor: AbstractBaseUser | None, **detail: object
) -> tuple[ApiToken, str]:
    secret = api_secrets.make(secrets.token_bytes(api_secrets.ENTROPY))
    token.prefix, token.sha256 = secret[: api_secrets.SHOWN], api_secrets.digest(secret)
    # The database's own refusal would speak of a constraint.
    token.full_clean(validate_unique=False)
    with transaction.atomic():
        token.save(force_insert=True)
        for binding in bindings:
            binding.token = token
        Binding.objects.bulk_create(bindings)
        audit.record(actor=actor, action="token.issued", subject=token, name=token.name, scopes=token.scopes, **detail)
    return token, secret


def replace(
    *, token: ApiToken, old_until: datetime, actor: AbstractBaseUser | None, now: datetime
) -> tuple[ApiToken, str] | None:
    """A token that opens the same, with a secret of its own; the old one ends at `old_until`, at once if that is now.

    None: the old one does not hold any more. The new one lives as long as the old one was made for.
    """
    with transaction.atomic():
        old = ApiToken.objects.valid(now).select_for_update(no_key=True).filter(pk=token.pk).first()
        if old is None:
            return None
        new, secret = _store(_twin(old, actor, now), _same(old), actor, replaces=old.pk)
        if old_until <= now:
            _end(old, actor, now, replaced_by=new.pk)
        else:
            _limit(old, old_until, actor, replaced_by=new.pk)
    return new, secret


def _twin(old: ApiToken, actor: AbstractBaseUser | None, now: datetime) -> ApiToken:
    return ApiToken(
        name=old.name,
        scopes=old.scopes,
        requests_per_second=old.requests_per_second,
        expires_at=now + (old.expires_at - old.created_at) if old.expires_at else None,
        created_at=now,
        created_by_id=actor.pk if actor else None,
    )


def _same(old: ApiToken) -> list[Binding]:
    return [Binding(site_id=binding.site_id, page_id=binding.page_id) for binding in old.bindings.all()]


def _limit(old: ApiToken, until: datetime, actor: AbstractBaseUser | None, **detail: object) -> None:
    """A token that ends sooner by itself keeps its own end."""
    if old.expires_at is None or old.expires_at > until:
        ApiToken.objects.filter(pk=old.pk).update(expires_at=until)
        _forget_in_the_end(old)
    audit.record(actor=actor, action="token.replaced", subject=old, until=until.isoformat(), **detail)


def revoke(*, token: ApiToken, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Ends the token at once and for good. False: it was revoked already."""
    with transaction.atomic():
        return _end(token, actor, now)


def _end(token: ApiToken, actor: AbstractBaseUser | None, now: datetime, **detail: object) -> bool:
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        return False
    audit.record(actor=actor, action="token.revoked", subject=token, name=token.name, **detail)
    _forget_in_the_end(token)
    return True


def _forget_in_the_end(token: ApiToken) -> None:
    """Not before others can see it: a request in between would remember what was."""
    transaction.on_commit(partial(forget, token))
