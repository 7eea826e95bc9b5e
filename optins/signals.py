"""What optins announces to the apps above, which it does not know."""

from django.dispatch import Signal

# Sent with `optin` and `now` in the transaction that ends an agreement.
optin_ended = Signal()
# Sent with `optin` and `now` in the transaction that gives an agreement, or gives one anew that had ended.
optin_agreed = Signal()
# The same with `optins`, a list, and `now`, from whoever brings many at once.
optins_agreed = Signal()
# Sent with `page`, `thread`, `body`, `about` and `now` in an event's transaction: the person is told something. `body`
# has a `text` and perhaps `quick_replies` (`title`, `payload`); `about` is the name of the event that it answers.
answer_wanted = Signal()
# Sent with `thread` and `now` in the transaction of a STOP, before its own answer is wanted: nothing that was done
# before it is answered any more.
stop_heard = Signal()
# Asks, with `thread`, which opt-in (its id) the last message to the person was for. A receiver may answer None.
last_written_to = Signal()
# Asks, with `optin`, whether something of it is on its way this instant. A receiver answers with a bool.
optin_erasing = Signal()
# Sent with `optin`, `customer_id` and `now` in the transaction that erases it: whoever knows the person forgets.
optin_erased = Signal()
# Sent with `customer_id` and `now` in the transaction that erases an id which nobody holds.
id_erased = Signal()
# Asks which chapters a person's whole file has beyond those of optins: each receiver answers a list of Chapter
# (optins/services/whole_file/chapter.py).
chapters_wanted = Signal()
