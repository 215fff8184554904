"""what customers may mean

Revision ID: 0037
Revises: 0036

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

KNOWN_BEFORE = "answer IN ('confirm', 'cancel', 'late', 'stop', 'unclear', 'none')"
KNOWN = (
    "answer IN ('confirm', 'cancel', 'late', 'may_cancel', 'may_be_late', 'move', 'stop',"
    " 'unclear', 'none')"
)


def upgrade():
    op.drop_constraint(op.f("ck_reply_answer_known"), "reply", type_="check")
    op.create_check_constraint(op.f("ck_reply_answer_known"), "reply", KNOWN)
    op.add_column("conversation", sa.Column("stop_asked_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_consent_event_message",
        "consent_event",
        ["tenant_id", "message_id"],
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )


def downgrade():
    op.drop_index("ix_consent_event_message", table_name="consent_event")
    op.drop_column("conversation", "stop_asked_id")
    op.execute("UPDATE reply SET answer = 'unclear' WHERE answer LIKE 'may%' OR answer = 'move'")
    op.drop_constraint(op.f("ck_reply_answer_known"), "reply", type_="check")
    op.create_check_constraint(op.f("ck_reply_answer_known"), "reply", KNOWN_BEFORE)
