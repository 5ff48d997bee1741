"""Nothing but a plain read leaves the client, whatever it is asked to do."""

from __future__ import annotations

import httpx
import pytest
from azure.core.rest import HttpRequest

from plimsoll.collectors.context import Limits
from plimsoll.collectors.digitalocean_client import ENDPOINT, AccountClient
from plimsoll.collectors.guard import WriteRefusedError

MINTING = [
    "/v2/registry/docker-credentials",
    "/v2/registries/main/docker-credentials",
    "/v2/kubernetes/clusters/c-1/kubeconfig",
    "/v2/kubernetes/clusters/c-1/credentials",
    "/v2/apps/a-1/components/web/exec",
    "/v2/apps/a-1/deployments/d-1/components/web/exec",
    "/v2/apps/a-1/components/web/logs",
    "/v2/apps/a-1/deployments/d-1/logs",
    "/v2/databases/metrics/credentials",
    "/v2/functions/namespaces",
    "/v2/functions/namespaces/fn-1/keys",
    "/v2/vector-databases/v-1/credentials",
    "/v2/partner_network_connect/attachments/p-1/bgp_auth_key",
    "/v2/partner_network_connect/attachments/p-1/service_key",
    "/v2/dedicated-inferences/d-1/tokens",
]


@pytest.fixture
def sent():
    """Every request that left, over a client that answers them all with success."""
    return []


@pytest.fixture
def client(sent):
    """The account's client, with nothing of ours behind it but a log."""

    def answer(request):
        sent.append((request.method, request.url.path))
        headers = {"content-type": "application/json"}
        return httpx.Response(200, content=iter([b"{}"]), headers=headers)

    return AccountClient(httpx.Client(transport=httpx.MockTransport(answer)), "t0ken", Limits())


@pytest.mark.parametrize(
    ("group", "method", "arguments"),
    [
        ("apps", "create", ({"spec": {"name": "x"}},)),
        ("apps", "update", ("a-1", {"spec": {"name": "x"}})),
        ("apps", "delete", ("a-1",)),
        ("apps", "create_rollback", ("a-1", {"deployment_id": "d"})),
        ("apps", "validate_rollback", ("a-1", {"deployment_id": "d"})),
        ("databases", "destroy_cluster", ("d-1",)),
        ("databases", "update_firewall_rules", ("d-1", {"rules": []})),
        ("droplets", "destroy_by_tag", ()),
        ("domains", "patch_record", ("example.net", 1, {"type": "A"})),
        ("cdn", "purge_cache", ("c-1", {"files": ["*"]})),
    ],
)
def test_no_operation_that_writes_is_sent(client, sent, group, method, arguments) -> None:
    """The client has hundreds of operations that change things; not one of them gets out."""
    call = getattr(getattr(client._client, group), method)
    keywords = {"tag_name": "prod"} if method == "destroy_by_tag" else {}
    with pytest.raises(WriteRefusedError, match="is never sent: only GET is"):
        call(*arguments, **keywords)
    assert sent == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get"])
def test_no_other_method_is_sent(client, sent, method) -> None:
    """Of HTTP's methods the account's client has one."""
    with pytest.raises(WriteRefusedError):
        client._client.send_request(HttpRequest(method, f"{ENDPOINT}/v2/apps"))
    assert sent == []


@pytest.mark.parametrize("path", MINTING)
def test_no_read_that_hands_out_secrets_is_sent(client, sent, path) -> None:
    """A GET that mints a credential, or opens a console, is no plain read."""
    for spelled in (path, f"{path}/", f"{path}?expiry_seconds=60", path.replace("e", "%65")):
        with pytest.raises(WriteRefusedError):
            client._client.send_request(HttpRequest("GET", f"{ENDPOINT}{spelled}"))
    assert sent == []


@pytest.mark.parametrize(
    "url",
    ["https://api.digitalocean.com.evil.test/v2/apps", "https://inference.do-ai.run/v1/models"],
)
def test_token_is_sent_to_the_api_only(client, sent, url) -> None:
    """The client knows other hosts as well; they are none of our business."""
    with pytest.raises(WriteRefusedError):
        client._client.send_request(HttpRequest("GET", url))
    assert sent == []


def test_plain_read_is_sent(client, sent) -> None:
    """What stands in the way of writes does not stand in the way of reads."""
    assert client.get("apps.list", page=1).status == 200
    assert sent == [("GET", "/v2/apps")]
