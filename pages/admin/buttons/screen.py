"""What the editor's page needs besides its form."""

from typing import Any

from django.utils.translation import get_language

from pages.admin.buttons.form import LANGUAGES, ButtonForm
from pages.admin.buttons.rules import MAX_RULES
from pages.buttons import looks
from pages.buttons.config import page_of
from pages.buttons.targeting import MAX_CONDITIONS
from pages.states import GatewayKind


def context_of(form: ButtonForm, *, may_change: bool) -> dict[str, Any]:
    page = page_of(form.site)
    spoken = get_language() or ""
    return {
        "site": form.site,
        "may_change": may_change,
        "page_missing": page is None,
        "through_iadvize": page is not None and page.gateway != GatewayKind.META,
        "default_labels": {kind: dict(labels) for kind, labels in looks.LABELS.items()},
        "comparisons": form.rules.allowed,
        "languages": LANGUAGES,
        "spoken": spoken if spoken in LANGUAGES else next(iter(LANGUAGES)),
        "remarks": list(form.remarks) if form.is_bound else [],
        "max_rules": MAX_RULES,
        "max_conditions": MAX_CONDITIONS,
    }
