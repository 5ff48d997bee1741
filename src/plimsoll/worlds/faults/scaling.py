"""Break the scaling of components, as one file or the other states it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from plimsoll.worlds.faults import fault

if TYPE_CHECKING:
    from plimsoll.worlds.world import World

SPEC: Final = ".do/app.yaml"
FRONT: Final = ".do/front.yaml"
HPA: Final = "k8s/hpa.yaml"
_DASHBOARD: Final = """\
    dockerfile_path: dashboard/Dockerfile
    http_port: 3000
    instance_size_slug: apps-d-1vcpu-0.5gb
    autoscaling:
"""
_RANGE: Final = f"{_DASHBOARD}      min_instance_count: 2\n      max_instance_count: 10\n"
_METRICS: Final = (
    "      metrics:\n        cpu:\n          percent: 80\n"
    "        request_duration:\n          p95_milliseconds: 3000\n"
)
_WORKER: Final = """\
    dockerfile_path: workers/Dockerfile
    instance_size_slug: apps-d-1vcpu-0.5gb
    autoscaling:
      min_instance_count: 2
      max_instance_count: 10
      metrics:
        cpu:
          percent: """
_TARGET: Final = "    name: app-oint-dashboard\n"
_REPLICAS: Final = f"{_TARGET}  minReplicas: 2\n  maxReplicas: 10\n"
_MEMORY: Final = """\
    - type: Resource
      resource:
        name: memory
        target:
          type: Utilization
          averageUtilization: 75
"""
_CPU: Final = "        name: cpu\n        target:\n          type: Utilization\n"
_UP: Final = "    scaleUp:\n      stabilizationWindowSeconds: 120\n"
_DOWN: Final = "    scaleDown:\n      stabilizationWindowSeconds: 300\n"

_app_oint = partial(fault, environments=("app-oint",))
_in_spec = partial(_app_oint, vantage="repository:app-spec", also=("DLV-02",))
_in_hpa = partial(_app_oint, vantage="repository:hpa")
_in_file = partial(fault, vantage="repository:app-spec", also=("DLV-02",))
_in_tetrix = partial(_in_file, environments=("tetrix",))
_in_front = partial(_in_file, environments=("digitalocean-production",))


@_in_spec("SCL-01", "maximum-above-limit")
def maximum_above_limit(world: World) -> None:
    """Let the dashboard grow to twenty instances on App Platform."""
    world.files.replace(SPEC, _RANGE, _RANGE.replace("10\n", "20\n"))


@_in_spec("SCL-01", "minimum-below-limit")
def minimum_below_limit(world: World) -> None:
    """Let the dashboard shrink to a single instance on App Platform."""
    world.files.replace(SPEC, _RANGE, _RANGE.replace("count: 2", "count: 1"))


@_in_spec("SCL-01", "range-inverted", also=("CFG-01", "DLV-02"))
def range_inverted(world: World) -> None:
    """State a minimum above the maximum, both within the limits."""
    world.files.replace(SPEC, _RANGE, f"{_DASHBOARD}{_counts(9, 4)}")


@_in_spec("SCL-01", "autoscaling-removed", also=("DLV-02", "SCL-02"))
def autoscaling_removed(world: World) -> None:
    """Take the dashboard's autoscaling away and state no number of instances either."""
    world.files.replace(SPEC, _RANGE + _METRICS, _DASHBOARD.replace("    autoscaling:\n", ""))


@_in_hpa("SCL-01", "maximum-above-limit-in-kubernetes")
def maximum_above_limit_in_kubernetes(world: World) -> None:
    """Let the dashboard grow to fifteen pods, while App Platform is told ten."""
    world.files.replace(HPA, _REPLICAS, _REPLICAS.replace("10", "15"))


@_in_hpa("SCL-01", "minimum-below-limit-in-kubernetes")
def minimum_below_limit_in_kubernetes(world: World) -> None:
    """Let the dashboard shrink to a single pod."""
    world.files.replace(HPA, _REPLICAS, _REPLICAS.replace("2", "1"))


@_in_hpa("SCL-01", "minimum-left-to-the-platform")
def minimum_left_to_the_platform(world: World) -> None:
    """State no minimum, which the platform takes for one pod."""
    world.files.replace(HPA, _REPLICAS, _REPLICAS.replace("  minReplicas: 2\n", ""))


@_in_hpa("SCL-01", "autoscaler-of-nobody", also=("SCL-02", "SCL-03"))
def autoscaler_of_nobody(world: World) -> None:
    """Misspell the deployment that the dashboard's autoscaler is for."""
    world.files.replace(HPA, _TARGET, "    name: app-oint-dashbord\n")


@_in_hpa("SCL-01", "autoscalers-missing", also=("CFG-01", "SCL-02", "SCL-03"))
def autoscalers_missing(world: World) -> None:
    """Delete the file with all autoscalers for Kubernetes."""
    world.files.delete(HPA)


