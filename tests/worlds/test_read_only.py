"""A check never changes what it checks, and asks for no more than it says."""

import hashlib
import shutil
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from plimsoll import resources
from plimsoll.environment.contract_inventory import counted_metrics
from plimsoll.environment.inventory import rate_limited_targets, timed_targets
from plimsoll.environment.loader import load
from plimsoll.facts.counted_traffic import SCRAPES
from plimsoll.pytest_plugin.probes import SAMPLE_SIZE

READING = {"GET", "HEAD", "OPTIONS"}
BURST = 7
MONITORING = ("prometheus.app-oint.com", "alertmanager.app-oint.com", "grafana.app-oint.com")


MONITORING_READS = {
    "prometheus.app-oint.com": {
        "/api/v1/targets", "/api/v1/rules", "/api/v1/alertmanagers", "/api/v1/query",
        "/api/v1/status/runtimeinfo",
    },
    "alertmanager.app-oint.com": {"/api/v2/silences"},
    "grafana.app-oint.com": {"/api/search", "/api/datasources"},
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(rehearse):
    """One whole run of the sound world, with every request it was sent."""
    return rehearse(lambda world: None, "--no-reports")


def asked(request):
    """What makes two requests the same."""
    return (
        request.method,
        f"{request.scheme}://{request.host}{request.path}",
        request.credentialed,
    )


def test_nothing_but_reading_is_ever_asked(whole):
    """The servers' own log of a whole run: GET, HEAD and OPTIONS."""
    assert len(whole.requests) > 100
    assert {request.method for request in whole.requests} <= READING


def test_nothing_is_asked_twice_but_declared_samples_and_bursts(whole):
    """Every other request is made once, however many checks judge its answer."""
    environment = load("app-oint").model
    limit = environment.health.rate_limit.requests
    expected = {one.url: 1 + SAMPLE_SIZE for one in timed_targets(environment)}
    expected |= {one.url: 1 + limit + 1 for one in rate_limited_targets(environment)}
    traffic = Counter(url for one in counted_metrics(environment) for url in exercised(one))
    counted = Counter(map(asked, whole.requests))
    repeated = {(url, held): count for (_, url, held), count in counted.items() if count > 1}
    for one in counted_metrics(environment):
        expected[one.metrics_url] = 1 + traffic[one.metrics_url]
        expected[one.traffic_url] = expected.get(one.traffic_url, 1) + traffic[one.traffic_url]
        expected[one.failing_url] = traffic[one.failing_url]
    assert {url: count for (url, _), count in repeated.items()} == expected


def exercised(counted):
    """Every request of the traffic that the metrics must count, and the scrapes around it."""
    failures = counted.contract.failures
    yield from [counted.metrics_url] * 2 * SCRAPES
    yield from [counted.traffic_url] * (counted.contract.requests - failures)
    yield from [counted.failing_url] * failures


def of_the_site(requests):
    """The requests to the system's own hosts: the platform's are no part of its load.

    Nor are those to what watches it.
    """
    return [
        one for one in requests if one.host.endswith("app-oint.com") and one.host not in MONITORING
    ]


def test_exercises_come_last(whole):
    """A burst uses up what others would be served from, and counted traffic is counted alone."""
    requests = of_the_site(whole.requests)
    environment = load("app-oint").model
    traffic = [url for one in counted_metrics(environment) for url in exercised(one)]
    assert Counter(asked(one)[1] for one in requests[-len(traffic) :]) == Counter(traffic)
    requests = requests[: -len(traffic)]
    urls = {one.url for one in rate_limited_targets(environment)}
    size = (environment.health.rate_limit.requests + 1) * len(urls)
    before = requests[:-size]
    assert {asked(one)[1] for one in requests[-size:]} == urls
    assert sorted(asked(one)[1] for one in before if asked(one)[1] in urls) == sorted(urls)


def test_a_credential_goes_only_where_it_is_declared_to_go(whole):
    """The metrics' token is sent to metrics endpoints, over TLS; others to the platform alone."""
    sent = {(one.scheme, one.path) for one in of_the_site(whole.requests) if one.credentialed}
    assert sent == {("https", "/metrics")}
    hosts = {one.host for one in whole.requests if one.credentialed}
    platform = ("api.digitalocean.com", ".digitaloceanspaces.com", ".app-oint.com")
    assert [host for host in hosts if not host.endswith(platform)] == []


def test_monitoring_is_given_its_credentials_over_tls_and_for_its_reads_alone(whole):
    """What is asked in the name of a stranger comes without one."""
    sent = [one for one in whole.requests if one.host in MONITORING]
    read = [one for one in sent if one.credentialed]
    assert {(one.method, one.scheme) for one in read} == {("GET", "https")}
    for host, paths in MONITORING_READS.items():
        asked_there = [one.path.partition("?")[0] for one in read if one.host == host]
        assert set(asked_there) == paths
    strangers = {one.path for one in sent if not one.credentialed}
    assert strangers == {"/api/v1/targets", "/api/v2/status", "/api/search"}


def test_the_repository_is_as_it_was(run, tmp_path):
    """Reading a repository leaves no file, no change and no new time behind."""
    folder = tmp_path / "checkout"
    shutil.copytree(resources.fixtures() / "app-oint" / "repository", folder)

    def state():
        return {
            path: (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
            for path in folder.rglob("*")
            if path.is_file()
        }

    before = state()
    done = run.check("--repository", folder, "--area", "configuration", "--area", "scaling")
    assert "pass" in done.verdicts()
    assert state() == before


class Shop:
    """A live system on loopback that refuses nobody and remembers every request."""

    def __init__(self):
        self.requests = requests = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self):
                requests.append((self.command, self.path))
                body = b'{"status": "healthy"}'
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else body)

            do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_DELETE = do_PATCH = _answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def shop():
    """Run the shop for one test."""
    made = Shop()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def live(run, shop, tmp_path):
    """Check the shop live, with the environment's own further lines and the given options."""

    def check(*options, more=""):
        path = tmp_path / "shop.yaml"
        path.write_text(
            "schema: plimsoll/environment/1\nsystem: Shop\nlive: true\n"
            "endpoints:\n"
            f"  - {{name: alive, kind: liveness, url: '{shop.address}/alive'}}\n"
            f"  - {{name: health, kind: health, url: '{shop.address}/health'}}\n"
            f"health: {{healthy: [healthy], unhealthy: [bad], rate_limit: {{requests: {BURST}}}}}\n"
            + more
        )
        return run.plimsoll(
            "check", path, "--out", run.out, "--no-engineer-log", *options, NO_PROXY="127.0.0.1"
        )

    return check


