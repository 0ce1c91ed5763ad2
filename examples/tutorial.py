"""A pod without any key reads a secret: the whole way, against the emulator of the testing kit.

python examples/tutorial.py
"""

import tempfile
from pathlib import Path

from yc_iam import Credentials, YcIamError, explain
from yc_iam.kubernetes import InCluster
from yc_iam.testing import Emulator

FOLDER = "b1gtutorial00000001"


def main(pod: Path) -> None:
    with Emulator() as cloud:
        cluster = cloud.kubernetes
        issuer = cluster.issuer
        cloud.publish(issuer)  # its public keys, where the federation will say they are
        endpoints = cloud.endpoints

        print("1. An administrator's key")
        admin = Credentials.service_account(cloud.service_account_key(), endpoints=endpoints)
        workload = cloud.create_service_account("shop-backend")

        print("2. A workload identity federation that trusts the cluster")
        federation = admin.federations.create(
            FOLDER, name="shop-cluster", issuer=issuer.url, audiences=[issuer.url], jwks_url=issuer.jwks_url
        )

        print("3. A federated credential: the pod's account may act as `shop-backend`")
        subject = "system:serviceaccount:shop:backend"
        credential = admin.federated_credentials.create(workload, federation.id, subject)

        print("4. In the pod: who am I, and does the federation know me?")
        cluster.mount(pod, "shop", "backend")
        token_file = pod / "token"
        explanation = explain(token_file.read_text(), federation=federation, credential=credential)
        print(explanation)
        assert explanation.is_good

        print("5. The pod's token for an IAM token")
        creds = Credentials.workload_identity(workload, token_file=token_file, endpoints=endpoints)
        creds.token()

        print("6. A secret of Lockbox: first without the role, then with it")
        secret = cloud.create_secret(FOLDER, "database", {"password": "correct horse"})
        try:
            creds.lockbox.get(secret)
            raise AssertionError("a secret was read without the role")
        except YcIamError as error:
            print(f"    {error.code}: {error}")
        cloud.add_access_binding(secret, "lockbox.payloadViewer", workload)
        password = creds.lockbox.get(secret).text("password")
        assert password == creds.lockbox.get_by_name(FOLDER, "database").text("password") == "correct horse"
        print(f"    the password has {len(password)} characters")

        print("7. The pod's own cluster")
        cluster.add_pod("shop", "backend-0")
        server = InCluster(pod, environ=cluster.environ)
        pods = server.send(f"/api/v1/namespaces/{server.namespace}/pods")
        assert pods.status == 200 and b"backend-0" in pods.body

        print("8. Cleaning up")
        admin.federated_credentials.delete(credential.id)
        admin.federations.delete(federation.id)
        try:
            Credentials.workload_identity(workload, token_file=token_file, endpoints=endpoints).token()
            raise AssertionError("a deleted federation still works")
        except YcIamError as error:
            print(f"    {error.code}: {error}")
        print("Done. No key was ever in the pod.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        main(Path(directory))
