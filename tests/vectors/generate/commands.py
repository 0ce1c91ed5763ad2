"""vectors/commands.json: command lines, and what comes of them."""

import json

from common import NEW_YEAR, compact, pem, rfc3339, write_cases
from jwts import AUDIENCE, KAZAKHSTAN, claims, header
from kubeconfigs import SERVER, value
from kubernetes import CA, HOST, TOKEN, YAML, b64, secret, text
from keys import ACCOUNT as KEY_ACCOUNT, key_file
from sources import API_KEY, IAM, IAM_TOKEN, JWT, METADATA, OAUTH_TOKEN, STATIC_KEY, exchange
from subjects import ACCOUNT

NOW = NEW_YEAR + 60
END = NEW_YEAR + 43200
NEW_TOKEN = "t1.9euelZqNewExampleTokenOfNoService"
SECRET_ID = "e6qetpqfe8vvag9h7jkr"
STATIC_SECRET = "YCPExampleStaticKeySecretOfNoService0123"
LOCKBOX = "https://payload.lockbox.api.cloud.yandex.net/lockbox/v1/secrets"
KEY = {"key": "plain"}
DENIED = {"code": 7, "message": "Permission denied", "details": [{"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "0f4f8e0c"}]}
HTML = {"status": 200, "headers": [["content-type", "text/html"]], "body": text("<html><body>Sign in to the network</body></html>")}
POD = "/var/run/secrets/kubernetes.io/serviceaccount"


def case(name, arguments, code=0, environment=None, files=None, answers=(), requests=(), now=NOW, **more):
    words = arguments.split() if isinstance(arguments, str) else list(arguments)
    found = {"name": name, "now": now, "arguments": words, "environment": environment or {}, "files": files or {}, "answers": list(answers)}
    return {**found, **more, "code": code, "requests": list(requests)}


def error(name, arguments, code, error_code, fault, says=(), **more):
    """The same command line twice: errors as text, and as JSON."""
    words = arguments.split() if isinstance(arguments, str) else list(arguments)
    yield case(name, words, code, errors_say=["yc-iam: ", *says], **more)
    if not any(word.startswith("--format") for word in words):
        place = words.index("--") if "--" in words else len(words)
        with_format = [*words[:place], "--format", "json", *words[place:]]
        yield case(f"{name}_in_json", with_format, code, errors_say=list(says), errors_json={"code": error_code, "fault": fault}, **more)


def usage(name, arguments, *says, **more):
    return error(f"usage_{name}", arguments, 2, "invalid_argument", "caller", says, **more)


def answer(body, status=200, headers=()):
    return {"status": status, "headers": [list(pair) for pair in headers], "body": text(body if isinstance(body, str) else compact(body))}


def iam_answer(token=NEW_TOKEN):
    return answer({"iamToken": token, "expiresAt": rfc3339(END)})


def access_answer(lives=3600):
    return answer({"access_token": NEW_TOKEN, "expires_in": lives, "token_type": "Bearer"})


def request(method, url, token=None, body=None):
    return {"method": method, "url": url, **({"authorization": f"Bearer {token}"} if token else {}), **({"body": body} if body else {})}


TOKENS = request("POST", IAM + "/iam/v1/tokens")
LINE = text(NEW_TOKEN + "\n")


def tokens():
    files = {"key.json": KEY, "sa": text(JWT + "\n"), "oauth": text(OAUTH_TOKEN + "\n")}
    oauth = request("POST", IAM + "/iam/v1/tokens", body=compact({"yandexPassportOauthToken": OAUTH_TOKEN}))
    external = request("POST", "https://auth.yandex.cloud/oauth/token", body=exchange(JWT)["body"])
    answers, out = [iam_answer()], {"output": LINE, "hides": ["BEGIN PRIVATE KEY", OAUTH_TOKEN, JWT[-20:]]}
    yield case("token_by_key", "token --key-file key.json", files=files, answers=answers, requests=[TOKENS], **out)
    yield case("token_by_key_with_equals_sign", "token --key-file=key.json", files=files, answers=answers, requests=[TOKENS], **out)
    yield case("token_by_key_in_json", "token --format json --key-file key.json", files=files, answers=answers, requests=[TOKENS], output_json={"iamToken": NEW_TOKEN, "expiresAt": "2026-01-01T12:00:00Z"})
    yield case("token_by_key_from_input", "token --key-file -", stdin=KEY, answers=answers, requests=[TOKENS], **out)
    yield case("token_by_oauth_file", "token --oauth-token-file oauth", files=files, answers=answers, requests=[oauth], **out)
    yield case("token_by_oauth_input", "token --oauth-token-file=-", stdin=text(OAUTH_TOKEN + "\r\n"), answers=answers, requests=[oauth], **out)
    workload = f"token --token-file sa --service-account-id {ACCOUNT}"
    yield case("token_by_workload_identity", workload, files=files, answers=[access_answer()], requests=[external], **out)
    yield case("token_by_workload_identity_in_json", workload + " --format=json", files=files, answers=[access_answer()], requests=[external], output_json={"iamToken": NEW_TOKEN, "expiresAt": rfc3339(NOW + 3600)})
    yield case("token_by_workload_identity_from_input", f"token --token-file - --service-account-id {ACCOUNT}", stdin=text(JWT), answers=[access_answer()], requests=[external], **out)
    yield case("token_by_workload_identity_and_variable", "token --token-file sa", environment={"YC_SERVICE_ACCOUNT_ID": ACCOUNT}, files=files, answers=[access_answer()], requests=[external], **out)
    yield case("token_by_token_variable", f"token --token-env CI_TOKEN --service-account-id {ACCOUNT}", environment={"CI_TOKEN": JWT}, answers=[access_answer()], requests=[external], **out)
    actions = {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://actions.example.org/token?v=2", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job-token"}
    asked = request("GET", "https://actions.example.org/token?v=2&audience=cloud", "job-token")
    github = f"token --github-actions --token-audience cloud --service-account-id {ACCOUNT}"
    yield case("token_by_github_actions", github, environment=actions, answers=[answer({"value": JWT}), access_answer()], requests=[asked, external], **out)
    metadata = request("GET", "http://169.254.169.254" + METADATA)
    yield case("token_by_metadata", "token --metadata", answers=[access_answer()], requests=[metadata], **out)
    elsewhere = request("GET", "http://127.0.0.1:8080" + METADATA)
    yield case("token_by_metadata_elsewhere", "token --metadata", environment={"YC_METADATA_ADDR": "127.0.0.1:8080"}, answers=[access_answer()], requests=[elsewhere], **out)
    yield case("token_by_default_is_that_of_the_environment", "token", environment={"YC_IAM_TOKEN": IAM_TOKEN}, output=text(IAM_TOKEN + "\n"))
    yield case("token_without_a_known_end", "token --format json", environment={"YC_IAM_TOKEN": IAM_TOKEN}, output_json={"iamToken": IAM_TOKEN})
    yield case("token_by_default_key", "token", environment={"YC_SERVICE_ACCOUNT_KEY_FILE": "key.json"}, files=files, answers=answers, requests=[TOKENS], **out)
    trade = request("POST", IAM + "/iam/v1/tokens:createForServiceAccount", IAM_TOKEN, compact({"serviceAccountId": ACCOUNT}))
    yield case("token_of_another_account", f"token --impersonate {ACCOUNT}", environment={"YC_IAM_TOKEN": IAM_TOKEN}, answers=answers, requests=[trade], **out)
    emulator = request("POST", "http://127.0.0.1:8080/iam/v1/tokens")
    for name, arguments, environment in (
        ("endpoint", "--endpoint http://127.0.0.1:8080", {"YC_ENDPOINT": "api.yandexcloud.kz:443"}),
        ("endpoint_before_variable", "--endpoint http://127.0.0.1:8080/", {"YC_IAM_ENDPOINT": "http://127.0.0.1:9"}),
        ("endpoint_variable", "", {"YC_IAM_ENDPOINT": "http://127.0.0.1:8080"}),
    ):  # fmt: skip
        yield case(f"token_at_{name}", f"token --key-file key.json {arguments}", environment=environment, files=files, answers=answers, requests=[emulator], **out)
    kazakhstan = request("POST", "https://iam.api.yandexcloud.kz/iam/v1/tokens")
    yield case("token_in_kazakhstan", "token --key-file key.json --installation kazakhstan", environment={"YC_IAM_ENDPOINT": "http://127.0.0.1:9"}, files=files, answers=answers, requests=[kazakhstan], **out)
    yield case("token_in_the_global_installation", "token --key-file key.json --installation global", environment={"YC_ENDPOINT": "api.yandexcloud.kz:443"}, files=files, answers=answers, requests=[TOKENS], **out)


def failing_tokens():
    files = {"key.json": KEY}
    by_key = {"files": files, "requests": [TOKENS]}
    yield from error("token_refused", "token --key-file key.json", 5, "unauthenticated", "remote", ["Key 'x' was not found"], answers=[answer({**DENIED, "code": 16, "message": "Key 'x' was not found"}, 401)], **by_key)
    yield from error("token_denied", "token --key-file key.json", 5, "permission_denied", "remote", ["Permission denied"], answers=[answer(DENIED, 403)], **by_key)
    no_credentials = request("GET", "http://169.254.169.254" + METADATA)
    yield from error("token_no_credentials", "token", 4, "no_credentials", "config", ["`YC_IAM_TOKEN` is not set", "`YC_TOKEN` is empty"], environment={"YC_TOKEN": ""}, answers=[{"break": "connection", "detail": "no route"}], requests=[no_credentials])
    yield case("token_denied_with_request_id", "token --key-file key.json", 5, answers=[answer(DENIED, 403)], errors_say=["yc-iam: ", "`Permission denied` (request ID `0f4f8e0c`)\n  "], **by_key)
    yield case("token_denied_whole", "token --key-file key.json --format json", 5, answers=[answer(DENIED, 403)], errors_json={"code": "permission_denied", "fault": "remote", "transient": False, "status": 403, "requestId": "0f4f8e0c"}, **by_key)
    yield from error("token_answer_is_html", "token --key-file key.json", 6, "html_response", "network", ["web page"], answers=[HTML], hides=["Sign in"], **by_key)
    yield from error("token_without_tls", "token --key-file key.json", 6, "tls_failed", "network", ["self-signed"], answers=[{"break": "tls", "detail": "self-signed certificate"}], **by_key)
    yield from error("token_ended_when_it_came", "token --key-file key.json", 7, "token_expired", "clock", [], answers=[answer({"iamToken": NEW_TOKEN, "expiresAt": rfc3339(NOW - 60)})], hides=["NewExample"], **by_key)
    yield from error("token_key_file_missing", "token --key-file nowhere.json", 4, "unreadable_file", "config", ["`nowhere.json`", "no such file"])
    line = pem("rsa2048_a").split("\n")[3]
    yield from error("token_key_file_is_a_line_of_a_key", ["token", "--key-file", line], 4, "unreadable_file", "config", ["not shown", "no such file"], errors_hide=[line[:12], line[20:40], line[-12:]])
    yield from error("token_oauth_file_missing", "token --oauth-token-file nowhere", 4, "unreadable_file", "config", ["`nowhere`"])
    yield from error("token_key_file_is_another", "token --key-file oauth", 3, "oauth_token_given", "key", ["`oauth`"], files={"oauth": text(OAUTH_TOKEN)}, hides=[OAUTH_TOKEN[4:]])
    yield from error("token_key_input_is_another", "token --key-file -", 3, "api_key_given", "key", ["standard input"], stdin=text(API_KEY), hides=[API_KEY[4:]])
    yield from error("token_key_input_is_empty", "token --key-file -", 3, "empty_key", "key", ["standard input"], stdin=text(""))
    yield from error("token_oauth_is_another", "token --oauth-token-file -", 4, "invalid_credential", "config", ["an IAM token was given"], stdin=text(IAM_TOKEN), hides=[IAM_TOKEN[3:]])
    yield from error("token_oauth_is_binary", "token --oauth-token-file -", 4, "invalid_credential", "config", ["is not text"], stdin={"base64": "//79"})
    ended = {"files": {"sa": text(JWT)}, "now": NEW_YEAR + 7200, "hides": [JWT[-20:]], "answers": [answer({"error": "invalid_request", "error_description": "no"}, 400)]}
    exchanged = request("POST", "https://auth.yandex.cloud/oauth/token")
    yield from error("token_external_ended", f"token --token-file sa --service-account-id {ACCOUNT}", 5, "bad_request", "remote", ["`sa`", "ended 3600 s ago"], requests=[exchanged], **ended)
    yield from error("token_variable_missing", f"token --token-env CI_TOKEN --service-account-id {ACCOUNT}", 4, "missing_variable", "config", ["`CI_TOKEN`"])
    yield from error("token_no_github_actions", f"token --github-actions --service-account-id {ACCOUNT}", 4, "missing_variable", "config", ["`ACTIONS_ID_TOKEN_REQUEST_URL`"])
    yield from error("token_variable_holds_another", "token", 4, "invalid_credential", "config", ["`YC_IAM_TOKEN`"], environment={"YC_IAM_TOKEN": API_KEY}, hides=[API_KEY[4:]])
    yield from error("token_endpoint_insecure", "token --metadata --endpoint http://example.org", 4, "insecure_endpoint", "config", ["example.org"])
    yield from error("token_endpoint_with_user", "token --metadata --endpoint https://user:s3cret@example.org", 4, "invalid_endpoint", "config", [], hides=["s3cret"])
    yield from error("token_impersonates_nobody", "token --metadata --impersonate not/an/id", 2, "invalid_argument", "caller", ["`service_account_id`"])


def jwts():
    files = {"key.json": KEY}

    key_text = compact(key_file())

    def jwt(audience=AUDIENCE, lifetime=3600):
        return {"header": header(), "claims": claims(audience, NOW, lifetime)}

    yield case("jwt", "jwt --key-file key.json", files=files, output_jwt=jwt())
    yield case("jwt_from_input", "jwt --key-file -", stdin=KEY, output_jwt=jwt())
    yield case("jwt_in_kazakhstan", "jwt --key-file key.json --installation kazakhstan", files=files, output_jwt=jwt(KAZAKHSTAN))
    for name, environment in (("path", {"YC_SERVICE_ACCOUNT_KEY_FILE": " key.json\n"}), ("path_at_home", {"YC_SERVICE_ACCOUNT_KEY_FILE": "~/key.json", "HOME": "/home/me"}), ("path_for_ydb", {"YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS": "key.json"}), ("content", {"YC_SERVICE_ACCOUNT_KEY_FILE": key_text}), ("content_for_ydb", {"YDB_SERVICE_ACCOUNT_KEY_CREDENTIALS": key_text})):
        yield case(f"jwt_by_the_environments_{name}", "jwt", environment=environment, files={**files, "/home/me/key.json": KEY}, output_jwt=jwt())
    yield case("jwt_by_a_flag_before_the_environment", "jwt --key-file key.json", environment={"YC_SERVICE_ACCOUNT_KEY_FILE": "nowhere"}, files=files, output_jwt=jwt())
    yield from error("jwt_by_the_environments_missing_file", "jwt", 4, "unreadable_file", "config", ["`nowhere`: "], environment={"YC_SERVICE_ACCOUNT_KEY_FILE": "nowhere"})
    yield from error("jwt_by_the_environments_api_key", "jwt", 3, "api_key_given", "key", ["`YC_SERVICE_ACCOUNT_KEY_FILE`"], environment={"YC_SERVICE_ACCOUNT_KEY_FILE": API_KEY}, hides=[API_KEY[4:]])
    yield from usage("jwt_without_key_in_the_environment", "jwt", "`--key-file` is missing", "`YC_SERVICE_ACCOUNT_KEY_FILE`", environment={"YC_SERVICE_ACCOUNT_KEY_FILE": " "})
    yield case("jwt_with_audience", "jwt --key-file key.json --audience https://example.org/x --lifetime 60", files=files, output_jwt=jwt("https://example.org/x", 60))
    yield case("jwt_in_json", "jwt --key-file key.json --format json --lifetime 600", files=files, output_says=['{"jwt":"eyJ', f'","expiresAt":"{rfc3339(NOW + 600)}"}}\n'], hides=["PRIVATE KEY"])
    for lifetime in ("1.5", "NaN", "inf", "1e99", "99999999999", "hour"):
        yield from usage(f"jwt_lifetime_{lifetime}", f"jwt --key-file key.json --lifetime {lifetime}", f"`--lifetime` is `{lifetime}`")
    for lifetime in ("0", "3601"):
        yield from error(f"jwt_lifetime_{lifetime}", f"jwt --key-file key.json --lifetime {lifetime}", 2, "invalid_lifetime", "caller")
    yield from usage("jwt_without_key", "jwt", "`--key-file` is missing")
    yield from error("jwt_key_missing", "jwt --key-file nowhere", 4, "unreadable_file", "config", ["`nowhere`: "])
    yield from error("jwt_key_is_html", "jwt --key-file page", 3, "invalid_json", "key", ["`page`: "], files={"page": text("<html>")})


def explanations():
    files = {"key.json": KEY, "iam": text(IAM_TOKEN), "sa": text(JWT), "federation.json": text(compact({"id": "ajefed00000000000001", "issuer": "https://example.org", "audiences": ["x"]}))}
    hides = ["PRIVATE KEY", IAM_TOKEN[3:], JWT[-20:]]
    yield case("explain_file", "explain key.json", files=files, output_says=[KEY_ACCOUNT], hides=hides)
    yield case("explain_input", "explain", stdin=KEY, output_says=[KEY_ACCOUNT], hides=hides)
    yield case("explain_dash", "explain -", stdin=KEY, output_says=[KEY_ACCOUNT], hides=hides)
    yield case("explain_after_two_dashes", ["explain", "--", "key.json"], files=files, output_says=[KEY_ACCOUNT], hides=hides)
    yield case("explain_in_json", "explain key.json --format json", files=files, output_says=['"kind":"service_account_key"', '"good":true', "}\n"], hides=hides)
    yield case("explain_what_cannot_work", "explain sa --federation federation.json", 1, files=files, output_says=["error: "], hides=hides)
    yield case("explain_what_cannot_work_in_json", "explain sa --federation=federation.json --format=json", 1, files=files, output_says=['"good":false'], hides=hides)
    yield case("explain_ended_token", "explain sa", 1, files=files, now=NEW_YEAR + 7200, output_says=["error: "], hides=hides)
    yield case("explain_nothing", "explain", 1, stdin=text(""), output_says=["error: "])
    yield case("explain_binary", "explain x", 1, files={"x": {"base64": "AP/+"}}, output_says=["error: "])
    yield from error("explain_missing_file", "explain nowhere", 4, "unreadable_file", "config", ["`nowhere`: "])
    yield from error("explain_missing_federation", "explain sa --federation nowhere", 4, "unreadable_file", "config", ["`nowhere`: "], files=files)
    yield from error("explain_bad_federation", "explain sa --federation iam", 2, "invalid_argument", "caller", ["federation"], files=files, hides=hides)
    yield from usage("explain_at_a_terminal", "explain", "nothing to explain")
    yield from usage("explain_input_twice", "explain - --federation -", "standard input was asked for twice", stdin=KEY)


def kubeconfigs():
    names = {"cluster": "kubernetes", "user": "yc-iam", "context": "yc-iam@kubernetes", "namespace": None}
    files = {"ca.pem": text(CA), "sa": text(TOKEN + "\n"), "secret.yaml": text(YAML), "secret.json": text(json.dumps(secret())), "old": text("apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers:\n- name: kept\n  user: {}\n")}
    robot = {**names, "user": "robot", "context": "robot@kubernetes", "namespace": "web"}

    def config(arguments, user, names=names, ca=CA, server=SERVER, **more):
        return case(more.pop("name"), ["kubeconfig", "--format", "json", *arguments.split()], output_json=value(user, names, server, ca), **{"files": files, **more})

    with_ca = f"--server {SERVER} --ca-file ca.pem"
    yield config(f"--server {SERVER} --secret-file secret.yaml", {"token": TOKEN}, robot, name="kubeconfig_by_secret")
    yield config(f"--server {SERVER} --secret-file -", {"token": TOKEN}, robot, name="kubeconfig_by_secret_from_input", stdin=text(json.dumps(secret())))
    yield config(f"{with_ca} --token-file sa", {"token": TOKEN}, name="kubeconfig_by_token")
    yield config(f"--server {SERVER} --token-file sa", {"token": TOKEN}, ca=None, name="kubeconfig_without_certificate")
    named = {"cluster": "c", "user": "u", "context": "x", "namespace": "n"}
    yield config(f"{with_ca} --token-file sa --cluster-name c --user-name u --context-name x --namespace n", {"token": TOKEN}, named, name="kubeconfig_with_names")

    def plug_in(*arguments):
        hint = "install `yc-iam`: `pip install yc-iam` or `npm install --global yc-iam`"
        return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "args": ["exec-credential", *arguments], "command": "yc-iam", "env": None, "installHint": hint, "interactiveMode": "Never", "provideClusterInfo": False}}

    yield config(f"{with_ca} --exec", plug_in(), name="kubeconfig_by_plug_in")
    yield config(f"{with_ca} --exec --key-file /keys/key.json --impersonate {ACCOUNT}", plug_in("--key-file=/keys/key.json", f"--impersonate={ACCOUNT}"), name="kubeconfig_by_plug_in_with_key")
    workload = ["--token-file=/t/sa", f"--service-account-id={ACCOUNT}", "--installation=kazakhstan"]
    yield config(f"{with_ca} --exec {' '.join(workload)}", plug_in(*workload), name="kubeconfig_by_plug_in_with_workload_identity")
    yield config(f"{with_ca} --exec --metadata", plug_in("--metadata"), name="kubeconfig_by_plug_in_with_metadata")
    yield config(f"{with_ca} --exec --service-account-token-file /t/sa", plug_in("--service-account-token-file=/t/sa"), name="kubeconfig_by_plug_in_with_pod_token")
    # The plug-in is called elsewhere: what the environment said when its command line was checked stands in the kubeconfig.
    external, account, by_key = "--token-file=/t/sa", f"--service-account-id={ACCOUNT}", "--key-file=/keys/key.json"
    kazakhstan, here = {"YC_ENDPOINT": "https://api.yandexcloud.kz:443"}, {"YC_IAM_ENDPOINT": " http://127.0.0.1:8080/ "}
    for name, arguments, environment, words in (
        ("account", external, {"YC_SERVICE_ACCOUNT_ID": f" {ACCOUNT}\n"}, [external, account]), ("another_account", f"{external} {account}", {"YC_SERVICE_ACCOUNT_ID": "ajeother"}, [external, account]),
        ("account_for_a_variable", "--token-env=CI_TOKEN", {"YC_SERVICE_ACCOUNT_ID": ACCOUNT}, ["--token-env=CI_TOKEN", account]), ("account_for_github", "--github-actions", {"YC_SERVICE_ACCOUNT_ID": ACCOUNT}, ["--github-actions", account]),
        ("account_for_nothing", by_key, {"YC_SERVICE_ACCOUNT_ID": ACCOUNT}, [by_key]), ("endpoint", by_key, {**here, **kazakhstan}, [by_key, "--endpoint=http://127.0.0.1:8080/"]), ("installation", by_key, kazakhstan, [by_key, "--installation=kazakhstan"]),
        ("global_installation", "", {"YC_ENDPOINT": "api.cloud.yandex.net:443"}, ["--installation=global"]), ("endpoint_after_a_flag", "--installation=global", here, ["--installation=global"]), ("installation_after_a_flag", "--endpoint=http://127.0.0.1:9", kazakhstan, ["--endpoint=http://127.0.0.1:9"]),
        ("pod_token", "--service-account-token-file=/t/sa", {**here, **kazakhstan}, ["--service-account-token-file=/t/sa"]),
    ):  # fmt: skip
        yield config(f"{with_ca} --exec {arguments}", plug_in(*words), name=f"kubeconfig_by_plug_in_and_environment_{name}", environment=environment)
    yield from error("kubeconfig_account_of_the_environment_is_a_secret", f"kubeconfig {with_ca} --exec {external}", 2, "invalid_argument", "caller", ["`YC_SERVICE_ACCOUNT_ID`"], environment={"YC_SERVICE_ACCOUNT_ID": IAM_TOKEN}, hides=[IAM_TOKEN[3:]], files=files)
    pod_files = {f"{POD}/ca.crt": text(CA), f"{POD}/namespace": text("web\n")}
    in_pod = {"environment": HOST, "files": pod_files, "server": "https://10.96.128.1:443"}
    yield config("", {"tokenFile": f"{POD}/token"}, {**names, "namespace": "web"}, name="kubeconfig_in_a_pod", **in_pod)
    yield config("--exec --metadata", plug_in("--metadata"), {**names, "namespace": "web"}, name="kubeconfig_in_a_pod_by_plug_in", **in_pod)
    yaml = f"""apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: {b64(CA)}
    server: {SERVER}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    namespace: web
    user: robot
  name: robot@kubernetes
current-context: robot@kubernetes
kind: Config
preferences: {{}}
users:
- name: robot
  user:
    token: {TOKEN}
"""
    yield case("kubeconfig_as_yaml", f"kubeconfig --server {SERVER} --secret-file secret.json", files=files, output=text(yaml))
    merged = yaml.replace("users:\n", "users:\n- name: kept\n  user: {}\n")
    yield case("kubeconfig_merged", f"kubeconfig --server {SERVER} --secret-file secret.json --merge old", files=files, output=text(merged))

    for name, empty in (("an_empty_file", ""), ("a_blank_file", "\ufeff \r\n")):
        yield case(f"kubeconfig_merged_into_{name}", f"kubeconfig --server {SERVER} --token-file sa --merge old", 4, errors_say=["yc-iam: `old` is empty\n", "leave `--merge` out"], files={**files, "old": text(empty)}, hides=[TOKEN[-20:]])
    yield from error("kubeconfig_outside_of_pods", "kubeconfig", 4, "not_in_cluster", "config", [f"`{POD}/ca.crt`"])
    yield from error("kubeconfig_secret_is_a_key", f"kubeconfig --server {SERVER} --secret-file key.json", 4, "invalid_kubernetes_secret", "config", files={"key.json": KEY}, hides=["PRIVATE KEY-"])
    yield from error("kubeconfig_secret_missing", f"kubeconfig --server {SERVER} --secret-file nowhere", 4, "unreadable_file", "config", ["`nowhere`: "])
    yield from error("kubeconfig_certificate_is_none", f"kubeconfig --server {SERVER} --ca-file sa --token-file sa", 4, "invalid_certificate", "config", files=files, hides=[TOKEN[-20:]])
    yield from error("kubeconfig_insecure", "kubeconfig --server http://203.0.113.5 --token-file sa", 4, "insecure_endpoint", "config", files=files)
    yield case("kubeconfig_merged_into_none", f"kubeconfig --server {SERVER} --token-file sa --merge sa", 4, files=files, errors_say=["kubeconfig"], hides=[TOKEN[-20:]])
    for name, arguments, says in (
        ("without_server", "--secret-file secret.yaml", "`--server` is missing"), ("token_without_server", "--token-file sa", "`--server` is missing"),
        ("without_user", f"--server {SERVER}", "the kubeconfig has no user"), ("secret_and_token", f"--server {SERVER} --secret-file s --token-file sa", "`--secret-file` and `--token-file` exclude each other"),
        ("secret_and_exec", f"--server {SERVER} --secret-file s --exec", "exclude each other"), ("key_without_exec", f"--server {SERVER} --token-file sa --key-file k", "add `--exec`"),
        ("exec_with_input", f"{with_ca} --exec --key-file -", "cannot stand in a kubeconfig"), ("exec_with_two_credentials", f"{with_ca} --exec --metadata --key-file k", "exclude each other"),
        ("pod_token_and_credentials", f"{with_ca} --exec --metadata --service-account-token-file t", "exclude each other"),
        ("pod_token_and_endpoint", f"{with_ca} --exec --endpoint http://127.0.0.1:9 --service-account-token-file t", "`--service-account-token-file` and `--endpoint` exclude each other"),
    ):  # fmt: skip
        yield from usage(f"kubeconfig_{name}", f"kubeconfig {arguments}", says, files=files)
    yield case("usage_kubeconfig_merged_json", "kubeconfig --merge old --format json", 2, errors_json={"code": "invalid_argument"})


def exec_credentials():
    def output(token, end=None, version="v1"):
        status = {**({"expirationTimestamp": end} if end else {}), "token": token}
        return {"apiVersion": f"client.authentication.k8s.io/{version}", "kind": "ExecCredential", "status": status}

    info = {"KUBERNETES_EXEC_INFO": compact({"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1", "spec": {"interactive": False}})}
    files = {"key.json": KEY, "sa": text(TOKEN + "\n")}
    by_key = {"files": files, "answers": [iam_answer()], "requests": [TOKENS]}
    yield case("exec_credential", "exec-credential --key-file key.json", output_json=output(NEW_TOKEN, "2026-01-01T12:00:00Z"), **by_key)
    yield case("exec_credential_v1beta1", "exec-credential --key-file key.json", environment=info, output_json=output(NEW_TOKEN, "2026-01-01T12:00:00Z", "v1beta1"), **by_key)
    yield case("exec_credential_without_end", "exec-credential --format text", environment={"YC_IAM_TOKEN": IAM_TOKEN}, output_json=output(IAM_TOKEN))
    yield case("exec_credential_of_a_pod", "exec-credential --service-account-token-file sa", files=files, output_json=output(TOKEN, rfc3339(NEW_YEAR + 3600)))
    yield from error("exec_credential_bad_info", "exec-credential", 2, "invalid_argument", "caller", ["`KUBERNETES_EXEC_INFO`"], environment={"YC_IAM_TOKEN": IAM_TOKEN, "KUBERNETES_EXEC_INFO": "{"}, hides=[IAM_TOKEN[3:]])
    yield from error("exec_credential_pod_token_missing", "exec-credential --service-account-token-file nowhere", 4, "unreadable_file", "config", ["`nowhere`: "])
    yield from error("exec_credential_pod_token_is_none", "exec-credential --service-account-token-file key.json", 4, "invalid_credential", "config", files=files, hides=["PRIVATE KEY-"])
    yield from usage("exec_credential_pod_token_in_kazakhstan", "exec-credential --installation kazakhstan --service-account-token-file sa", "`--service-account-token-file` and `--installation` exclude each other")
    yield from usage("exec_credential_pod_token_from_input", "exec-credential --service-account-token-file -", "`--service-account-token-file` is `-`")


def lockbox():
    fixed = {"environment": {"YC_IAM_TOKEN": IAM_TOKEN}}
    payload = {"entries": [{"key": "password", "textValue": "p4ss wörd\n"}, {"key": "p12", "binaryValue": "AP/+Cg=="}, {"key": "empty"}], "versionId": "e6q1"}
    url = f"{LOCKBOX}/{SECRET_ID}/payload"
    asked = {"answers": [answer(payload)], "requests": [request("GET", url, IAM_TOKEN)], **fixed}
    get = f"lockbox get {SECRET_ID}"
    entries = {"password": {"key": "password", "textValue": "p4ss wörd\n"}, "p12": {"key": "p12", "binaryValue": "AP/+Cg=="}, "empty": {"key": "empty", "textValue": ""}}
    yield case("lockbox_keys", get, output=text("password\np12\nempty\n"), **asked)
    yield case("lockbox_text", get + " --key password", output=text("p4ss wörd\n"), **asked)
    yield case("lockbox_bytes", get + " --key p12", output={"base64": "AP/+Cg=="}, **asked)
    yield case("lockbox_empty", get + " --key empty", output=text(""), **asked)
    yield case("lockbox_in_json", get + " --format json", output_json={"versionId": "e6q1", "entries": list(entries.values())}, **asked)
    yield case("lockbox_key_in_json", get + " --format json --key p12", output_json={"versionId": "e6q1", "entries": [entries["p12"]]}, **asked)
    yield case("lockbox_version", get + " --version-id e6q9", **{**asked, "requests": [request("GET", url + "?versionId=e6q9", IAM_TOKEN)]}, output=text("password\np12\nempty\n"))
    by_name = {"entries": {"password": b64("p4ss")}, "versionId": "e6q1"}
    named = f"{LOCKBOX}:getEx?folderAndName.folderId=b1gexample&folderAndName.secretName=db+prod"
    yield case("lockbox_by_name", ["lockbox", "get", "--folder-id", "b1gexample", "--name", "db prod", "--key", "password"], answers=[answer(by_name)], requests=[request("GET", named, IAM_TOKEN)], output=text("p4ss"), **fixed)
    kazakhstan = f"https://dpl.lockbox.api.yandexcloud.kz/lockbox/v1/secrets/{SECRET_ID}/payload"
    yield case("lockbox_in_kazakhstan", get + " --installation=kazakhstan", answers=[answer(payload)], requests=[request("GET", kazakhstan, IAM_TOKEN)], output=text("password\np12\nempty\n"), **fixed)
    other = NEW_TOKEN.replace("New", "Other")
    twice = [TOKENS, request("GET", url, NEW_TOKEN), TOKENS, request("GET", url, other)]
    yield case("lockbox_token_renewed", get + " --key-file key.json --key password", files={"key.json": KEY}, answers=[iam_answer(), answer({"code": 16, "message": "The token is invalid"}, 401), iam_answer(other), answer(payload)], requests=twice, output=text("p4ss wörd\n"))
    yield case("lockbox_tried_again", get + " --key password", answers=[answer("", 503), answer(payload)], requests=[asked["requests"][0]] * 2, output=text("p4ss wörd\n"), **fixed)
    yield from error("lockbox_token_refused", get, 4, "invalid_credential", "config", ["was refused by a service"], answers=[answer({"code": 16, "message": "The token is invalid"}, 401)], requests=[request("GET", url, IAM_TOKEN)], hides=[IAM_TOKEN[3:]], **fixed)
    yield from error("lockbox_denied", get, 5, "permission_denied", "remote", ["Permission denied", "`lockbox.payloadViewer`"], **{**asked, "answers": [answer(DENIED, 403)]})
    yield from error("lockbox_not_found", get, 5, "not_found", "remote", ["not found"], **{**asked, "answers": [answer({"code": 5, "message": "Secret not found"}, 404)]})
    yield from error("lockbox_answer_is_html", get, 6, "html_response", "network", **{**asked, "answers": [HTML]})
    yield from error("lockbox_no_such_key", get + " --key passwort", 2, "invalid_argument", "caller", ["no entry `passwort`", "`password`"], hides=["p4ss"], **asked)
    yield from error("lockbox_damaged", get, 5, "invalid_response", "remote", **{**asked, "answers": [answer({"entries": [{"key": "x", "binaryValue": "%"}], "versionId": "e6q1"})]})
    for name, arguments, says in (
        ("nothing", "lockbox", "`lockbox` has nothing to do"), ("other_verb", "lockbox list", "cannot do `list`"), ("no_secret", "lockbox get", "no secret was named"), ("named_twice", get + " --name x --folder-id y", "named twice"),
        ("no_folder", "lockbox get --name x", "`--folder-id` is missing"), ("no_name", "lockbox get --folder-id x", "`--name` is missing"), ("too_many", get + " more", "`more` is one argument too many"), ("bad_id", "lockbox get a/b", "`secret_id`"),
    ):  # fmt: skip
        yield from usage(f"lockbox_{name}", arguments, says)


def emulators():
    running = {"url": "http://127.0.0.1:40123", "key_file": "/tmp/it's/key.json"}
    says = "# the emulator runs until it is interrupted\nexport YC_IAM_ENDPOINT='http://127.0.0.1:40123'\nexport YC_SERVICE_ACCOUNT_KEY_FILE='/tmp/it'\\''s/key.json'\n"
    yield case("emulator", "emulator", emulate={"port": 0, "running": {**running, "says": says}}, output=text(""))
    as_json = compact({"url": running["url"], "keyFile": running["key_file"]}) + "\n"
    yield case("emulator_in_json", "emulator --format json", emulate={"port": 0, "running": {**running, "says": as_json}}, output=text(""))
    settings = {"port": 8080, "key_file": "k.json", "token_lifetime": 60, "clock_tolerance": 0}
    yield case("emulator_with_settings", "emulator --port 8080 --write-key-file k.json --token-lifetime 60 --clock-tolerance 0", emulate=settings, output=text(""))
    yield from error("emulator_port_taken", "emulator --port 80", 2, "invalid_argument", "caller", ["port 80 of 127.0.0.1", "in use"], emulate={"port": 80, "break": "other", "detail": "address in use"})
    yield from error("emulator_key_file_there", "emulator --write-key-file k", 4, "unreadable_file", "config", ["`k`", "exists"], emulate={"port": 0, "key_file": "k", "break": "file", "detail": "file exists"})
    yield from error("emulator_without_a_temporary_directory", "emulator", 4, "unreadable_file", "config", ["the key cannot be written to a temporary directory: `no such directory`", "`--write-key-file`"], emulate={"port": 0, "break": "file", "detail": "no such directory"})
    for name, arguments in (("port_too_high", "--port 65536"), ("port_negative", "--port=-1"), ("port_text", "--port http"), ("lifetime_too_long", "--token-lifetime 604801"), ("key_file", "--key-file key.json"), ("operand", "now")):
        yield from usage(f"emulator_{name}", f"emulator {arguments}")


def unwritten():
    """Standard output that cannot be written."""
    full = {"unwritten": "no space left on device", "errors_say": ["the output cannot be written: `no space left on device`"]}
    files = {"key.json": KEY, "sa": text(JWT)}
    yield case("unwritten_help", "--help", 4, **full)
    yield case("unwritten_token", "token --key-file key.json", 4, files=files, answers=[iam_answer()], requests=[TOKENS], hides=[NEW_TOKEN[3:]], **full)
    as_json = {**full, "errors_json": {"code": "unreadable_file", "fault": "config"}}
    yield case("unwritten_jwt_in_json", "jwt --key-file key.json --format json", 4, files=files, **as_json)
    yield case("unwritten_explanation_of_what_cannot_work", "explain sa", 4, files=files, now=NEW_YEAR + 7200, **full)
    yield from error("unwritten_is_nothing_where_nothing_was_to_be_written", "token --key-file nowhere", 4, "unreadable_file", "config", ["`nowhere`"], unwritten="no space", errors_hide=["no space"])
    running = {"url": "http://127.0.0.1:40123", "key_file": "/tmp/key.json"}
    yield case("unwritten_emulator", "emulator", 4, emulate={"port": 0, "running": running}, **full)


def usages():
    for name, arguments, says in (
        ("unknown_command", "tokn", "did you mean `token`?"), ("far_command", "frobnicate", "the commands are `token`, "), ("flag_first", "--key-file key.json token", "stands where a command belongs"), ("short_first", "-x", "no flag `-x`"),
        ("misspelt_flag", "token --keyfile key.json", "did you mean `--key-file`?"), ("other_flag", "token --frobnicate", "see `yc-iam token --help`"), ("short_flag", "token -k", "no flag `-k`"), ("no_value", "token --key-file", "`--key-file` has no value"), ("flag_for_a_value", "token --key-file --metadata", "`--key-file` has no value"),
        ("value_for_a_switch", "token --metadata=yes", "`--metadata` takes no value"), ("twice", "token --metadata --metadata", "was given twice"), ("operand", "token now", "`now` is one argument too many"), ("after_two_dashes", "token -- --metadata", "one argument too many"), ("two_credentials", "token --metadata --key-file key.json", "exclude each other"),
        ("two_places", "token --endpoint https://example.org --installation global", "exclude each other"), ("unknown_installation", "token --installation mars", "no installation `mars`"), ("account_alone", f"token --service-account-id {ACCOUNT}", "nothing to go with"), ("audience_alone", "token --metadata --token-audience x", "nothing to go with"),
        ("no_account", "token --token-file sa", "`--service-account-id` is missing"), ("help_on_nothing", "help frobnicate", "no command `frobnicate`"),
    ):  # fmt: skip
        yield from usage(name, arguments, says)
    yield from usage("empty_value", ["token", "--key-file", ""], "`--key-file` has no value")
    yield from usage("empty_value_with_equals_sign", ["token", "--key-file="], "`--key-file` has no value")
    yield from usage("control_characters", ["token", "a\x1b[31mb`c\nd"], "one argument too many", errors_hide=["\x1b", "`c"])
    yield from usage("long_word", ["x" * 5000], "there is no command `xxx", errors_hide=["x" * 50])
    yield case("usage_no_command", "", 2, errors_say=["yc-iam: no command was given\n  the commands are `token`, `jwt`, "])
    yield case("usage_unknown_format", "token --format yaml", 2, errors_say=["no format `yaml`"])
    yield case("version", "--version", output_says=["yc-iam "])
    yield case("version_short", "-V", output_says=["yc-iam "])
    for name, arguments in (("help", "--help"), ("help_short", "-h"), ("help_word", "help"), ("help_of_token", "token --help"), ("help_word_of_token", "help token"), ("help_of_token_short", "token -h"), ("help_after_flags", "token --key-file key.json --help")):
        yield case(name, arguments, output_says=["Usage: yc-iam "])


def secrets():
    """Wherever a secret stands, it is refused and not shown."""
    key = json.dumps({"id": "x", "service_account_id": "y", "private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n"})
    for name, secret_text, says, hidden in (
        ("iam_token", IAM_TOKEN, "`YC_IAM_TOKEN`", IAM_TOKEN[3:]), ("oauth_token", OAUTH_TOKEN, "`--oauth-token-file`", OAUTH_TOKEN[3:]), ("jwt", JWT, "`--token-file`", JWT[-20:]), ("api_key", API_KEY, "an API key", API_KEY[4:]), ("static_key", STATIC_KEY, "a static access key", STATIC_KEY[5:]),
        ("key_json", key, "a JSON text, as key files are", "MIIEvQ"), ("key_base64", b64(key), "`--key-file`", b64(key)[4:40]), ("pem", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n", "`--key-file`", "MIIEvQ"), ("bearer", f"Bearer {IAM_TOKEN}", "an IAM token", IAM_TOKEN[3:]),
        ("quoted", f'"{IAM_TOKEN}"', "an IAM token", IAM_TOKEN[3:]), ("quoted_once", f"'{IAM_TOKEN}'", "an IAM token", IAM_TOKEN[3:]), ("after_a_line_break", f"\n{IAM_TOKEN}", "an IAM token", IAM_TOKEN[3:]),
        ("static_secret", STATIC_SECRET, "a static access key", STATIC_SECRET[5:]), ("short_end", "t1.9euelZqExample.a-b_c", "an IAM token", "9euelZq"), ("of_16_characters", "t1.9euelZqExampl", "an IAM token", "9euelZq"),
    ):  # fmt: skip
        hides = [hidden]
        for place, arguments, position in (
            ("value", ["token", "--key-file", secret_text], 3), ("attached", ["token", f"--key-file={secret_text}"], 2), ("unknown_flag", ["token", f"--iam-token={secret_text}"], 2), ("operand", ["explain", secret_text], 2), ("command", [secret_text], 1),
            ("after_two_dashes", ["explain", "--", secret_text], 3), ("lockbox", ["lockbox", "get", SECRET_ID, "--key", secret_text], 5), ("service_account", ["token", "--token-file", "sa", "--service-account-id", secret_text], 5),
        ):  # fmt: skip
            arguments_say = f"argument {position} is "
            yield case(f"secret_{name}_as_{place}", arguments, 2, errors_say=[arguments_say, says], hides=hides)
        yield case(f"secret_{name}_in_json", ["token", "--format", "json", "--key-file", secret_text], 2, errors_json={"code": "invalid_argument", "fault": "caller"}, hides=hides)
    fine = {"environment": {"YC_IAM_TOKEN": IAM_TOKEN}, "answers": [answer({"entries": [], "versionId": "e6q1"})], "output": text("")}
    for name, word in (
        ("yc_name", "YC-production-database-credentials"), ("variable_name", "YC_STATIC_KEY_OF_THE_DATABASE"), ("yc_name_with_a_digit", "YC-production-2-database-credentials"), ("of_15_characters", "t1.production-a"),
        ("of_40_characters", "YC-production-database-credentials-abcdef"[:40]), ("of_40_capitals", "YC_PRODUCTION_2_DATABASE_CREDENTIALS_ABC"[:40]),
    ):  # fmt: skip
        named = f"{LOCKBOX}:getEx?folderAndName.folderId=b1gexample&folderAndName.secretName={word}"
        yield case(f"no_secret_{name}", ["lockbox", "get", "--folder-id", "b1gexample", "--name", word], requests=[request("GET", named, IAM_TOKEN)], **fine)
    yield from error("no_secret_file_name", "token --key-file t1.production-service.json", 4, "unreadable_file", "config", ["no such file"])
    yield from error("no_secret_directory", "token --key-file t1.production/of-the-service", 4, "unreadable_file", "config", ["no such file"])
    yield from error("no_secret_path", "token --key-file YCproduction/of-the-service/key.json", 4, "unreadable_file", "config", ["no such file"])


def main():
    makers = (tokens, failing_tokens, jwts, explanations, kubeconfigs, exec_credentials, lockbox, emulators, unwritten, usages, secrets)
    cases = [found for maker in makers for found in maker()]
    write_cases("commands", "Command lines of yc-iam, and what comes of them.", cases)
