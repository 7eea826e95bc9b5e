"""Facebook's permissions and refusals in words for people."""

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from messenger_admin.sandbox.facebook.consent import Problem

SCOPES: dict[str, StrOrPromise] = {
    "pages_show_list": gettext_lazy("See which pages you look after"),
    "pages_manage_metadata": gettext_lazy("Listen to what happens on your pages"),
    "pages_messaging": gettext_lazy("Read and write the messages of your pages"),
    "pages_read_engagement": gettext_lazy("Read the content of your pages"),
    "business_management": gettext_lazy("See the businesses that your pages belong to"),
    "pages_utility_messaging": gettext_lazy("Send utility messages from approved templates"),
    "page_utility_messaging": gettext_lazy("Send utility messages from approved templates"),
}

PROBLEMS: dict[Problem, tuple[StrOrPromise, StrOrPromise]] = {
    Problem.VERSION: (
        gettext_lazy("This version is not supported"),
        gettext_lazy("Facebook has no such version any more, or not yet. Look at GRAPH_VERSION."),
    ),
    Problem.APP: (
        gettext_lazy("Invalid app ID"),
        gettext_lazy("The app ID is not that of an app that this Facebook knows. Look at FACEBOOK_APP_ID."),
    ),
    Problem.REDIRECT: (
        gettext_lazy("URL blocked"),
        gettext_lazy("The redirect URI is not on the app’s list of valid ones: addresses that begin with PUBLIC_URL."),
    ),
    Problem.RESPONSE_TYPE: (
        gettext_lazy("Response type not supported"),
        gettext_lazy("This dialog gives codes alone: response_type=code."),
    ),
    Problem.CONFIGURATION: (
        gettext_lazy("Invalid configuration"),
        gettext_lazy("The app has no configuration with this ID. Look at FACEBOOK_CONFIG_ID."),
    ),
    Problem.SCOPES: (
        gettext_lazy("Invalid scopes"),
        gettext_lazy("Facebook knows no permission of this name. Look at FACEBOOK_SCOPES."),
    ),
}