def test_a_live_run_sends_no_burst_that_nobody_asked_for(live, shop):
    """What makes load was not tested, and every page was asked for once."""
    done = live()
    assert sorted(shop.requests) == [("GET", "/alive"), ("GET", "/health")]
    assert done.verdicts("HLT-07") == ["not_tested"]
    (limited,) = [one for one in done.document["results"] if one["control"] == "HLT-07"]
    assert "--exercise burst" in limited["summary"]
    assert done.document["run"]["mode"] == "live"


def test_a_live_run_sends_the_burst_that_was_asked_for_and_no_more(live, shop):
    """One request more than the limit allows, all of them reading, after everything else."""
    done = live("--exercise", "burst")
    assert Counter(shop.requests) == {("GET", "/alive"): 1, ("GET", "/health"): BURST + 2}
    assert set(shop.requests[-BURST - 1 :]) == {("GET", "/health")}
    assert done.verdicts("HLT-07") == ["fail"]


def test_an_exercise_blocks_only_where_the_environment_requires_it(live):
    """Not tested and not required opens the gate; not tested and required does not."""
    decided = {"HLT-01", "HLT-07"}
    chosen = [option for control in decided for option in ("--control", control)]
    assert live(*chosen).status == 0
    assert live(*chosen, more="exercises: [burst]\n").status == 2
