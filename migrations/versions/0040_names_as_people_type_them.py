"""names as people type them

Names are searched without accents, case and apostrophes: jose finds José, obrien O’Brien. `search`
holds them as before, too, so that the program before this one finds whom it found.

Revision ID: 0040
Revises: 0039
"""
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None

NAME = "first_name || ' ' || last_name"
# Letters that Unicode does not take apart; the marks that people write for an apostrophe go.
FOLDED = r"""
    CREATE FUNCTION folded(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT normalize(replace(replace(replace(translate(
            lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g')),
            'ıøđðłħŧς' || '''’‘ʼʻ`´＇′', 'ioddlhtσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), NFKC);
    END
"""
NAMED = """
    CREATE FUNCTION customers_named(wanted integer, words tsquery) RETURNS SETOF integer
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100
    BEGIN ATOMIC
        SELECT customer.id FROM customer
        WHERE customer.tenant_id = wanted AND customer.search @@ words
          AND CASE current_setting('role')
              WHEN 'none' THEN true
              ELSE wanted = current_setting('app.tenant')::integer
          END;
    END
"""


def upgrade():
    op.execute(FOLDED)
    _search(
        f"ADD folded text GENERATED ALWAYS AS (folded({NAME})) STORED",
        f"to_tsvector('simple', {NAME}) || to_tsvector('simple', folded({NAME}))",
    )


def downgrade():
    _search('DROP folded', f"to_tsvector('simple', {NAME})")
    op.execute('DROP FUNCTION folded(text)')


def _search(change, made_of):
    """One rewriting of the table for both. The function reads the column, and is made anew."""
    op.execute('DROP FUNCTION customers_named(integer, tsquery)')
    op.execute(
        f"ALTER TABLE customer DROP search, {change},"
        f" ADD search tsvector GENERATED ALWAYS AS ({made_of}) STORED"
    )
    op.create_index('ix_customer_search', 'customer', ['search'], postgresql_using='gin')
    op.execute(NAMED)
