"""identity links

A carrier's webhook named an address that is another customer's: both are one person, and are merged by a job. What
comes in for whoever is being merged meanwhile fails on a trigger, as on a unique key: the webhook's statement is run
again, and finds the one that stays.

Revision ID: 0090
Revises: 0089
"""

from alembic import op
import sqlalchemy as sa

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

REFUSE = """
CREATE FUNCTION refuse_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM customer
        WHERE tenant_id = NEW.tenant_id AND id = NEW.customer_id AND merged_into_id IS NOT NULL
    ) THEN
        RAISE unique_violation USING MESSAGE = 'the customer was merged', CONSTRAINT = 'refuse_merged';
    END IF;
    RETURN NULL;
END $$
"""
# Named so that it runs after the foreign key's own trigger, which waits for a merge that is going on.
REFUSED = """
CREATE TRIGGER refuse_merged AFTER INSERT ON conversation
    FOR EACH ROW EXECUTE FUNCTION refuse_merged()
"""


def upgrade():
    op.create_table(
        "identity_link",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_identity_link_tenant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_identity_link_tenant_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_identity_link")),
        sa.UniqueConstraint(
            "tenant_id",
            "customer_id",
            "channel",
            "address",
            name=op.f("uq_identity_link_tenant_id_customer_id_channel_address"),
        ),
    )
    op.create_index(
        "ix_identity_link_open",
        "identity_link",
        ["tenant_id", "id"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.add_column(
        "customer_merge", sa.Column("known_by", sa.Text(), server_default="", nullable=False)
    )
    op.execute(REFUSE)
    op.execute(REFUSED)


def downgrade():
    op.execute("DROP TRIGGER refuse_merged ON conversation")
    op.execute("DROP FUNCTION refuse_merged()")
    op.drop_column("customer_merge", "known_by")
    op.drop_table("identity_link")
