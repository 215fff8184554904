"""consent from the chat

Where somebody left in the live chat how they are to be answered, the ledger says so.

Revision ID: 0078
Revises: 0077
"""
from alembic import op

revision = '0078'
down_revision = '0077'
branch_labels = None
depends_on = None

SOURCES = "source IN ('keyword', 'carrier', 'staff', 'link', 'complaint'{more})"


def upgrade():
    _sources(", 'chat'")


def _sources(more):
    op.drop_constraint(op.f('ck_consent_event_source_known'), 'consent_event', type_='check')
    op.create_check_constraint(op.f('ck_consent_event_source_known'), 'consent_event', SOURCES.format(more=more))


def downgrade():
    op.execute("DELETE FROM consent_event WHERE source = 'chat'")
    _sources('')
