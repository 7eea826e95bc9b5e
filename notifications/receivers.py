"""What happens here when something happens in the apps below."""


def connect() -> None:
    """Connects the receivers; called once, when the app is ready."""
