"""Schemathesis asks all that is described, with what fits and with what does not."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS

from app.extensions import redis_client
from scripts.write_openapi import document
from tests.support.world import Business
from tests.web.api.conftest import Program

# Whether there is such a customer, or whether a text is a cursor of ours, no schema says.
UNKNOWN_TO_SCHEMAS = {"positive_data_acceptance"}
FIXED: dict[str, Any] = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture
def described(whole_app: Flask, salon: Business, garage: Business) -> Any:
    """The description, asked of the program itself; each request stands alone."""

    def answer(environ: Any, start: Any) -> Any:
        # How often one may ask has tests of its own.
        redis_client().flushdb()
        with whole_app.app_context():
            return whole_app(environ, start)

    schema = schemathesis.openapi.from_dict(document())
    # It would take words from whatever a process has imported.
    schema.config.analysis.constants.enabled = False
    schema.app = answer
    return schema


def test_every_operation_answers_as_it_is_described(described: Any, program: Program) -> None:
    excluded = [CHECKS.get_one(name) for name in UNKNOWN_TO_SCHEMAS]
    key = {"Authorization": f"Bearer {program.key}"}
    asked = Counter[str]()
    for operation in (result.ok() for result in described.get_all_operations()):
        for mode in MODES:

            @settings(max_examples=6, **FIXED)
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Case) -> None:
                case.call_and_validate(headers=key, excluded_checks=excluded)
                asked[case.operation.label] += 1

            ask()
    assert len(asked) == sum(len(each) for each in _operations())
    assert min(asked.values()) >= 2


def test_what_was_made_leads_on_to_what_can_be_done_with_it(program: Program) -> None:
    """By the links of the description. Hypothesis cannot play them: what is answered depends on
    what was made before, which it takes for a test that changes its mind."""
    document_ = document()
    made = program.post("customers", {"first_name": "Zoe", "phone": "+12125550199"})
    links = document_["paths"]["/api/v1/customers"]["post"]["responses"]["201"]["links"]
    followed = set()
    for link in links.values():
        [(path, method)] = [
            (path, method)
            for path, told in document_["paths"].items()
            for method, each in told.items()
            if isinstance(each, dict) and each.get("operationId") == link["operationId"]
        ]
        assert "$response.body#/id" in link["parameters"].values()
        where = path.removeprefix("/api/v1/").replace("{id}", made.json["id"])
        answer = program.patch(where, {}) if method == "patch" else program.get(where)
        assert answer.json == made.json, link
        followed.add(method)
    assert followed == {"get", "patch"}


def _operations() -> list[dict[str, Any]]:
    methods = ("get", "post", "patch")
    return [
        {name: each for name, each in path.items() if name in methods}
        for path in document()["paths"].values()
    ]
