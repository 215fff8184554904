"""Appointments as calendar programs subscribe to them (RFC 5545), by secret addresses."""
