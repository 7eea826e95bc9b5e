"""The one app that the sandbox's Facebook knows: this installation's."""

from dataclasses import dataclass, field

from django.conf import settings

NAME = "Messenger Admin (sandbox)"
VERSIONS = ("v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """`home` is where people and events are sent back to; every address that the app names has to begin with it."""

    app_id: str
    secret: str = field(repr=False)
    home: str
    graph: str
    config_id: str
    scopes: tuple[str, ...]

    @property
    def token(self) -> str:
        return f"{self.app_id}|{self.secret}"

    def owns(self, url: str) -> bool:
        return url == self.home or url.startswith(f"{self.home}/")


def this() -> App:
    return App(
        app_id=settings.FACEBOOK_APP_ID,
        secret=settings.FACEBOOK_APP_SECRET,
        home=settings.PUBLIC_URL,
        graph=settings.GRAPH_URL,
        config_id=settings.FACEBOOK_CONFIG_ID,
        scopes=tuple(settings.FACEBOOK_SCOPES),
    )


def newest() -> str:
    return VERSIONS[-1]


def picture_url(page_id: str) -> str:
    """A page's picture, drawn by the sandbox's web."""
    return f"{settings.PUBLIC_URL}/sandbox/facebook/pictures/{page_id}.svg"
