"""The engines that run, and their processes."""

from dataclasses import dataclass, field
from typing import TypeVar

from app.servers import process
from app.servers.process import Process
from cluster.engines.engine import Engine

Kind = TypeVar("Kind", bound=Engine)


@dataclass
class Engines:
    """All calls come from the main thread: with it the processes end."""

    _all: dict[tuple[str, str], tuple[Engine, Process]] = field(default_factory=dict)
    """By the host's name and the engine's."""

    def start(self, *engines: Engine) -> None:
        """Start them side by side, and wait until all answer. Raises ServerError."""
        for engine in engines:
            engine.prepare()
            started = process.start(engine, by=engine.host.entry)
            self._all[engine.host.name, engine.name] = (engine, started)
        for engine in engines:
            process.wait_until_ready(engine, self.process(engine))

    def of(self, host: str, kind: type[Kind]) -> Kind:
        engine, _ = self._all[host, kind.name]
        assert isinstance(engine, kind)  # noqa: S101 (a name is of one kind)
        return engine

    def process(self, engine: Engine) -> Process:
        _, started = self._all[engine.host.name, engine.name]
        return started

    def on(self, host: str) -> list[int]:
        """The processes that were started there."""
        return [started.pid for (name, _), (_, started) in self._all.items() if name == host]

    def kill(self, engine: Engine) -> None:
        """By -9, at once."""
        self.process(engine).kill()
        self.process(engine).wait()

    def stop(self, engine: Engine) -> None:
        """In good order."""
        process.stop(self.process(engine), engine.stop_signal)

    def end(self) -> None:
        """All, at once: what they have is thrown away."""
        for engine, started in reversed(self._all.values()):
            process.stop(started, engine.at_once, within=2)
