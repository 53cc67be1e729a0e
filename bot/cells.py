"""Numbers that several processes of one machine count together, each in a file that all the others can read.

It never hurts who counts: what cannot be shared (no folder, a full disk, a folder of somebody else's) is counted for
this process alone. A file whose lock is free belongs to a dead process; whoever starts next adds it to what is past, so
that the folder stays small and no sum goes down while anybody lives.
"""

import array
import contextlib
import errno
import fcntl
import os
import secrets
import stat
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

_LOCK, _PAST = "lock", ".past"
_TURN_SECONDS = 1.0
_NUMBER = array.array("d").itemsize
WRITE_SECONDS = 0.25
"""How long a number may be on its way to the other processes."""


class Cells:
    """A row of numbers that only grow; `kind` names their layout, and only the same kind is added up.

    The others see a number at most `WRITE_SECONDS` after it was counted, since a system call for each would cost more
    than what is counted.
    """

    def __init__(self, size: int, kind: str = "", folder: Path | None = None) -> None:
        self._size = size
        self._folder = _Folder(folder, kind, size) if folder else None
        self.problem = ""
        """Why this process counts for itself although a folder was given."""
        self._leave: Callable[[], object] = bool
        self._begin()

    def _begin(self) -> None:
        self._leave()
        path, file = Path(), -1
        if self._folder:
            try:
                path, file = self._folder.join()
            except OSError as error:
                self.problem = str(error)
        self._sheet = _Sheet(self._size, path, file)
        self._leave = weakref.finalize(self, self._sheet.close)

    def add(self, *amounts: tuple[int, float]) -> None:
        """Add each amount to the cell at its place."""
        if os.getpid() != self._sheet.pid:
            self._begin()  # forked: what was counted so far is the parent's, and so is its file
        self._sheet.add(amounts)

    def flush(self) -> None:
        """Let the others see now what was counted."""
        self._sheet.write()

    @property
    def shared(self) -> bool:
        """Whether the other processes see these numbers."""
        return self._sheet.file >= 0

    def sums(self) -> list[float]:
        """The cells of all processes added up, those included that ended while others lived."""
        rows = [self._sheet.values()]
        if self._folder and self.shared:
            with contextlib.suppress(OSError):
                rows += self._folder.others(self._sheet.path)
        return _added(rows)


class _Sheet:
    """The numbers of one process, and the file in which the others read them."""

    def __init__(self, size: int, path: Path, file: int) -> None:
        self.path, self.file, self.pid = path, file, os.getpid()
        self._values, self._lock = _zeros(size), threading.Lock()
        self._writing = threading.Lock()
        self._changed, self._closed = threading.Event(), threading.Event()
        self._writer: threading.Thread | None = None

    def add(self, amounts: Iterable[tuple[int, float]]) -> None:
        with self._lock:
            for at, amount in amounts:
                self._values[at] += amount
            if self.file < 0 or self._changed.is_set():
                return
            self._changed.set()
            if self._writer is None:
                self._begin_writing()

    def _begin_writing(self) -> None:
        # Not before there is something to write: a process that is yet to fork must not have threads.
        self._writer = threading.Thread(target=self._write_on, daemon=True, name="metrics")
        try:
            self._writer.start()
        except RuntimeError:  # no room for a thread, or the process is about to end: the next count tries again
            self._writer = None
            self._changed.clear()

    def values(self) -> array.array[float]:
        with self._lock:
            return self._values[:]

    def write(self) -> None:
        """Write all numbers, unless the file is that of a parent who goes on counting."""
        if self.file < 0 or self.pid != os.getpid():
            return
        with self._writing:
            self._changed.clear()
            if not self._closed.is_set():
                # Not a memory map: on a full disk that kills the process. Here the numbers are kept in any case, and
                # the next change writes them whole.
                with contextlib.suppress(OSError):
                    os.pwrite(self.file, self.values().tobytes(), 0)

    def close(self) -> None:
        """Write what is left and let go of the file."""
        if self.pid == os.getpid():  # the locks of a parent may be held by a thread that a child does not have
            self.write()
            with self._writing:
                self._closed.set()
            self._changed.set()
        if self.file >= 0:
            os.close(self.file)

    def _write_on(self) -> None:
        while not self._closed.wait(WRITE_SECONDS):
            self.write()
            self._changed.wait()


def _zeros(size: int) -> array.array[float]:
    return array.array("d", bytes(_NUMBER * size))


def _added(rows: Iterable[Iterable[float]]) -> list[float]:
    return [sum(cells) for cells in zip(*rows, strict=True)]


@dataclass(frozen=True)
class _Folder:
    path: Path
    kind: str
    size: int

    def join(self) -> tuple[Path, int]:
        """A file of this process's own, locked for as long as it lives; raises OSError."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise PermissionError(errno.EPERM, "Not a folder that only this user writes to", str(self.path))
        with self._turn(fcntl.LOCK_EX):
            self._tidy()
            path = self.path / f"{self.kind}.{os.getpid()}-{secrets.token_hex(4)}"
            return path, _create(path, bytes(_NUMBER * self.size))

    def others(self, own: Path) -> list[array.array[float]]:
        """What every other file of the same kind holds; raises OSError."""
        with self._turn(fcntl.LOCK_SH):
            return [self._read(path) for path in self._files() if path.stem == self.kind and path != own]

    def _tidy(self) -> None:
        """Fold what dead processes left into one file; remove everything if nobody lives."""
        files = self._files()
        living = [path for path in files if path.suffix != _PAST and _is_held(path)]
        dead = [path for path in files if path not in living and (path.suffix != _PAST or not living)]
        if living:
            own = [path for path in dead if path.stem == self.kind]
            self._fold(own)
        for path in dead:
            path.unlink()

    def _fold(self, dead: list[Path]) -> None:
        if not dead:
            return
        past = self.path / f"{self.kind}{_PAST}"
        rows = [self._read(path) for path in (*dead, past) if path.exists()]
        new = self.path / "new"
        new.write_bytes(array.array("d", _added(rows)).tobytes())
        new.replace(past)

    def _files(self) -> list[Path]:
        return [path for path in self.path.iterdir() if path.name != _LOCK]

    def _read(self, path: Path) -> array.array[float]:
        found = path.read_bytes()
        return array.array("d", found) if len(found) == _NUMBER * self.size else _zeros(self.size)

    @contextlib.contextmanager
    def _turn(self, how: int) -> Generator[None]:
        file = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file, how)
            yield
        finally:
            os.close(file)


def _lock(file: int, how: int) -> None:
    """Wait for a lock, but not for ever: its holder may be a process that was stopped. Raises OSError."""
    last = time.monotonic() + _TURN_SECONDS
    while True:
        try:
            return fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > last:
                raise
            time.sleep(0.01)


def _create(path: Path, content: bytes) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        # Zeros and not a hole: the room on the disk is taken now, or there is none.
        if os.write(file, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        path.unlink(missing_ok=True)
        raise
    return file


def _is_held(path: Path) -> bool:
    file = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
