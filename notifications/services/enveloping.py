"""What the gateway is given of a marked row."""

from notifications.gateway.contract import Envelope, Right
from notifications.gateway.meta import metadata
from notifications.gateway.meta.rules import BY_WAY
from notifications.services.marking import Marked
from notifications.services.ways_out import WayOut


def envelope(row: Marked, way_out: WayOut) -> Envelope:
    return Envelope(
        delivery_id=row.delivery_id,
        page_id=way_out.page_id,
        customer_id=row.customer_id,
        body=row.parcel.now.message if row.parcel else row.body,
        base_url=way_out.base_url,
        token=way_out.token,
        right=_right(row, way_out) if row.parcel else None,
    )


def _right(row: Marked, way_out: WayOut) -> Right | None:
    parcel, direct = row.parcel, way_out.direct
    if parcel is None or direct is None:
        return None
    rule = BY_WAY[parcel.way]
    return Right(
        psid=parcel.psid,
        messaging_type=rule.messaging_type,
        tag=rule.tag,
        metadata=metadata.write(direct.installation, row.delivery_id, parcel.now.number),
        proof=direct.proof,
    )
