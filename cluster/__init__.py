"""`make cluster`: the product on eleven hosts, what breaks there, and the proof of `make faults`.

Each host has a network of its own on this machine: two webs and two workers behind HAProxy,
PgBouncer before PostgreSQL with two standbys, and Valkey with Sentinel, by the files of deploy/.
Hosts are cut off, the primary and Valkey's master fail over and a new version is deployed while
messages flow.
"""
