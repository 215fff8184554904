"""The servers of others: their configuration, rendered from deploy/ where it has theirs."""
