"""The whole of it, as a person starts it."""

import http.client
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_the_product_starts_signs_in_starts_again_and_leaves_nothing(make_run, tmp_path):
    first = make_run(folder=PROJECT, VAR_DIR=str(tmp_path / "var"))
    inbox = first.until(r"Inbox +http://(\S+)/messages")[1]
    telephones = first.until(r"Telephones +http://(\S+)")[1]
    assert first.until(r"Sign in +\S+ +\S+@\S+")
    first.until("Stop +Ctrl-C")
    assert (get(inbox, "/login"), get(telephones, "/")) == (200, 200)
    assert others_may_read(tmp_path / "var") == []
    first.process.kill()
    assert first.gone()

    again = make_run(folder=PROJECT, VAR_DIR=str(tmp_path / "var"))
    again.until("Stop +Ctrl-C")
    again.process.terminate()
    assert again.end() == 0
    assert not again.alive()


def others_may_read(folder):
    """What of it another user of the machine could open; customers' messages are in there."""
    own = [path for path in folder.rglob("*") if not path.is_symlink()]
    return [str(path) for path in own if path.stat().st_mode & 0o077]


def get(place, path):
    host, _, port = place.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()
