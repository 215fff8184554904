"""Things that break and stay broken until somebody puts them right, each by one button."""
