-- The first schema. Instants are milliseconds since 1970 (UTC), flags 0/1, structured values JSON text.
-- Every table of a tenant begins with tenant_id; nothing here is ever looked up without it, except by the
-- statements that find the tenant (endpoint, line) or work for all of them (purge, jobs).

CREATE TABLE tenant (
    tenant_id   TEXT    NOT NULL PRIMARY KEY,
    slug        TEXT    NOT NULL UNIQUE,
    definition  TEXT    NOT NULL,             -- domain::tenant::Tenant as JSON: branches, staff, services, policies
    revision    INTEGER  NOT NULL,             -- grows with every change of the definition or the keys
    created_ms  INTEGER  NOT NULL,
    updated_ms  INTEGER  NOT NULL
) STRICT;

-- The unguessable part of a tenant's voice URLs.
CREATE TABLE endpoint (
    token       TEXT    NOT NULL PRIMARY KEY,
    tenant_id   TEXT    NOT NULL REFERENCES tenant (tenant_id),
    created_ms  INTEGER  NOT NULL
) STRICT;

-- Phone numbers (tel:+49…) and agents (retell:agent_…) to the branch they ring at; one owner in the installation.
CREATE TABLE line (
    line_key    TEXT    NOT NULL PRIMARY KEY,
    tenant_id   TEXT    NOT NULL REFERENCES tenant (tenant_id),
    branch_id   TEXT    NOT NULL
) STRICT;

-- Keys of voice platforms, sealed by the key ring; up to two each while rotating.
CREATE TABLE voice_key (
    tenant_id   TEXT    NOT NULL REFERENCES tenant (tenant_id),
    platform    TEXT    NOT NULL,
    position    INTEGER  NOT NULL,
    sealed      TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, platform, position)
) STRICT;

-- Keys of a calendar outside, sealed by the key ring; up to two webhook secrets while rotating.
CREATE TABLE calendar_key (
    tenant_id   TEXT    NOT NULL REFERENCES tenant (tenant_id),
    purpose     TEXT    NOT NULL,             -- api, webhook
    position    INTEGER  NOT NULL,
    sealed      TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, purpose, position)
) STRICT;

CREATE TABLE customer (
    tenant_id     TEXT    NOT NULL,
    customer_id   TEXT    NOT NULL,
    name          TEXT    NOT NULL CHECK (name <> ''),
    name_key      TEXT    NOT NULL,           -- spelling-folded, for telling people on one number apart
    phone         TEXT    NOT NULL CHECK (phone <> ''),  -- E.164, or anonymous_<seconds>_<hex>
    email         TEXT    CHECK (email <> ''),           -- NULL when unknown; never '', never unique, never an identity
    source        TEXT    NOT NULL,           -- retell_webhook, retell_webhook_anonymous, tenant_file
    created_ms    INTEGER  NOT NULL,
    updated_ms    INTEGER  NOT NULL,
    PRIMARY KEY (tenant_id, customer_id)
) STRICT;
CREATE INDEX customer_by_phone ON customer (tenant_id, phone);

CREATE TABLE call (
    tenant_id       TEXT    NOT NULL,
    call_id         TEXT    NOT NULL,         -- the platform's own id
    platform        TEXT    NOT NULL,
    branch_id       TEXT    NOT NULL,         -- never changes once known
    direction       TEXT    NOT NULL,
    caller_number   TEXT,                     -- E.164; NULL when withheld
    agent_id        TEXT,
    status          TEXT,                     -- the platform's word
    started_ms      INTEGER,
    ended_ms        INTEGER,
    duration_ms     INTEGER,
    disconnection_reason TEXT,
    platform_successful INTEGER,               -- the platform's opinion, kept beside our own facts
    sentiment       TEXT,
    language        TEXT,                     -- as the call asked for
    misses          INTEGER  NOT NULL DEFAULT 0, -- look-ups of appointments that found nothing of the caller's
    call_ref        TEXT,
    created_ms      INTEGER  NOT NULL,
    updated_ms      INTEGER  NOT NULL,
    PRIMARY KEY (tenant_id, call_id)
) STRICT;
CREATE INDEX call_by_time ON call (tenant_id, created_ms);
CREATE INDEX call_by_number ON call (tenant_id, caller_number, created_ms);
-- The calls that the sweep may have to close; word for word the condition of calls::CLOSE_SILENT.
CREATE INDEX call_open ON call (updated_ms)
    WHERE ended_ms IS NULL AND COALESCE(status, 'ongoing') IN ('ongoing', 'registered');

