"""What the same work costs as a business's data grow, and how processes beside one another do."""
