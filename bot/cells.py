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
import struct
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

_LOCK, _PAST = "lock", ".past"
_TURN_SECONDS = 1.0
_NUMBER = struct.Struct("=d")


class Cells:
    """A row of numbers that only grow; `kind` names their layout, and only the same kind is added up."""

    def __init__(self, size: int, kind: str = "", folder: Path | None = None) -> None:
        self._size = size
        self._folder = _Folder(folder, kind, size) if folder else None
        self.problem = ""
        """Why this process counts for itself although a folder was given."""
        self._leave: Callable[[], object] = bool
        self._begin()

    def _begin(self) -> None:
        self._leave()
        self._values, self._lock = _zeros(self._size), threading.Lock()
        self._path, self._file = Path(), -1
        if self._folder:
            try:
                self._path, self._file = self._folder.join()
            except OSError as error:
                self.problem = str(error)
            else:
                self._leave = weakref.finalize(self, os.close, self._file)
        self._pid = os.getpid()

    def add(self, *amounts: tuple[int, float]) -> None:
        """Add each amount to the cell at its place."""
        if os.getpid() != self._pid:
            self._begin()  # forked: what was counted so far is the parent's, and so is its file
        with self._lock:
            for at, amount in amounts:
                self._values[at] = value = self._values[at] + amount
                if self._file >= 0:
                    # Not a memory map: on a full disk that kills the process. Here the number is kept in any case, and
                    # its next change writes it whole.
                    with contextlib.suppress(OSError):
                        os.pwrite(self._file, _NUMBER.pack(value), _NUMBER.size * at)

    @property
    def shared(self) -> bool:
        """Whether the other processes see these numbers."""
        return self._file >= 0

    def sums(self) -> list[float]:
        """The cells of all processes added up, those included that ended while others lived."""
        with self._lock:
            own = self._values[:]
        rows = [own]
        if self._folder and self.shared:
            with contextlib.suppress(OSError):
                rows += self._folder.others(self._path)
        return _added(rows)


def _zeros(size: int) -> array.array[float]:
    return array.array("d", bytes(_NUMBER.size * size))


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
            return path, _create(path, bytes(_NUMBER.size * self.size))

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
        return array.array("d", found) if len(found) == _NUMBER.size * self.size else _zeros(self.size)

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
