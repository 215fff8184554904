"""The page on which a business says where its emails come in."""
