"""words of the search

An index over the words of customers and messages, in tables of its own (docs/adr/0022): building it
locks neither, and no webhook writes it. Triggers keep a customer's words; a worker writes those of
messages, and of all that is there already, in batches. It needs no extension.

Each word begins with the tenant's number and a letter that says what it is: n of a name, d digits of
a number, e an email address, x a name with one letter left out, w of a text, c a channel, f and t
from and to which customer, u from which user.

Revision ID: 0054
Revises: 0053
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None

# What parts words, by code points and not by the database's locale; the rest is of words.
WORDS_OF = r"""
    CREATE FUNCTION words_of(text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(array_agg(DISTINCT left(word, 40)), '{}')
        FROM regexp_split_to_table(folded(left($1, 50000)),
            '[\u0001-/:-@\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u3003\u3008-\u3020\ufe00-\ufe0f\uff01-\uff0f]+') word
        WHERE word <> '';
    END
"""
# In PL/pgSQL, whose plans are made once a connection: a webhook waits for it where somebody is new.
CUSTOMER_LEXEMES = """
    CREATE FUNCTION customer_lexemes(tenant integer, whose integer) RETURNS tsvector
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    DECLARE
        lexemes text[] = '{}';
        word text;
        known text;
    BEGIN
        SELECT concat_ws(' ', first_name, last_name, external_id) INTO known FROM customer
        WHERE tenant_id = tenant AND id = whose;
        FOREACH word IN ARRAY words_of(coalesce(known, '')) LOOP
            lexemes = lexemes || (tenant || 'n' || word);
            FOR n IN 0..length(word) LOOP
                EXIT WHEN length(word) NOT BETWEEN 4 AND 20;
                lexemes = lexemes || (tenant || 'x' || left(word, n) || substr(word, n + 2));
            END LOOP;
        END LOOP;
        FOR known IN
            SELECT lower(left(address, 200)) FROM contact_point
            WHERE tenant_id = tenant AND customer_id = whose
        LOOP
            IF known LIKE '+%' THEN
                -- Whatever part of a number somebody remembers is the beginning of one of its ends.
                FOR n IN 2..length(known) - 2 LOOP
                    lexemes = lexemes || (tenant || 'd' || substr(known, n));
                END LOOP;
                CONTINUE;
            END IF;
            -- Another address from each of its words on; what is behind its @, only with that.
            FOR n IN 1..length(known) LOOP
                IF n = 1 OR substr(known, n, 1) = '@' OR n < strpos(known, '@')
                        AND substr(known, n - 1, 1) IN ('.', '_', '-', '+') THEN
                    lexemes = lexemes || (tenant || 'e' || substr(known, n));
                END IF;
            END LOOP;
        END LOOP;
        RETURN array_to_tsvector(lexemes);
    END $$
"""
MESSAGE_LEXEMES = """
    CREATE FUNCTION message_lexemes(
        tenant integer, customer integer, author integer, direction text, channel text,
        subject text, body text
    ) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT array_to_tsvector(array_agg(tenant || lexeme)) FROM (
            SELECT 'w' || unnest(words_of(concat_ws(' ', subject, body)))
            UNION ALL
            SELECT 'c' || channel
            UNION ALL
            SELECT CASE direction WHEN 'inbound' THEN 'f' ELSE 't' END || customer
            UNION ALL
            SELECT 'u' || author WHERE author IS NOT NULL
        ) said (lexeme);
    END
"""
INDEX_CUSTOMER = """
    CREATE FUNCTION index_customer(tenant integer, whose integer) RETURNS void
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO customer_words (tenant_id, customer_id, words)
        SELECT tenant_id, id, customer_lexemes(tenant_id, id) FROM customer
        WHERE tenant_id = tenant AND id = whose
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            -- Whoever changes them at the same time comes first or later: the words are of what is
            -- there once the row is held.
            PERFORM FROM customer_words WHERE tenant_id = tenant AND customer_id = whose FOR UPDATE;
            UPDATE customer_words SET words = customer_lexemes(tenant, whose)
            WHERE tenant_id = tenant AND customer_id = whose;
        END IF;
    END $$
"""
CUSTOMER_CHANGED = """
    CREATE FUNCTION customer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM index_customer(NEW.tenant_id, NEW.id);
        RETURN NULL;
    END $$
"""
CONTACT_POINT_CHANGED = """
    CREATE FUNCTION contact_point_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            PERFORM index_customer(OLD.tenant_id, OLD.customer_id);
        END IF;
        IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.customer_id <> OLD.customer_id) THEN
            PERFORM index_customer(NEW.tenant_id, NEW.customer_id);
        END IF;
        RETURN NULL;
    END $$
