"""The JSON Schema of environment files, by which editors complete and check them."""

from __future__ import annotations

import json
import sys
from typing import Any

from plimsoll.environment.model import Environment


def environment_schema() -> str:
    """Return the schema as text, the same bytes every time."""
    schema: dict[str, Any] = Environment.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Plimsoll environment file"
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(environment_schema())
