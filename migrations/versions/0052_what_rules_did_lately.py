"""what rules did lately

The list of rules says how often each did something in the last seven days.

Revision ID: 0052
Revises: 0051
"""
from alembic import op
import sqlalchemy as sa

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_automation_run_did', 'automation_run', ['tenant_id', 'done_at'], postgresql_include=['rule_id'], postgresql_where=sa.text("status = 'done'"))


def downgrade():
    op.drop_index('ix_automation_run_did', table_name='automation_run')
