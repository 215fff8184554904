"""What a person does on their telephone: they write, react, change or take back, and read."""

import time
from collections.abc import Sequence
from dataclasses import asdict

from app.simulator.simulator import Simulator
from app.simulator.social import social_webhooks
from app.simulator.social.social_records import Json, Person, Said, new_mid
from app.simulator.social.social_webhooks import PENDING
from app.simulator.telephones import uploads
from app.simulator.telephones.uploads import Upload


def write(
    sim: Simulator,
    person: Person,
    text: str,
    files: Sequence[Upload] = (),
    base_url: str = "",
    answers: str = "",
) -> Said:
    """Told to the business's app. base_url is where that can fetch the files."""
    now = time.time()
    said = Said(
        mid=new_mid(person.kind),
        kind=person.kind,
        account=person.account,
        person=person.id,
        inbound=True,
        text=text,
        created=now,
        files=[_kept(sim, each, base_url) for each in files],
        answers=answers,
        webhook=PENDING,
        listed_from=now + sim.faults.list_lag_seconds,
    )
    sim.state.record("social_said", asdict(said))
    social_webhooks.tell_of(sim, said)
    return said


def answer_elsewhere(sim: Simulator, person: Person, text: str) -> Said:
    """The business answers in Meta's own inbox."""
    said = Said(
        mid=new_mid(person.kind),
        kind=person.kind,
        account=person.account,
        person=person.id,
        inbound=False,
        text=text,
        created=time.time(),
        app_id="1217981644879628" if person.kind == "instagram" else "263902037430900",
    )
    sim.state.record("social_said", asdict(said))
    _tell(sim, said, social_webhooks.message(said))
    return said


def react(sim: Simulator, said: Said, emoji: str) -> None:
    sim.state.record("social_change", {"mid": said.mid, "reaction": emoji})
    _tell(sim, said, social_webhooks.reacted(said, emoji))


def edit(sim: Simulator, said: Said, text: str) -> None:
    """Messenger lets a message be edited five times."""
    change = {"mid": said.mid, "text": text, "edits": said.edits + 1}
    sim.state.record("social_change", change)
    _tell(sim, said, social_webhooks.edited(said))


def take_back(sim: Simulator, said: Said) -> None:
    change = {"mid": said.mid, "deleted": True, "text": "", "files": []}
    sim.state.record("social_change", change)
    _tell(sim, said, social_webhooks.taken_back(said))


def read(sim: Simulator, person: Person) -> None:
    """What has come so far, where any of it was new."""
    ours = [each for each in sim.state.social.thread(person.id) if not each.inbound]
    if new := [each for each in ours if not each.read]:
        for each in new:
            sim.state.record("social_change", {"mid": each.mid, "read": True})
        _tell(sim, new[-1], social_webhooks.seen(new[-1]))


def _tell(sim: Simulator, said: Said, item: Json) -> None:
    social_webhooks.tell(sim, item, said.kind, said.account)


def _kept(sim: Simulator, upload: Upload, base_url: str) -> Json:
    """Meta's file store hands it to whoever has the address."""
    media = uploads.keep(sim.state.media_directory, upload)
    kind = upload.content_type.partition("/")[0]
    known = kind if kind in ("image", "audio", "video") else "file"
    here = base_url.replace("//localhost", "//127.0.0.1")
    return {"type": known, "url": f"{here}/simulator/social/files/{media.sid}"}
