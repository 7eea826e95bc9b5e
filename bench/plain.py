"""The plain statement that expansion is compared with: the same rows, table and indexes, all at once."""

PLAIN = """
INSERT INTO notifications_delivery
    (page_id, optin_id, content_id, campaign_id, origin, state, reason, detail, created_at, due_at, attempts,
     provider_message_id)
SELECT page_id, id, %(content)s, %(campaign)s, 'campaign', 'queued', '', '', %(now)s, %(now)s, 0, ''
FROM optins_optin WHERE page_id = %(page)s AND state = 'active'
"""
