"""The process that has imported everything and forks the parts: a restart costs milliseconds.

`python -m faults.zygote FOLDER` reads commands from its input, a line of JSON each, and answers
each with a line. It has no thread and no connection, so that its children start clean. A part
that ends by itself is started again, as the supervisor of `make run` would do.
"""

import ctypes
import gc
import json
import os
import select
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.servers.launch import die_with
from faults.parts import PARTS

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
CLONE_NEWNET = 0x40000000  # linux/sched.h
PAUSE = 0.2
GONE_WITHIN = 2.0
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Part:
    """A part that is to run, and the process that it is now."""

    role: str
    environ: dict[str, str]
    pid: int = 0
    due: float = 0.0


@dataclass
class Zygote:
    folder: Path
    parts: dict[str, Part] = field(default_factory=dict)
    fell: int = 0
    """How often a part ended by itself."""

    def serve(self) -> None:
        """Do as told until the input ends; then end all parts."""
        while True:
            readable, _, _ = select.select([sys.stdin], [], [], 0.05)
            if readable:
                line = sys.stdin.readline()
                if not line:
                    break
                answer = self._obey(json.loads(line))
                sys.stdout.write(json.dumps(answer) + "\n")
                sys.stdout.flush()
            self._keep_running()
        for name in list(self.parts):
            self.stop(name)

    def _obey(self, command: dict[str, Any]) -> dict[str, Any]:
        do = command.pop("do")
        answer: dict[str, Any] = getattr(self, do)(**command) or {}
        return answer

    def start(self, name: str, environ: dict[str, str]) -> dict[str, Any]:
        self.parts[name] = Part(name.partition(" ")[0], environ)
        return self._fork(self.parts[name])

    def stop(self, name: str) -> None:
        part = self.parts.pop(name, None)
        if part and part.pid:
            _end(part.pid)

    def end(self, name: str, patience: float) -> dict[str, Any]:
        """Ask it to end, if it runs; it is not started again."""
        part = self.parts.pop(name, None)
        return self.retire(part.pid, patience) if part else {}

    def kill(self, name: str) -> dict[str, Any]:
        """End it by -9, with all that it started, and start it again."""
        part = self.parts[name]
        if part.pid:
            _end(part.pid)
        return self._fork(part)

    def renew(self, name: str) -> dict[str, Any]:
        """Start another in its place; the old one, which is named, goes on until it is retired."""
        old = self.parts[name].pid
        self._fork(self.parts[name])
        return {"old": old}

    def retire(self, pid: int, patience: float) -> dict[str, Any]:
        """Ask it to end by SIGTERM; how long it took, and its exit code. Nobody is 0: it had just
        ended by itself."""
        begin = time.monotonic()
        if pid == 0:
            return {"seconds": 0.0, "code": 0}
        os.kill(pid, signal.SIGTERM)
        while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
            if time.monotonic() > begin + patience:
                _end(pid)
                return {"seconds": patience, "code": -signal.SIGKILL}
            time.sleep(0.01)
        code = os.waitstatus_to_exitcode(ended[1])
        return {"seconds": round(time.monotonic() - begin, 2), "code": code}

    def restart(self, name: str, patience: float) -> dict[str, Any]:
        """The same, and then start it again."""
        end = self.retire(self.parts[name].pid, patience)
        self._fork(self.parts[name])
        return end

    def kill_child(self, name: str) -> dict[str, Any]:
        """End by -9 one process that the part started; the part has to see to it."""
        children = _children(self.parts[name].pid)
        for pid in children[:1]:
            os.kill(pid, signal.SIGKILL)
        return {"killed": len(children[:1])}

    def run(self, role: str, environ: dict[str, str]) -> dict[str, Any]:
        """Fork it and wait for its end."""
        pid = self._fork(Part(role, environ))["pid"]
        return {"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}

    def report(self) -> dict[str, Any]:
        return {"fell": self.fell, "pids": {name: part.pid for name, part in self.parts.items()}}

    def _fork(self, part: Part) -> dict[str, Any]:
        zygote, part.due = os.getpid(), 0.0
        part.pid = os.fork()
        if part.pid == 0:
            _become(part, zygote, self.folder / f"{part.role}.log")
        return {"pid": part.pid}

    def _keep_running(self) -> None:
        for part in self.parts.values():
            if part.pid == 0 and time.monotonic() >= part.due:
                self._fork(part)
        while (ended := _reaped()) is not None:
            for part in self.parts.values():
                if part.pid == ended:
                    part.pid, part.due = 0, time.monotonic() + PAUSE
                    self.fell += 1


def _become(part: Part, zygote: int, log: Path) -> None:
    """Be the part, and nothing else, until the end."""
    code = 1
    try:
        os.setsid()
        die_with(zygote, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _redirect(log)
        os.environ.clear()
        os.environ.update(part.environ)
        _enter(os.environ.get("FAULTS_NETWORK", ""))
        PARTS[part.role]()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _enter(network: str) -> None:
    """Be on another host of a cluster: the file is its network namespace's."""
    if network:
        with Path(network).open() as file:
            if _libc.setns(file.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"{network} cannot be entered")


def _redirect(log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for source, target in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(source, target)


def _end(pid: int) -> None:
    """Kill it and wait until it and its children are gone, and its port is free with them."""
    family = [pid, *_children(pid)]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    deadline = time.monotonic() + GONE_WITHIN
    for each in family[1:]:
        while _alive(each) and time.monotonic() < deadline:
            time.sleep(0.002)


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _reaped() -> int | None:
    try:
        pid, _ = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return pid or None


def main() -> None:
    # Interrupted from the terminal, the run ends its parts itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a killed part leaves behind comes to us, to be reaped.
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    gc.collect()
    gc.freeze()
    Zygote(Path(sys.argv[1])).serve()


if __name__ == "__main__":
    main()
