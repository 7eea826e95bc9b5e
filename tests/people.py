"""Somebody at the keyboard, in each of the roles that come with the product."""

from django.contrib.auth.models import Group, User
from django.test import Client

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from tests.factories import UserFactory

SUPERUSER = "superuser"
NOBODY = "nobody"
# Logged in, and in no group.
STRANGER = "stranger"
ROLES = (SUPERUSER, ADMINISTRATORS, MARKETING, SUPPORT, STRANGER, NOBODY)


def person(role: str) -> User:
    user: User = UserFactory(is_superuser=role == SUPERUSER)
    if role in (ADMINISTRATORS, MARKETING, SUPPORT):
        user.groups.add(Group.objects.get(name=role))
    return user


def client_as(role: str) -> Client:
    client = Client()
    if role != NOBODY:
        client.force_login(person(role))
    return client
