"""Conversations for the measures, made in sets: a page of many, and one that is long."""

from typing import Any

from django.db import connection

from pages.models import Page, Thread
from pages.states import GatewayKind

_NAMES = "(ARRAY['Claire', 'Zoé', 'Ahmed', 'Inès', 'Hugo', 'Léa', 'Paul', 'Nadia', 'Jean', 'Sofia'])[1 + n %% 10]"
_SURNAMES = "(ARRAY['Martin', 'Lefèvre', 'Dubois', 'Petit', 'Rossi', 'Haddad', 'Diallo'])[1 + n %% 7]"
_THREADS = f"""
INSERT INTO pages_thread (page_id, psid, name, picture_url, profile_at, first_at, last_at, excerpt, last_direction,
    unread, answered, acted_at, closed_at)
SELECT %(page)s, (7000000000000000 + n)::text, {_NAMES} || ' ' || {_SURNAMES} || ' ' || n, '', now(),
    now() - interval '1 day', now() - n * interval '1 second', 'Bonjour', 'in', (n %% 50 = 0)::int, '[]', now(),
    CASE WHEN n %% 2 = 0 THEN now() END
FROM generate_series(1, %(count)s) AS n
"""
# Words that all hold, that one in a hundred holds, and one in a hundred thousand.
_MESSAGES = """
INSERT INTO pages_threadmessage (thread_id, mid, direction, writer, at, text, attachments, origin, reactions, reply_to,
    metadata)
SELECT t.id, 'm_' || t.id || '_' || n, CASE WHEN n %% 2 = 0 THEN 'out' ELSE 'in' END,
    CASE WHEN n %% 2 = 0 THEN 'page_inbox' ELSE 'person' END, t.last_at - n * interval '1 minute',
    'Bonjour, où en est la commande FR-' || t.id || CASE WHEN t.id %% 100000 = 1 THEN ' Chrysanthème'
        WHEN t.id %% 100 = 0 THEN ' réclamation' ELSE ' merci' END,
    '[]', '{}', '[]', '', ''
FROM pages_thread AS t, generate_series(1, %(count)s) AS n WHERE t.id BETWEEN %(first)s AND %(last)s
"""


def conversations(count: int, longest: int) -> dict[str, Any]:
    """A page with so many threads of a message each, the first of `longest` messages: the page's key, and its."""
    number = Page.objects.count() + 1
    page = Page.objects.create(page_id=str(422837607840000 + number), name=f"Page {number}", gateway=GatewayKind.META)
    with connection.cursor() as cursor:
        cursor.execute(_THREADS, {"page": page.pk, "count": count})
        threads = Thread.objects.filter(page=page).order_by("pk")
        first, last = threads[0].pk, threads.reverse()[0].pk
        cursor.execute(_MESSAGES, {"count": 1, "first": first + 1, "last": last})
        cursor.execute(_MESSAGES, {"count": longest, "first": first, "last": first})
    return {"page": page.pk, "longest": first}
