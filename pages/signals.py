"""What pages announces to the apps above, which it does not know."""

from django.dispatch import Signal

# Sent with `page` in the transaction that lets a page send again (a token was entered, a link opened).
page_resumed = Signal()
# Sent with `page`, `thread` (or None), `event` (of pages/events.py) and `now`, in the transaction that marks
# the event as processed. A receiver that raises keeps the event for another try, so receivers are idempotent.
facebook_event = Signal()
# Sent with `page` and `now`, outside any transaction, after the daily look at a page that Facebook answers for: whoever
# keeps something else of Facebook's about the page looks too. A receiver writes its troubles down and raises nothing.
page_looked_at = Signal()
# Sent with `page` before somebody moves it to another site; each receiver answers sentences on what goes with it.
page_moving = Signal()
# Sent with `thread` and `now` in the transaction that forgets the person: whoever knows of the conversation forgets.
thread_forgotten = Signal()