"""
TEXT_CHANGED = """
    CREATE FUNCTION message_text_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE message_words SET customer_id = NEW.customer_id, words = message_lexemes(
            NEW.tenant_id, NEW.customer_id, NEW.author_id, NEW.direction, NEW.channel,
            NEW.subject, NEW.body
        )
        WHERE tenant_id = NEW.tenant_id AND message_id = NEW.id;
        RETURN NULL;
    END $$
"""
# Somebody without a name is indexed with their first address.
TRIGGERS = (
    """CREATE TRIGGER customer_is_new AFTER INSERT ON customer FOR EACH ROW
       WHEN (NEW.first_name <> '' OR NEW.last_name <> '' OR NEW.external_id <> '')
       EXECUTE FUNCTION customer_changed()""",
    """CREATE TRIGGER customer_is_renamed AFTER UPDATE OF first_name, last_name, external_id
       ON customer FOR EACH ROW
       WHEN ((NEW.first_name, NEW.last_name, NEW.external_id)
             IS DISTINCT FROM (OLD.first_name, OLD.last_name, OLD.external_id))
       EXECUTE FUNCTION customer_changed()""",
    """CREATE TRIGGER contact_point_is_other
       AFTER INSERT OR DELETE OR UPDATE OF address, customer_id ON contact_point
       FOR EACH ROW EXECUTE FUNCTION contact_point_changed()""",
    """CREATE TRIGGER message_is_other
       AFTER UPDATE OF body, subject, channel, customer_id, author_id ON message
       FOR EACH ROW
       WHEN ((NEW.body, NEW.subject, NEW.channel, NEW.customer_id, NEW.author_id) IS DISTINCT FROM
             (OLD.body, OLD.subject, OLD.channel, OLD.customer_id, OLD.author_id))
       EXECUTE FUNCTION message_text_changed()""",
)
# Clauses that all hold, each of alternatives; one with a star is the beginning of a word. Here alone
# words get their tenant, so that nobody can ask for another's.
SOUGHT = """
    CREATE FUNCTION sought(tenant integer, clauses jsonb) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT string_agg(format('(%s)', alternatives), ' & ')::tsquery FROM (
            SELECT string_agg(
                CASE WHEN right(lexeme, 1) = '*'
                    THEN format('''%s%s'':*', tenant, left(quoted, -1))
                    ELSE format('''%s%s''', tenant, quoted)
                END, ' | ') AS alternatives
            FROM jsonb_array_elements(clauses) WITH ORDINALITY each (clause, number),
                jsonb_array_elements_text(clause) lexeme,
                replace(replace(lexeme, '\\', '\\\\'), '''', '''''') quoted
            GROUP BY number
        ) of_clauses;
    END
"""
# Behind a policy an index on words is of no use, as @@ is not leakproof: these two pass it by, and
# hold themselves to the tenant that whoever is bound by policies was told. By its index alone, and
# not by the tenant's other one, whatever the statistics say: hence the + 0 and the settings.
TOLD = """
    CASE current_setting('role')
        WHEN 'none' THEN true
        ELSE wanted = current_setting('app.tenant')::integer
    END
"""
CUSTOMERS_FOUND = f"""
    CREATE FUNCTION customers_found(wanted integer, clauses jsonb, most integer)
    RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET enable_seqscan = off
    BEGIN ATOMIC
        SELECT customer_id FROM customer_words
        WHERE words @@ sought(wanted, clauses) AND tenant_id + 0 = wanted AND {TOLD}
        LIMIT most;
    END
"""
# What many messages say is found among the newest thousand; else the index has what is left of it.
LABELLED = """
    (labelled IS NULL OR EXISTS (
        SELECT FROM conversation_label
        WHERE tenant_id = wanted AND customer_id = near.customer_id AND label_id = labelled
    ))
"""
MESSAGES_FOUND = f"""
    CREATE FUNCTION messages_found(
        wanted integer, clauses jsonb, since timestamptz, until timestamptz, before bigint,
        labelled integer, most integer
    ) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100
    SET search_path FROM CURRENT SET enable_seqscan = off SET enable_sort = off AS $$
    DECLARE
        query tsquery = sought(wanted, clauses);
        edge_at timestamptz;
        edge_id bigint;
        found_near integer;
    BEGIN
        IF NOT ({TOLD}) THEN
            RETURN;
        END IF;
        SELECT at, message_id INTO edge_at, edge_id FROM message_words
        WHERE tenant_id = wanted AND at >= since AND (at, message_id) < (until, before)
        ORDER BY at DESC, message_id DESC OFFSET 999 LIMIT 1;
        RETURN QUERY
            SELECT message_id FROM (
                SELECT message_id, customer_id, words, at FROM message_words
                WHERE tenant_id = wanted AND at >= since AND (at, message_id) < (until, before)
                ORDER BY at DESC, message_id DESC LIMIT 1000
            ) near
            WHERE (query IS NULL OR words @@ query) AND {LABELLED}
            ORDER BY at DESC, message_id DESC LIMIT most;
        GET DIAGNOSTICS found_near = ROW_COUNT;
        IF edge_at IS NOT NULL AND found_near < most THEN
            RETURN QUERY
                SELECT message_id FROM message_words near
                WHERE words @@ query AND tenant_id + 0 = wanted AND at >= since
                  AND (at, message_id) < (edge_at, edge_id) AND {LABELLED}
                ORDER BY at DESC, message_id DESC LIMIT most - found_near;
        END IF;
    END $$
"""
# What is there is indexed by the worker; some of the last may be of transactions under way.
MARK = """
    INSERT INTO search_mark (
        id, settled_id, seen_id, seen_xid, messages_left, customers_left
    )
    SELECT 1, message, 0, 0, message, customer FROM
        (SELECT greatest(coalesce(max(id), 0) - 10000, 0) AS message FROM message) last_message,
        (SELECT coalesce(max(id), 0) AS customer FROM customer) last_customer
"""
FUNCTIONS = {
    'words_of(text)': WORDS_OF,
    'customer_lexemes(integer, integer)': CUSTOMER_LEXEMES,
    'message_lexemes(integer, integer, integer, text, text, text, text)': MESSAGE_LEXEMES,
    'index_customer(integer, integer)': INDEX_CUSTOMER,
    'customer_changed()': CUSTOMER_CHANGED,
    'contact_point_changed()': CONTACT_POINT_CHANGED,
    'message_text_changed()': TEXT_CHANGED,
    'sought(integer, jsonb)': SOUGHT,
    'customers_found(integer, jsonb, integer)': CUSTOMERS_FOUND,
    'messages_found(integer, jsonb, timestamptz, timestamptz, bigint, integer, integer)': MESSAGES_FOUND,
}


def upgrade():
    op.create_table(
        'customer_words',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('customer_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('words', postgresql.TSVECTOR(), nullable=False),
        *_of_a_tenant('customer_words', 'customer_id', 'customer'),
    )
    op.create_table(
        'message_words',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('words', postgresql.TSVECTOR(), nullable=False),
        *_of_a_tenant('message_words', 'message_id', 'message'),
    )
    for table in ('customer_words', 'message_words'):
        op.create_index(f'ix_{table}', table, ['words'], postgresql_using='gin')
    op.create_index('ix_message_words_at', 'message_words', ['tenant_id', 'at', 'message_id'])
    op.create_table(
        'search_mark',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('settled_id', sa.BigInteger(), nullable=False),
        sa.Column('seen_id', sa.BigInteger(), nullable=False),
        sa.Column('seen_xid', sa.BigInteger(), nullable=False),
        sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('messages_left', sa.BigInteger(), nullable=False),
        sa.Column('customers_left', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_search_mark')),
    )
    for statement in (*FUNCTIONS.values(), *TRIGGERS, MARK):
        op.execute(statement)


def _of_a_tenant(table, column, of):
    return (
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f(f'fk_{table}_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', column], [f'{of}.tenant_id', f'{of}.id'], name=op.f(f'fk_{table}_tenant_id_{column}'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', column, name=op.f(f'pk_{table}')),
    )


def downgrade():
    for name, table in (
        ('customer_is_new', 'customer'),
        ('customer_is_renamed', 'customer'),
        ('contact_point_is_other', 'contact_point'),
        ('message_is_other', 'message'),
    ):
        op.execute(f'DROP TRIGGER {name} ON {table}')
    for function in reversed(FUNCTIONS):
        op.execute(f'DROP FUNCTION {function}')
    for table in ('search_mark', 'message_words', 'customer_words'):
        op.drop_table(table)
