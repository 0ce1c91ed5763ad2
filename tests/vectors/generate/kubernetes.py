"""vectors/in_cluster.json, kubernetes_secrets.json, exec_credentials.json"""

import base64

from common import NEW_YEAR, compact, pem, write_cases
from subjects import subject_token

DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount"
CA = pem("cluster_ca")
OTHER_CA = pem("certificate")
TOKEN = subject_token()
HOST = {"KUBERNETES_SERVICE_HOST": "10.96.128.1", "KUBERNETES_SERVICE_PORT": "443"}
MISSING = {"break": {"kind": "file", "detail": "No such file or directory"}}


def text(content):
    return {"text": content}


def error(code, says=(), hides=("eyJ",), fault="config"):
    return {"code": code, "fault": fault, "transient": False, "says": list(says), "hides": list(hides)}


def pod(name, environment=HOST, directory=None, ca=text(CA), namespace=text("web"), **more):
    return {"name": name, "directory": directory, "environment": environment, "ca_certificate": ca, "namespace": namespace, **more}


def seen(server="https://10.96.128.1:443", ca=CA, namespace="web", directory=DIRECTORY):
    return {"server": server, "ca_certificate": ca, "namespace": namespace, "token_path": directory + "/token"}


def env(host, port=None):
    return {name: value for name, value in (("KUBERNETES_SERVICE_HOST", host), ("KUBERNETES_SERVICE_PORT", port)) if value is not None}


# What is wrong with each text as a certificate authority, and what the message says.
BAD_CERTIFICATES = [
    ("html", "<html>no</html>", "no PEM certificate"), ("jwt", TOKEN, "no PEM certificate"), ("private_key", pem("rsa2048_a"), "private key"),
    ("key_after_it", CA + pem("ec_p256"), "private key"), ("public_key", pem("public"), "`PUBLIC KEY`"), ("cut_off", CA[:300], "cut off in its PEM block 1"),
    ("second_cut_off", CA + OTHER_CA[:300], "cut off in its PEM block 2"), ("not_base64", CA.replace("MII", "M*I", 1), "no valid base64"), ("not_a_certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no certificate"),
    ("half_a_certificate", "-----BEGIN CERTIFICATE-----\n" + CA.splitlines()[1] + "\n-----END CERTIFICATE-----\n", "no certificate"), ("base64", base64.b64encode(CA.encode()).decode(), "no PEM certificate"),
    ("path", "/etc/ssl/ca.crt", "no PEM certificate"), ("broken_begin", "-----BEGIN CERTIFICATE\n", "broken"),
]  # fmt: skip


