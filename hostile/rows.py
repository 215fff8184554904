"""What a business owns beside what tests/support/world.py gives it: a row in every table."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select

from app.api_keys.scopes import SCOPES
from app.appointments import commands
from app.business_hours import Interval, claim_away
from app.business_hours.hours_form import DatedHours, Entered
from app.business_hours.opening_hours import Period
from app.business_hours.save_hours import save
from app.customers.merging.one_person import make_one
from app.extensions import db, vault
from app.inbox import conversation_commands
from app.inbox.conversation_log import By
from app.lib.keyed_hash import hashed
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import (
    ApiKey,
    ApiRequest,
    Appointment,
    AuditEntry,
    AutomationEvent,
    AutomationRule,
    AutomationRun,
    Broadcast,
    BroadcastRecipient,
    ButtonCard,
    ButtonTap,
    CalendarFeed,
    Call,
    CannedReply,
    ChannelAccount,
    ChannelThread,
    ChatBlock,
    ChatSession,
    ChatSettings,
    ConsentEvent,
    Conversation,
    Customer,
    CustomerSegment,
    DeadLetter,
    Direction,
    Draft,
    DraftFile,
    EmailAutoAnswer,
    ErasedMessage,
    Erasure,
    FileImport,
    HealthRequest,
    HealthResult,
    IdentityLink,
    ImportChange,
    InboundCheck,
    KeptEvent,
    KeptOptOut,
    Mailbox,
    MarketingConsent,
    Media,
    Message,
    MessageEvent,
    MessageQuote,
    MessageReaction,
    MessageRevision,
    MessageTemplate,
    Note,
    NoteMention,
    Notification,
    NotificationSetting,
    OptOut,
    Passkey,
    PasswordReset,
    ProviderIdentity,
    PushNotice,
    PushSubscription,
    ReceivedEmail,
    RecoveryCode,
    Reply,
    Rollup,
    ScheduledMessage,
    SelfTest,
    SenderPause,
    Service,
    SingleSignOn,
    StaffMember,
    Tenant,
    UnaskedAddress,
    User,
    UserInvitation,
    UserNotice,
    WebhookDelivery,
    WebhookEndpoint,
)
from app.notifications.types.review_request import TYPE
from app.outbox.compose.ledger import enter
from app.outbox.queue import rate_limit
from app.search import indexing
from app.tenancy import tenant_scope
from tests.support import world
from tests.support.world import Business

PNG = b"\x89PNG\r\n\x1a\n"
DAY = timedelta(days=1)


def mailbox(owner: Business) -> str:
    """Where the business wants its answers to go, which nobody has confirmed."""
    return f"wanted@{owner.slug}.test"


def token(owner: Business) -> str:
    """What opens the business's invitation, its link to a new password, and a visitor's chat."""
    return f"let-in-by-{owner.slug}"


def api_key(owner: Business) -> str:
    """What lets the business's own program in."""
    return f"kv_{owner.id}_{owner.slug:x<43}"


def add(owner: Business) -> None:
    """All states that something can be done to, in the business's own rows."""
    world.hear(owner, f"By WhatsApp from {owner.slug}", channel="whatsapp", at=now())
    with tenant_scope(owner.id):
        _messages(owner)
        _received_email(owner)
        _appointments(owner)
        _answer()
        _call(owner)
        _hours(owner)
        _rest(owner)
        _begun(owner)
        _chat(owner)
        _let_in(owner)
        _closed(owner)
        _of_a_thread(owner)
        _merged(owner)
        _rule(owner)
        _log(owner)
        db.session.commit()
    indexing.index(now())
    db.session.remove()


def _log(owner: Business) -> None:
    """That somebody changed a customer."""
    db.session.add(
        AuditEntry(
            at=now(),
            actor_name=f"Admin of {owner.slug}",
            action="changed",
            row_kind="customer",
            row_id=owner.customer_id,
            row_name=f"Ann {owner.slug}",
            customer_id=owner.customer_id,
            changes={"first_name": [f"An {owner.slug}", f"Ann {owner.slug}"]},
        )
    )


