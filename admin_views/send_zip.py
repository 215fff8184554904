"""A ZIP of the business's own, as a download that no cache keeps."""

from pathlib import Path

from flask import send_file
from werkzeug.wrappers import Response


def send_zip(path: Path, name: str) -> Response:
    """name: without its ending."""
    answer: Response = send_file(
        path, "application/zip", as_attachment=True, download_name=f"{name}.zip"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