def in_cluster():
    yield pod("usual", expect=seen())
    yield pod("elsewhere", directory="/tmp/sa/", expect=seen(directory="/tmp/sa"))
    yield pod("white_space", env(" 10.96.128.1 ", "443\n"), namespace=text("web\n"), expect=seen())
    for name, host, port, server in (
        ("ipv6", "fd00::1", "443", "https://[fd00::1]:443"), ("ipv6_in_brackets", "[fd00::1]", "6443", "https://[fd00::1]:6443"), ("ipv6_loopback", "::1", None, "https://[::1]"),
        ("no_port", "10.96.128.1", None, "https://10.96.128.1"), ("host_name", "api.example.org", "8443", "https://api.example.org:8443"), ("no_host", None, "443", "https://kubernetes.default"),
        ("nothing_set", None, None, "https://kubernetes.default"), ("empty_host", "", "443", "https://kubernetes.default"), ("last_port", "10.0.0.1", "65535", "https://10.0.0.1:65535"),
    ):  # fmt: skip
        yield pod(f"server_{name}", env(host, port), expect=seen(server))
    for name, host, port, says in (
        ("url", "https://10.96.128.1", None, "`KUBERNETES_SERVICE_HOST`"), ("host_with_port", "10.96.128.1:443", None, "`KUBERNETES_SERVICE_HOST`"), ("user", "user@10.96.128.1", None, "no host"),
        ("path", "10.96.128.1/x", None, "no host"), ("line_break", "10.96.128.1\r\nx: y", None, "no host"), ("zone", "fe80::1%eth0", None, "no host"), ("ipv4_in_brackets", "[10.0.0.1]", None, "no host"),
        ("port_zero", "10.96.128.1", "0", "`KUBERNETES_SERVICE_PORT`"), ("port_too_large", "10.96.128.1", "65536", "no port"), ("port_text", "10.96.128.1", "https", "no port"), ("port_is_a_url", "10.96.128.1", "tcp://10.96.128.1:443", "no port"),
        ("html", "<html>", None, "no host"), ("oversize", "a" * 300, None, "no host"),
    ):  # fmt: skip
        yield pod(f"bad_server_{name}", env(host, port), error=error("not_in_cluster", [says]))
    for field, path in (("ca", "ca.crt"), ("namespace", "namespace")):
        shown = f"`{DIRECTORY}/{path}`"
        yield pod(f"{field}_missing", **{field: MISSING}, error=error("not_in_cluster", [shown, "No such file"]))
        yield pod(f"{field}_empty", **{field: text("")}, error=error("not_in_cluster", [shown, "is empty"]))
        yield pod(f"{field}_blank", **{field: text(" \n")}, error=error("not_in_cluster", [shown, "is empty"]))
        yield pod(f"{field}_not_text", **{field: {"base64": "/w=="}}, error=error("not_in_cluster", [shown, "not text"]))
    yield pod("ca_twice", ca=text(CA + "# another\n" + OTHER_CA), expect=seen(ca=CA + "# another\n" + OTHER_CA))
    yield pod("ca_crlf", ca=text(CA.replace("\n", "\r\n")), expect=seen(ca=CA.replace("\n", "\r\n")))
    for name, content, says in BAD_CERTIFICATES:
        yield pod(f"ca_{name}", ca=text(content), error=error("invalid_certificate", [f"`{DIRECTORY}/ca.crt`", says], ["eyJ", "MII"]))
    yield pod("ca_oversize", ca={"repeat": CA, "times": 600}, error=error("invalid_certificate", ["more than any"]))
    yield pod("ca_not_read", ca={"break": {"kind": "other", "detail": "no idea"}}, error={"code": "transport_failed", "says": ["ca.crt", "no idea"]})
    for name, content in (
        ("upper_case", "Web"), ("dot", "a.b"), ("hyphen_first", "-a"), ("hyphen_last", "a-"), ("long", "a" * 64), ("two_lines", "a\nb"), ("slash", "../kube-system"), ("html", "<html>"), ("nul", "a\0b"), ("not_ascii", "wéb"), ("jwt", TOKEN),
    ):  # fmt: skip
        yield pod(f"namespace_{name}", namespace=text(content), error=error("not_in_cluster", ["no namespace"]))
    yield pod("namespace_with_digits_and_hyphens", namespace=text("web-2-a1"), expect=seen(namespace="web-2-a1"))
    yield pod("namespace_longest", namespace=text("a" * 63), expect=seen(namespace="a" * 63))
    yield from calls()


def call(name, method="GET", path="/api/v1/namespaces/web/pods", token=TOKEN, body=None, **more):
    return pod(f"call_{name}", call={"method": method, "path": path, "token": token, "body": body}, **more)


def calls():
    tail = [["accept", "application/json"], ["user-agent", "yc-iam/*"], ["authorization", "Bearer " + TOKEN]]

    def request(method="GET", path="/api/v1/namespaces/web/pods", body=None, content_type=None, server="https://10.96.128.1:443"):
        headers = [*([["content-type", content_type]] if content_type else []), *tail]
        return {"method": method, "url": server + path, "headers": headers, "body": body, "timeout": 30, "use_proxy": False}

    yield call("pods", request=request())
    yield call("ipv6", environment=env("fd00::1", "443"), request=request(server="https://[fd00::1]:443"))
    query = "/api/v1/namespaces/web/pods?labelSelector=app%3Dx&limit=1&continue=../.."
    yield call("query", path=query, request=request(path=query))
    yield call("root", path="/", request=request(path="/"))
    yield call("three_dots", path="/a/.../b", request=request(path="/a/.../b"))
    body = compact({"metadata": {"name": "x"}})
    for method, content_type in (("POST", "application/json"), ("PUT", "application/json"), ("PATCH", "application/merge-patch+json"), ("DELETE", "application/json")):
        yield call(method.lower(), method, body={"content_type": content_type, "content": body}, request=request(method, body=body, content_type=content_type))
    yield call("delete_without_a_body", "DELETE", request=request("DELETE"))

    def bad(name, says, **more):
        return call(f"bad_{name}", **more, error=error("invalid_argument", [says], fault="caller"))

    for name, method in (("lower_case", "get"), ("connect", "CONNECT"), ("empty", ""), ("line_break", "GET / HTTP/1.1\r\nx: y\r\n\r\nGET"), ("head", "HEAD")):
        yield bad(f"method_{name}", "`method`", method=method)
    for name, path, says in (
        ("empty", "", "begin with `/`"), ("relative", "api/v1", "begin with `/`"), ("other_host", "//evil.example.org/", "another host"), ("url", "https://evil.example.org/", "begin with `/`"), ("user", "@evil.example.org/", "begin with `/`"), ("backslash", "/\\evil.example.org", "percent-encoded"),
        ("line_break", "/api\r\nx-injected: 1", "percent-encoded"), ("nul", "/api\0", "percent-encoded"), ("space", "/api v1", "percent-encoded"), ("not_ascii", "/é", "percent-encoded"), ("fragment", "/api#x", "percent-encoded"), ("dots", "/api/v1/namespaces/../../secrets", "`..`"),
        ("dot", "/api/./v1", "`..`"), ("dots_at_the_end", "/api/..", "`..`"), ("encoded_dots", "/api/%2e%2E/x", "`..`"), ("half_encoded_dots", "/api/.%2e/x", "`..`"), ("dots_before_a_query", "/api/..?x", "`..`"),
    ):  # fmt: skip
        yield bad(f"path_{name}", says, path=path)
    for name, value in (("empty", ""), ("line_break", TOKEN + "\r\nx: y"), ("space", "a b"), ("not_ascii", "é")):
        yield bad(f"token_{name}", "`token`", token=value)
    yield bad("body_of_get", "`body`", body={"content_type": "application/json", "content": "{}"})
    for name, content_type in (("empty", ""), ("line_break", "application/json\r\nx: y")):
        yield bad(f"content_type_{name}", "content", method="POST", body={"content_type": content_type, "content": "{}"})