def _messages(owner: Business) -> None:
    for status in (MessageStatus.ACCEPTED, MessageStatus.FAILED, MessageStatus.QUEUED):
        world.say(owner, f"{status} of {owner.slug}", status=status, at=now() + DAY)
    email = Message(
        customer_id=owner.customer_id,
        channel="email",
        direction=Direction.OUTBOUND,
        status=MessageStatus.SENT,
        body=f"Email of {owner.slug}",
        subject=f"Subject of {owner.slug}",
        html=f"<p>HTML of {owner.slug}</p>",
        sender=f"hello@{owner.slug}.test",
        recipient=f"ann@{owner.slug}.test",
        error=f"Error of {owner.slug}",
        client_token=f"posted-{owner.slug}",
        created_at=now(),
        provider_sid=world.sid(),
    )
    enter(email)
    db.session.flush()
    db.session.add(
        Media(
            message_id=email.id,
            position=1,
            url="",
            content_type="image/png",
            state="stored",
            content=PNG + owner.slug.encode(),
            fetch_after=now(),
        )
    )


def _received_email(owner: Business) -> None:
    """One that came in, with what it quotes."""
    sender = f"ann@{owner.slug}.test"
    # It comes in by a connection of its own, which waits for nobody.
    db.session.commit()
    world.hear(owner, f"Email from {owner.slug}", number=sender, channel="email", at=now())
    emails = select(func.max(Message.id)).where(Message.channel == "email")
    came = db.session.scalars(emails.where(Message.direction == Direction.INBOUND)).one()
    ours = db.session.scalars(emails.where(Message.direction == Direction.OUTBOUND)).one()
    db.session.add(
        EmailAutoAnswer(
            message_id=ours, answered_id=came, address=sender, domain=f"{owner.slug}.test", at=now()
        )
    )
    db.session.add(
        ReceivedEmail(
            message_id=came,
            header_id=f"<came@{owner.slug}.test>",
            answers=[f"<sent@{owner.slug}.test>"],
            whole=f"Whole email from {owner.slug}",
            html=f"<p>HTML from {owner.slug}</p>",
            remote_pictures=True,
            answerable=False,
            is_reply=False,
        )
    )


def _appointments(owner: Business) -> None:
    """One that is to come, with all its automatic messages planned, and one in the past."""
    about = {
        "customer_id": owner.customer_id,
        "service_id": db.session.scalars(select(Service.id)).one(),
        "staff_member_id": db.session.scalars(select(StaffMember.id)).one(),
        "duration_minutes": 60,
        "notes": f"Notes of {owner.slug}",
    }
    token = f"posted-booking-{owner.slug}"
    commands.book(now(), starts_at=now() + 5 * DAY, client_token=token, **about)
    db.session.add(Appointment(starts_at=now() - DAY, external_id=owner.slug, **about))
    wanted = db.session.scalars(
        select(NotificationSetting).where(NotificationSetting.type == TYPE.key)
    ).one()
    link = {"link": f"https://{owner.slug}.example/review"}
    wanted.enabled, wanted.options = True, wanted.options | link


def _answer() -> None:
    """A reminder was answered, perhaps by no more messages: a person has to look at it."""
    asked = db.session.scalars(
        select(Notification).where(Notification.appointment_id.is_not(None)).limit(1)
    ).one()
    heard = select(Message.id).where(Message.direction == Direction.INBOUND).limit(1)
    reply = Reply(
        message_id=db.session.scalars(heard).one(),
        notification_id=asked.id,
        appointment_id=asked.appointment_id,
        answer="late",
        outcome="to_staff",
        reason="They are running late.",
        at=now(),
    )
    db.session.add(reply)
    db.session.flush()
    talk = db.session.scalars(select(Conversation)).one()
    talk.open_reply_id, talk.stop_asked_id = reply.id, reply.message_id


def _closed(owner: Business) -> None:
    """Another customer's conversation, which can be opened again."""
    db.session.commit()
    world.hear(
        owner, f"Done with {owner.slug}", number=f"{owner.customer_number[:-4]}0999", at=now()
    )
    newest = db.session.scalars(select(func.max(Customer.id))).one()
    conversation_commands.close(newest, By(), now())


def _merged(owner: Business) -> None:
    """Somebody who turned out to be the customer, and whom a carrier took for them."""
    twin = Customer(first_name=f"Twin of {owner.slug}", notes=f"Twin's notes of {owner.slug}")
    db.session.add(twin)
    db.session.flush()
    db.session.add(Note(customer_id=twin.id, body=f"Of {owner.slug}'s twin", created_at=now()))
    db.session.flush()
    make_one(owner.customer_id, twin.id, None, now())
    link = {"channel": "whatsapp", "address": f"US.of-{owner.slug}", "at": now()}
    db.session.add(IdentityLink(customer_id=owner.customer_id, **link))


