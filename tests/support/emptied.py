"""All tables empty and all ids new, as each test finds them.

For the few rows of a test a DELETE is faster than TRUNCATE, which makes new files; and a function
plans its statements once for all tests. Ids begin anew, as what a process remembers for some
seconds (a slug's tenant) must hold in the next test.
"""

from app.extensions import db
from tests.support import owner

# Nobody deletes an entry of a log; most tests write none.
LOGS = ("audit_entry", "platform_audit_entry")
FUNCTION = """
CREATE OR REPLACE FUNCTION tests_empty() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
{statements}
    PERFORM setval(seqrelid::regclass, 1, false) FROM pg_sequence;
END $$
"""


def prepare() -> None:
    """Once for a database that has been migrated."""
    logs = [f"IF EXISTS (SELECT FROM {log}) THEN TRUNCATE {log}; END IF;" for log in LOGS]
    others = [f'DELETE FROM "{table.name}";' for table in reversed(db.metadata.sorted_tables)]
    owner.run(FUNCTION.format(statements="\n".join([*logs, *others])))


def run() -> None:
    owner.run("SELECT tests_empty()")
