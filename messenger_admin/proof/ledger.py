"""What the ledger says, read in plain SQL: the code under proof is not asked."""

from collections.abc import Collection
from datetime import UTC, datetime

from messenger_admin.proof.databases import Questions
from messenger_admin.proof.judge import Row


def _held_by(pids: Collection[int]) -> str:
    """A lease's holder is named `machine:process:number`."""
    return " OR ".join(f"l.holder LIKE '%:{pid:d}:%'" for pid in sorted(pids)).join("()")


class Ledger:
    def __init__(self, url: str) -> None:
        self._questions = Questions(url)

    def counts(self) -> dict[str, int]:
        """How many deliveries are in each state."""
        return dict(self._questions.ask("SELECT state, count(*) FROM notifications_delivery GROUP BY state"))

    def holds_a_lease(self, pids: Collection[int]) -> bool:
        return bool(self._questions.ask(f"SELECT 1 FROM notifications_lease l WHERE {_held_by(pids)}"))  # noqa: S608

    def in_flight(self, pids: Collection[int]) -> dict[int, int]:
        """What the processes have marked and not recorded, each with its page's key."""
        return dict(
            self._questions.ask(
                "SELECT d.id, d.page_id FROM notifications_delivery d "  # noqa: S608
                "JOIN notifications_lease l ON l.page_id = d.page_id "
                f"WHERE d.state = 'dispatching' AND d.fence <= l.fence AND {_held_by(pids)}"
            )
        )

    def lost(self, fences: dict[int, int]) -> dict[int, int]:
        """Those of the fences, by their page's key, that are not the page's newest any more."""
        newest = dict(self._questions.ask("SELECT page_id, fence FROM notifications_lease"))
        return {page: fence for page, fence in fences.items() if newest[page] != fence}

    def fences(self, pids: Collection[int]) -> dict[int, int]:
        """The fences of the leases that the processes hold, by their page's key."""
        return dict(
            self._questions.ask(f"SELECT page_id, fence FROM notifications_lease l WHERE {_held_by(pids)}")  # noqa: S608
        )

    def begun_under(self, fences: dict[int, int], *, since: float) -> frozenset[int]:
        """Deliveries of those pages, tried under those fences, whose try began after `since` (epoch seconds)."""
        moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return frozenset(
            pk
            for page, fence in fences.items()
            for pk in self._ids(
                "SELECT a.delivery_id FROM notifications_attempt a JOIN notifications_delivery d "  # noqa: S608
                f"ON d.id = a.delivery_id WHERE d.page_id = {page:d} AND a.fence = {fence:d} "
                f"AND a.started_at > '{moment}'"
            )
        )

    def rows(self) -> list[Row]:
        found = self._questions.ask(
            "SELECT d.id, d.campaign_id, p.page_id, o.customer_id, d.state, d.reason, d.fence, "
            "d.dispatch_started_at FROM notifications_delivery d "
            "JOIN pages_page p ON p.id = d.page_id JOIN optins_optin o ON o.id = d.optin_id"
        )
        names = ("delivery_id", "campaign_id", "page_id", "customer_id", "state", "reason", "fence", "marked_at")
        return [Row(**dict(zip(names, (*values, str(marked_at)), strict=True))) for *values, marked_at in found]

    def tallies(self) -> dict[int, dict[str, int]]:
        states = ("queued", "dispatching", "sent", "delivered", "read", "failed", "unknown", "skipped", "cancelled")
        found = self._questions.ask(f"SELECT campaign_id, {', '.join(states)} FROM notifications_tally")  # noqa: S608
        return {campaign: dict(zip(states, counts, strict=True)) for campaign, *counts in found}

    def campaign_states(self) -> dict[int, str]:
        return dict(self._questions.ask("SELECT id, state FROM notifications_campaign"))

    def _ids(self, question: str) -> list[int]:
        return [row[0] for row in self._questions.ask(question)]
