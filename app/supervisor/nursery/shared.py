"""What the nursery imports and calls: what the parts use, but for the modules that they are."""

PROGRAM = (
    *("wsgi:make_ahead", "jobs.worker_tasks", "jobs.json_jobs", "rq_scheduler"),
    *("gunicorn.app.wsgiapp", "app.gunicorn_worker", "app.streams.server"),
    # The first call to Twilio would bring it.
    "twilio.rest.api",
)
SIMULATOR = ("app.simulator",)
