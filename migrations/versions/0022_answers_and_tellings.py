"""Answers in the tenant's words, in the language of what was asked; a start that is told again

Revision ID: 0022
Revises: 0021
"""
from alembic import op
import sqlalchemy as sa

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

KNOWN = "answer IN ('confirm', 'cancel', 'late', 'stop', 'unclear', 'none')"
KNOWN_BEFORE = "answer IN ('confirm', 'cancel', 'late', 'unclear', 'none')"
KEY = ['tenant_id', 'appointment_id', 'type', 'step', 'starts_at']

# What every business begins with, as of this migration: type, language, text.
TEXTS = [
    (
        'answer_confirmed', 'en',
        'Thank you! See you on {{appointment_date}} at {{appointment_time}} at {{business_name}}.',
    ),
    (
        'answer_confirmed', 'es',
        '¡Gracias! Te esperamos el {{appointment_date}}, {{appointment_time}}, en {{business_name}}.',
    ),
    (
        'answer_cancelled', 'en',
        'Your appointment on {{appointment_date}} at {{appointment_time}} at {{business_name}} is'
        ' cancelled. For another one just answer here.',
    ),
    (
        'answer_cancelled', 'es',
        'Tu cita del {{appointment_date}}, {{appointment_time}}, en {{business_name}} queda'
        ' cancelada. Para otra responde a este mensaje.',
    ),
    (
        'answer_to_cancel', 'en',
        'Thank you for telling us that you cannot come on {{appointment_date}} at'
        ' {{appointment_time}}: the team of {{business_name}} will see to it and get back to you.',
    ),
    (
        'answer_to_cancel', 'es',
        'Gracias por avisarnos de que no puedes venir el {{appointment_date}},'
        ' {{appointment_time}}: el equipo de {{business_name}} se ocupa y te responde.',
    ),
    (
        'answer_late', 'en',
        'Thank you for telling us that you are running late for {{appointment_time}}: the team of'
        ' {{business_name}} knows now.',
    ),
    (
        'answer_late', 'es',
        'Gracias por avisarnos de que llegas tarde a tu cita del {{appointment_date}},'
        ' {{appointment_time}}: ya lo sabe el equipo de {{business_name}}.',
    ),
]
# In the business's own language, where we speak it.
WORDED = sa.text("""
    INSERT INTO message_template (tenant_id, type, channel, language, subject, body)
    SELECT id, :type, channel, :language, '', :body
    FROM tenant, unnest(ARRAY['sms', 'whatsapp']) AS channel
    WHERE CASE left(locale, 2) WHEN 'es' THEN 'es' ELSE 'en' END = :language
""")


def upgrade():
    op.drop_constraint(op.f('ck_reply_answer_known'), 'reply', type_='check')
    op.create_check_constraint(op.f('ck_reply_answer_known'), 'reply', KNOWN)
    op.add_column('appointment', sa.Column('telling', sa.Integer(), server_default='0', nullable=False))
    op.add_column('notification', sa.Column('telling', sa.Integer(), server_default='0', nullable=False))
    op.add_column('notification', sa.Column('language', sa.Text(), nullable=True))
    op.drop_constraint(op.f('uq_notification_tenant_id_appointment_id_type_step_starts_at'), 'notification', type_='unique')
    op.create_unique_constraint('uq_notification_telling', 'notification', [*KEY, 'telling'])
    for type_, language, body in TEXTS:
        op.execute(WORDED.bindparams(type=type_, language=language, body=body))


def downgrade():
    op.execute("DELETE FROM message_template WHERE type LIKE 'answer\\_%'")
    op.drop_constraint('uq_notification_telling', 'notification', type_='unique')
    # Of a start that was told again, one telling is left: the last.
    op.execute("""
        DELETE FROM notification AS other USING notification AS kept
        WHERE (other.tenant_id, other.appointment_id, other.type, other.step, other.starts_at)
            = (kept.tenant_id, kept.appointment_id, kept.type, kept.step, kept.starts_at)
          AND other.telling < kept.telling
    """)
    op.create_unique_constraint(op.f('uq_notification_tenant_id_appointment_id_type_step_starts_at'), 'notification', KEY)
    op.drop_column('notification', 'language')
    op.drop_column('notification', 'telling')
    op.drop_column('appointment', 'telling')
    op.execute("DELETE FROM reply WHERE answer = 'stop'")
    op.drop_constraint(op.f('ck_reply_answer_known'), 'reply', type_='check')
    op.create_check_constraint(op.f('ck_reply_answer_known'), 'reply', KNOWN_BEFORE)
