"""What the operator sees and does, across all businesses; never a customer's number or text."""
