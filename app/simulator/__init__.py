"""A stand-in Twilio and Meta with telephones in the browser: to develop and to test against."""

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from app.simulator import guard
from app.simulator.breakages.pages import break_pages
from app.simulator.control import control
from app.simulator.delivery import on_its_way
from app.simulator.faults import Dice
from app.simulator.hooks.pages import hook_pages
from app.simulator.mail.dns_server import DnsServer
from app.simulator.mail.imap_server import ImapServer
from app.simulator.mail.pages import mail_pages
from app.simulator.mail.server import MailServer
from app.simulator.rcs.rest_services import rest_services
from app.simulator.rest.refusals import TwilioError, answer
from app.simulator.rest.rest_calls import rest_calls
from app.simulator.rest.rest_contents import rest_contents
from app.simulator.rest.rest_messages import rest
from app.simulator.rest.rest_numbers import rest_numbers
from app.simulator.rest.rest_senders import rest_senders
from app.simulator.settings import Settings
from app.simulator.simulator import Simulator
from app.simulator.site.site_pages import site_pages
from app.simulator.social import social_webhooks
from app.simulator.social.graph_api import graph
from app.simulator.social.social_control import social_control
from app.simulator.social.social_pages import social_screens
from app.simulator.state import State
from app.simulator.telephones import inbound
from app.simulator.telephones.pages import pages

# Ten files of 5 MB, in base64.
LARGEST_REQUEST = 72 * 1024 * 1024

rest.register_blueprint(rest_numbers)
rest.register_blueprint(rest_calls)


def create_simulator(settings: Settings) -> Flask:
    """The application, with its state read and what was under way going on.
    `app.extensions["simulator"].close()` ends its threads."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    state = State(settings.directory)
    sim = Simulator(settings, state, dice=Dice(state.faults.seed))
    if settings.smtp_port is not None:
        password = settings.smtp_password
        sim.mail_server = MailServer(state, sim.dice, settings.smtp_port, password)
        sim.dns_server = DnsServer(state, sim.dice, sim.mail_server.port)
    if settings.imap_port is not None:
        where = settings.imap_port, settings.smtp_password, settings.certificate
        sim.imap_server = ImapServer(state, sim.dice, *where)
    app.extensions["simulator"] = sim
    guard.install(app)
    app.register_error_handler(404, _not_found)
    screens = (break_pages, pages, mail_pages, hook_pages, social_screens, site_pages)
    apis = (rest, rest_senders, rest_contents, rest_services, graph, control, social_control)
    for blueprint in (*apis, *screens):
        app.register_blueprint(blueprint)
    on_its_way.resume(sim)
    inbound.resume(sim)
    social_webhooks.resume(sim)
    return app


def _not_found(error: NotFound) -> Response | NotFound:
    in_api = request.path.startswith("/2010-04-01/")
    return answer(TwilioError(20404, status=404)) if in_api else error
