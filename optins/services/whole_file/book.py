"""All chapters there are, ours and those of the apps above."""

from typing import cast

from optins.services.whole_file import agreements, clicks, conversation, files
from optins.services.whole_file.chapter import Chapter
from optins.signals import chapters_wanted


def chapters() -> list[Chapter]:
    told = cast("list[tuple[object, list[Chapter]]]", chapters_wanted.send(sender=Chapter))
    ours = (*agreements.CHAPTERS, *clicks.CHAPTERS, *files.CHAPTERS, *conversation.CHAPTERS)
    found = [*ours, *(one for _receiver, chosen in told for one in chosen)]
    return sorted(found, key=lambda chapter: chapter.order)


def rights() -> set[str]:
    """Whoever may see each part on the screens may have them together."""
    return {chapter.right for chapter in chapters()}
