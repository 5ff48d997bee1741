"""The kinds of values that configuration files are made of, and how a section of one behaves."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)


def _inside(path: str) -> str:
    if ".." in path.split("/"):
        message = "a path stays inside the repository: '..' is not allowed"
        raise ValueError(message)
    return path


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
ControlId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-\d{2}[a-z]?$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+(/[^\s#]*)?$")]
Path = Annotated[str, StringConstraints(pattern=r"^/[^\s#]*$")]
File = Annotated[str, StringConstraints(pattern=r"^[^/\s]\S*$"), AfterValidator(_inside)]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Count = Annotated[int, Field(ge=0, strict=True)]
Positive = Annotated[int, Field(gt=0, strict=True)]
Percent = Annotated[float, Field(gt=0, le=100)]
MetricSignal = Annotated[
    str,
    StringConstraints(
        pattern=r"^(request_count|duration_p(50|95|99)|status_[45]xx|cpu|memory|io"
        r"|database_connections|health|metric:[a-zA-Z_:][a-zA-Z0-9_:]*)$"
    ),
]
"""What must be computable from exported metrics; `metric:NAME` asks for one metric by name."""
DashboardSignal = Literal[
    "p50",
    "p95",
    "p99",
    "errors_4xx",
    "errors_5xx",
    "cpu",
    "memory",
    "database_connections",
    "regional_comparison",
    "active_users",
    "slo_status",
    "business",
    "service_health",
]


class Section(BaseModel):
    """A mapping of the file: unknown keys are errors, values do not change once loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @property
    def listed_as(self) -> str:
        """What results call this where it is one of a list; empty where nothing is judged by it."""
        return ""

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        for field in type(self).model_fields:
            listed = getattr(self, field)
            names = [_name(one) for one in listed] if isinstance(listed, tuple) else []
            twice = sorted({name for name in names if name and names.count(name) > 1})
            if twice:
                message = f"declared twice in {field}: {', '.join(twice)}"
                raise ValueError(message)
        return self


def _name(listed: object) -> str:
    if isinstance(listed, Section):
        return listed.listed_as
    return listed if isinstance(listed, str) else ""
