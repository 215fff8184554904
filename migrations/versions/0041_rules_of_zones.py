"""rules of zones

By which an appointment's notifications were planned, so that it keeps its time on the wall when the
rules of its zone change. Nothing is known of those that are there: the worker plans them anew.

Revision ID: 0041
Revises: 0040
"""
from alembic import op
import sqlalchemy as sa

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('appointment', sa.Column('planned_offset', sa.Integer(), nullable=True))
    op.add_column('appointment', sa.Column('offset_for', sa.DateTime(timezone=True), nullable=True))
    op.add_column('tenant', sa.Column('zone_rules', sa.Text(), nullable=True))


def downgrade():
    op.drop_column('tenant', 'zone_rules')
    op.drop_column('appointment', 'offset_for')
    op.drop_column('appointment', 'planned_offset')
