"""What the sandbox's Messenger remembers beside the messages: people, what they did, and webhooks to be posted."""

# No semicolon but at the end of a statement: the store runs them one by one.
MESSENGER = """
CREATE TABLE IF NOT EXISTS persons (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    locale TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS psids (
    psid TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    page_id TEXT NOT NULL,
    first_at REAL NOT NULL,
    begun INTEGER NOT NULL DEFAULT 0,      -- 0: Get Started was not tapped, nor anything written
    acted_at REAL,                         -- the last act that opens the 24-hour window
    ref TEXT NOT NULL DEFAULT '',          -- of the link that brought somebody who has not begun
    blocked_at REAL,
    muted_at REAL,                         -- turned the page's messages off
    reads INTEGER NOT NULL DEFAULT 1,      -- looking at the phone sends a read receipt
    read_to REAL,                          -- the watermark that was sent last
    UNIQUE (person_id, page_id)
);
CREATE INDEX IF NOT EXISTS psids_by_page ON psids (page_id, first_at);
CREATE TABLE IF NOT EXISTS acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    psid TEXT NOT NULL,
    page_id TEXT NOT NULL,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    mid TEXT NOT NULL,                     -- of the message it is, or is about; else empty
    body TEXT NOT NULL                     -- the webhook event, as JSON
);
CREATE INDEX IF NOT EXISTS acts_by_person ON acts (psid, id);
CREATE TABLE IF NOT EXISTS renderings (
    mid TEXT PRIMARY KEY,
    body TEXT NOT NULL                     -- JSON: what the person saw of a utility template
);
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    page_id TEXT NOT NULL,
    field TEXT NOT NULL,
    event TEXT NOT NULL,                   -- JSON: an item of `messaging`, `standby` or `changes`
    at REAL NOT NULL,
    due_at REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', -- waiting, done, given_up
    tries INTEGER NOT NULL DEFAULT 0,
    status INTEGER,                        -- of the last answer; NULL where there was none
    error TEXT NOT NULL DEFAULT '',
    posted_at REAL
);
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_by_page ON outbox (page_id, id);
CREATE TABLE IF NOT EXISTS hooks (                       -- how posting for a page fares
    page_id TEXT PRIMARY KEY,
    failing_since REAL,
    disabled_at REAL
);
CREATE TABLE IF NOT EXISTS callback (                    -- the app's one address for webhooks
    id INTEGER PRIMARY KEY CHECK (id = 1),
    asked_at REAL NOT NULL,
    due_at REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    verified_at REAL,
    error TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS manners (
    page_id TEXT PRIMARY KEY,              -- empty: every page
    told TEXT NOT NULL                     -- JSON
);
INSERT OR IGNORE INTO persons (id, name, first_name, last_name, locale) VALUES
    ('claire', 'Claire Martin', 'Claire', 'Martin', 'fr_FR'),
    ('john', 'John Smith', 'John', 'Smith', 'en_GB'),
    ('zoe', 'Zoë Ångström', 'Zoë', 'Ångström', 'sv_SE'),
    ('anh', 'Nguyễn Thị Ánh', 'Thị Ánh', 'Nguyễn', 'vi_VN'),
    ('olga', 'Ольга Иванова', 'Ольга', 'Иванова', 'ru_RU'),
    ('hanako', '山田 花子', '花子', '山田', 'ja_JP'),
    ('fatima', 'فاطمة الزهراء', 'فاطمة', 'الزهراء', 'ar_AR'),
    ('david', 'דוד כהן', 'דוד', 'כהן', 'he_IL'),
    ('priya', 'प्रिया शर्मा', 'प्रिया', 'शर्मा', 'hi_IN'),
    ('max', 'Maximilian-Alexander von und zu Hohenlohe-Schillingsfürst', 'Maximilian-Alexander',
     'von und zu Hohenlohe-Schillingsfürst', 'de_DE');
"""
