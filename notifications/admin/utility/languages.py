"""The languages that a template can be in, by Facebook's codes; those of Europe's shops first."""

from django.utils.translation import gettext_lazy as _

LANGUAGES = [
    ("fr", _("French")),
    ("en", _("English")),
    ("en_GB", _("English (UK)")),
    ("en_US", _("English (US)")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("it", _("Italian")),
    ("nl", _("Dutch")),
    ("pt_PT", _("Portuguese (Portugal)")),
    ("pt_BR", _("Portuguese (Brazil)")),
    ("pl", _("Polish")),
    ("ro", _("Romanian")),
    ("da", _("Danish")),
    ("sv", _("Swedish")),
    ("nb", _("Norwegian")),
    ("fi", _("Finnish")),
    ("cs", _("Czech")),
    ("el", _("Greek")),
    ("hu", _("Hungarian")),
    ("tr", _("Turkish")),
    ("ar", _("Arabic")),
]