-- What happened in a call, in order: the timeline of `explain`.
CREATE TABLE call_event (
    tenant_id   TEXT    NOT NULL,
    call_id     TEXT    NOT NULL,
    seq         INTEGER  NOT NULL,
    at_ms       INTEGER  NOT NULL,
    kind        TEXT    NOT NULL,             -- function, webhook
    name        TEXT    NOT NULL,             -- which function or event
    invocation  TEXT,
    status      TEXT,
    code        TEXT,
    spoken      TEXT,
    detail      TEXT,                         -- JSON: offers, appointment, what was understood
    micros      INTEGER,
    PRIMARY KEY (tenant_id, call_id, seq)
) STRICT;

-- Who a call turned out to be: one row per person it booked for or spoke as.
CREATE TABLE call_customer (
    tenant_id   TEXT    NOT NULL,
    call_id     TEXT    NOT NULL,
    customer_id TEXT    NOT NULL,
    name_key    TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, call_id, name_key)
) STRICT;

CREATE TABLE appointment (
    tenant_id       TEXT    NOT NULL,
    appointment_id  TEXT    NOT NULL,
    branch_id       TEXT    NOT NULL,
    customer_id     TEXT    NOT NULL,
    call_id         TEXT,                     -- the call that made it
    saga            TEXT    NOT NULL,         -- domain::booking::saga::State
    start_ms        INTEGER  NOT NULL,
    end_ms          INTEGER  NOT NULL,
    visit           TEXT    NOT NULL,         -- domain::slots::Visit as JSON: legs, people, busy stretches
    services        TEXT    NOT NULL,         -- JSON list: the services' names as they were
    staff           TEXT    NOT NULL,         -- JSON list: the people's names as they were
    email           TEXT    CHECK (email <> ''),
    notes           TEXT,
    moves           INTEGER  NOT NULL DEFAULT 0,
    source          TEXT    NOT NULL,
    created_ms      INTEGER  NOT NULL,
    updated_ms      INTEGER  NOT NULL,
    cancelled_ms    INTEGER,
    cancel_reason   TEXT,
    PRIMARY KEY (tenant_id, appointment_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, customer_id),
    CHECK (start_ms < end_ms)
) STRICT;
CREATE INDEX appointment_by_customer ON appointment (tenant_id, customer_id, start_ms);
CREATE INDEX appointment_by_call ON appointment (tenant_id, call_id);
CREATE INDEX appointment_by_start ON appointment (tenant_id, start_ms);

-- Every change of an appointment, kept for people who ask later.
CREATE TABLE appointment_change (
    tenant_id       TEXT    NOT NULL,
    appointment_id  TEXT    NOT NULL,
    seq             INTEGER  NOT NULL,
    at_ms           INTEGER  NOT NULL,
    what            TEXT    NOT NULL,         -- booked, moved, cancelled
    start_ms        INTEGER  NOT NULL,         -- as it was after the change
    previous_start_ms INTEGER,
    call_id         TEXT,
    PRIMARY KEY (tenant_id, appointment_id, seq)
) STRICT;

