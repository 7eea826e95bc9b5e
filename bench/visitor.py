"""A person with a browser: logs in to the admin and presses its buttons, over HTTP."""

import re
import time

import requests

from bench.stack.installation import PASSWORD

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._session = requests.Session()
        self._post("/admin/login/", username="admin", password=PASSWORD)

    def press(self, campaign: int, act: str) -> tuple[float, float]:
        """Confirms an act on a campaign; when it was sent, and when the answer was there (seconds since the epoch)."""
        return self._post(f"/admin/notifications/campaign/{campaign}/{act}/")

    def seconds_of(self, path: str) -> float:
        began = time.perf_counter()
        answer = self._session.get(self._base + path)
        seconds = time.perf_counter() - began
        answer.raise_for_status()
        return seconds

    def _post(self, path: str, **values: str) -> tuple[float, float]:
        found = _TOKEN.search(self._session.get(self._base + path).text)
        if not found:
            raise RuntimeError(f"{path} has no form")
        values |= {"csrfmiddlewaretoken": found[1]}
        began = time.time()
        answer = self._session.post(self._base + path, values, headers={"Referer": self._base}, allow_redirects=False)
        ended = time.time()
        if answer.status_code != 302:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return began, ended
