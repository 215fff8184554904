"""rare words by their index alone

What is asked of the time is hidden from the planner, which has an index of it, too: with that, a rare
word cost the more the more messages there are, 10.7 ms of PostgreSQL among 300,000, and 1.4 without.

Revision ID: 0067
Revises: 0066
"""
from alembic import op

revision = '0067'
down_revision = '0066'
branch_labels = None
depends_on = None

# As in 0054.
TOLD = """
    CASE current_setting('role')
        WHEN 'none' THEN true
        ELSE wanted = current_setting('app.tenant')::integer
    END
"""
LABELLED = """
    (labelled IS NULL OR EXISTS (
        SELECT FROM conversation_label
        WHERE tenant_id = wanted AND customer_id = near.customer_id AND label_id = labelled
    ))
"""


def messages_found(at):
    """As in 0061, but for what the last look asks of the time."""
    return f"""
    CREATE OR REPLACE FUNCTION messages_found(
        wanted integer, clauses jsonb, since timestamptz, until timestamptz, before bigint,
        labelled integer, enough integer, most integer
    ) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100
    SET search_path FROM CURRENT SET enable_seqscan = off SET enable_sort = off AS $$
    DECLARE
        query tsquery = sought(wanted, clauses);
        wide integer = 1000;
        last_at timestamptz = until;
        last_id bigint = before;
        edge_at timestamptz;
        edge_id bigint;
        total integer = 0;
        lately integer;
    BEGIN
        IF NOT ({TOLD}) THEN
            RETURN;
        END IF;
        LOOP
            SELECT at, message_id INTO edge_at, edge_id FROM message_words
            WHERE tenant_id = wanted AND at >= since AND (at, message_id) < (last_at, last_id)
            ORDER BY at DESC, message_id DESC OFFSET wide - 1 LIMIT 1;
            RETURN QUERY
                SELECT message_id FROM (
                    SELECT message_id, customer_id, words, at FROM message_words
                    WHERE tenant_id = wanted AND at >= since
                      AND (at, message_id) < (last_at, last_id)
                    ORDER BY at DESC, message_id DESC LIMIT wide
                ) near
                WHERE (query IS NULL OR words @@ query) AND {LABELLED}
                ORDER BY at DESC, message_id DESC LIMIT most - total;
            GET DIAGNOSTICS lately = ROW_COUNT;
            total = total + lately;
            IF edge_at IS NULL AND total < most THEN
                RETURN;
            END IF;
            IF total >= enough THEN
                RETURN NEXT NULL;
                RETURN;
            END IF;
            last_at = edge_at;
            last_id = edge_id;
            -- One in two hundred: a longer look is still less than all that the index has.
            EXIT WHEN wide > 1000 OR total < 5;
            wide = 8000;
        END LOOP;
        RETURN QUERY
            SELECT message_id FROM message_words near
            WHERE words @@ query AND tenant_id + 0 = wanted
              AND {at} >= since
              AND ({at}, message_id) < (last_at, last_id) AND {LABELLED}
            ORDER BY at DESC, message_id DESC LIMIT most - total;
        GET DIAGNOSTICS lately = ROW_COUNT;
        IF total + lately = most THEN
            RETURN NEXT NULL;
        END IF;
    END $$
"""


def upgrade():
    op.execute(messages_found("at + interval '0'"))


def downgrade():
    op.execute(messages_found('at'))
