"""The documents' own commands, run by curl.

Only hosts and schemes are others (`places`), and the names in angle brackets or braces are filled in.
"""

from __future__ import annotations

import json
import time

import jwt
import pytest

from helpers import subject
from programs import Shell

METADATA = """IAMTOKEN=$(curl -s -H 'Metadata-Flavor: Google' \
  http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token \
  | jq -r '.access_token')
"""
EXCHANGE = """IAMTOKEN=$(curl -sH "Content-Type: application/x-www-form-urlencoded" \
  -d "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&requested_token_type=urn:ietf:params:oauth:token-type:access_token&audience=${SA_ID}&subject_token=${SA_TOKEN}&subject_token_type=urn:ietf:params:oauth:token-type:id_token" \
  -X POST https://auth.yandex.cloud/oauth/token | jq -r '.access_token')
"""
READ = """curl -sH "Authorization: Bearer ${{IAMTOKEN}}" \
  "https://payload.lockbox.api.cloud.yandex.net/lockbox/v1/secrets/{}/payload"
"""
POD_TOKEN = "/var/run/secrets/tokens/sa-token"


@pytest.fixture
def sh(emulator, tmp_path):
    hosts = ["iam.api", "operation.api", "payload.lockbox.api", "resource-manager.api"]
    places = {f"https://{host}.cloud.yandex.net": emulator.url for host in hosts}
    places["https://auth.yandex.cloud"] = emulator.url
    places["http://169.254.169.254"] = emulator.url
    places[POD_TOKEN] = tmp_path / "sa-token"
    return Shell(tmp_path, places)


@pytest.fixture
def secret(emulator, account):
    """A secret that the service account may read."""
    secret = emulator.create_secret("b1gexample", "MY_SECRET", {"test-secret": "hello-world"})
    emulator.add_access_binding(secret, "lockbox.payloadViewer", account)
    return secret


def assert_is_the_secret(payload):
    payload = json.loads(payload)
    assert payload["entries"] == [{"key": "test-secret", "textValue": "hello-world"}]
    assert payload["versionId"]


def owner(emulator, answer):
    token = json.loads(answer)
    assert set(token) == {"iamToken", "expiresAt"}
    return subject(emulator, f"Bearer {token['iamToken']}")


def test_an_oauth_token(emulator, sh):
    """curl's own content type says form, though the body is JSON."""
    user = emulator.create_user("somebody")
    command = (
        r'curl -d "{\"yandexPassportOauthToken\":\"<OAuth-token>\"}" '
        '"https://iam.api.cloud.yandex.net/iam/v1/tokens"'
    )
    answer = sh(command.replace("<OAuth-token>", emulator.create_oauth_token(user)))
    assert owner(emulator, answer) == user
    (request,) = [received for received in emulator.requests if received.method == "POST"]
    sent = {name.lower(): value for name, value in request.headers}
    assert sent["content-type"] == "application/x-www-form-urlencoded"


def test_a_jwt_made_by_pyjwt(emulator, sh, key_file_content):
    key = json.loads(key_file_content)
    now = int(time.time())
    claims = {
        "aud": "https://iam.api.cloud.yandex.net/iam/v1/tokens",
        "iss": key["service_account_id"],
        "iat": now,
        "exp": now + 3600,
    }
    pem = key["private_key"].split("\n", 1)[1]
    command = """curl \
        --request POST \
        --header 'Content-Type: application/json' \
        --data '{"jwt": "<JWT>"}' \
        https://iam.api.cloud.yandex.net/iam/v1/tokens"""
    signed = jwt.encode(claims, pem, algorithm="PS256", headers={"kid": key["id"]})
    assert owner(emulator, sh(command.replace("<JWT>", signed))) == key["service_account_id"]


def test_the_metadata_service_and_a_secret(emulator, sh, account, secret):
    emulator.attach_service_account(account)
    assert_is_the_secret(sh(METADATA + READ.format(secret)))


def test_a_pods_token_and_a_secret(emulator, sh, issuer, account, secret, tmp_path):
    issuer.token_file(tmp_path / "sa-token", "default", "app")
    variables = f"""SA_ID="{account}" && \
        SECRET_ID="{secret}" && \
        SA_TOKEN="$(cat {POD_TOKEN})"
    """
    assert_is_the_secret(sh(variables + EXCHANGE + READ.format("${SECRET_ID}")))


def test_another_pods_token_gets_none(sh, issuer, account, tmp_path):
    token = issuer.pod_token("default", "other")
    assert sh(EXCHANGE + 'echo "$IAMTOKEN"', SA_ID=account, SA_TOKEN=token) == "null\n"


