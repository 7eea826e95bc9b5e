"""Unfold's building blocks, as the type checker should see them.

Unfold's own annotations contradict Django's stubs and call every default an empty tuple or None. To the checker an
admin is Django's, with unfold's additions named here; at run time it is unfold's.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django.contrib import admin
    from django.db.models import Model
    from django.http import HttpRequest
    from django.utils.functional import Promise
    from unfold.dataclasses import UnfoldAction
    from unfold.enums import ActionVariant

    M = TypeVar("M", bound=Model)
    F = TypeVar("F", bound=Callable[..., Any])

    class ModelAdmin(admin.ModelAdmin[M]):
        actions_detail: Sequence[str]
        list_after_template: str | None
        # Ours: another way to add something, as the name of its address and words; it goes before the form's.
        other_door: tuple[str, str | Promise]
        nothing_yet: str | Promise  # ours: what an empty list says (templates/unfold/helpers/empty_results.html)
        change_form_outer_before_template: str | None
        change_form_outer_after_template: str | None

        def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]: ...

    def display(
        *,
        description: str | Promise | None = None,
        boolean: bool | None = None,
        label: bool | Mapping[str, str] | None = None,
        ordering: str | None = None,
    ) -> Callable[[F], F]: ...

    def action(
        *,
        description: str | Promise | None = None,
        url_path: str | None = None,
        permissions: Sequence[str] | None = None,
        icon: str | None = None,
        variant: ActionVariant = ActionVariant.DEFAULT,
    ) -> Callable[[F], F]: ...

else:
    from unfold.admin import ModelAdmin
    from unfold.decorators import action, display

__all__ = ["ModelAdmin", "action", "display"]
