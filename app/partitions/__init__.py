"""Big tables in parts by tenant, on one PostgreSQL (docs/adr/0027)."""
