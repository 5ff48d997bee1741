"""Read Kubernetes manifests: autoscalers in full, workloads as far as their containers.

Kinds without a schema here are checked for the fields every object has, and no further: that they
are valid is not said. Every function reads one document of a stream, which may hold a List.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plimsoll.facts.autoscaler import Autoscaler
from plimsoll.facts.container import Container, HealthCheck, Image, Mount, Port, Variable
from plimsoll.semantics.schema import bundled, schema_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plimsoll.facts.document import Document, Part, Problem

_POD_PATHS = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
_TEMPLATE_PATH = ("spec", "template", "spec")
_SETTABLE = frozenset(
    {
        *("minimum", "maximum", "cpu_percent", "memory_percent"),
        *("scale_out_window_seconds", "scale_in_window_seconds"),
        *("scale_out_policy", "scale_in_policy"),
    }
)
_SHORT_LIVED = frozenset({"Job", "CronJob", "Pod"})
_PROBES = {
    "startupProbe": "startup",
    "readinessProbe": "readiness",
    "livenessProbe": "liveness",
}


def autoscalers(document: Document) -> tuple[Autoscaler, ...]:
    """Return the horizontal pod autoscalers (v1 and v2); the component is the scale target's name.

    Percentages are targets of average utilization. What a manifest leaves out is None, also where
    the API server would fill it in.
    """
    return tuple(
        _autoscaler(part)
        for part in _objects(document)
        if part["kind"].value == "HorizontalPodAutoscaler"
        and part["spec"]["scaleTargetRef"]["name"].text
    )


def containers(document: Document) -> tuple[Container, ...]:
    """Return the containers of all workloads, named ``workload/container``."""
    return tuple(
        _container(part, item)
        for part in _objects(document)
        for item in _pod(part)["containers"]
        if item["name"].text
    )


def replicas(document: Document) -> tuple[Autoscaler, ...]:
    """Return the fixed replica counts that workloads state, as autoscalers that cannot move."""
    return tuple(
        Autoscaler(
            component=str(part["metadata"]["name"].value),
            kind=str(part["kind"].value).lower(),
            minimum=count.integer,
            maximum=count.integer,
            where={"component": part.where, "minimum": count.where, "maximum": count.where},
        )
        for part in _objects(document)
        for count in (part["spec"]["replicas"],)
        if count.integer is not None and part["spec"]["template"].exists
    )


def problems(document: Document) -> tuple[Problem, ...]:
    """Return what the API server would refuse, as far as this module knows the kind.

    A document without content, as between two separators, is no object and has no problems.
    """
    return tuple(problem for part in _objects(document) for problem in _object_problems(part))


def _objects(document: Document) -> Iterator[Part]:
    part = document.part()
    if part["kind"].value == "List":
        yield from part["items"]
    elif part.value is not None:
        yield part


def _object_problems(part: Part) -> Iterator[Problem]:
    if not isinstance(part.value, dict):
        yield part.problem("is not a Kubernetes object", "a mapping with apiVersion and kind")
        return
    if part["kind"].value == "HorizontalPodAutoscaler":
        yield from schema_problems(part, bundled("hpa_schema.json"))
        yield from _range_problems(part["spec"])
        return
    for field in ("apiVersion", "kind"):
        if not part[field].text:
            yield part[field].problem(f"the object has no {field}", f"{field} is required")
    if not part["metadata"]["name"].text and not part["metadata"]["generateName"].text:
        yield part["metadata"].problem("the object has no metadata.name", "a name")


def _range_problems(spec: Part) -> Iterator[Problem]:
    low, high = spec["minReplicas"].integer, spec["maxReplicas"].integer
    if high is not None and (low if low is not None else 1) > high:
        yield spec["maxReplicas"].problem(
            f"maxReplicas {high} is below minReplicas {low if low is not None else 1}",
            "minReplicas ≤ maxReplicas",
        )


def _autoscaler(part: Part) -> Autoscaler:
    spec = part["spec"]
    behavior = spec["behavior"]
    stated = {
        "minimum": spec["minReplicas"],
        "maximum": spec["maxReplicas"],
        "cpu_percent": _utilization(spec, "cpu") or spec["targetCPUUtilizationPercentage"],
        "memory_percent": _utilization(spec, "memory"),
        "scale_out_window_seconds": behavior["scaleUp"]["stabilizationWindowSeconds"],
        "scale_in_window_seconds": behavior["scaleDown"]["stabilizationWindowSeconds"],
    }
    found = {name: field for name, field in stated.items() if field is not None and field.exists}
    where = {name: field.where for name, field in found.items()}
    numbers: dict[str, Any] = {name: field.integer for name, field in found.items()}
    return Autoscaler(
        component=spec["scaleTargetRef"]["name"].text or "",
        kind="hpa",
        scale_out_policy=behavior["scaleUp"]["selectPolicy"].text,
        scale_in_policy=behavior["scaleDown"]["selectPolicy"].text,
        settable=_SETTABLE,
        where={
            "component": part.where,
            "scale_out_policy": behavior["scaleUp"].where,
            "scale_in_policy": behavior["scaleDown"].where,
            **where,
        },
        **numbers,
    )


def _utilization(spec: Part, resource: str) -> Part | None:
    for metric in spec["metrics"]:
        stated = metric["resource"]
        if stated["name"].value == resource and stated["target"]["averageUtilization"].exists:
            return stated["target"]["averageUtilization"]
    return None


def _pod(part: Part) -> Part:
    for key in _POD_PATHS.get(str(part["kind"].value), _TEMPLATE_PATH):
        part = part[key]
    return part


def _container(workload: Part, part: Part) -> Container:
    name = f"{workload['metadata']['name'].value}/{part['name'].text}"
    image = part["image"]
    words = [item.text or "" for field in ("command", "args") for item in part[field]]
    return Container(
        name=name,
        where=part.where,
        image=Image(name, image.text, image.where) if image.text else None,
        command=tuple(words),
        variables=tuple(_variable(name, item) for item in part["env"] if item["name"].text),
        ports=tuple(_port(name, item) for item in part["ports"]),
        mounts=tuple(_mount(name, item) for item in part["volumeMounts"]),
        health_checks=tuple(
            _probe(name, kind, part[field]) for field, kind in _PROBES.items() if part[field].exists
        ),
        is_long_running=workload["kind"].text not in _SHORT_LIVED,
    )


def _variable(owner: str, part: Part) -> Variable:
    source = part["valueFrom"]
    place = part["value"] if part["value"].exists else part["name"]
    return Variable(
        owner=owner,
        name=part["name"].text or "",
        value=part["value"].text,
        where=place.where,
        is_secret=source["secretKeyRef"].exists,
    )


def _port(owner: str, part: Part) -> Port:
    number = part["containerPort"].value
    return Port(owner, str(number), part.where, is_published=part["hostPort"].exists)


def _mount(owner: str, part: Part) -> Mount:
    return Mount(
        owner=owner,
        kind="volume",
        source=part["name"].text,
        target=part["mountPath"].text or "",
        where=part.where,
        is_read_only=part["readOnly"].boolean is True,
    )


def _probe(owner: str, kind: str, part: Part) -> HealthCheck:
    handler = next(
        (part[name] for name in ("httpGet", "tcpSocket", "grpc") if part[name].exists), part
    )
    command = tuple(item.text or "" for item in part["exec"]["command"])
    return HealthCheck(
        owner=owner,
        kind=kind,
        where=part.where,
        path=part["httpGet"]["path"].text,
        port=handler["port"].integer,
        command=command or None,
        initial_delay_seconds=part["initialDelaySeconds"].integer,
        interval_seconds=part["periodSeconds"].integer,
        timeout_seconds=part["timeoutSeconds"].integer,
        failure_threshold=part["failureThreshold"].integer,
    )
