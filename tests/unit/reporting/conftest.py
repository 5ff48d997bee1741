"""Results documents for the tests of the reports."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def documents() -> ModuleType:
    """Load the builders of results documents."""
    spec = importlib.util.spec_from_file_location(
        "reporting_documents", Path(__file__).with_name("documents.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
