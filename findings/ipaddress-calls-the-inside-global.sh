#!/usr/bin/env bash
# Python's ipaddress: is_global is True for addresses that lead to this machine, to a private
# network, to nobody or to many, so that a guard against SSRF cannot rest on it alone. Which ones
# differs between releases (gh-113171 changed some); those below are told so by 3.11.
set -euo pipefail
python3 - <<'EOF'
import sys
from ipaddress import ip_address

ODD = {
    "224.0.0.1": "multicast",
    "ff0e::1": "multicast",
    "::127.0.0.1": "IPv4-compatible, this machine",
    "64:ff9b::127.0.0.1": "NAT64 of this machine",
    "fec0::1": "site-local",
    "4000::1": "given out to nobody",
    "168.63.129.16": "where Azure's machines ask their host",
}
for address, what in ODD.items():
    print(f"{address:20} is_global {ip_address(address).is_global}  ({what})")
print(sys.version.split()[0], "2002:7f00:1::1 is_global", ip_address("2002:7f00:1::1").is_global)
assert all(ip_address(each).is_global for each in ODD)
EOF
# Seen by 3.11.7: all of them True, and 2002:7f00:1::1 (6to4 of this machine) as well.
