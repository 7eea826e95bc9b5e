"""Our chapters, in their order."""

from notifications.services.whole_file import deliveries, told

CHAPTERS = (*deliveries.CHAPTERS, *told.CHAPTERS)
