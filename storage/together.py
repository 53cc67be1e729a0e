"""Group commit: what many threads of a process want stored at the same moment shares one transaction.

A commit waits for the disk, whatever there is in it. Whoever comes first leads and commits at once; whoever comes while
that is under way waits, and the first of those leads the next batch, with all the others in it. So nobody waits for
company and there is no thread of its own. The leader also makes the rows of the others, if they wish: one thread that
works for all is quicker than many that take the interpreter's lock from each other. The promise is `Database.run`'s:
what is returned is stored, and whoever is told `DatabaseUnavailable` may send again.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from storage.engine import BUSY, Database, DatabaseUnavailable, Lost

_MOST = 64
# A batch that fails takes those who wait with it, so this is only how long one waits for batches that succeed, slowly;
# the last of them may itself take as long as one statement may, and both must fit into a sender's 3 s.
_PATIENCE = 1.2
# Seconds after which a batch that failed is not tried piece by piece: the server is hanging rather than choosing.
_QUICK = 0.8


class _Piece[A, R]:
    """One caller's item, and what became of it."""

    def __init__(self, make: Callable[[], A]) -> None:
        self._make = make
        self.items: list[A] = []
        self._tried = False
        # A bare lock that is held until the end of the wait: an event would be a condition around one, in Python.
        self._asleep = threading.Lock()
        self._asleep.acquire()
        self.leads = False
        self.results: list[R] = []
        self.error: Exception = DatabaseUnavailable(BUSY)
        """What to raise while there is no result: nobody knows what a leader did that was interrupted."""

    def prepare(self) -> bool:
        """Make the item; False, and the error says why, if it cannot be made."""
        self._tried = True
        try:
            self.items.append(self._make())
        except Exception as error:  # noqa: BLE001 - it is the caller's who wants it made, whoever does it
            self.error = error
        return bool(self.items)

    def refusal(self) -> Exception:
        """Why there is no result. What is wrong with the item itself comes first, if nobody ever looked at it."""
        if not self._tried:
            self.prepare()
        return self.error

    def sleep(self, seconds: float = -1) -> bool:
        """Wait until it is woken, by default for ever; False if it was not."""
        return self._asleep.acquire(timeout=seconds)

    def wake(self) -> None:
        """End the wait; to be called once."""
        self._asleep.release()


class Together[A, R]:
    """Does the same work for many callers at once: each gives an item and gets its own result."""

    def __init__(self, database: Database, work: Callable[[Connection, Sequence[A]], Sequence[R]]) -> None:
        """`work` returns a result for each item, in their order; it may be run again, and with other companions."""
        self._database = database
        self._work = work
        self._lock = threading.Lock()
        self._waiting: deque[_Piece[A, R]] = deque()
        self._under_way = False

    def run(self, item: A) -> R:
        """Do the work for this item, commit, and return its result.

        Raises `DatabaseUnavailable` as `Database.run` does, or what `work` raises when it is given this item alone.
        """
        return self.run_made(lambda: item)

    def run_made(self, make: Callable[[], A]) -> R:
        """As `run` for what `make` returns, which any thread may call, and should not take long; raises what it raises.

        For little work that many have at the same moment.
        """
        piece = _Piece[A, R](make)
        with self._lock:
            if self._under_way:
                self._waiting.append(piece)
            else:
                self._under_way = piece.leads = True
        if not piece.leads:
            self._wait(piece)
        if piece.leads:
            self._lead(piece)
        if not piece.results:
            raise piece.refusal()
        return piece.results[0]

    def _wait(self, piece: _Piece[A, R]) -> None:
        if piece.sleep(_PATIENCE):
            return
        with self._lock:
            if piece in self._waiting:
                self._waiting.remove(piece)  # before anybody took it: nobody will store it any more
                return
        piece.sleep()  # in a batch: only its end says what is stored

    def _lead(self, first: _Piece[A, R]) -> None:
        with self._lock:
            others = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST - 1))]
        trouble: DatabaseUnavailable | None = DatabaseUnavailable(BUSY)
        try:
            batch = [piece for piece in (first, *others) if piece.prepare()]
            trouble = self._store(batch) if batch else None
        finally:
            self._hand_over(others, trouble)

    def _store(self, batch: Sequence[_Piece[A, R]]) -> DatabaseUnavailable | None:
        """Do a batch; returns the trouble if there is one that the next batch would have as well."""
        begun = time.monotonic()
        try:
            items = [item for piece in batch for item in piece.items]
            results = self._database.run(lambda connection: self._work(connection, items))
        except DatabaseUnavailable as error:
            # The server may have hung up on one that is too large for it.
            if isinstance(error, Lost) and len(batch) > 1 and time.monotonic() - begun < _QUICK:
                return self._store_singly(batch)
            for piece in batch:
                piece.error = DatabaseUnavailable(*error.args)  # one each: a traceback is its raiser's own
            return error
        except Exception as error:  # noqa: BLE001 - it is the caller's whose item it is, and that need not be ours
            if len(batch) > 1:
                return self._store_singly(batch)
            batch[0].error = error
            return None
        for piece, result in zip(batch, results, strict=True):
            piece.results.append(result)
        return None

    def _store_singly(self, batch: Sequence[_Piece[A, R]]) -> DatabaseUnavailable | None:
        """One of them spoilt the transaction for all, so nothing was stored: do each by itself."""
        troubles = [self._store([piece]) for piece in batch]
        return troubles[0] if all(troubles) else None

    def _hand_over(self, done: Sequence[_Piece[A, R]], trouble: DatabaseUnavailable | None) -> None:
        with self._lock:
            refused: list[_Piece[A, R]] = []
            while trouble and self._waiting:
                refused.append(self._waiting.popleft())
                refused[-1].error = DatabaseUnavailable(*trouble.args)
            leader = self._waiting.popleft() if self._waiting else None
            self._under_way = leader is not None
        if leader is not None:
            leader.leads = True
            leader.wake()
        for piece in (*done, *refused):
            piece.wake()
