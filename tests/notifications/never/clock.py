"""The only clock of a history: it moves when the history says so, and stands still while an act takes place."""

from datetime import UTC, datetime, timedelta

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def tick(self, by: timedelta = SECOND) -> datetime:
        self.at += by
        return self.at

    def back_to_start(self) -> None:
        self.at = START
