#!/usr/bin/env bash
# imap-tools 1.16.0 on imaplib (Python 3.11.7): a line break in a user name, a password or a folder's
# name goes out as it is, so that what follows it is another command of whoever typed it. And to
# import imap_tools raises imaplib's longest line from 1 MB to 20 MB for the whole process. Whoever
# takes these words from a form has to refuse line breaks there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check imap-tools==1.16.0
cat >"$folder/see.py" <<'EOF'
import imaplib
import socket
import threading

before = imaplib._MAXLINE
from imap_tools import MailBoxUnencrypted

print("longest line", before, "→", imaplib._MAXLINE)
heard = []


def serve(server):
    connection, _ = server.accept()
    connection.sendall(b"* OK ready\r\n")
    for line in connection.makefile("rb"):
        heard.append(line)
        tag = line.split()[0]
        connection.sendall(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")


with socket.create_server(("127.0.0.1", 0)) as server:
    threading.Thread(target=serve, args=(server,), daemon=True).start()
    mailbox = MailBoxUnencrypted("127.0.0.1", server.getsockname()[1], timeout=5)
    mailbox.login('ann" "x"\r\nX1 DELETE INBOX\r\nX2 LOGIN "ann', "x", None)
print(*heard[1:], sep="\n")
assert b"X1 DELETE INBOX\r\n" in heard
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# longest line 1000000 → 20971520
# b'DHJN1 LOGIN "ann\\" \\"x\\"\r\n'
# b'X1 DELETE INBOX\r\n'
# b'X2 LOGIN \\"ann" "x"\r\n'
