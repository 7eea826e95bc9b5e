"""What a proof came to, for people and for programs."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messenger_admin.proof.judge import Promise
from messenger_admin.proof.run import Proof

WORDS: Mapping[Promise, "Lazy | str"] = {
    Promise.COMPLETE: gettext_lazy("Everyone in the audience has exactly one delivery"),
    Promise.ENDED: gettext_lazy("Every delivery ends sent, failed or in doubt"),
    Promise.ONCE: gettext_lazy("Nobody receives a message twice"),
    Promise.HONEST: gettext_lazy("What was received and is not sent is in doubt"),
    Promise.TRUE: gettext_lazy("What is sent was received"),
    Promise.BOUNDED: gettext_lazy("No more is in doubt than was on its way"),
    Promise.FENCED: gettext_lazy("A worker that lost its lease sends nothing more"),
    Promise.COUNTED: gettext_lazy("The tally says what the rows say"),
    Promise.FINISHED: gettext_lazy("A campaign of which no row can move is finished"),
}
# How many deliveries are named; the rest is in the evidence.
NAMED = 20


def lines(proof: Proof, *, seed: int) -> list[str]:
    broken = {violation.promise for violation in proof.violations}
    found = [f"{'✗' if promise in broken else '✓'} {words}" for promise, words in WORDS.items()]
    for violation in proof.violations:
        named = ", ".join(f"#{pk}" for pk in violation.deliveries[:NAMED])
        more = "…" if len(violation.deliveries) > NAMED else ""
        found.append(f"  {WORDS[violation.promise]}: {violation.detail} {named}{more}")
    counts = ", ".join(f"{state} {count}" for state, count in sorted(proof.counts.items()))
    found.append(_("The ledger: %(counts)s. Received: %(received)d.") % {"counts": counts, "received": proof.received})
    found.append(
        _("%(blows)d of %(planned)d blows in %(seconds).0f s; %(count)d deliveries were on their way at the kills.")
        % {
            "blows": len(proof.blows),
            "planned": proof.planned,
            "seconds": proof.seconds,
            "count": proof.in_flight,
        }
    )
    if proof.violations:
        found.append(_("The evidence is in %(folder)s.") % {"folder": proof.folder})
    found.append(_("The seed: %(seed)d") % {"seed": seed})
    return found


def as_dict(proof: Proof, *, seed: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "holds": not proof.violations,
        "violations": [asdict(violation) for violation in proof.violations],
        "counts": dict(proof.counts),
        "received": proof.received,
        "in_flight": proof.in_flight,
        "planned": proof.planned,
        "blows": [act.fault.value for act in proof.blows],
        "seconds": round(proof.seconds, 1),
        "folder": str(proof.folder),
    }


def keep(proof: Proof, *, seed: int) -> None:
    """Beside the logs and the far end's record: what was found, and the rows that it is about."""
    about = {pk for violation in proof.violations for pk in violation.deliveries}
    rows = [asdict(row) for row in proof.rows if row.delivery_id in about]
    text = json.dumps(as_dict(proof, seed=seed) | {"rows": rows}, indent=1)
    (proof.folder / "proof.json").write_text(text, encoding="utf-8")
