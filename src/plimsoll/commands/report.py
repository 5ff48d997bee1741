"""`plimsoll report`: renders a recorded run again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from plimsoll.cli import USAGE_STATUS
from plimsoll.reporting.document import InvalidDocumentError, parse_document
from plimsoll.reporting.formats import FORMATS, render

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Write the report to standard output."""
    path = Path(options.bundle)
    path = path / "results.json" if path.is_dir() else path
    if options.format not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        return _refuse(f"there is no format {options.format}; known: {known}")
    try:
        document = parse_document(path.read_bytes())
    except OSError as error:
        return _refuse(f"{path}: cannot be read: {error.strerror}")
    except InvalidDocumentError as error:
        return _refuse(f"{path}: {error}")
    sys.stdout.write(render(document, options.format))
    return 0


def _refuse(message: str) -> int:
    sys.stderr.write(f"plimsoll: {message}\n")
    return USAGE_STATUS
