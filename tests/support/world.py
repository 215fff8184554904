"""Businesses to test with: each has people, customers, messages and all that it can own."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from flask_security import hash_password
from sqlalchemy import select

from app import onboarding
from app.channels import CHANNELS
from app.extensions import Model, db, vault
from app.inbound import receive
from app.inbound.routing import Route
from app.lib.keyed_hash import hashed
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import (
    ApiKey,
    Appointment,
    Broadcast,
    CalendarFeed,
    Call,
    CannedReply,
    Colour,
    ContactPoint,
    ConversationEvent,
    ConversationEventKind,
    ConversationLabel,
    Customer,
    CustomerSegment,
    Direction,
    DraftFile,
    FileImport,
    Label,
    Media,
    Message,
    MessageArchive,
    Note,
    Notification,
    PinnedFact,
    Promise,
    Role,
    SavedView,
    ScheduledMessage,
    Service,
    ServiceStaff,
    Spending,
    StaffInterval,
    StaffMember,
    Tenant,
    TenantExport,
    TimeOff,
    User,
    UserEmail,
    UserInvitation,
    UserSession,
    WebhookDelivery,
    WebhookEndpoint,
    WhatsappTemplate,
)
from app.notifications.causes import Cause
from app.outbox.compose.ledger import enter
from app.providers.contract import Received
from app.tenancy import tenant_scope, unscoped

PASSWORD = "correct-horse-battery"
# A Wednesday noon in New York; tests that need another time say so.
NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)

# The platform's account, which vouches for what the businesses hear.
ACCOUNT = "AC" + "1" * 32

# Each business has a template of this name at Twilio: «Hi {{1}}, see you {{2}}.»
CONTENT = "HX" + "c" * 32
WEBHOOK_SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSB0ZXN0cyBhbmQgb2Ygbm9ib2R5"


@dataclass(frozen=True)
class Business:
    """A tenant by its ids, so that it outlives sessions."""

    id: int
    slug: str
    name: str
    timezone: str
    number: str
    staff: str
    admin: str
    customer_id: int
    """Somebody who has written one message by SMS: «Hello from SLUG»."""
    customer_number: str

    @property
    def route(self) -> Route:
        return Route(self.id, self.slug, "US", self.timezone, None, ACCOUNT)


_known: dict[str, Business] = {}


def known(slug: str) -> Business:
    return _known[slug]


def business_of(email: str) -> int:
    """The id of the business in which they work; 0 for the operator."""
    return next((each.id for each in _known.values() if email in (each.staff, each.admin)), 0)


def business(slug: str, name: str, timezone: str, number: str) -> Business:
    """A tenant with one row at least in every table that it can own."""
    tenant = onboarding.create_tenant(
        slug, name, timezone, "US", sms_from=number, whatsapp_from=number
    )
    # Nothing to wait for: the tests that take a message back say so.
    tenant.undo_seconds = 0
    # Nor for a number to be free again, likewise.
    tenant.sms_pace = tenant.whatsapp_pace = 1000
    staff = _user(tenant, Role.STAFF, f"staff@{slug}.test")
    admin = _user(tenant, Role.TENANT_ADMIN, f"admin@{slug}.test")
    customer_number = "+12125550142" if slug == "salon" else f"+1212555{_place(slug):04d}"
    made = Business(tenant.id, slug, name, timezone, number, staff, admin, 0, customer_number)
    with tenant_scope(tenant.id):
        customer_id = _fill(made)
    db.session.remove()
    _known[slug] = Business(**(made.__dict__ | {"customer_id": customer_id}))
    return _known[slug]


def _place(slug: str) -> int:
    """Its own, though it may be made anew in another test of the process."""
    return [*_known, slug].index(slug)


def operator() -> str:
    """The platform admin's email."""
    with unscoped("tests"):
        if not db.session.scalar(select(User.id).where(User.email == "op@platform.test")):
            _user(None, Role.PLATFORM_ADMIN, "op@platform.test")
    return "op@platform.test"


@cache
def _hash() -> str:
    hashed: str = hash_password(PASSWORD)
    return hashed


def _user(tenant: Tenant | None, role: Role, email: str) -> str:
    with unscoped("tests"):
        user = User(
            tenant_id=tenant.id if tenant else None,
            email=email,
            name=email.partition("@")[0].title(),
            password=_hash(),
            role=role,
            fs_uniquifier=uuid.uuid5(uuid.NAMESPACE_DNS, email).hex,
        )
        db.session.add(user)
        db.session.flush()
        db.session.add_all([_session(user), _email(user)])
        db.session.commit()
    return email


