"""The provider over Pulumi's gRPC protocol, by the protocol's own stubs; test_real_engine.py has a real engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.aws.server import start
from mlstead_toolkit.engine.values import Secret
from mlstead_toolkit.engine.wire import from_struct, to_struct

PARAMETER = "aws:ssm/parameter:Parameter"
URN = f"urn:pulumi:local::p::my:component:Thing${PARAMETER}::switch"


@pytest.fixture
def served(aws: AwsProvider) -> Iterator[int]:
    server, port = start(aws.target, None, 0)
    yield port
    server.stop(None)


@pytest.fixture
def stub(served: int) -> Iterator[Any]:
    with grpc.insecure_channel(f"127.0.0.1:{served}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)


def configure(stub: Any) -> None:
    settings = {"region": "eu-west-1", "defaultTags": '{"tags": {"env": "served"}}'}
    stub.Configure(provider_pb2.ConfigureRequest(args=to_struct(settings)))


def test_an_engine_can_attach_and_ask_what_it_attached_to(stub: Any) -> None:
    stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"))

    assert stub.Handshake(provider_pb2.ProviderHandshakeRequest()).accept_secrets
    assert stub.GetPluginInfo(empty_pb2.Empty()).version.startswith("7.")
    assert '"name": "aws"' in stub.GetSchema(provider_pb2.GetSchemaRequest()).schema
    refused = stub.CheckConfig(provider_pb2.CheckRequest(news=to_struct({"regoin": "eu-west-1"})))
    assert [failure.property for failure in refused.failures] == ["regoin"]


def test_a_resource_lives_over_the_wire_and_its_secrets_stay_secret(stub: Any, boto: Callable[[str], Any]) -> None:
    configure(stub)
    given = {"name": "/served", "type": "SecureString", "value": Secret("hush")}
    checked = stub.Check(provider_pb2.CheckRequest(urn=URN, news=to_struct(given), randomSeed=b"s"))
    assert list(checked.failures) == []
    assert from_struct(checked.inputs)["value"] == Secret("hush")

    created = stub.Create(provider_pb2.CreateRequest(urn=URN, properties=checked.inputs))
    outputs = from_struct(created.properties)
    assert (created.id, outputs["value"], outputs["tagsAll"]) == ("/served", Secret("hush"), {"env": "served"})
    found = boto("ssm").get_parameter(Name="/served", WithDecryption=True)["Parameter"]
    assert found["Value"] == "hush"

    news = to_struct({**from_struct(checked.inputs), "value": Secret("hush now")})
    diff = stub.Diff(provider_pb2.DiffRequest(urn=URN, id=created.id, olds=created.properties, news=news,
                                              old_inputs=checked.inputs))
    assert (diff.changes, list(diff.diffs), list(diff.replaces)) == (diff.DIFF_SOME, ["value"], [])
    updated = stub.Update(provider_pb2.UpdateRequest(urn=URN, id=created.id, olds=created.properties, news=news,
                                                     old_inputs=checked.inputs))
    read = stub.Read(provider_pb2.ReadRequest(urn=URN, id=created.id, properties=updated.properties, inputs=news))
    assert from_struct(read.inputs)["value"] == Secret("hush now")

    stub.Delete(provider_pb2.DeleteRequest(urn=URN, id=created.id, properties=updated.properties, old_inputs=news))
    gone = stub.Read(provider_pb2.ReadRequest(urn=URN, id=created.id, properties=updated.properties, inputs=news))
    assert gone.id == ""


def test_what_the_provider_refuses_is_an_error_of_the_protocol_in_words(stub: Any) -> None:
    configure(stub)

    with pytest.raises(grpc.RpcError) as refused:
        stub.Invoke(provider_pb2.InvokeRequest(tok="aws:index/getRegio:getRegio", args=to_struct({})))

    assert "did you mean 'aws:index/getRegion:getRegion'?" in refused.value.details()


def test_providers_of_two_regions_share_one_server_and_keep_apart(served: int) -> None:
    own_connection = [("grpc.use_local_subchannel_pool", 1)]  # as each provider of a real engine has
    regions = ("eu-west-1", "us-west-2")
    with (grpc.insecure_channel(f"127.0.0.1:{served}", own_connection) as one,
          grpc.insecure_channel(f"127.0.0.1:{served}", own_connection) as other):
        stubs = [provider_pb2_grpc.ResourceProviderStub(channel) for channel in (one, other)]
        for stub, region in zip(stubs, regions, strict=True):
            stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"region": region})))
        urn = "urn:pulumi:local::p::aws:sns/topic:Topic::topic"
        made = [stub.Create(provider_pb2.CreateRequest(urn=urn, properties=to_struct({"name": "shared"})))
                for stub in stubs]

    assert [from_struct(topic.properties)["arn"] for topic in made] == [
        f"arn:aws:sns:{region}:123456789012:shared" for region in regions]
