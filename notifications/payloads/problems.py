"""What is wrong with a message, and where: the words are in sentences.py, translated by whoever shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from notifications.payloads.sentences import SENTENCES


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` leads to a place in the message, or to one that is missing: `attachment.payload.elements[2].title`.

    `code` is stable and meant for programs; `message` is an English sentence with `%(name)s` places for `params`.
    """

    path: str
    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def english(self) -> str:
        return self.message % self.params


def problem(path: str, code: str, **params: object) -> Problem:
    return Problem(path, code, SENTENCES[code], params)


class PayloadError(ValueError):
    """The message can't be sent as it is; `problems` holds at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{found.path or 'message'}: {found.english()}" for found in self.problems))


class Refusal(ValueError):
    """Raised inside a validator; `at` names the key below the validated object, where the problem belongs to one."""

    def __init__(self, code: str, *, at: str = "", **params: object) -> None:
        self.code = code
        self.at = at
        self.params = params
        super().__init__(code)


def under(path: str, step: str | int) -> str:
    """The path of what lies below `path` under a key or an index."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step
