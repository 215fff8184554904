"""Tells the simulator what a person would enter in Twilio's console: the businesses' numbers
with their webhook URLs, and their templates; to a mail service where their emails are posted; and
to their own systems the secrets that they verify webhooks by. And puts their customers' telephones
into its drawer.
"""

import re

import click
import requests
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app.config import Settings
from app.demo.demo_chat import simulators_sites
from app.extensions import db, settings, vault
from app.inbound.emails.email_address import inbound_url
from app.models import (
    ChannelAccount,
    ChannelThread,
    ContactPoint,
    Customer,
    Tenant,
    WebhookEndpoint,
    WhatsappTemplate,
)
from app.outbox.delivery.return_addresses import inbound_domain
from app.outbox.senders.twilio_senders import own_account
from app.tenancy import tenant_scope, unscoped
from app.webchat import enable_chat

MOST_TELEPHONES = 50
SITE = re.compile(r"http://(127\.0\.0\.1|localhost):\d+", re.ASCII)
RECEIVER = re.compile(r"http://127\.0\.0\.1:\d+/hooks/([\w-]+)", re.ASCII)


@click.command("introduce", hidden=True)
@with_appcontext
def introduce() -> None:
    """Tell a simulator the businesses' numbers; one that several share rings at the oldest."""
    with unscoped("the simulator stands in for everybody's Twilio"):
        for tenant in db.session.scalars(select(Tenant).order_by(Tenant.id.desc())).all():
            _introduce(tenant, settings())
        _introduce_accounts(settings())
        db.session.commit()


def _introduce(tenant: Tenant, known: Settings) -> None:
    webhooks = f"{known.public_url}/api/twilio/{tenant.slug}"
    sms_from = tenant.sms_from or known.twilio_from_number
    whatsapp_from = tenant.whatsapp_from or known.twilio_whatsapp_from
    if sms_from:
        _put(known, f"numbers/{sms_from}", **_urls(tenant, webhooks))
    if tenant.messaging_service_sid and sms_from:
        _put(known, f"services/{tenant.messaging_service_sid}", **_service(tenant, webhooks))
    if whatsapp_from:
        number = whatsapp_from.removeprefix("whatsapp:")
        _put(known, f"numbers/{number}", label=tenant.name, whatsapp_url=f"{webhooks}/whatsapp")
    if tenant.reply_to:
        _put(known, f"inboxes/{tenant.reply_to}", url=inbound_url(tenant))
    for name, endpoint in _receivers(tenant, known):
        _put(known, f"receivers/{name}", secret=vault().open(endpoint.secret_sealed))
    if domain := inbound_domain(tenant):
        _put(known, f"inboxes/@{domain}", url=inbound_url(tenant))
    for template in _templates(tenant):
        _put(known, f"contents/{template.content_sid}", name=str(template), body=template.body)
    with_rcs = _with_rcs(tenant)
    _introduce_site(tenant, known)
    for customer in _customers(tenant):
        if customer.address and customer.address.startswith("+"):
            name = f"{customer.first_name} {customer.last_name}".strip()
            _put(known, f"phones/{customer.address}", name=name, rcs=customer.id in with_rcs)


def _introduce_accounts(known: Settings) -> None:
    """Businesses' pages and Instagram accounts, and who has written to them."""
    if known.meta_graph_url != f"{known.twilio_api_url}/graph":
        return
    _put(known, "social/webhook", url=f"{known.public_url}/api/meta/webhook")
    accounts = db.session.scalars(select(ChannelAccount).order_by(ChannelAccount.id)).all()
    # The page first, to which an Instagram account is linked.
    for each in sorted(accounts, key=lambda account: account.channel != "messenger"):
        name = "name" if each.channel == "messenger" else "instagram_name"
        told = {name: each.name.removeprefix("@"), "token": vault().open(each.token_sealed)}
        linked = {"instagram_id": each.address} if each.channel == "instagram" else {}
        _put(known, f"social/pages/{each.node}", **told, **linked)
        for person, customer, wrote in _writers(each):
            who = {"kind": each.channel, "account": each.address, "name": customer}
            _put(known, f"social/people/{person}", **who, wrote=wrote)


