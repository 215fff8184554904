"""emails to users of late

A business's users get so many emails of a kind within a day.

Revision ID: 0053
Revises: 0052
"""
from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_user_email_of_late', 'user_email', ['tenant_id', 'created_at'])


def downgrade():
    op.drop_index('ix_user_email_of_late', table_name='user_email')
