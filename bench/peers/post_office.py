"""django-post-office: queues with `send_many`, sends with one process of `send_queued`, its usual command.

`python -m bench.peers.post_office '{"count": ..., "body": ...}'` prints `{"seconds": ..., "sent": ...}` of the
sending alone. Its far end is a local SMTP sink (smtp_sink.py).
"""

import json
import os
import sys
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.mail_settings"
django.setup()

from django.core.management import call_command  # noqa: E402  (the settings come first)
from post_office import mail  # noqa: E402
from post_office.models import STATUS, Email  # noqa: E402


def main() -> None:
    values = json.loads(sys.argv[1])
    call_command("migrate", interactive=False, verbosity=0)
    Email.objects.all().delete()
    mail.send_many(
        [
            {
                "sender": "shop@example.com",
                "recipients": [f"customer-{number}@example.com"],
                "subject": "Your order",
                "message": values["body"],
            }
            for number in range(values["count"])
        ]
    )
    began = time.perf_counter()
    # So many at once, and so many threads, as its own defaults have it; again until the queue is empty.
    while Email.objects.filter(status=STATUS.queued).exists():
        mail.send_queued(processes=1)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "sent": Email.objects.filter(status=STATUS.sent).count()}))


if __name__ == "__main__":
    main()
