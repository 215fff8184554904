"""Every task has a job that does it, and every job a task or the timetable."""

import inspect
from collections.abc import Callable
from importlib import import_module

import jobs.worker_tasks
from app.tasks import Task
from jobs.schedule import TIMETABLE


def resolve(path: str) -> Callable[..., object]:
    module, _, name = path.rpartition(".")
    found: Callable[..., object] = getattr(import_module(module), name)
    return found


def named() -> set[str]:
    return {task.value for task in Task} | {job for _, job, *_ in TIMETABLE}


def answers() -> set[str]:
    functions = inspect.getmembers(jobs.worker_tasks, inspect.isfunction)
    return {
        f"{function.__module__}.{name}"
        for name, function in functions
        if function.__module__ == "jobs.worker_tasks"
    }


def test_every_name_of_a_job_is_a_function_of_jobs_that_takes_nothing() -> None:
    for path in sorted(named()):
        assert path.startswith("jobs."), path
        # What a job needs to know stands in rows: an argument would be lost with Redis.
        assert not inspect.signature(resolve(path)).parameters, path


def test_every_job_is_called_by_a_task_or_the_timetable() -> None:
    assert answers(), "there are jobs"
    assert answers() - named() == set()


def test_the_timetable_has_stable_ids_that_rq_takes_and_whole_seconds() -> None:
    ids = [id_ for id_, *_ in TIMETABLE]
    assert len(set(ids)) == len(ids)
    for id_, _, seconds, _ in TIMETABLE:
        assert id_.replace("-", "").replace("_", "").isalnum() and id_.isascii(), id_
        assert isinstance(seconds, int) and seconds >= 5, id_
