"""Writes app/web/api/openapi.json: what the API's resources say of themselves, as OpenAPI 3.1.

`python -m scripts.write_openapi`; tests/web/api/test_openapi.py holds that nothing differs.
"""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from app.api_keys.scopes import SCOPES
from app.web.api.api_docs import FILE
from app.web.api.api_routes import PREFIX
from app.web.api.fields import ID, INSTANT, File, Id, Instant
from app.web.api.listing import MOST, USUAL
from app.web.api.once import LONGEST
from app.web.api.resource import Resource
from app.web.api.resources import RESOURCES

SUMMARY = {"list": "List {name}", "one": "Read one", "make": "New {one}", "change": "Change one"}
PROBLEMS = {
    "400": "A parameter cannot be that, or the body is no JSON.",
    "401": "There is no key, or it has ended.",
    "403": "The key lacks the scope.",
    "404": "There is no such row, nor can there be.",
    "409": "It is there already, or the same request is being carried out.",
    "412": "It was changed meanwhile.",
    "413": "The body is too large.",
    "415": "The body is no JSON.",
    "422": "Some of what was sent cannot be taken; `errors` says what.",
    "428": "If-Match is missing.",
    "429": "Too many requests; Retry-After says how long to wait.",
}
OF_ALL = ("401", "403", "429")
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
# What a list has beside its data that is asked for by updated_since.
CHANGES = {
    "removed": {
        "type": "array",
        "description": "What is not in this list any more, or never was: deleted, merged, or not"
        " what the filters name.",
        "items": {
            "type": "object",
            "required": ["id", "at"],
            "properties": {"id": ID, "at": INSTANT},
        },
    },
    "updated_until": {**INSTANT, "description": "Ask for this the next time."},
}
SINCE = "What was changed since then, the earliest change first; for at most 180 days."
ID_IN_PATH = {"name": "id", "in": "path", "required": True, "schema": ID}


def document() -> dict[str, Any]:
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    told = {"description": "What a business has in KaiVox Messaging, for its own programs."}
    spec = APISpec("KaiVox Messaging", "1", "3.1.0", plugins=[plugin], info=told)
    plugin.map_to_openapi_type(Id, "string", None)
    plugin.converter.add_attribute_function(_ids)
    plugin.map_to_openapi_type(File, "string", None)
    plugin.map_to_openapi_type(Instant, "string", "date-time")
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", PROBLEM)
    for resource in RESOURCES:
        spec.tag({"name": resource.name})
        _describe(spec, resource)
    spec.path(f"{PREFIX}/attachments/{{id}}", operations={"get": _file()}, parameters=[ID_IN_PATH])
    return {**spec.to_dict(), "security": [{"key": []}]}


def _ids(_converter: Any, field: Any, **_more: Any) -> dict[str, Any]:
    return {"pattern": ID["pattern"]} if isinstance(field, Id) else {}


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__


def _describe(spec: APISpec, resource: Resource) -> None:
    many = {"get": _listing(resource)}
    one = {"get": _operation(resource, "one", "200", ("404",))}
    if resource.new:
        wrong = ("400", "409", "413", "415", "422")
        many["post"] = _operation(resource, "make", "201", wrong, resource.new.schema)
        many["post"]["parameters"] = [_key()]
        many["post"]["responses"]["201"]["links"] = _links(resource, "")
    if resource.change:
        wrong = ("400", "404", "409", "412", "413", "415", "422", "428")
        one["patch"] = _operation(resource, "change", "200", wrong, resource.change.schema)
        one["get"]["responses"]["200"]["links"] = _links(resource, "")
        one["patch"]["parameters"] = [_header("If-Match", "The ETag that you have seen.", True)]
    spec.path(f"{PREFIX}/{resource.name}", operations=many)
    spec.path(f"{PREFIX}/{resource.name}/{{id}}", operations=one, parameters=[ID_IN_PATH])


def _file() -> dict[str, Any]:
    """Of an attachment, in whatever form it came."""
    scope = "messages:read"
    good = {"200": {"description": "The file itself.", "content": {"*/*": {}}}}
    return {
        "operationId": "attachments_one",
        "tags": ["messages"],
        "summary": "Read a file",
        "description": f"Scope {scope}: {SCOPES[scope]}.",
        "responses": {**good, **_problems("404", *OF_ALL)},
    }


def _problems(*statuses: str) -> dict[str, Any]:
    shape = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": PROBLEMS[status], "content": shape}
        for status in sorted({*statuses})
    }


def _listing(resource: Resource) -> dict[str, Any]:
    operation = _operation(resource, "list", "200", ("400", "404"))
    page = {
        "type": "object",
        "required": ["data", "next_cursor"],
        "properties": {
            "data": {"type": "array", "items": resource.shown},
            "next_cursor": {"type": ["string", "null"]},
        },
    }
    if resource.tells_changes:
        page["properties"] |= CHANGES
    operation["responses"]["200"]["content"] = {"application/json": {"schema": page}}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
    order = {"type": "string", "enum": ["asc", "desc"], "default": "asc"}
    operation["responses"]["200"]["links"] = _links(resource, "data/0/")
    operation["parameters"] = [
        _query("limit", limit),
        _query("cursor", {"type": "string"}),
        _query("order", order),
        *(_query(name, {**each.shape}) for name, each in resource.filters.items()),
        *[_query("updated_since", INSTANT, SINCE)] * resource.tells_changes,
    ]
    return operation


def _operation(
    resource: Resource,
    does: str,
    good: str,
    problems: Sequence[str],
    body: type[Schema] | None = None,
) -> dict[str, Any]:
    scope = resource.writes if body else resource.reads
    shown = {"application/json": {"schema": resource.shown}}
    answers: dict[str, Any] = {good: {"description": "As it is now.", "content": shown}}
    if does == "make":
        answers["200"] = {"description": "What the same request made before.", "content": shown}
    answers |= _problems(*problems, *OF_ALL)
    operation: dict[str, Any] = {
        "operationId": f"{resource.name}_{does}",
        "tags": [resource.name],
        "summary": SUMMARY[does].format(name=resource.name.replace("_", " "), one=resource.one),
        "description": f"Scope {scope}: {SCOPES[scope]}.",
        "responses": answers,
    }
    if body:
        sent = {"application/json": {"schema": body}}
        operation["requestBody"] = {"required": True, "content": sent}
    return operation


def _links(resource: Resource, place: str) -> dict[str, Any]:
    """What can be asked next of the row that stands there in the answer."""
    id_ = {"path.id": f"$response.body#/{place}id"}
    links = {"read": {"operationId": f"{resource.name}_one", "parameters": id_}}
    if resource.change and not place:
        seen = {"header.If-Match": "$response.header.ETag"}
        change = {"operationId": f"{resource.name}_change", "parameters": {**id_, **seen}}
        links["change"] = change
    return links


def _query(name: str, schema: Mapping[str, Any], text: str = "") -> dict[str, Any]:
    told = {"description": text} if text else {}
    return {"name": name, "in": "query", "required": False, "schema": {**schema}, **told}


def _key() -> dict[str, Any]:
    text = "Made up by you: with it the request makes one thing, however often it comes."
    return _header("Idempotency-Key", text, False, {"minLength": 1, "maxLength": LONGEST})


def _header(
    name: str, text: str, required: bool, shape: Mapping[str, int] = MappingProxyType({})
) -> dict[str, Any]:
    told = {"name": name, "in": "header", "required": required, "description": text}
    return told | {"schema": {"type": "string", **shape}}


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n")