def _of_a_thread(owner: Business) -> None:
    """A message that moved and answers another; somebody is named in a note, and told so."""
    ours = select(func.max(Message.id)).where(Message.status == MessageStatus.FAILED)
    failed = db.session.get_one(Message, db.session.scalars(ours).one())
    note = db.session.scalars(select(Note).limit(1)).one()
    user_id = db.session.scalars(select(func.min(User.id))).one()
    told = {"recipient_id": user_id, "customer_id": owner.customer_id, "at": now()}
    db.session.add_all(
        [
            MessageEvent(
                message_id=failed.id,
                at=now(),
                kind="reported",
                status="failed",
                error=f"Step of {owner.slug}",
            ),
            ButtonTap(
                customer_id=failed.customer_id,
                message_id=failed.id,
                provider_sid=failed.provider_sid or "",
                button="confirm",
                at=now(),
            ),
            ButtonCard(
                account_sid="", digest=owner.slug, definition={"of": owner.slug}, created_at=now()
            ),
            MessageQuote(message_id=failed.id, quoted_sid=failed.provider_sid or ""),
            NoteMention(note_id=note.id, user_id=user_id),
            UserNotice(kind="mention", note_id=note.id, **told),
            UserNotice(kind="assigned", **told),
        ]
    )


def _let_in(owner: Business) -> None:
    """Who was invited has the link; somebody else forgot their password, and has a passkey."""
    user = db.session.scalars(select(User).order_by(User.id).limit(1)).one()
    hash_ = hashed(token(owner))
    db.session.scalars(select(UserInvitation)).one().token_hash = hash_
    db.session.scalars(select(CalendarFeed)).one().token_hash = hash_
    key = db.session.scalars(select(ApiKey)).one()
    key.secret_hash, key.scopes, key.last_used_at = hashed(api_key(owner)), [*SCOPES], now()
    request = {"name_hash": owner.slug, "body_hash": owner.slug, "at": now()}
    db.session.add(ApiRequest(api_key_id=key.id, **request))
    db.session.add(
        PasswordReset(
            tenant_id=owner.id,
            user_id=user.id,
            email=user.email,
            token_hash=hash_,
            expires_at=now() + DAY,
        )
    )
    # Who signs in by the pages goes on without one: none of theirs is set up.
    db.session.add_all(
        [
            RecoveryCode(tenant_id=owner.id, user_id=user.id, code_hash=hash_),
            Passkey(
                tenant_id=owner.id,
                user_id=user.id,
                user_handle=uuid4(),
                credential_id=hash_.encode(),
                public_key=b"",
                sign_count=0,
                transports=[],
                name="Telephone",
                created_at=now(),
            ),
        ]
    )
    # A provider that nobody may call, and who somebody is there.
    there = {"tenant_id": owner.id, "issuer": f"https://127.0.0.1/{owner.slug}"}
    sealed = vault().seal(f"Client secret of {owner.slug}")
    db.session.add(
        SingleSignOn(**there, client_id=owner.slug, client_secret_sealed=sealed, enabled=True)
    )
    bound = {"bound_at": now(), "last_used_at": now()}
    db.session.add(
        ProviderIdentity(**there, user_id=user.id, subject=f"subject of {owner.slug}", **bound)
    )


def _call(owner: Business) -> None:
    """It rings, and the carrier may tell how it ended."""
    account, sid = world.ACCOUNT, f"CA{world.sid()[2:]}"
    db.session.add(
        Call(
            customer_id=owner.customer_id,
            caller=owner.customer_number,
            outcome="ringing",
            started_at=now(),
            provider_sid=sid,
            account_sid=account,
        )
    )


def _hours(owner: Business) -> None:
    """Open in the mornings, with a date of its own; and somebody was told that it is closed."""
    morning, day = (Interval(540, 720),), now().date() + 30 * DAY
    dates = (DatedHours(day, f"Note of {owner.slug}", False, morning),)
    save(Entered((morning,) * 7, dates, False, None, ()), 0, now())
    talk = db.session.scalars(select(Conversation.id).limit(1)).one()
    claim_away(talk, Period(now() - DAY, None), now())


def _import(owner: Business, moment: datetime) -> None:
    """One that can be undone, and one that waits to be taken."""
    db.session.add(
        FileImport(
            name=f"{owner.slug} soon.csv",
            kind="services",
            status="checked",
            file=b"name\nDye\n",
            columns=["name"],
            rows=1,
            created=1,
        )
    )
    upload = FileImport(
        name=f"{owner.slug} again.csv",
        status="done",
        rows=1,
        created=1,
        rejected=1,
        reasons=[[2, f"Reason of {owner.slug}"]],
        error=f"Error of {owner.slug}",
        finished_at=moment,
        undo_until=moment + DAY,
    )
    db.session.add(upload)
    db.session.flush()
    service = db.session.scalars(select(Service).limit(1)).one()
    change = {"import_id": upload.id, "line": 2, "what": "service", "row_id": service.id}
    after = {"name": f"Changed by {owner.slug}"}
    db.session.add(ImportChange(**change, before={"name": service.name}, after=after, at=moment))


