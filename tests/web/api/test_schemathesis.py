"""Schemathesis asks all that is described, with what fits and with what does not, and goes on by
the links from what was made to what can be done with it."""

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


def test_what_is_made_is_read_and_changed_by_the_links(described: Any, program: Program) -> None:
    told = Counter[tuple[str, int]]()

    made = described.include(path_regex="/customers")
    made.app = described.app
    made.config.generation.update(modes=[GenerationMode.POSITIVE])

    class Steps(made.as_state_machine()):  # type: ignore[misc]
        def before_call(self, case: Case) -> None:
            case.headers["Authorization"] = f"Bearer {program.key}"

        def after_call(self, response: Any, case: Case) -> None:
            told[case.operation.label, response.status_code] += 1

        def validate_response(self, response: Any, case: Case, **more: Any) -> None:
            excluded = [CHECKS.get_one(name) for name in UNKNOWN_TO_SCHEMAS]
            case.validate_response(response, excluded_checks=excluded)

    Steps.run(settings=settings(max_examples=40, stateful_step_count=8, **FIXED))
    one = "/api/v1/customers/{id}"
    assert told[f"GET {one}", 200] and told[f"PATCH {one}", 200]


def _operations() -> list[dict[str, Any]]:
    methods = ("get", "post", "patch")
    return [
        {name: each for name, each in path.items() if name in methods}
        for path in document()["paths"].values()
    ]