def b64(content):
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()


DATA = {"ca.crt": b64(CA), "namespace": b64("web"), "token": b64(TOKEN)}
SA = "kubernetes.io/service-account-token"


def secret(data=DATA, **more):
    metadata = {"annotations": {"kubernetes.io/service-account.name": "robot", "kubernetes.io/service-account.uid": "0f4f8e0c-0000-4000-8000-0000000000aa"}, "name": "robot-token", "namespace": "web"}
    fields = {"apiVersion": "v1", "data": data, "kind": "Secret", "metadata": metadata, "type": SA, **more}
    return {name: value for name, value in fields.items() if value is not None}


def without(mapping, *names):
    return {name: value for name, value in mapping.items() if name not in names}


YAML = f"""apiVersion: v1
data:
  ca.crt: {DATA["ca.crt"]}
  namespace: {DATA["namespace"]}
  token: {DATA["token"]}
kind: Secret
metadata:
  annotations:
    kubernetes.io/service-account.name: robot
    kubernetes.io/service-account.uid: 0f4f8e0c-0000-4000-8000-0000000000aa
  creationTimestamp: "2026-01-01T00:00:00Z"
  name: robot-token
  namespace: web
  resourceVersion: "1234"
type: {SA}
"""

GOOD = {"name": "robot-token", "namespace": "web", "service_account_name": "robot", "token": TOKEN, "ca_certificate": CA}


