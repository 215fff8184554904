"""What only one business has, and what nobody has that looks the same."""

import re
import uuid
from functools import cached_property

from sqlalchemy import Connection, text

from hostile.tables import tables
from hostile.world import LATER, WORDS
from tests.support.world import Business

# In place of a business's own words: as long, and nobody's.
TWINS = {"okapi": "dingo", "zebra": "koala", "tapir": "gecko", "quoll": "camel"}
# Names of rows that are looked for as they stand.
NAMES = ("public_id", "link", "provider_sid", "sid", "fs_uniquifier")
ID = r"(?<![0-9]){digit}\d\d[05]00\d{{3}}(?![0-9])"


class Words:
    """The ids, names, numbers and texts of one business."""

    def __init__(self, owner: Business, connection: Connection) -> None:
        self.slug, self.word = owner.slug, WORDS[owner.slug]
        self.digit = str(owner.id)[0]
        self.names = _names(connection, owner.id)
        self.numbers = [owner.number.lstrip("+"), owner.customer_number.lstrip("+")]

    @cached_property
    def _texts(self) -> list[str]:
        return [self.word, self.slug, *(name.lower() for name in self.names)]

    @cached_property
    def _digits(self) -> re.Pattern[str]:
        # However a number is written: +1 212-555-0142.
        numbers = [r"\D{0,3}".join(number[-10:]) for number in self.numbers]
        return re.compile("|".join([ID.format(digit=self.digit), *numbers]))

    def told(self, answer: str, asked: str, by_operator: bool = False) -> str:
        """What of the business an answer tells that was not in the question; empty: nothing. The
        operator may not be told of its customers."""
        answer, asked = answer.lower(), asked.lower()
        for word in self._texts[:1] if by_operator else self._texts:
            if word in answer and word not in asked:
                return word
        found = () if by_operator else self._digits.finditer(answer)
        return next((each[0] for each in found if each[0] not in asked), "")

    @cached_property
    def _duplicates(self) -> dict[str, str]:
        numbers = {number: f"{number[:-4]}7777" for number in self.numbers}
        names = {name: _twin(name) for name in self.names}
        words = {word: TWINS[word] for word in (self.slug, self.word)}
        # Searches are for a part of the word.
        parts = {word[1:]: twin[1:] for word, twin in words.items()}
        parts |= {word[:-1]: twin[:-1] for word, twin in words.items()}
        return numbers | names | words | parts

    @cached_property
    def _known(self) -> re.Pattern[str]:
        longest_first = sorted(map(re.escape, self._duplicates), key=len, reverse=True)
        return re.compile("|".join([ID.format(digit=self.digit), *longest_first]))

    def twin(self, asked: str) -> str:
        """The same question about nobody's rows."""

        def change(found: re.Match[str]) -> str:
            # Of the same table, and as far from one's own: a list may go on from there.
            return self._duplicates.get(found[0]) or f"{found[0][:-3]}9{found[0][-2:]}"

        return self._known.sub(change, asked)

    def foreign(self, asked: str) -> bool:
        """Whether the question is about the business's rows."""
        return self._known.search(asked) is not None

    def names_a_row(self, asked: str) -> bool:
        """Whether it names one of the business's rows, and not its words alone."""
        id_ = ID.format(digit=self.digit)
        return re.search("|".join([id_, *map(re.escape, self.names)]), asked) is not None

    def blurred(self, answer: str, asked: str) -> str:
        """The answer without what was asked about, whether the business has it or nobody, and
        without the ids of what the request has made."""
        there = [name for name in self._duplicates if name in asked]
        names = [*there, *(self._duplicates[name] for name in there)]
        longest_first = sorted(map(re.escape, names), key=len, reverse=True)
        ids = [ID.format(digit=each) for each in (self.digit, LATER)]
        return re.sub("|".join([*ids, *longest_first]), "¤", answer)


def _names(connection: Connection, owner: int) -> list[str]:
    found = set()
    for table in tables():
        for name in NAMES:
            if name in table.c and "tenant_id" in table.c:
                query = f'SELECT {name}::text FROM "{table.name}" WHERE tenant_id = {owner}'
                found |= set(connection.scalars(text(query)))
    return sorted(name for name in found if name)


def _twin(name: str) -> str:
    """Another name of the same form."""
    try:
        return str(uuid.UUID(int=uuid.UUID(name).int ^ 0xFFFF_FFFF))
    except ValueError:
        return f"{name[:-6]}000000"
