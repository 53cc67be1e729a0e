"""The shape of the code: no file and no function is longer than can be read at one go, tests included."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 50


@pytest.fixture(scope="module")
def sources() -> dict[str, bytes]:
    """Every Python file that git tracks or would track, by its path."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed: it says which files belong to the project")
    if not (ROOT / ".git").exists():
        pytest.skip("there is no .git folder: git cannot say which files belong to the project")
    asked = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = sorted({name for name in listed.split("\0") if name})
    # Git lists a tracked file that is deleted but not committed yet.
    return {name: (ROOT / name).read_bytes() for name in names if (ROOT / name).is_file()}


def long_functions(name: str, source: bytes) -> Iterator[str]:
    """The place of each function that is too long, counted from its `def`, without decorators."""
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LINES_OF_A_FUNCTION:
                yield f"{name}:{node.lineno} {node.name}: {lines} lines"


def test_no_file_is_longer_than_400_lines(sources: dict[str, bytes]) -> None:
    lengths = {name: len(source.splitlines()) for name, source in sources.items()}
    assert "tests/test_shape.py" in lengths
    found = [f"{name}: {lines} lines" for name, lines in lengths.items() if lines > LINES_OF_A_FILE]
    assert found == [], "\n".join(found)


def test_no_function_is_longer_than_50_lines(sources: dict[str, bytes]) -> None:
    found = [place for name, source in sources.items() for place in long_functions(name, source)]
    assert found == [], "\n".join(found)