def secrets():
    def good(name, content, **more):
        return {"name": name, "content": text(content) if isinstance(content, str) else content, "expect": {**GOOD, **more}}

    def bad(name, content, says, code="invalid_kubernetes_secret"):
        content = text(content) if isinstance(content, str) else content
        return {"name": f"bad_{name}", "content": content, "error": error(code, [says], ["eyJ", DATA["token"][:12], "MII"])}

    def listed(*items, kind="List"):
        return compact({"apiVersion": "v1", "items": list(items), "kind": kind})

    yield good("json", compact(secret()))
    yield good("yaml", YAML)
    yield good("yaml_with_a_start_and_a_mark", "\ufeff---\n# a comment\n" + YAML + "...\n")
    yield good("yaml_crlf", YAML.replace("\n", "\r\n"))
    folded = "\n    ".join(DATA["ca.crt"][at : at + 76] for at in range(0, len(DATA["ca.crt"]), 76))
    yield good("yaml_with_folded_base64", YAML.replace(DATA["ca.crt"], "|\n    " + folded))
    yield good("yaml_with_an_alias", YAML.replace("namespace: web", "namespace: &n web").replace("resourceVersion", "x: *n\n  resourceVersion"))
    yield good("yaml_flow", "{apiVersion: v1, kind: Secret, type: " + SA + ", metadata: {name: robot-token, annotations: {kubernetes.io/service-account.name: robot}}, data: " + compact(DATA) + "}")
    yield good("string_data", compact(secret(data={"token": b64("other"), "namespace": DATA["namespace"]}, stringData={"token": TOKEN + "\n", "ca.crt": CA})))
    yield good("list", listed(secret(type="Opaque"), secret(), {"kind": "ConfigMap"}))
    yield good("secret_list", listed(secret(), kind="SecretList"))
    yield good("namespace_of_the_metadata", compact(secret(data=without(DATA, "namespace"))))
    plain = secret()
    plain["metadata"] = without(plain["metadata"], "namespace")
    yield good("namespace_of_the_data", compact(plain))
    for name, content, says in (
        ("empty", "", "empty"), ("blank", " \n", "empty"), ("not_text", {"base64": "/w=="}, "not text"), ("html", "<!DOCTYPE html><html></html>", "web page"), ("pem", CA, "PEM"), ("jwt", TOKEN, "a JWT"), ("iam_token", "t1.9euelZqExampleTokenOfNoService", "IAM token"),
        ("oauth_token", "y0_AgAAAAExampleOfNoAccount-0123456789", "OAuth token"), ("number", "1", "a number"), ("word", "hello", "a text"), ("array", "[]", "a list"), ("null", "null", "nothing"), ("no_kind", "{}", "no `kind`"), ("key_file", compact({"id": "x", "private_key": "x"}), "key file"), ("key_file_in_camel_case", compact({"id": "x", "privateKey": "x"}), "key file"),
        ("kubeconfig", "apiVersion: v1\nkind: Config\nclusters: []\n", "a kubeconfig"), ("other_kind", compact({**secret(), "kind": "ConfigMap"}), "`ConfigMap`"), ("opaque", compact(secret(type="Opaque")), "type `Opaque`"), ("no_type", compact(secret(type=None)), "without a `type`"),
        ("kind_with_line_breaks", compact({"kind": "a\r\nb`c"}), "`a  b'c`"), ("empty_list", listed(), "list of 0"), ("list_of_others", listed(secret(type="Opaque")), "list of 1"), ("list_of_two", listed(secret(), secret()), "list with 2"), ("list_without_items", compact({"kind": "List"}), "list of 0"),
        ("several_documents", YAML + "---\n" + YAML, "several YAML documents"), ("broken_json", compact(secret())[:-20], "not valid YAML"), ("broken_yaml", "a: [1\nb: }", "not valid YAML"), ("tab", "a:\n\tb: 1", "not valid YAML"), ("same_key_twice", YAML + "kind: Secret\n", "same key twice"),
        ("merge_key", "a: &a {b: 1}\nc:\n  <<: *a\n", "merge key"), ("tag", "a: !!python/object x\n", "YAML tag"), ("binary_tag", "a: !!binary aGk=\n", "YAML tag"), ("key_is_a_list", "? [a]\n: b\n", "key that is no text"), ("alias_to_nothing", "a: *b\n", "YAML"), ("alias_to_itself", "a: &a [*a]\n", "alias to nothing"),
        ("deep", {"join": [{"text": "a: "}, {"repeat": "[", "times": 100}]}, "64 levels"), ("very_deep", {"repeat": "[", "times": 100000}, "valid YAML"), ("deep_maps", {"repeat": "- ", "times": 5000}, "64 levels"),
        ("oversize", {"repeat": " ", "times": 3000000}, "empty"), ("oversize_text", {"join": [{"text": "a: "}, {"repeat": "x", "times": 3000000}]}, "more than can be meant"),
        ("alias_bomb", "a0: &a0 [" + ",".join(["lol"] * 9) + "]\n" + "".join(f"a{n}: &a{n} [" + ",".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, 10)), "grows too large"),
        ("alias_ladder", "a0: &a0 []\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 100)), "64 levels"),
    ):  # fmt: skip
        yield bad(name, content, says)
    for name, data, says in (
        ("no_data", None, "no `token`"), ("no_token", without(DATA, "token"), "no `token`"), ("token_null", {**DATA, "token": None}, "no `token`"), ("token_number", {**DATA, "token": 1}, "a number as its `token`"), ("token_not_base64", {**DATA, "token": TOKEN}, "not base64"),
        ("token_empty", {**DATA, "token": ""}, "`token` that is empty"), ("token_with_line_break", {**DATA, "token": b64(TOKEN + "\r\nx: y")}, "no token has"), ("token_html", {**DATA, "token": b64("<html>")}, "no token has"), ("token_not_text", {**DATA, "token": "/w=="}, "not text"),
        ("no_ca", without(DATA, "ca.crt"), "no `ca.crt`"), ("no_namespace_is_good", {**DATA, "namespace": b64("Web!")}, "one namespace in its data"), ("other_namespace", {**DATA, "namespace": b64("other")}, "one namespace in its data"), ("data_is_a_list", ["x"], "no `token`"),
    ):  # fmt: skip
        yield bad(name, compact(secret(data=data)), says)
    for name, content, says in BAD_CERTIFICATES:
        yield bad(f"ca_{name}", compact(secret(data={**DATA, "ca.crt": b64(content)})), says, "invalid_certificate")
    for name, metadata, says in (
        ("no_metadata", None, "`metadata.name`"), ("no_name", {}, "`metadata.name`"), ("name_with_slash", {"name": "../x"}, "`metadata.name`"), ("name_with_line_break", {"name": "a\nb"}, "`metadata.name`"), ("no_annotation", {"name": "x"}, "annotation"),
        ("annotation_number", {"name": "x", "annotations": {"kubernetes.io/service-account.name": 1}}, "annotation"), ("annotation_html", {"name": "x", "annotations": {"kubernetes.io/service-account.name": "<b>"}}, "annotation"),
    ):  # fmt: skip
        yield bad(name, compact(secret(metadata=metadata)), says)
    yield bad("api_version", compact(secret(apiVersion="v2")), "`apiVersion`")


