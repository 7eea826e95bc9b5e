"""People and groups, in the product's look, and without a way to rise above oneself."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import AbstractUser, Group, Permission, User
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from messenger_admin.admin.rights import group_words, permission_words
from messenger_admin.roles import ROLES
from pages.admin.base import KeepsHistory
from pages.admin.unfold import display

ABOVE = ("is_superuser",)
# Whose permissions mean something in the admin; the rest belong to Django's own tables.
APPS = ("pages", "optins", "notifications", "auth")


class GroupChoice(forms.ModelMultipleChoiceField[Group]):
    def label_from_instance(self, obj: Group) -> str:
        return group_words(obj.name)


class PermissionChoice(forms.ModelMultipleChoiceField[Permission]):
    def label_from_instance(self, obj: Permission) -> str:
        return f"{obj.content_type} | {permission_words(obj)}"


class GroupFilter(admin.RelatedFieldListFilter):
    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str | StrPromise]]:
        return [(pk, group_words(str(name))) for pk, name in super().field_choices(field, request, model_admin)]


class PersonAdmin(KeepsHistory[User], DjangoUserAdmin[User]):
    """Whoever is no superuser neither makes one nor touches one."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    instead = _("Take away “Active” instead.")
    list_display = ("username", "full_name", "group_names", "is_active", "last_login")
    list_filter = ("is_active", ("groups", GroupFilter))
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("is_active", "is_staff", "groups", *ABOVE)}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    # No other way to log in than a password, so none to choose.
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "groups")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()  # three groups are ticked faster than they are moved between two boxes

    @admin.display(description=_("name"))
    def full_name(self, person: AbstractUser) -> str:
        return person.get_full_name()

    @admin.display(description=_("groups"))
    def group_names(self, person: AbstractUser) -> str:
        return ", ".join(group_words(group.name) for group in person.groups.all())

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs |= {"form_class": GroupChoice, "widget": UnfoldAdminCheckboxSelectMultipleWidget()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Groups are ticked here and made in their own list: no menu beside the boxes."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.widget = field.widget.widget
        return field

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, *ABOVE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _not_above(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _not_above(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        # An account made here is for somebody who works here.
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)


def _not_above(request: HttpRequest, obj: AbstractUser | None) -> bool:
    return request.user.is_superuser or obj is None or not obj.is_superuser


class PeopleGroupAdmin(KeepsHistory[Group], DjangoGroupAdmin):
    """The groups that come with the product stay: people are told to ask for them by name."""

    list_display = ("named",)
    filter_horizontal = ()

    @display(description=_("name"), ordering="name")
    def named(self, group: Group) -> str:
        return group_words(group.name)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        kwargs |= {"form_class": PermissionChoice, "widget": UnfoldAdminCheckboxSelectMultipleWidget()}
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(content_type__app_label__in=APPS)
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in ROLES)


def register() -> None:
    """Takes the place of django.contrib.auth's own."""
    admin.site.unregister([User, Group])
    admin.site.register(User, PersonAdmin)
    admin.site.register(Group, PeopleGroupAdmin)
