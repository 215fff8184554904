"""What providers answered, kept for some minutes by this process. That one did not answer is kept
for some seconds: who signs in then holds no thread for its whole time again."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import TTLCache

from app.providers.openid.openid_errors import OpenIDError

Answer = TypeVar("Answer")
KEPT_SECONDS, REFUSED_SECONDS = 600, 10
AT_MOST = 500


class KeptAnswers(Generic[Answer]):
    def __init__(self) -> None:
        self._lock = Lock()
        self._good: TTLCache[str, Answer] = TTLCache(AT_MOST, KEPT_SECONDS)
        self._bad: TTLCache[str, OpenIDError] = TTLCache(AT_MOST, REFUSED_SECONDS)

    def get(self, name: str, ask: Callable[[], Answer], anew: bool = False) -> Answer:
        """Raises OpenIDError; anew: whatever is kept."""
        with self._lock:
            good, bad = self._good.get(name), self._bad.get(name)
        if good is not None and not anew:
            return good
        if bad is not None and not anew:
            raise OpenIDError(bad.trouble, bad.told)
        return self._asked(name, ask)

    def _asked(self, name: str, ask: Callable[[], Answer]) -> Answer:
        # Nobody waits for another here: of two at once both ask.
        try:
            told = ask()
        except OpenIDError as error:
            with self._lock:
                self._bad[name] = error
            raise
        with self._lock:
            self._good[name] = told
            self._bad.pop(name, None)
        return told
