"""A real IMAP server, Dovecot of Debian's, with mailboxes whose mails are files."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest

from app.servers.kept import free_port
from tests.support.certificates import certified

HOST, PASSWORD = "127.0.0.1", "app-password-of-the-mailbox"
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
MISSING = "reading mailboxes, as there is no Dovecot: apt install dovecot-imapd"
ROOT = os.geteuid() == 0
# Nobody reads mail as root; Dovecot's own user is there wherever it is.
READER = "dovecot" if ROOT else pwd.getpwuid(os.geteuid()).pw_name
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service anvil {{
  chroot =
  # No penalty for wrong passwords.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
ssl = required
ssl_cert = <{certificate}
ssl_key = <{certificate}
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/mail
mailbox_list_index = no
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/homes/%u
}}
"""
OAUTH2 = """
introspection_mode = post
introspection_url = {url}
username_attribute = email
active_attribute = active
active_value = true
"""
_names = count(1)


@dataclass(frozen=True)
class Dovecot:
    folder: Path
    tls: int
    starttls: int
    introspection: int
    """The port of whoever says whether an access token is good."""
    authority: Path
    """Whom to trust for its certificate."""

    def add(self, user: str) -> "Maildir":
        """An empty mailbox, whatever was in one of that name before; PASSWORD lets everybody in."""
        home = self.folder / "homes" / user
        shutil.rmtree(home, ignore_errors=True)
        return Maildir(home / "mail")


@dataclass(frozen=True)
class Maildir:
    path: Path

    def deliver(self, mail: EmailMessage | bytes, at: datetime | None = None) -> Path:
        """A mail comes in, as of that time; its file."""
        return self._put(self.path, mail, at)

    def deliver_into(self, folder: str, mail: EmailMessage | bytes) -> Path:
        return self._put(self.path / f".{folder}", mail, None)

    def _put(self, folder: Path, mail: EmailMessage | bytes, at: datetime | None) -> Path:
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        file = folder / "new" / f"{next(_names):010}.test"
        file.write_bytes(mail if isinstance(mail, bytes) else mail.as_bytes())
        if at:
            os.utime(file, (at.timestamp(), at.timestamp()))
        self._hand_over()
        return file

    def take_away(self) -> None:
        """All of its mails are gone."""
        for file in [*(self.path / "new").iterdir(), *(self.path / "cur").iterdir()]:
            file.unlink()

    def flags(self) -> list[str]:
        """Of all mails, as Maildir writes them: S for seen."""
        files = [*(self.path / "new").iterdir(), *(self.path / "cur").iterdir()]
        return [file.name.partition(":2,")[2] for file in files]

    def number_anew(self) -> None:
        """As after a rebuild: another UIDVALIDITY, other UIDs."""
        for file in self.path.glob("dovecot*"):
            file.unlink()
        # It is made of the time, in seconds.
        (self.path / "dovecot-uidvalidity").write_text(f"{next(_names) + 2_000_000_000:08x}")
        (self.path / "dovecot-uidlist").write_text(f"3 V{next(_names) + 2_000_000_000} N1\n")
        self._hand_over()

    def _hand_over(self) -> None:
        if ROOT:
            home = self.path.parent
            for path in (home, *home.rglob("*")):
                shutil.chown(path, READER, READER)


@contextmanager
def running() -> Iterator[Dovecot]:
    """Started, and ended in the end."""
    if PROGRAM is None:
        give_up = pytest.fail if os.environ.get("REQUIRE_DOVECOT") == "1" else pytest.skip
        give_up(MISSING)
    # Paths of sockets are short, and those within are not all root's.
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        made = _written(folder)
        process = subprocess.Popen([PROGRAM, "-F", "-c", folder / "dovecot.conf"])
        try:
            _wait_for(made, process)
            yield made
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
    finally:
        shutil.rmtree(folder)


def _written(folder: Path) -> Dovecot:
    _, certificate = certified(folder, HOST)
    (folder / "homes").mkdir()
    made = Dovecot(folder, free_port(), free_port(), free_port(), certificate)
    url = f"http://{HOST}:{made.introspection}/introspect"
    (folder / "oauth2").write_text(OAUTH2.format(url=url))
    user = pwd.getpwnam(READER)
    values = {"internal": READER, "login": "dovenull" if ROOT else READER, "group": _group(user)}
    (folder / "dovecot.conf").write_text(
        CONFIG.format(
            folder=folder,
            certificate=certificate,
            tls=made.tls,
            starttls=made.starttls,
            uid=user.pw_uid,
            gid=user.pw_gid,
            password=PASSWORD,
            **values,
        )
    )
    if ROOT:
        shutil.chown(folder / "homes", READER, READER)
    return made


def _group(user: pwd.struct_passwd) -> str:
    return grp.getgrgid(user.pw_gid).gr_name


def _wait_for(made: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + 20
    while monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection((HOST, made.starttls), 1):
            return
        sleep(0.05)
    pytest.fail(f"Dovecot does not start:\n{(made.folder / 'log').read_text()}")
