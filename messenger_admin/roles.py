"""What each of the three groups may do: one table, which the migrations write and a test compares with the database."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

# Stored in English; screens show them in the reader's language.
ADMINISTRATORS = gettext_noop("Administrators")
MARKETING = gettext_noop("Marketing")
SUPPORT = gettext_noop("Support")

# Everybody reads what happened to a message, from the page it left to the answer that came back.
_READS_THE_STORY = frozenset(
    {
        "pages.view_site",
        "pages.view_page",
        "pages.view_incident",
        "pages.view_button",
        "optins.view_optin",
        "optins.view_idpattern",
        "notifications.view_notification",
        "notifications.view_content",
        "notifications.view_campaign",
        "notifications.view_delivery",
        "notifications.view_attempt",
    }
)


def _writes(*models: str) -> frozenset[str]:
    """`app.model` to its four permissions."""
    pairs = [model.split(".") for model in models]
    return frozenset(f"{app}.{verb}_{model}" for app, model in pairs for verb in ("add", "change", "delete", "view"))


# Group to permissions, each as `app.codename`.
ROLES: Mapping[str, frozenset[str]] = {
    # Links pages to sites, holds the tokens, lets people in; sees everything, sends nothing.
    ADMINISTRATORS: _READS_THE_STORY
    | _writes("pages.site", "pages.page", "pages.button", "optins.idpattern", "auth.user", "auth.group")
    | {
        "pages.link_page",
        "pages.set_token",
        "pages.add_apitoken",
        "pages.view_apitoken",
        "pages.revoke_apitoken",
        "notifications.add_callback",
        "notifications.change_callback",
        "notifications.view_callback",
        "notifications.view_callbackcall",
        "notifications.view_utilitytemplate",
        "pages.view_link",
        "pages.view_auditentry",
        "pages.view_webhookpost",
        "pages.view_webhookevent",
        "pages.replay_webhookevent",
        "pages.view_thread",
        "optins.view_recipient",
        "optins.view_consentevent",
        "optins.change_tagfinding",
        "optins.view_tagfinding",
        "optins.erase_optin",
        "optins.add_import",
        "optins.view_import",
        "notifications.arm_installation",
    },
    # Composes, tests, schedules, launches, watches.
    MARKETING: _READS_THE_STORY
    | _writes("notifications.notification", "notifications.campaign")
    | {
        "notifications.send_test",
        "notifications.launch_campaign",
        "notifications.add_utilitytemplate",
        "notifications.delete_utilitytemplate",
        "notifications.view_utilitytemplate",
    },
    # Answers who writes, reads one customer's whole story, decides the doubtful, takes agreements down and back.
    SUPPORT: _READS_THE_STORY
    | {
        "pages.view_thread",
        "pages.answer_thread",
        "pages.view_webhookpost",
        "pages.view_webhookevent",
        "optins.add_optin",
        "optins.change_optin",
        "optins.erase_optin",
        "optins.add_import",
        "optins.view_import",
        "optins.view_recipient",
        "optins.view_consentevent",
        "notifications.resolve_delivery",
    },
}