@_in_spec("SCL-02", "cpu-target-too-high")
def cpu_target_too_high(world: World) -> None:
    """Let a worker on App Platform wait for 95 % CPU."""
    world.files.replace(SPEC, f"{_WORKER}80\n", f"{_WORKER}95\n")


@_in_spec("SCL-02", "response-time-target-removed")
def response_time_target_removed(world: World) -> None:
    """Let a service on App Platform scale on CPU alone, however slow it answers."""
    slow = _METRICS.partition("        request_duration")[0]
    world.files.replace(SPEC, _RANGE + _METRICS, _RANGE + slow)


@_in_spec("SCL-02", "number-of-instances-fixed")
def number_of_instances_fixed(world: World) -> None:
    """Run the dashboard with four instances, come what may."""
    fixed = _DASHBOARD.replace("autoscaling:", "instance_count: 4")
    world.files.replace(SPEC, _RANGE + _METRICS, fixed)


@_in_hpa("SCL-02", "cpu-target-too-high-in-kubernetes")
def cpu_target_too_high_in_kubernetes(world: World) -> None:
    """Let every autoscaler of Kubernetes wait for 95 % CPU."""
    stated = f"{_CPU}          averageUtilization: 80\n"
    world.files.replace(HPA, stated, stated.replace("80", "95"))


@_in_hpa("SCL-02", "cpu-target-in-cores")
def cpu_target_in_cores(world: World) -> None:
    """State the CPU target in cores, which is no utilization."""
    stated = f"{_CPU}          averageUtilization: 80\n"
    in_cores = stated.replace("type: Utilization", "type: AverageValue")
    in_cores = in_cores.replace("averageUtilization: 80", "averageValue: 800m")
    world.files.replace(HPA, stated, in_cores)


@_in_hpa("SCL-02", "memory-target-removed")
def memory_target_removed(world: World) -> None:
    """Let every autoscaler of Kubernetes watch CPU alone."""
    world.files.replace(HPA, _MEMORY, "")


@_in_hpa("SCL-02", "memory-target-in-a-comment")
def memory_target_in_a_comment(world: World) -> None:
    """Keep the memory targets as comments."""
    commented = "".join(f"    # {line.strip()}\n" for line in _MEMORY.splitlines())
    world.files.replace(HPA, _MEMORY, commented)


@_in_hpa("SCL-02", "scale-out-too-late")
def scale_out_too_late(world: World) -> None:
    """Let a load last ten minutes before it is answered."""
    world.files.replace(HPA, _UP, _UP.replace("120", "600"))


@_in_hpa("SCL-02", "scale-out-on-every-spike")
def scale_out_on_every_spike(world: World) -> None:
    """State no window for scaling up, which answers to every spike."""
    world.files.replace(HPA, _UP, "    scaleUp:\n")


@_in_hpa("SCL-02", "scale-out-disabled")
def scale_out_disabled(world: World) -> None:
    """Forbid every autoscaler of Kubernetes to add pods."""
    world.files.replace(HPA, f"{_UP}      selectPolicy: Max", f"{_UP}      selectPolicy: Disabled")


@_in_hpa("SCL-03", "scale-in-too-soon")
def scale_in_too_soon(world: World) -> None:
    """Take pods away after a minute of calm."""
    world.files.replace(HPA, _DOWN, _DOWN.replace("300", "60"))


@_in_hpa("SCL-03", "scale-in-window-not-stated")
def scale_in_window_not_stated(world: World) -> None:
    """Leave the window for scaling down to a setting of the cluster."""
    world.files.replace(HPA, _DOWN, "    scaleDown:\n")


@_in_hpa("SCL-03", "scale-in-disabled")
def scale_in_disabled(world: World) -> None:
    """Forbid every autoscaler of Kubernetes to take pods away."""
    world.files.replace(
        HPA, f"{_DOWN}      selectPolicy: Max", f"{_DOWN}      selectPolicy: Disabled"
    )


@_in_tetrix("SCL-01", "single-instance-in-the-file")
def single_instance_in_the_file(world: World) -> None:
    """Ask for one instance in the file that is deployed next."""
    world.files.replace(SPEC, "    instance_count: 2\n", "    instance_count: 1\n")


@_in_front("SCL-01", "maximum-above-limit-in-the-file")
def maximum_above_limit_in_the_file(world: World) -> None:
    """Let the front end grow to twenty instances once the file is deployed."""
    world.files.replace(FRONT, "max_instance_count: 10\n", "max_instance_count: 20\n")


@_in_front("SCL-02", "cpu-target-too-high-in-the-file")
def cpu_target_too_high_in_the_file(world: World) -> None:
    """Let the front end wait for 95 % CPU once the file is deployed."""
    world.files.replace(FRONT, "          percent: 70\n", "          percent: 95\n")


def _counts(minimum: int, maximum: int) -> str:
    return f"      min_instance_count: {minimum}\n      max_instance_count: {maximum}\n"