-- When a person is taken. Rows of one person never overlap: the trigger is the last wall.
CREATE TABLE occupancy (
    tenant_id   TEXT    NOT NULL,
    resource    TEXT    NOT NULL,             -- a staff id
    from_ms     INTEGER  NOT NULL,
    until_ms    INTEGER  NOT NULL,
    owner       TEXT    NOT NULL,             -- apt_…, apt_…/next while it is moved, or, for a hold, the offer's slot_…
    leg         INTEGER  NOT NULL,
    call_id     TEXT,                         -- of a hold
    expires_ms  INTEGER,                       -- of a hold; NULL: an appointment
    PRIMARY KEY (tenant_id, resource, from_ms),
    CHECK (from_ms < until_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX occupancy_by_owner ON occupancy (tenant_id, owner);
CREATE INDEX occupancy_holds ON occupancy (tenant_id, call_id) WHERE expires_ms IS NOT NULL;
CREATE INDEX occupancy_expiry ON occupancy (expires_ms) WHERE expires_ms IS NOT NULL;

CREATE TRIGGER occupancy_exclusive BEFORE INSERT ON occupancy
WHEN (
    SELECT until_ms FROM occupancy
    WHERE tenant_id = NEW.tenant_id AND resource = NEW.resource AND from_ms < NEW.until_ms
    ORDER BY from_ms DESC LIMIT 1
) > NEW.from_ms
BEGIN
    SELECT RAISE(ABORT, 'occupancy overlaps');
END;

-- Rows are put in and taken out; changing one in place would walk around the wall.
CREATE TRIGGER occupancy_fixed BEFORE UPDATE OF tenant_id, resource, from_ms, until_ms ON occupancy
BEGIN
    SELECT RAISE(ABORT, 'occupancy rows are never moved');
END;

-- A time offered to one call; held while its occupancy rows live.
CREATE TABLE offer (
    tenant_id   TEXT    NOT NULL,
    token       TEXT    NOT NULL,
    call_id     TEXT    NOT NULL,
    branch_id   TEXT    NOT NULL,
    visit       TEXT    NOT NULL,             -- domain::slots::Visit as JSON
    purpose     TEXT    NOT NULL,             -- book, the id of an appointment to move, or move:/cancel: and its id for a yes to a fee
    staff_wish  INTEGER  NOT NULL DEFAULT 0,   -- the caller wished for these people
    created_ms  INTEGER  NOT NULL,
    expires_ms  INTEGER  NOT NULL,
    PRIMARY KEY (tenant_id, token)
) STRICT;
CREATE INDEX offer_by_call ON offer (tenant_id, call_id);
CREATE INDEX offer_by_expiry ON offer (expires_ms);

-- One wish of one call has one effect.
CREATE TABLE idempotency (
    tenant_id       TEXT    NOT NULL,
    call_id         TEXT    NOT NULL,
    meaning         TEXT    NOT NULL,         -- function and resolved meaning, hashed
    function        TEXT    NOT NULL,
    args_hash       TEXT    NOT NULL,
    invocation      TEXT,                     -- the platform's id of the invocation that had the effect
    appointment_id  TEXT    NOT NULL,
    created_ms      INTEGER  NOT NULL,
    PRIMARY KEY (tenant_id, call_id, meaning)
) STRICT;

-- A promised call back: somebody's task.
CREATE TABLE callback (
    tenant_id    TEXT    NOT NULL,
    callback_id  TEXT    NOT NULL,
    branch_id    TEXT    NOT NULL,
    call_id      TEXT,
    customer_id  TEXT,
    name         TEXT,
    phone        TEXT,
    reason       TEXT,
    wished       TEXT,                        -- when it suits, in the caller's words
    cause        TEXT    NOT NULL,            -- requested, no_free_time
    promised_ms  INTEGER  NOT NULL,
    state        TEXT    NOT NULL,            -- open, done
    created_ms   INTEGER  NOT NULL,
    PRIMARY KEY (tenant_id, callback_id)
) STRICT;
CREATE INDEX callback_open ON callback (tenant_id, state, promised_ms);
CREATE INDEX callback_by_call ON callback (tenant_id, call_id, created_ms);
CREATE INDEX callback_by_phone ON callback (tenant_id, phone, created_ms) WHERE state = 'open';

-- What callers wanted and did not get.
CREATE TABLE wish (
    tenant_id   TEXT    NOT NULL,
    call_id     TEXT    NOT NULL,
    seq         INTEGER  NOT NULL,             -- the call_event it comes from
    function    TEXT    NOT NULL,
    code        TEXT    NOT NULL,
    service     TEXT,
    staff       TEXT,
    wished_ms   INTEGER,
    said        TEXT,                         -- day and time in the caller's words
    at_ms       INTEGER  NOT NULL,
    PRIMARY KEY (tenant_id, call_id, seq)
) STRICT;
CREATE INDEX wish_by_time ON wish (tenant_id, at_ms);

-- Work that follows from a commit; taken by lease, never run inside a transaction.
CREATE TABLE job (
    job_id          TEXT    NOT NULL PRIMARY KEY,
    tenant_id       TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    unique_key      TEXT    NOT NULL,         -- what it is about: one job of a kind for each
    attempt         INTEGER  NOT NULL DEFAULT 0, -- failed tries in a row
    wakes           INTEGER  NOT NULL DEFAULT 0, -- grows with every new reason; a run that did not see the last one runs again
    due_ms          INTEGER  NOT NULL,
    lease_token     TEXT,
    lease_until_ms  INTEGER,
    last_error      TEXT,
    created_ms      INTEGER  NOT NULL,
    UNIQUE (tenant_id, kind, unique_key)
) STRICT;
CREATE INDEX job_due ON job (due_ms);

-- Webhooks already taken in, so that a doubled delivery has one effect.
CREATE TABLE seen_event (
    tenant_id   TEXT    NOT NULL,
    event_key   TEXT    NOT NULL,
    at_ms       INTEGER  NOT NULL,
    PRIMARY KEY (tenant_id, event_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_event_by_time ON seen_event (at_ms);

-- What an appointment needs in the calendar outside: one row for each booking there. Rows stay when everything else of
-- an appointment is purged: they are the tombstones by which the sweep knows our own bookings.
CREATE TABLE remote (
    tenant_id       TEXT    NOT NULL,
    op              TEXT    NOT NULL,         -- op_…, in the booking's metadata there
    appointment_id  TEXT    NOT NULL,
    part            INTEGER NOT NULL,         -- 0, 1, … in the order of the visit
    event_type      INTEGER NOT NULL,         -- the calendar's number
    host            INTEGER,                  -- the calendar's number of our person, in a shared event type
    pooled          INTEGER NOT NULL,         -- shared: creates go one at a time
    staff           TEXT    NOT NULL,
    start_ms        INTEGER NOT NULL,         -- where it should be
    end_ms          INTEGER NOT NULL,
    fields          TEXT    NOT NULL,         -- JSON: what the event type's form wants to know
    desired         INTEGER NOT NULL,         -- whether it should exist
    state           TEXT    NOT NULL,         -- domain::booking::remote::State
    attempt         INTEGER NOT NULL,         -- creates and moves sent
    sent_ms         INTEGER,                  -- when the last of them was sent
    at_ms           INTEGER,                  -- where it was last proven to be
    uid             TEXT,                     -- as it is named there now
    number          INTEGER,                  -- as it is numbered there
    ics_uid         TEXT,                     -- its name that survives moves
    attendee        TEXT,                     -- the address it was made with
    email_due       TEXT,                     -- an address that waits to be carried there
    verified_ms     INTEGER,                  -- when the calendar last proved all this
    created_ms      INTEGER NOT NULL,
    updated_ms      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, op)
) STRICT;
CREATE INDEX remote_by_appointment ON remote (tenant_id, appointment_id, part);
-- What is under way in a shared event type.
CREATE INDEX remote_in_flight ON remote (tenant_id, event_type, start_ms) WHERE state = 'sent' AND pooled = 1;

-- Every name a booking of ours ever had in the calendar.
CREATE TABLE remote_uid (
    tenant_id   TEXT    NOT NULL,
    uid         TEXT    NOT NULL,
    op          TEXT    NOT NULL,
    since_ms    INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, uid)
) STRICT;

-- How an appointment stands with the calendar outside.
CREATE TABLE sync (
    tenant_id       TEXT    NOT NULL,
    appointment_id  TEXT    NOT NULL,
    origin          TEXT    NOT NULL,         -- who changed it last: frontdesk, calendar
    attempts        INTEGER NOT NULL DEFAULT 0, -- failed tries since it last went well
    error_code      TEXT,                     -- of the last failed try; kept until it goes well
    error_message   TEXT,
    since_ms        INTEGER NOT NULL,         -- since when the calendar may differ from us
    synced_ms       INTEGER,                  -- when the two last agreed; NULL: they may differ
    flagged_ms      INTEGER,                  -- since when a person is asked to look
    PRIMARY KEY (tenant_id, appointment_id)
) STRICT;
CREATE INDEX sync_open ON sync (tenant_id, since_ms) WHERE synced_ms IS NULL;

-- The fields by which operators know how an appointment stands; nothing writes them, they follow.
CREATE VIEW appointment_sync AS
SELECT s.tenant_id, s.appointment_id,
    CASE WHEN s.flagged_ms IS NOT NULL AND s.synced_ms IS NULL THEN 'failed'
         WHEN s.synced_ms IS NULL THEN 'pending' ELSE 'synced' END AS sync_status,
    s.origin AS sync_origin, s.attempts AS sync_attempt_count, s.error_code AS sync_error_code,
    s.error_message AS sync_error_message, s.synced_ms AS sync_verified_at,
    s.flagged_ms IS NOT NULL AS requires_manual_review, s.flagged_ms AS manual_review_flagged_at,
    r.number AS booking_id, r.uid AS booking_uid, s.since_ms AS pending_since
FROM sync s LEFT JOIN remote r ON r.tenant_id = s.tenant_id AND r.appointment_id = s.appointment_id AND r.part = 0
    AND r.desired = 1;

-- A move the calendar has not agreed to yet. The new time is taken under apt_…/next as far as it differs from the old.
CREATE TABLE move (
    tenant_id       TEXT    NOT NULL,
    appointment_id  TEXT    NOT NULL,
    visit           TEXT    NOT NULL,         -- domain::slots::Visit as JSON
    staff           TEXT    NOT NULL,         -- JSON list: the people's names
    call_id         TEXT,
    created_ms      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, appointment_id)
) STRICT;

-- Time that others took in the calendar: theirs may overlap each other; ours is checked against it.
CREATE TABLE busy (
    tenant_id   TEXT    NOT NULL,
    uid         TEXT    NOT NULL,
    resource    TEXT    NOT NULL,             -- a staff id
    from_ms     INTEGER NOT NULL,
    until_ms    INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, uid, resource),
    CHECK (from_ms < until_ms)
) STRICT;
CREATE INDEX busy_by_time ON busy (tenant_id, resource, until_ms);

