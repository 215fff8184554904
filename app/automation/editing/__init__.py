"""Rules as a person writes and reads them: sentences, what is checked, what is stored."""
