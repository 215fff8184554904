"""The description of the API is what the code does, in both directions."""

import json
import re

from flask import Flask

from app.web.api.api_docs import FILE
from scripts.write_openapi import document
from tests.support.browser import Browser
from tests.support.world import Business
from tests.web.api.conftest import Program


def test_the_file_is_what_the_code_makes() -> None:
    assert json.loads(FILE.read_text()) == document(), "python -m scripts.write_openapi"


def test_each_route_is_described_and_each_description_is_a_route(whole_app: Flask) -> None:
    routes = {
        (re.sub(r"<[^>]+>", "{id}", rule.rule), method)
        for rule in whole_app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method.upper())
        for path, told in document()["paths"].items()
        for method in told
        if method in ("get", "post", "patch")
    }
    assert routes == described


def test_what_is_answered_has_the_fields_that_are_described(
    salon: Business, garage: Business, program: Program
) -> None:
    schemas = document()["components"]["schemas"]
    for path, told in document()["paths"].items():
        if path.endswith("{id}"):
            continue
        page = told["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        shape = schemas[page["properties"]["data"]["items"]["$ref"].rpartition("/")[2]]
        rows = program.get(path.removeprefix("/api/v1/")).json["data"]
        assert rows and all(
            {*row} == {*shape["required"]} == {*shape["properties"]} for row in rows
        )


def test_anybody_reads_it_as_openapi_and_as_a_page(salon: Business) -> None:
    stranger = Browser()
    told = stranger.get("/api/v1/openapi.json").json
    assert told["openapi"] == "3.1.0" and told["servers"] == [{"url": "http://localhost"}]
    page = stranger.get("/api/v1/docs")
    assert "Content-Security-Policy" in page.headers
    for path in told["paths"]:
        assert f"GET {path}" in page.text