def _session(user: User) -> UserSession:
    at = now()
    return UserSession(
        tenant_id=user.tenant_id,
        user_id=user.id,
        key_hash=hashed(session_key(user.email)),
        browser="Firefox on Linux",
        created_at=at,
        # So that nothing is written when they are seen, however long the tests take.
        last_seen_at=at + timedelta(hours=12),
    )


def session_key(email: str) -> str:
    """Of the session that each has from the beginning."""
    return f"key of {email}"


def _email(user: User) -> UserEmail:
    """One that was sent."""
    return UserEmail(
        tenant_id=user.tenant_id,
        user_id=user.id,
        kind="wrong_passwords",
        values={"tries": 10},
        created_at=NOON,
        send_after=NOON,
        sent_at=NOON,
    )


def _fill(owner: Business) -> int:
    hear(owner, f"Hello from {owner.slug}", name=f"Ann {owner.slug.title()}")
    customer_id = db.session.scalars(select(Customer.id)).one()
    service = Service(name="Cut", duration_minutes=60)
    person = StaffMember(name="Sofia")
    db.session.add_all([service, person])
    db.session.flush()
    db.session.add_all(
        [
            Appointment(
                customer_id=customer_id,
                service_id=service.id,
                staff_member_id=person.id,
                starts_at=NOON + timedelta(days=1),
                booked_at=NOON - timedelta(days=7),
            ),
            Call(
                customer_id=customer_id,
                caller=owner.customer_number,
                started_at=NOON,
                missed_at=NOON,
            ),
            ContactPoint(
                customer_id=customer_id, channel="email", address=f"ann@{owner.slug}.test"
            ),
            WhatsappTemplate(
                name=f"Reminder of {owner.slug}",
                language="en",
                content_sid=CONTENT,
                body="Hi {{1}}, see you {{2}}.",
            ),
            # For no appointment, so that planning one meets nothing.
            Notification(
                type="review_request",
                customer_id=customer_id,
                due_at=NOON - timedelta(days=7),
                useful_until=NOON - timedelta(days=6),
                status="skipped",
                cause=Cause.UNREACHABLE,
                reason=f"The number of {owner.slug} was wrong.",
            ),
            *_of_the_team(owner, customer_id),
            UserInvitation(
                email=f"invited@{owner.slug}.test",
                name=f"Invited by {owner.slug}",
                role=Role.STAFF,
                inviter_id=db.session.scalars(
                    select(User.id).where(User.email == owner.admin)
                ).one(),
                created_at=now(),
                # As long as the tests take.
                expires_at=now() + timedelta(days=7),
            ),
            Spending(day=date(2026, 11, 1), kind="segments", used=1),
            # An operator's, whom no page of the business shows it.
            DraftFile(
                customer_id=customer_id,
                name=f"{owner.slug}.png",
                content_type="image/png",
                size=8,
                created_at=now(),
                content=b"\x89PNG\r\n\x1a\n",
            ),
            # Of messages that are not there any more; without a file.
            MessageArchive(
                name="2016-01",
                state="done",
                since=NOON - timedelta(days=3950),
                until=NOON - timedelta(days=3919),
                begun_at=NOON - timedelta(days=3000),
            ),
            # Long gone.
            TenantExport(status="ended", worked_at=NOON, finished_at=NOON),
            # Of which nothing was taken.
            FileImport(name=f"{owner.slug}.csv", rows=0, status="done", finished_at=NOON),
            ApiKey(
                name=f"Key of {owner.slug}",
                prefix="kv_",
                secret_hash=owner.slug,
                scopes=["customers:read"],
                created_at=NOON,
            ),
            # Of somebody who works while the business is open, and was away long ago.
            StaffInterval(staff_member_id=person.id, weekday=0, opens=540, closes=1020),
            TimeOff(
                staff_member_id=person.id,
                first_day=date(2020, 1, 1),
                last_day=date(2020, 1, 1),
                note=f"Note of {owner.slug}",
            ),
            ServiceStaff(service_id=service.id, staff_member_id=person.id),
            CalendarFeed(
                shows="names",
                token_hash=hashed(f"the calendar of {owner.slug}"),
                token_sealed=vault().seal(f"the calendar of {owner.slug}"),
                created_at=NOON,
            ),
            CannedReply(title="Hello", shortcut="hello", body="Hello {{customer_name}}"),
            # Long after all that the tests play.
            ScheduledMessage(
                customer_id=customer_id,
                channel="sms",
                body=f"Much later from {owner.slug}",
                sender=owner.number,
                recipient=owner.customer_number,
                send_at=NOON + timedelta(days=36_500),
                created_at=NOON,
            ),
            Media(
                message_id=db.session.scalars(select(Message.id)).one(),
                position=1,
                url=f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"
                f"/Messages/MM{'0' * 32}/Media/ME{'0' * 32}",
                content_type="image/png",
                state="stored",
                content=b"\x89PNG\r\n\x1a\n" + owner.slug.encode(),
                fetch_after=NOON,
            ),
        ]
    )
    _webhook(owner)
    db.session.commit()
    return customer_id


