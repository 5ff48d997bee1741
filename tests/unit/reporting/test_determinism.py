"""Same document, same bytes: in another process, another time zone, another language."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

RENDER = """
import hashlib, sys
from pathlib import Path
from plimsoll.reporting.document import parse_document
from plimsoll.reporting.formats import FORMATS, render
from plimsoll.reporting.terminal import summary_lines
document = parse_document(Path(sys.argv[1]).read_bytes())
texts = [*(render(document, name) for name in FORMATS), "\\n".join(summary_lines(document))]
print([hashlib.sha256(text.encode()).hexdigest() for text in texts])
"""


def test_two_processes_render_the_same_bytes(documents: ModuleType, tmp_path: Path) -> None:
    """Neither the hash seed, the time zone nor the locale shows in any format."""
    path = tmp_path / "results.json"
    path.write_text(json.dumps(documents.failing()))
    digests = {
        _digests(path, {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8"}),
        _digests(path, {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LANG": "C"}),
    }
    assert len(digests) == 1


def _digests(path: Path, environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", RENDER, str(path)]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=True
    ).stdout
