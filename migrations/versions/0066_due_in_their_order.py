"""What is due is found in its order

The index has the order in which the dispatcher takes them, so that it reads no more than it takes
however many are due.

Revision ID: 0066
Revises: 0065
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

WAITS = sa.text("status = 'planned'")


def upgrade():
    op.create_index(
        "ix_notification_turn",
        "notification",
        ["tenant_id", "due_at", "id"],
        postgresql_where=WAITS,
    )
    op.drop_index("ix_notification_planned", "notification")


def downgrade():
    op.create_index(
        "ix_notification_planned",
        "notification",
        ["tenant_id", "due_at"],
        postgresql_where=WAITS,
    )
    op.drop_index("ix_notification_turn", "notification")