def _of_the_team(owner: Business, customer_id: int) -> list[Model]:
    """A label on the customer's conversation, a note in it, and that both was done."""
    label = Label(name=f"Label of {owner.slug}", colour=Colour.BLUE)
    staff_id = db.session.scalars(select(User.id).where(User.email == owner.staff)).one()
    db.session.add(
        SavedView(
            name=f"View of {owner.slug}", address={"view": "mine"}, shared=True, user_id=staff_id
        )
    )
    db.session.add(label)
    db.session.flush()
    told = {"customer_id": customer_id, "about": label.name, "at": NOON}
    return [
        ConversationLabel(customer_id=customer_id, label_id=label.id, at=NOON),
        ConversationEvent(kind=ConversationEventKind.LABEL_ADDED, **told),
        Note(customer_id=customer_id, body=f"Note of {owner.slug}", created_at=NOON),
        # Done long ago.
        Promise(customer_id=customer_id, what="Call", due_at=NOON, made_at=NOON, done_at=NOON),
        CustomerSegment(name="Not here of late", filters={"away": 60}),
        Broadcast(name=f"Offer of {owner.slug}", channel="sms", body="Hi. STOP ends it."),
        PinnedFact(customer_id=customer_id, fact=f"Pinned by {owner.slug}", at=NOON),
    ]


def _webhook(owner: Business) -> None:
    """An endpoint that no event goes to, and what it was told."""
    endpoint = WebhookEndpoint(
        name=f"Bookkeeping of {owner.slug}",
        # No name that would be looked up.
        url=f"https://1.1.1.1/{owner.slug}",
        secret_sealed=vault().seal(WEBHOOK_SECRET),
        event_types=[],
        created_at=NOON,
    )
    db.session.add(endpoint)
    db.session.flush()
    db.session.add(
        WebhookDelivery(
            endpoint_id=endpoint.id,
            webhook_id="evt_1",
            type="message.received",
            payload=f'{{"type": "message.received", "data": {{"slug": "{owner.slug}"}}}}',
            status="delivered",
            attempts=1,
            next_at=NOON,
            created_at=NOON,
            attempted_at=NOON,
            took_ms=12,
            answered=200,
            answer=f"Thanks from {owner.slug}",
        )
    )


def sid() -> str:
    return f"SM{uuid.uuid4().hex}"


def hear(
    owner: Business,
    body: str,
    *,
    number: str | None = None,
    channel: str = "sms",
    at: datetime = NOON,
    name: str = "",
    account: str = "",
) -> None:
    """A customer writes to the business; by an account of its own, if one is named."""
    address = number or owner.customer_number
    message = Received(sid(), address, (), owner.number, name, body, ())
    route = replace(owner.route, account_sid=account, own=True) if account else owner.route
    receive.receive(route, CHANNELS[channel], message, at)


def say(
    owner: Business,
    body: str,
    *,
    status: MessageStatus = MessageStatus.ACCEPTED,
    at: datetime = NOON,
    provider_sid: str | None = None,
) -> int:
    """The business wrote to its customer; the message's id."""
    with tenant_scope(owner.id):
        message = Message(
            customer_id=owner.customer_id,
            channel="sms",
            direction=Direction.OUTBOUND,
            status=status,
            body=body,
            sender=owner.number,
            recipient=owner.customer_number,
            created_at=at,
            send_after=at,
            provider_sid=provider_sid or sid(),
            account_sid=ACCOUNT,
        )
        enter(message)
        db.session.commit()
        return message.id
