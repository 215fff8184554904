CREATE SCHEMA IF NOT EXISTS floor;
SET search_path = floor;
CREATE TABLE IF NOT EXISTS customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL,
    number text NOT NULL,
    UNIQUE (slug, number)
);
CREATE TABLE IF NOT EXISTS message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customer,
    sid text NOT NULL UNIQUE,
    body text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS thread ON message (customer_id, id);
CREATE TABLE IF NOT EXISTS conversation (
    customer_id bigint PRIMARY KEY REFERENCES customer,
    last_message_at timestamptz NOT NULL,
    unread integer NOT NULL
);
CREATE INDEX IF NOT EXISTS inbox ON conversation (last_message_at);
RESET search_path