-- Hints from the calendar, stored before they are worked on. No names, no addresses.
CREATE TABLE calendar_event (
    tenant_id    TEXT    NOT NULL,
    event_key    TEXT    NOT NULL,            -- a hash of the delivery
    trigger_name TEXT    NOT NULL,            -- as the calendar spells it
    uid          TEXT,
    previous_uid TEXT,
    op           TEXT,
    received_ms  INTEGER NOT NULL,
    done_ms      INTEGER,
    outcome      TEXT,                        -- what came of it
    PRIMARY KEY (tenant_id, event_key)
) STRICT;
CREATE INDEX calendar_event_by_time ON calendar_event (received_ms);
CREATE INDEX calendar_event_open ON calendar_event (tenant_id, uid) WHERE done_ms IS NULL;

-- Up to where the calendar's changes were looked through.
CREATE TABLE sweep_mark (
    tenant_id   TEXT    NOT NULL PRIMARY KEY,
    changed_ms  INTEGER NOT NULL
) STRICT;

-- What does not come right by itself and waits for a person.
CREATE TABLE review (
    tenant_id       TEXT    NOT NULL,
    review_id       TEXT    NOT NULL,
    kind            TEXT    NOT NULL,         -- domain::review::Kind
    subject         TEXT    NOT NULL,         -- an appointment's id, or the uid of a booking without one
    code            TEXT    NOT NULL,
    message         TEXT    NOT NULL,
    opened_ms       INTEGER NOT NULL,
    resolved_ms     INTEGER,
    resolution      TEXT,                     -- retry, link, cancel, keep, done, by_itself
    note            TEXT,
    PRIMARY KEY (tenant_id, review_id)
) STRICT;
CREATE UNIQUE INDEX review_open ON review (tenant_id, kind, subject) WHERE resolved_ms IS NULL;

-- What somebody should hear of within a minute; one row for each thing that is wrong, however often it shows.
CREATE TABLE alarm (
    tenant_id    TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    message      TEXT    NOT NULL,
    count        INTEGER NOT NULL,
    raised_ms    INTEGER NOT NULL,
    last_ms      INTEGER NOT NULL,
    told_ms      INTEGER,                     -- when it was delivered; NULL: it waits
    tries        INTEGER NOT NULL DEFAULT 0,
    cleared_ms   INTEGER,
    PRIMARY KEY (tenant_id, kind, subject)
) STRICT;
CREATE INDEX alarm_waiting ON alarm (raised_ms) WHERE told_ms IS NULL;