def _rest(owner: Business) -> None:
    stopped, moment, whose = f"stopped@{owner.slug}.test", now(), {"tenant_id": owner.id}
    _webhook(owner, moment)
    failed = select(Message.id).where(Message.status == MessageStatus.FAILED)
    template = db.session.scalars(select(MessageTemplate).limit(1)).one()
    more = "es" if template.language == "en" else "en"
    same = {name: getattr(template, name) for name in ("type", "channel", "subject", "body")}
    tenant = db.session.get_one(Tenant, owner.id)
    user = db.session.scalars(select(User.id).order_by(User.id).limit(1)).one()
    rate_limit.introduce(tenant, "sms", owner.number, moment)
    tenant.reply_to_wanted = mailbox(owner)
    _import(owner, moment)
    db.session.add_all(
        [
            # In another language than their own, which can be removed.
            MessageTemplate(**same, language=more),
            ConsentEvent(channel="email", address=stopped, said="stop", source="staff", at=moment),
            OptOut(**whose, channel="email", address=stopped, since=moment),
            MarketingConsent(
                **whose,
                channel="sms",
                address=owner.customer_number,
                said="yes",
                source="staff",
                user_id=user,
                evidence=f"Said so at {owner.slug}",
            ),
            BroadcastRecipient(
                **whose,
                broadcast_id=db.session.scalars(select(Broadcast.id).limit(1)).one(),
                customer_id=owner.customer_id,
                decided_at=moment,
                cause="refused",
                reason=f"Refused at {owner.slug}",
            ),
            CustomerSegment(**whose, name=f"Regulars of {owner.slug}", filters={"visited": 90}),
            InboundCheck(**whose, channel="sms", due_at=moment + DAY),
            Mailbox(
                **whose,
                address=f"box@{owner.slug}.test",
                host=f"imap.{owner.slug}.test",
                port=993,
                security="tls",
                user_name=f"user@{owner.slug}.test",
                auth="password",
                password_sealed=f"Password of {owner.slug}",
                uid_validity=1,
                last_uid=1,
                due_at=moment + DAY,
            ),
            ChannelAccount(
                **whose,
                channel="messenger",
                address=f"page-of-{owner.slug}",
                node=f"page-of-{owner.slug}",
                name=f"Page of {owner.slug}",
                token_sealed=vault().seal(f"token of {owner.slug}"),
            ),
            ChannelThread(**whose, customer_id=owner.customer_id, channel="messenger"),
            MessageRevision(
                **whose, sid=f"mid-{owner.slug}", number=1, body=f"Edit of {owner.slug}", at=moment
            ),
            MessageReaction(
                **whose, sid=f"mid-{owner.slug}", address=owner.slug, emoji="x", at=moment
            ),
            KeptEvent(
                **whose,
                key=owner.slug,
                channel="messenger",
                account=f"page-of-{owner.slug}",
                said=f'{{"text": "Event of {owner.slug}"}}',
                standby=False,
                came_at=moment,
            ),
            Erasure(
                **whose,
                customer_id=1,
                state="done",
                asked_at=moment,
                asked_by=f"Who asked at {owner.slug}",
                try_at=moment,
                done_at=moment,
            ),
            KeptOptOut(**whose, digest=owner.slug, channel="sms", since=moment, source="staff"),
            UnaskedAddress(**whose, address=f"{owner.slug}@x.test", channel="email", at=moment),
            ErasedMessage(**whose, digest=owner.slug),
            PushNotice(**whose, customer_id=owner.customer_id, told_up_to=moment),
            PushSubscription(
                **whose,
                user_id=user,
                session_id=0,
                endpoint=f"https://push.example/{owner.slug}",
                p256dh="",
                auth="",
                created_at=moment,
            ),
            SenderPause(
                **whose,
                channel="whatsapp",
                reason=f"Pause of {owner.slug}",
                since=moment,
                until=moment + DAY,
            ),
            HealthRequest(**whose, asked_at=moment),
            SelfTest(message_id=db.session.scalars(failed).one()),
            Rollup(**whose, what="stop", at=moment, kind="sms", detail="staff", who_id=0, total=1),
            HealthResult(
                **whose,
                check="delivery",
                state="broken",
                sentence=f"Sentence of {owner.slug}",
                next_step=f"Next step of {owner.slug}",
                at=moment,
            ),
            DeadLetter(
                message_id=db.session.scalars(failed).one(),
                attempts=9,
                reason="ValueError",
                since=moment,
            ),
        ]
    )


