"""The person at the keyboard, as services know them."""

from typing import cast

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest


def actor_of(request: HttpRequest) -> AbstractBaseUser:
    """Admin views let nobody in who isn't logged in."""
    return cast("AbstractBaseUser", request.user)
