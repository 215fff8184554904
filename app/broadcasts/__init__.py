"""Offers to the customers of a segment: whom they reach, what they say, and how they leave."""
