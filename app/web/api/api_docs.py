"""The description of the API: for programs as OpenAPI, for people as a page made of the same."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template

from app.extensions import settings
from app.web.guards import access
from app.web.guards.short_way import PAGE

FILE = Path(__file__).with_name("openapi.json")

blueprint = Blueprint("api_docs", __name__)
access.allow("api_docs", access.PUBLIC)


@blueprint.get("/api/v1/openapi.json")
def description() -> Response:
    """OpenAPI 3.1, as scripts/write_openapi.py writes it."""
    return Response(json.dumps(_here()), mimetype="application/json")


@blueprint.get(PAGE)
def page() -> str:
    document = _here()
    schemas = document["components"]["schemas"]
    return render_template("api/docs.html", document=document, schemas=schemas, named=named)


def named(reference: dict[str, str]) -> str:
    """The schema that a $ref leads to, by its name."""
    return reference["$ref"].rpartition("/")[2]


def _here() -> dict[str, Any]:
    return _written() | {"servers": [{"url": settings().public_url}]}


@cache
def _written() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(FILE.read_text())
    return document