def _chat(owner: Business) -> None:
    """A live chat that is on, somebody who has chatted there, and somebody blocked."""
    whose, moment = {"tenant_id": owner.id}, now()
    db.session.add_all(
        [
            ChatSettings(
                **whose,
                enabled=True,
                sites=[f"https://{owner.slug}.example"],
                greetings={"en": f"Greeting of {owner.slug}"},
                email=f"chat@{owner.slug}.test",
                identity_secret_sealed=vault().seal(f"Secret of {owner.slug}"),
            ),
            ChatSession(
                address=f"v-{owner.slug}",
                token_hash=hashed(token(owner)),
                name=f"Visitor of {owner.slug}",
                page_title=f"Page of {owner.slug}",
                created_at=moment,
                last_seen_at=moment,
            ),
            ChatBlock(address=f"v-{owner.slug}", note=f"Block of {owner.slug}", at=moment),
        ]
    )


def _begun(owner: Business) -> None:
    """What staff have begun to write, what goes later, and a text at hand, of one and of all."""
    staff = db.session.scalars(select(User.id).where(User.email == owner.staff)).one()
    about = {"customer_id": owner.customer_id, "created_at": now()}
    file = {"name": f"{owner.slug}.png", "content_type": "image/png", "size": len(PNG), **about}
    later = ScheduledMessage(
        author_id=staff,
        channel="sms",
        body=f"Later from {owner.slug}",
        sender=owner.number,
        recipient=owner.customer_number,
        send_at=now() + DAY,
        **about,
    )
    db.session.add(later)
    db.session.flush()
    begun = {"user_id": staff, "customer_id": owner.customer_id, "updated_at": now()}
    canned = {"title": f"Reply of {owner.slug}", "body": f"Text of {owner.slug}"}
    db.session.add_all(
        [
            Draft(channel="sms", body=f"Draft of {owner.slug}", **begun),
            DraftFile(user_id=staff, content=PNG + owner.slug.encode(), **file),
            DraftFile(user_id=staff, scheduled_id=later.id, content=PNG, **file),
            CannedReply(shortcut="own", user_id=staff, **canned),
            CannedReply(shortcut="all", **canned),
        ]
    )


def _rule(owner: Business) -> None:
    """A rule that looked at what the customer wrote."""
    moment = now()
    heard = select(func.min(Message.id)).where(Message.direction == Direction.INBOUND)
    about = {"customer_id": owner.customer_id, "message_id": db.session.scalar(heard)}
    rule = AutomationRule(
        name=f"Rule of {owner.slug}",
        trigger="call_missed",
        off_reason=f"Why the rule of {owner.slug} is off",
        created_at=moment,
        updated_at=moment,
    )
    event = AutomationEvent(
        type="message.received",
        origin="customer",
        at=moment,
        due_at=moment,
        judged_at=moment,
        **about,
    )
    db.session.add_all([rule, event])
    db.session.flush()
    db.session.add(
        AutomationRun(
            rule_id=rule.id,
            rule_name=rule.name,
            rule_version=1,
            event_id=event.id,
            customer_id=owner.customer_id,
            status="done",
            facts={"words": f"Words to {owner.slug}"},
            done=[f"What the rule of {owner.slug} did"],
            due_at=moment,
            created_at=moment,
            done_at=moment,
        )
    )


def _webhook(owner: Business, moment: datetime) -> None:
    """What an endpoint was not told of, and one that was turned off."""
    db.session.add_all(
        [
            WebhookDelivery(
                endpoint_id=db.session.scalars(select(WebhookEndpoint.id)).one(),
                webhook_id=f"evt_of_{owner.slug}",
                type="message.received",
                payload=f'{{"of": "{owner.slug}"}}',
                status="failed",
                next_at=moment,
                created_at=moment,
                answered=500,
                answer=f"Answer of {owner.slug}",
                error=f"Error of {owner.slug}",
            ),
            WebhookEndpoint(
                name=f"Webhook of {owner.slug}",
                url=f"https://1.1.1.1/of-{owner.slug}",
                secret_sealed=vault().seal(f"whsec_{owner.slug}"),
                event_types=["message.received"],
                created_at=moment,
                disabled_at=moment,
                disabled_reason=f"Reason of {owner.slug}",
            ),
        ]
    )
