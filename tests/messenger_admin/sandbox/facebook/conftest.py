from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from messenger_admin.sandbox.facebook.cast import ATELIER
from tests.support.graph_sandbox import Graph, let_in, page_token
from tests.support.sandbox import FarEnd, far_end

PageToken = Callable[..., str]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path / "sandbox.sqlite3") as running:
        yield running


@pytest.fixture
def graph(sandbox: FarEnd) -> Graph:
    return Graph(sandbox.url)


@pytest.fixture
def token(sandbox: FarEnd) -> str:
    """Claire's, who shares all three of her pages and grants everything."""
    return let_in(sandbox.store)


@pytest.fixture
def of_page(sandbox: FarEnd) -> PageToken:
    """`of_page(page_id, scopes=…)`: the token of one of Claire's pages, under what she grants."""

    def make(page_id: str = ATELIER.page_id, **granted: Any) -> str:
        return page_token(sandbox.store, let_in(sandbox.store, **granted), page_id)

    return make
