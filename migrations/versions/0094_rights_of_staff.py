"""rights of staff

What an admin lets a member of staff do, on their row: take data along, delete customers, see all conversations or
those that are assigned to them. As it was until now where nobody says otherwise. What policies ask (app/row_security)
of whoever sees no more than some stands in functions: of a table in a policy PostgreSQL would not let go.

Revision ID: 0094
Revises: 0093
"""
from alembic import op
import sqlalchemy as sa

revision = '0094'
down_revision = '0093'
branch_labels = None
depends_on = None

SEEN = """
CREATE FUNCTION conversation_seen(assignee integer) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (assignee IS NOT NULL AND assignee = current_setting('app.viewer')::integer)
        OR (assignee IS NULL AND current_setting('app.unassigned')::boolean)
$$
"""
# They look at what policies would hide. With whom nobody has spoken there is nothing to hide.
CUSTOMER_SEEN = """
CREATE FUNCTION customer_seen(customer integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT coalesce((
        SELECT conversation_seen(assignee_id) FROM conversation
        WHERE tenant_id = current_setting('app.tenant')::integer AND customer_id = customer
    ), true)
$$
"""
MESSAGE_SEEN = """
CREATE FUNCTION message_seen(message bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT coalesce((
        SELECT customer_seen(said.customer_id) FROM message AS said
        WHERE said.tenant_id = current_setting('app.tenant')::integer AND said.id = message
    ), true)
$$
"""
# As in 0067.
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


def messages_found(seen, known):
    """As in 0067, but for whoever sees no more than some conversations."""
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
        {known}
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
                WHERE (query IS NULL OR words @@ query) AND {LABELLED} {seen}
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
              AND at + interval '0' >= since
              AND (at + interval '0', message_id) < (last_at, last_id) AND {LABELLED} {seen}
            ORDER BY at DESC, message_id DESC LIMIT most - total;
        GET DIAGNOSTICS lately = ROW_COUNT;
        IF total + lately = most THEN
            RETURN NEXT NULL;
        END IF;
    END $$
"""


def upgrade():
    for name in ('may_export', 'may_delete'):
        op.add_column('user', sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('user', sa.Column('sees', sa.Text(), server_default='all', nullable=False))
    op.create_check_constraint(
        op.f('ck_user_sees_known'), 'user', "sees IN ('all', 'own_and_unassigned', 'own')"
    )
    for statement in (SEEN, CUSTOMER_SEEN, MESSAGE_SEEN):
        op.execute(statement)
    narrow = "AND (NOT narrow OR customer_seen(near.customer_id))"
    op.execute(messages_found(narrow, "narrow boolean = current_setting('role') = 'kaivox_assigned';"))


def downgrade():
    op.execute(messages_found('', ''))
    # And the policies that ask them.
    for function in ('message_seen(bigint)', 'customer_seen(integer)', 'conversation_seen(integer)'):
        op.execute(f'DROP FUNCTION {function} CASCADE')
    op.drop_constraint(op.f('ck_user_sees_known'), 'user')
    for name in ('sees', 'may_delete', 'may_export'):
        op.drop_column('user', name)
