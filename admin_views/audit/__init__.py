"""Who did what, as an admin reads it of their business, and the operator of all."""