def test_a_bearer_elsewhere(emulator, sh, account):
    """What is not emulated says so."""
    emulator.attach_service_account(account)
    command = """curl -s -w '\n%{http_code}' -H "Authorization: Bearer ${IAM_TOKEN}" \
        https://resource-manager.api.cloud.yandex.net/resource-manager/v1/clouds"""
    token = sh(METADATA + 'echo "$IAMTOKEN"').strip()
    answer, status = sh(command, IAM_TOKEN=token).rsplit("\n", 1)
    assert status == "404"
    assert json.loads(answer)["message"].startswith("emulator: ")


def test_a_federated_credential(emulator, sh, issuer, key_file_content):
    """The document gives the method, the URL and the body; the operation is polled where the API says."""
    owner_of_key = json.loads(key_file_content)["service_account_id"]
    emulator.attach_service_account(owner_of_key)
    token = sh(METADATA + 'echo "$IAMTOKEN"').strip()
    account = emulator.create_service_account("pod")
    federation = emulator.trust(issuer)
    wanted = {
        "serviceAccountId": account,
        "federationId": federation,
        "externalSubjectId": "system:serviceaccount:default:wlif",
    }
    credentials = "https://iam.api.cloud.yandex.net/iam/v1/workload/federatedCredentials"
    bearer = '-H "Authorization: Bearer ${IAM_TOKEN}"'
    operation = json.loads(sh(f"curl -s -X POST {bearer} -d '{json.dumps(wanted)}' {credentials}", IAM_TOKEN=token))
    assert operation["done"] is False
    credential = operation["metadata"]["federatedCredentialId"]
    for _ in range(2):
        place = f"https://operation.api.cloud.yandex.net/operations/{operation['id']}"
        operation = json.loads(sh(f"curl -s {bearer} {place}", IAM_TOKEN=token))
    assert operation["done"] is True
    assert {name: operation["response"][name] for name in wanted} == wanted
    listed = json.loads(sh(f"curl -s {bearer} '{credentials}?serviceAccountId={account}'", IAM_TOKEN=token))
    assert [item["id"] for item in listed["federatedCredentials"]] == [credential]
    found = json.loads(sh(f"curl -s {bearer} {credentials}/{credential}", IAM_TOKEN=token))
    assert found["externalSubjectId"] == wanted["externalSubjectId"]
    pods = sh(EXCHANGE + 'echo "$IAMTOKEN"', SA_ID=account, SA_TOKEN=issuer.pod_token("default", "wlif")).strip()
    assert subject(emulator, f"Bearer {pods}") == account
    assert json.loads(sh(f"curl -s -X DELETE {bearer} {credentials}/{credential}", IAM_TOKEN=token))["id"]


class TestInAPod:
    """The API server by the files of a pod."""

    @pytest.fixture
    def pod(self, emulator, tmp_path):
        cluster = emulator.kubernetes
        cluster.add_pod("shop", "web-0")
        token = cluster.mount(tmp_path, "shop", "robot").rotate()
        sh = Shell(tmp_path, {"https://kubernetes.default": cluster.url, "<API server URL>": cluster.url})
        return lambda command: sh(command.format(token=token, namespace="shop"))

    def test_the_documents_path(self, pod):
        """There is no such path in the API: `pod` is no resource, and `namespaces` comes before it."""
        answer = pod(
            'curl -s --cacert ca.crt -H "Authorization: Bearer {token}" '
            "https://kubernetes.default/api/v1/pod/namespaces/{namespace}"
        )
        status = json.loads(answer)
        assert (status["kind"], status["code"]) == ("Status", 404)

    def test_the_path_that_there_is(self, pod):
        answer = pod(
            'curl -s --cacert ca.crt -H "Authorization: Bearer {token}" '
            "https://kubernetes.default/api/v1/namespaces/{namespace}/pods"
        )
        assert [item["metadata"]["name"] for item in json.loads(answer)["items"]] == ["web-0"]

    def test_any_certificate_and_no_space_in_the_header(self, pod):
        command = 'curl -s -k -H "Authorization:Bearer {token}" <API server URL>'
        # The document stops here; whether there is anything at the root depends on the cluster.
        assert json.loads(pod(command))["kind"] == "Status"
        assert json.loads(pod(command + "/version"))["major"] == "1"

    def test_another_authority(self, pod, emulator, tmp_path):
        """curl itself refuses a certificate that the pod's authority has not signed: exit code 60."""
        with type(emulator)() as other:
            (tmp_path / "ca.crt").write_text(other.kubernetes.ca_certificate)
        assert pod("curl -s --cacert ca.crt https://kubernetes.default/version || echo $?") == "60\n"

    def test_without_a_token(self, pod):
        command = "curl -s --cacert ca.crt https://kubernetes.default/api/v1/namespaces/{namespace}/pods"
        answer = json.loads(pod(command))
        assert (answer["kind"], answer["reason"], answer["code"]) == ("Status", "Unauthorized", 401)
