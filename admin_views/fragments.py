"""Parts of pages that say the same again and again: rendered once, and kept while they are used.

    {% call fragment("menu", role) %}…{% endcall %}
    {% macro row(talk, state) %}…{% endmacro %}
    {% for each in fragments(row, {1: (talk, "open")}, today).values() %}{{ each }}{% endfor %}

What a part depends on is its key: plain values, and no row of the session. The business, its place
and its language belong to every key, so that nothing that was rendered for one is shown to another.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from flask import current_app, g
from jinja2.runtime import Macro
from markupsafe import Markup

from admin_views.frame import business
from app.tenancy import tenant_id_in_scope

# Some hundred pages of rows, of a kilobyte or two each.
MOST = 5000

Name = TypeVar("Name", bound=Hashable)
_known: OrderedDict[Hashable, Markup] = OrderedDict()
_lock = Lock()


def fragment(*same: Hashable, caller: Callable[[], Markup]) -> Markup:
    """What the part is rendered as, or was when all of its key was the same. A key that is none,
    with a list in it, is kept of nothing."""
    part: Markup = _rendered((_page(), same), caller)
    return part


def fragments(
    macro: Macro, each: Mapping[Name, tuple[Any, ...]], *same: Hashable
) -> dict[Name, Markup]:
    """Many that are alike, under the names of `each`: what the macro makes of its arguments, which
    with `same` are all that it depends on."""
    here = (_page(), macro.name, same)
    return {
        name: _rendered((here, arguments), partial(macro, *arguments))
        for name, arguments in each.items()
    }


def _rendered(key: Hashable, render: Callable[[], Any]) -> Any:
    try:
        known = _known.get(key)
    except TypeError:
        return render()
    return known if known is not None else _keep(key, render())


def _page() -> Hashable:
    """Whose page it is, by which program; asked for by each part of it."""
    whose = tenant_id_in_scope()
    known: tuple[int | None, Hashable] | None = g.get("fragments_for")
    if known is None or known[0] != whose:
        here = business() if whose else None
        place = (here.country, here.timezone, here.locale) if here else None
        known = g.fragments_for = (whose, (id(current_app.jinja_env), place))
    return known


def _keep(key: Hashable, rendered: Markup) -> Markup:
    with _lock:
        _known[key] = rendered
        while len(_known) > MOST:
            _known.popitem(last=False)
    return rendered
