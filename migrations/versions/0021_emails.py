"""emails

Revision ID: 0021
Revises: 0020
Create Date: 2026-11-23 01:59:48.644405

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('subject', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('html', sa.Text(), nullable=True))

    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reply_to', sa.Text(), nullable=True))

    _sources("'keyword', 'carrier', 'staff', 'link'")



def downgrade():
    op.execute("UPDATE consent_event SET source = 'staff' WHERE source = 'link'")
    _sources("'keyword', 'carrier', 'staff'")

    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.drop_column('reply_to')

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_column('html')
        batch_op.drop_column('subject')


def _sources(known: str) -> None:
    name = op.f('ck_consent_event_source_known')
    op.drop_constraint(name, 'consent_event', type_='check')
    op.create_check_constraint(name, 'consent_event', f"source IN ({known})")
