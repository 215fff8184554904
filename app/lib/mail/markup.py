"""The HTML of emails: what of a tenant's is let through, and how it reads as plain text."""

import re
from html.parser import HTMLParser

import nh3
from jinja2.utils import urlize
from markupsafe import Markup, escape

# What a message needs; no pictures, which would tell who opened it, and nothing that acts.
TAGS = {"a", "b", "br", "em", "h1", "h2", "h3", "hr", "i", "li", "ol", "p", "strong", "u", "ul"}
# Of what somebody else wrote only the text is read, and its lines.
LINES = {"blockquote", "div", "table", "td", "th", "tr"}
# What a mail program makes; beyond it whoever means harm makes nh3 work for minutes.
MOST_HTML, MOST_TAGS, MOST_ENTITIES = 200_000, 10_000, 100_000
BLOCKS = {"h1", "h2", "h3", "hr", "li", "ol", "p", "ul"}
SCHEMES = {"http", "https", "mailto", "tel"}
HAS_BREAKS = re.compile(r"<(p|br|ul|ol|h[1-3])\b")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d+(/|$))", re.IGNORECASE)
DOMAIN = re.compile(r"([\w-]+\.)+[^\W\d_][\w-]+([/?#:]|$)")
TAG = re.compile(r"(<[^>]*>)")


def safe(html: str) -> str:
    """The HTML with nothing in it but TAGS and links. Where it has no line breaks of its own those
    of the text are kept, and where it has no links addresses become some."""
    known = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_whole,
        url_schemes=SCHEMES,
    ).strip()
    linked = known if "<a " in known else "".join(map(_linked, TAG.split(known)))
    return linked if HAS_BREAKS.search(linked) else linked.replace("\n", "<br>\n")


def _whole(_tag: str, name: str, value: str) -> str | None:
    """An address as a browser finds it from an email, which has no page that it could be on; None:
    it leads nowhere."""
    if name != "href" or SCHEME.match(value.strip()):
        return value
    return f"https://{value.strip()}" if DOMAIN.match(value.strip()) else None


def _linked(part: str) -> str:
    """A tag as it is, and what stands between two of them with its addresses as links."""
    if part.startswith("<"):
        return part
    # An address ends at a blank, and a quote within it would end the attribute that it is put in.
    return urlize(Markup(part.replace('"', "&#34;")), rel="noopener")  # noqa: S704


def of_text(text: str) -> str:
    """Plain text as HTML."""
    return safe(str(escape(text)))


def strangers_text(html: str) -> str:
    """What a person reads of HTML that anybody may have written, as plain text."""
    some = bounded(html[:MOST_HTML])
    return as_text(nh3.clean(some, tags=TAGS | LINES, url_schemes=SCHEMES))


def bounded(html: str) -> str:
    """As much of it as nh3 reads in a moment."""
    some = "<".join(html.split("<", MOST_TAGS)[:MOST_TAGS])
    return "&".join(some.split("&", MOST_ENTITIES)[:MOST_ENTITIES])


def as_text(html: str) -> str:
    """What a person reads of it, as plain text; a link is followed by where it leads."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._href, self._said = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in LINES:
            self._end_line()
        elif tag == "a":
            self._href, self._said = dict(attrs).get("href") or "", len(self.parts)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS and tag != "li":
            self.parts.append("\n")
        elif tag in LINES:
            self._end_line()
        elif tag == "a":
            said = "".join(self.parts[self._said :]).strip()
            if self._href and not self._href.endswith(said):
                self.parts.append(f" ({self._href})")

    def _end_line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("\n", " "))
