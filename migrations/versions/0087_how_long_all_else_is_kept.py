"""how long all else is kept

For how many days a business keeps what is no message, by kind; what is not named is kept as usual. An
appointment that goes with the setting app.archived is not taken out of the reports, as messages are not (0068).

Revision ID: 0087
Revises: 0086
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0087'
down_revision = '0086'
branch_labels = None
depends_on = None

GONE = """
CREATE OR REPLACE TRIGGER roll_up_gone AFTER DELETE ON appointment REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT {when} EXECUTE FUNCTION count_appointment()
"""
NOT_ARCHIVED = "WHEN (coalesce(current_setting('app.archived', true), '') <> 'on')"


def upgrade():
    kept = postgresql.JSONB(astext_type=sa.Text())
    op.add_column('tenant', sa.Column('kept_days', kept, server_default='{}', nullable=False))
    op.add_column('tenant', sa.Column('kept_days_set_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(GONE.format(when=NOT_ARCHIVED))


def downgrade():
    op.execute(GONE.format(when=''))
    op.drop_column('tenant', 'kept_days_set_at')
    op.drop_column('tenant', 'kept_days')
