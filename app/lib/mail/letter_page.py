"""The HTML of an email that anybody may have sent, as a page by itself for a frame without rights:
nothing in it runs, posts, loads or leaves its place."""

import re
from collections.abc import Callable, Mapping
from html import unescape

import nh3
import quotequail

from app.lib.mail.markup import bounded
from app.lib.text.cleaning import shows

KNOWN_TAGS = """
a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del div dl dt em
figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike
strong sub sup table tbody td tfoot th thead tr tt u ul var
"""
TAGS = set(KNOWN_TAGS.split())
SIZES = {"align", "valign", "width", "height", "bgcolor", "border", "cellpadding", "cellspacing"}
ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", *SIZES},
    "a": {"href"},
    "font": {"color", "face", "size"},
    "img": {"src", "alt"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# No place, no layer, and nothing that loads.
KNOWN_STYLES = """
background-color border border-bottom border-collapse border-color border-left border-radius
border-right border-spacing border-style border-top border-width color direction display font
font-family font-size font-style font-variant font-weight height letter-spacing line-height
list-style-type margin margin-bottom margin-left margin-right margin-top max-width min-width padding
padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent
text-transform vertical-align white-space width word-break
"""
STYLES = set(KNOWN_STYLES.split())
LINKS = ("http:", "https:", "mailto:", "tel:")
WITHIN = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,", re.IGNORECASE)
# As nh3 has written it.
NAMED = re.compile(r'src="cid:([^"]*)"', re.IGNORECASE)
# Whoever sets colours has meant them for white paper.
COLOURED = re.compile(r"(color|background|bgcolor)[:=]")
# Folded by a tag that needs no script.
FOLDED = "<details><summary>{}</summary>\n{}\n</details>"
SHOW_QUOTED = "Show what it quotes"
PAGE = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Email</title>
<style>
:root {{ color-scheme: {scheme} }}
body {{ margin: 0; padding: 12px; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }}
img {{ max-width: 100%; height: auto }}
table {{ max-width: 100% }}
pre {{ white-space: pre-wrap }}
blockquote {{ margin: 0 0 0 4px; padding-left: 10px; border-left: 2px solid #8888 }}
summary {{ cursor: pointer; opacity: 0.75; margin: 8px 0 }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def page(html: str, pictures: Mapping[str, str], remote: bool = False) -> str:
    """The page, with what it quotes folded. Pictures: what came with it, as data: addresses by
    their Content-ID; those that lie elsewhere tell their sender that it is read, and are loaded
    only with remote."""
    clean = _clean(html, remote)
    # Cleaned once more, as the library that folds has written it anew.
    own, *quoted = (_clean(part, remote) for part in _parts(clean))
    body = own + "".join(FOLDED.format(SHOW_QUOTED, part) for part in quoted)
    shown = NAMED.sub(lambda found: f'src="{pictures.get(unescape(found[1]), "")}"', body)
    return PAGE.format(scheme="light" if COLOURED.search(clean) else "light dark", body=shown)


def has_remote_pictures(html: str) -> bool:
    """Whether there is more to be seen with `remote`."""
    return _clean(html, remote=True).count('src="http') > 0


def content_security_policy(remote: bool = False) -> str:
    """What the page may do, said once more to the browser: pictures and styles of its own."""
    pictures = "data: https: http:" if remote else "data:"
    return (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'self';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    )


def _clean(html: str, remote: bool) -> str:
    return nh3.clean(
        bounded(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_filter(remote),
        filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={
            "a": {"target": "_blank"},
            "img": {"referrerpolicy": "no-referrer"},
        },
    )


def _filter(remote: bool) -> Callable[[str, str, str], str | None]:
    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return value if value.strip().lower().startswith(LINKS) else None
        return value if name != "src" or _may_be_seen(value.strip().lower(), remote) else None

    return kept


def _may_be_seen(address: str, remote: bool) -> bool:
    if address.startswith("cid:") or WITHIN.match(address):
        return True
    return remote and address.startswith(("https:", "http:"))


def _parts(html: str) -> list[str]:
    """What they wrote, and the history below it; all as one where nothing else would be left."""
    try:
        [(_, own), *history] = quotequail.quote_html(html, quote_intro_line=True)
    except Exception:
        # Whatever the library meets in what anybody may have written.
        return [html]
    return [own, *(quoted for _, quoted in history)] if _shows(own) else [html]


def _shows(html: str) -> bool:
    return "<img" in html or shows(unescape(nh3.clean(html, tags=set())))
