"""What a person may do with an import in each of its states, and what is said when it is done."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from optins.services import importing
from optins.states import ImportState

S = ImportState


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`perform` raises Moved where the import is in none of `states` any more. One that `asks` has a question first."""

    name: str
    label: str | Promise
    icon: str
    states: frozenset[ImportState]
    perform: Callable[..., None]
    done: str | Promise
    asks: bool = False


ACTS = {
    act.name: act
    for act in (
        Act(
            name="confirm",
            label=pgettext_lazy("act", "Import"),
            icon="publish",
            states=frozenset({S.CHECKED}),
            perform=importing.confirm,
            done=_("The import runs. You may leave this page."),
        ),
        Act(
            name="stop",
            label=_("Stop"),
            icon="pause",
            states=frozenset({S.RUNNING}),
            perform=importing.stop,
            done=_("Stopped. What came in until now stays; it can go on at any time."),
        ),
        Act(
            name="go-on",
            label=_("Go on"),
            icon="play_arrow",
            states=frozenset({S.STOPPED}),
            perform=importing.go_on,
            done=_("It goes on where it stopped."),
        ),
        Act(
            name="drop",
            label=_("Drop"),
            icon="delete",
            states=frozenset({S.CHECKING, S.CHECKED, S.STOPPED}),
            perform=importing.drop,
            done=_("Dropped. The file is deleted."),
            asks=True,
        ),
    )
}
