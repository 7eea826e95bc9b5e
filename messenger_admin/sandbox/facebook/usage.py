"""The headers in which Graph says how much of its limits is used up. Pure.

Graph API, "Rate limits": percentages, and minutes until calls are taken again.
"""

import json


def headers(usage: int, *, page_id: str = "", regain: int = 0) -> dict[str, str]:
    """Of the app, and of the page where one is concerned; none where nothing was told."""
    if not usage:
        return {}
    counts = {"call_count": usage, "total_cputime": usage, "total_time": usage}
    page = {page_id: [{"type": "messenger", **counts, "estimated_time_to_regain_access": regain}]}
    return {
        "X-App-Usage": json.dumps(counts, separators=(",", ":")),
        **({"X-Business-Use-Case-Usage": json.dumps(page, separators=(",", ":"))} if page_id else {}),
    }
