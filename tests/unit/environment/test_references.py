"""What an environment file names elsewhere must be declared there, and is told by its line."""

from plimsoll.environment.loader import load
from plimsoll.environment.references import unknown_references

HEAD = "schema: plimsoll/environment/1\nsystem: Ferry\n"
REGION = 'regions: [{id: north, title: N, role: primary, base_url: "https://n.ferry.example"}]\n'


def told(tmp_path, text):
    """The problems of an environment file with these lines."""
    path = tmp_path / "ferry.yaml"
    path.write_text(HEAD + text)
    problems = unknown_references(load(str(path)), (), {"SEC-01"})
    return [problem.removeprefix(f"{path}:") for problem in problems]


def test_a_region_of_an_app_is_a_declared_one(tmp_path):
    """An app in a region that the file does not declare would be judged by nobody."""
    account = """\
digitalocean:
  apps:
    - {name: web, region: south, platform_region: fra}
"""
    (problem,) = told(tmp_path, REGION + account)
    assert problem == "6: there is no region south; declared: north"
    assert told(tmp_path, REGION + account.replace("south", "north")) == []


def test_without_declared_regions_an_app_says_where_it_is_itself(tmp_path):
    """A file that knows no regions has none that could be missed."""
    assert (
        told(tmp_path, "digitalocean: {apps: [{name: a, region: x, platform_region: fra}]}") == []
    )


def test_steering_leads_to_declared_regions(tmp_path):
    """A global load balancer cannot be judged by a region nobody declared."""
    account = (
        "digitalocean:\n  steering: {load_balancer: g, host: f.example, regions: [north, sud]}\n"
    )
    (problem,) = told(tmp_path, REGION + account)
    assert "no region sud" in problem


def test_a_pool_of_a_component_is_a_declared_one(tmp_path):
    """A component in a pool that the account does not declare would never be looked for."""
    scaling = (
        "scaling:\n  instances: {minimum: 2, maximum: 4}\n  components: [{name: a, pool: p}]\n"
    )
    assert told(tmp_path, scaling) == ["5: there is no pool p; declared: none"]


def test_a_database_of_a_backup_is_a_declared_one(tmp_path):
    """Backups of a cluster that is not declared would be those of nothing."""
    backups = "backups:\n  sets: [{name: a, database: pg}]\n"
    assert told(tmp_path, backups) == ["4: there is no database pg; declared: none"]


def test_an_endpoint_that_is_shared_is_a_declared_one(tmp_path):
    """CORS of an endpoint that is not declared would be asked of nobody."""
    cors = 'cors:\n  endpoints: [api]\n  origins: ["https://f.example"]\n'
    (problem,) = told(tmp_path, cors)
    assert problem == "4: there is no endpoint api; declared: none"


def test_counted_traffic_goes_where_the_metrics_are(tmp_path):
    """An endpoint at one address is counted by a region nobody can name."""
    text = (
        REGION
        + """\
endpoints:
  - {name: metrics, kind: metrics, path: /metrics}
  - {name: api, kind: api, path: /api}
  - {name: home, kind: page, url: "https://f.example/"}
metrics:
  signals: [request_count]
  contract: {endpoint: home, failing: {path: /none, status: 404}}
"""
    )
    (problem,) = told(tmp_path, text)
    assert (
        problem == "10: there is no endpoint beside the metrics called home; declared: api, metrics"
    )
    assert told(tmp_path, text.replace("endpoint: home", "endpoint: api")) == []


def test_a_control_is_one_of_the_catalogue(tmp_path):
    """A conflict about a control that does not exist is a mistake of spelling."""
    (problem,) = told(tmp_path, "conflicts: {SEC-99: {asked: a, reality: r}}\n")
    assert "no control SEC-99" in problem


def test_an_uptime_check_of_an_availability_is_a_declared_one(tmp_path):
    """What should be measured twice would otherwise be two things, each measured once."""
    measured = "{name: a, expression: up, objective_percent: 99, uptime: web}"
    monitoring = (
        "monitoring:\n"
        '  prometheus: {url: "https://p.ferry.example"}\n'
        f"  availability: [{measured}]\n"
    )
    account = 'digitalocean:\n  uptime: [{name: web, target: "https://ferry.example"}]\n'
    assert told(tmp_path, monitoring) == ["5: there is no uptime check web; declared: none"]
    assert told(tmp_path, monitoring + account) == []