def _writers(account: ChannelAccount) -> list[tuple[str, str, str]]:
    """Who has written to it: their ids there, their names, and when they did last (Unix)."""
    opened = func.coalesce(func.extract("epoch", ChannelThread.opened_at), 0)
    query = (
        select(ContactPoint.address, Customer.first_name, Customer.last_name, opened)
        .join(Customer, ContactPoint.customer_id == Customer.id)
        .outerjoin(
            ChannelThread,
            (ChannelThread.customer_id == Customer.id)
            & (ChannelThread.channel == ContactPoint.channel),
        )
        .where(ContactPoint.tenant_id == account.tenant_id, ContactPoint.channel == account.channel)
        .order_by(ContactPoint.id)
    )
    found = db.session.execute(query.limit(MOST_TELEPHONES)).all()
    return [(address, f"{first} {last}".strip(), str(at)) for address, first, last, at in found]


def _introduce_site(tenant: Tenant, known: Settings) -> None:
    """Where the business's site stands in the simulator, its live chat is shown there."""
    with tenant_scope(tenant.id):
        chat = enable_chat.stored()
        if chat is None or not any(SITE.fullmatch(site) for site in chat.sites):
            return
        # It may listen at another port than when it was entered.
        others = [site for site in chat.sites if not SITE.fullmatch(site)]
        chat.sites = [*others, *simulators_sites(known)]
        secret = next(iter(enable_chat.secrets_of(chat)), "")
    loader = f"{known.public_url}/chat/{tenant.slug}/widget.js"
    _put(known, f"sites/{tenant.slug}", name=tenant.name, loader=loader, secret=secret)


def _urls(tenant: Tenant, webhooks: str) -> dict[str, str]:
    return {
        "label": tenant.name,
        "sms_url": f"{webhooks}/sms",
        "voice_url": f"{webhooks}/answer",
        "status_callback": f"{webhooks}/status",
    }


def _service(tenant: Tenant, webhooks: str) -> dict[str, str]:
    return {
        "account_sid": own_account(tenant) or settings().twilio_account_sid or "",
        "sender": tenant.rcs_sender or "",
        "number": tenant.sms_from or "",
        "label": tenant.name,
        "callback_url": f"{webhooks}/sms",
        "fallback_url": f"{webhooks}/sms",
        "status_callback_url": f"{webhooks}/message-status",
    }


def _with_rcs(tenant: Tenant) -> set[int]:
    """The customers whose telephones have RCS, as far as the business has seen."""
    seen = ContactPoint.tenant_id == tenant.id, ContactPoint.rcs_seen_at.is_not(None)
    return set(db.session.scalars(select(ContactPoint.customer_id).where(*seen)))


def _receivers(tenant: Tenant, known: Settings) -> list[tuple[str, WebhookEndpoint]]:
    """Those of its webhooks that the simulator receives, by the receiver's name; it may listen at
    another port than when they were entered."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.tenant_id == tenant.id)
    found = []
    for endpoint in db.session.scalars(query.order_by(WebhookEndpoint.id)):
        if here := RECEIVER.fullmatch(endpoint.url):
            endpoint.url = f"{known.twilio_api_url}/hooks/{here[1]}"
            found.append((here[1], endpoint))
    return found


def _templates(tenant: Tenant) -> list[WhatsappTemplate]:
    whatsapps = WhatsappTemplate.channel == "whatsapp"
    query = select(WhatsappTemplate).where(WhatsappTemplate.tenant_id == tenant.id, whatsapps)
    return list(db.session.scalars(query.order_by(WhatsappTemplate.id)))


def _customers(tenant: Tenant) -> list[Customer]:
    reachable = select(ContactPoint.customer_id).where(ContactPoint.channel != "email")
    query = select(Customer).where(Customer.tenant_id == tenant.id, Customer.id.in_(reachable))
    return list(db.session.scalars(query.order_by(Customer.id).limit(MOST_TELEPHONES)))


def _put(known: Settings, path: str, **values: str | bool) -> None:
    url = f"{known.twilio_api_url}/simulator/{path}"
    requests.put(url, json=values, timeout=10).raise_for_status()
