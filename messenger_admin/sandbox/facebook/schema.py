"""The tables of Facebook's control plane in the sandbox's store."""

FACEBOOK = """
CREATE TABLE IF NOT EXISTS facebook_people (
    user_id TEXT PRIMARY KEY,              -- app-scoped
    name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS facebook_pages (
    page_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    category TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS facebook_roles (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    tasks TEXT NOT NULL,                   -- JSON: what this person may do on the page
    UNIQUE (user_id, page_id)
);
CREATE TABLE IF NOT EXISTS facebook_grants (
    user_id TEXT PRIMARY KEY,              -- who let the app in
    scopes TEXT NOT NULL,                  -- JSON
    page_ids TEXT NOT NULL,                -- JSON: the pages that were shared
    granted_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS facebook_codes (
    code TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    expires_at REAL NOT NULL,
    used_at REAL                           -- NULL until it was exchanged
);
CREATE TABLE IF NOT EXISTS facebook_tokens (
    token TEXT PRIMARY KEY,                -- worth nothing anywhere but here
    user_id TEXT NOT NULL,
    page_id TEXT NOT NULL,                 -- empty: the person's own
    long_lived INTEGER NOT NULL,
    issued_at REAL NOT NULL,
    expires_at REAL NOT NULL,              -- 0: never
    dead_subcode INTEGER NOT NULL          -- 0: alive
);
CREATE INDEX IF NOT EXISTS facebook_tokens_by_person ON facebook_tokens (user_id, page_id);
CREATE INDEX IF NOT EXISTS facebook_tokens_by_page ON facebook_tokens (page_id);
CREATE TABLE IF NOT EXISTS facebook_subscriptions (
    page_id TEXT PRIMARY KEY,
    fields TEXT NOT NULL,                  -- JSON
    subscribed_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS facebook_profiles (
    page_id TEXT NOT NULL,
    name TEXT NOT NULL,                    -- get_started, greeting, ...
    value TEXT NOT NULL,                   -- JSON
    PRIMARY KEY (page_id, name)
);
CREATE TABLE IF NOT EXISTS facebook_profile_calls (
    page_id TEXT NOT NULL,
    called_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS facebook_profile_calls_by_page ON facebook_profile_calls (page_id, called_at);
CREATE TABLE IF NOT EXISTS facebook_templates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    page_id TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,                    -- JSON: the template as it was sent
    status TEXT NOT NULL,                  -- PENDING, APPROVED, REJECTED
    reason TEXT NOT NULL,                  -- of a rejection, else NONE
    created_at REAL NOT NULL,
    UNIQUE (page_id, name, language)
);
CREATE INDEX IF NOT EXISTS facebook_templates_undecided ON facebook_templates (created_at) WHERE status = 'PENDING';
CREATE TABLE IF NOT EXISTS facebook_callbacks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,                    -- deauthorise, deletion
    user_id TEXT NOT NULL,
    url TEXT NOT NULL,
    status INTEGER,                        -- NULL: nothing answered
    answer TEXT NOT NULL,
    sent_at REAL NOT NULL
);
"""
