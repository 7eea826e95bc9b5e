"""Whoever says STOP, in whatever spelling, is understood; whoever says something else is not stopped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optins.stopping import Wish, plain, wish, wish_of_payload

STOPS = [
    "STOP", "stop", " Stop. ", "STOP!!!", "« STOP »", "stop 🛑", "Arrêt", "ARRÊTER", "arretez", "Arrête !", "stopp",
    "Désabonner", "DESABONNEMENT", "me désinscrire", "désinscription", "unsubscribe", "UNSUBSCRIBE ME", "opt-out",
    "opt out", "ＳＴＯＰ", "Arrêt", "arrêter\ntout", "Plus de messages", "No more messages.", "Stop, please",
    "Désabonne-moi", "Désinscrivez-moi", "BAJA", "Stop-tout",
]  # fmt: skip
STARTS = ["START", "start", "Reprendre", "réabonner", "M'abonner", "m’abonner", "UNSTOP", "opt in", "Subscribe"]
NEITHER = [
    "", " ", "!!!", "Please don't stop", "non stop", "stopover", "le bus s'arrête où ?", "start-up", "cancel",
    "Ne vous arrêtez pas", "endless", "ok", "oui", "non", "Stop " * 30, "unsubscribed from the other list",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_a_stop(text: str) -> None:
    assert wish(text) is Wish.STOP


@pytest.mark.parametrize("text", STARTS)
def test_a_start(text: str) -> None:
    assert wish(text) is Wish.START


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str) -> None:
    assert wish(text) is None


@pytest.mark.parametrize(("payload", "wanted"), [("OPT_OUT", Wish.STOP), ("OPT_IN_AGAIN", Wish.START), ("STOP", None)])
def test_our_own_buttons(payload: str, wanted: Wish | None) -> None:
    assert wish_of_payload(payload) is wanted


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    wish(text)
