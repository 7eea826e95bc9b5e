"""Who was erased by Facebook's id: a keyed hash, which names nobody, and since when."""

from django.db import models


class Erased(models.Model):
    """`digest` is pages/conversations/erased.py's: without the key nobody can tell whose it is.

    What happened until `at` is never told again. `back_at` is when the person agreed anew, herself, in Messenger: from
    then on a system may name her again.
    """

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    back_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest[:12]
