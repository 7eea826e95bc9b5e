"""The form of a notification: its name, and the composer of its kind."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextInputWidget

from notifications.admin.composer.base import Remark
from notifications.admin.composer.instead import InsteadForm
from notifications.admin.composer.kinds import COMPOSERS
from notifications.models import Notification
from notifications.states import Kind


class ComposerForm(forms.ModelForm[Notification]):
    """`version` is when the notification had last changed as the form was shown: nobody overwrites unawares."""

    kind: ClassVar[Kind]

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Notification
        fields = ["name"]
        widgets = {"name": UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"})}

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        initial = {**(options.pop("initial", None) or {})}
        body, instead = initial.pop("body", None), initial.pop("utility", None)
        instance = options.get("instance")
        super().__init__(data, files, initial={**initial, "version": version_of(instance)}, **options)
        self.body_before = instance.body if instance else body
        self.composer = COMPOSERS[self.kind](data, body=self.body_before)
        self.utility_before = instance.utility if instance else instead
        self.instead = InsteadForm(data, chosen=self.utility_before)

    def is_valid(self) -> bool:
        # Asked first: it composes the message.
        if not super().is_valid() or self.composer.is_asked_for_a_row:
            return False
        return self.composer.message is not None and self.instead.is_valid()

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.composer.is_asked_for_a_row:
            self._errors = ErrorDict(renderer=self.renderer)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.composer.is_asked_for_a_row:
            self.composer.compose()
        posted = self.cleaned_data.get("version")
        if posted and self.instance.pk and posted != version_of(self.instance):
            self._give_back()
        return self.cleaned_data

    def _give_back(self) -> None:
        """Sent once more, the form saves: the person has been told."""
        self.data = {**{key: self.data[key] for key in self.data}, "version": version_of(self.instance)}
        at = formats.date_format(timezone.localtime(self.instance.updated_at), "DATETIME_FORMAT")
        raise ValidationError(
            _(
                "Somebody saved another version of this notification while you were composing (%(at)s). "
                "What you see below is yours. Save again to replace the other one."
            )
            % {"at": at},
            code="changed_meanwhile",
        )

    def _post_clean(self) -> None:
        if self.composer.message is not None:
            self.instance.kind = self.kind
            self.instance.body = self.composer.message.as_dict()
            if self.instead.was_asked and self.instead.is_valid():
                self.instance.utility = self.instead.choice.as_dict() if self.instead.choice else None
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which its stubs leave out

    @property
    def changed_body(self) -> bool:
        return bool(self.instance.body != self.body_before)

    @property
    def changed_utility(self) -> bool:
        return bool((self.instance.utility or None) != (self.utility_before or None))

    def remarks(self) -> list[Remark]:
        """Everything that is wrong with the message and with what goes out instead."""
        return [*self.composer.errors(), *self.instead.remarks()]


def version_of(notification: Notification | None) -> str:
    return notification.updated_at.isoformat() if notification and notification.pk else ""


def form_for(kind: Kind) -> type[ComposerForm]:
    return FORMS[kind]


FORMS = {kind: type(f"{kind.title()}Form", (ComposerForm,), {"kind": kind}) for kind in Kind}