def exec_credentials():
    iam = "t1.9euelZqExampleTokenOfNoService"
    end = NEW_YEAR + 43200

    def info(version="client.authentication.k8s.io/v1", **more):
        return compact({"kind": "ExecCredential", "apiVersion": version, "spec": {"interactive": False}, **more})

    def good(name, value=iam, expires_at=end, exec_info=None, version="v1", stamp="2026-01-01T12:00:00Z"):
        status = {**({"expirationTimestamp": stamp} if stamp else {}), "token": value}
        output = compact({"apiVersion": "client.authentication.k8s.io/" + version, "kind": "ExecCredential", "status": status})
        return {"name": name, "token": {"value": value, "expires_at": expires_at}, "exec_info": exec_info if exec_info is None else text(exec_info), "output": output}

    def bad(name, exec_info, says, value=iam, code="invalid_argument", fault="caller"):
        return {"name": f"bad_{name}", "token": {"value": value, "expires_at": end}, "exec_info": text(exec_info) if isinstance(exec_info, str) else exec_info, "error": error(code, [says], ["9euelZq"], fault)}

    yield good("iam_token")
    yield good("service_account_token", TOKEN)
    yield good("asked_for_v1", exec_info=info())
    yield good("asked_for_v1beta1", exec_info=info("client.authentication.k8s.io/v1beta1"), version="v1beta1")
    yield good("with_a_cluster", exec_info=info(spec={"cluster": {"server": "https://203.0.113.5", "config": None}, "interactive": True}))
    yield good("empty_info", exec_info="")
    yield good("blank_info", exec_info=" \n")
    yield good("fraction_is_cut", expires_at=end + 0.999)
    yield good("no_known_end", expires_at=253402300799, stamp=None)
    yield good("far_end", expires_at=253402300798, stamp="9999-12-31T23:59:58Z")
    yield good("leap_day", expires_at=1835481599, stamp="2028-02-29T23:59:59Z")
    for name, text_of_it, says in (
        ("not_json", "{", "is not JSON"), ("html", "<html>", "is not JSON"), ("null", "null", "no `ExecCredential`"), ("array", "[]", "no `ExecCredential`"), ("number", "1", "no `ExecCredential`"), ("empty_object", "{}", "no `ExecCredential`"), ("other_kind", info(kind="Secret"), "no `ExecCredential`"),
        ("no_version", info(None), "no `apiVersion`"), ("version_number", info(1), "no `apiVersion`"), ("other_group", info("v1"), "no `apiVersion`"), ("old_version", info("client.authentication.k8s.io/v1alpha1"), "v1alpha1"), ("new_version", info("client.authentication.k8s.io/v2"), "v2`"),
        ("version_with_line_break", info("client.authentication.k8s.io/v1\r\nx"), "there is no version"), ("token_in_the_version", info("client.authentication.k8s.io/" + iam), "there is no version"), ("oversize", {"repeat": "x", "times": 1100000}, "longer than"),
    ):  # fmt: skip
        yield bad(name, text_of_it, says)
    for name, value in (("empty", ""), ("line_break", iam + "\n"), ("quote", iam + '"'), ("not_ascii", iam + "é"), ("html", "<html>")):
        yield bad(f"token_{name}", None, "no token has", value, "invalid_credential", "config")


def main():
    write_cases("in_cluster", "The files and the environment of a pod, and requests to its API server.", list(in_cluster()))
    write_cases("kubernetes_secrets", "Secrets of Kubernetes with a service account's token, and what is given instead.", list(secrets()))
    write_cases("exec_credentials", "What a credential plug-in prints for kubectl.", list(exec_credentials()))


if __name__ == "__main__":
    main()
