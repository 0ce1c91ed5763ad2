"""vectors/kubeconfigs.json: the texts as kubectl lays them out, written by hand."""

from common import compact, write_cases
from kubernetes import BAD_CERTIFICATES, CA, TOKEN, b64, error, text

SERVER = "https://203.0.113.5"
NAMES = {"cluster": "prod", "context": "prod-web", "user": "robot", "namespace": "web"}
EXEC_API = "client.authentication.k8s.io/"


def case(name, names=NAMES, server=SERVER, ca=text(CA), user={"token": TOKEN}, **more):  # noqa: B006
    return {"name": name, "names": {**NAMES, **names}, "server": server, "ca_certificate": ca, "user": user, **more}


CLUSTER = f"""- cluster:
    certificate-authority-data: {b64(CA)}
    server: {SERVER}
  name: prod
"""
CONTEXT = """- context:
    cluster: prod
    namespace: web
    user: robot
  name: prod-web
"""
USER = f"""- name: robot
  user:
    token: {TOKEN}
"""


def config(clusters=CLUSTER, contexts=CONTEXT, users=USER, current="prod-web", preferences="preferences: {}\n", first=""):
    return f"apiVersion: v1\nclusters:\n{clusters}contexts:\n{contexts}current-context: {current}\n{first}kind: Config\n{preferences}users:\n{users}"


def value(user, names=NAMES, server=SERVER, ca=CA):
    names = {**NAMES, **names}
    return {
        "apiVersion": "v1",
        "clusters": [{"cluster": {**({"certificate-authority-data": b64(ca)} if ca else {}), "server": server}, "name": names["cluster"]}],
        "contexts": [{"context": {"cluster": names["cluster"], **({"namespace": names["namespace"]} if names["namespace"] else {}), "user": names["user"]}, "name": names["context"]}],
        "current-context": names["context"], "kind": "Config", "preferences": {}, "users": [{"name": names["user"], "user": user}],
    }  # fmt: skip


def plug_in(lines):
    return "- name: robot\n  user:\n    exec:\n" + "".join(f"      {line}\n" for line in lines)


def good():
    yield case("token", yaml=config(), json=value({"token": TOKEN}))
    yield case("slash_at_the_end", server=SERVER + "/", yaml=config(), json=value({"token": TOKEN}))
    bare = CONTEXT.replace("    namespace: web\n", "")
    yield case("no_namespace", {"namespace": None}, yaml=config(contexts=bare), json=value({"token": TOKEN}, {"namespace": None}))
    system = f"- cluster:\n    server: {SERVER}\n  name: prod\n"
    yield case("no_certificate", ca=None, yaml=config(system), json=value({"token": TOKEN}, ca=None))
    for name, server in (("port", "https://203.0.113.5:6443"), ("ipv6", "https://[2001:db8::1]:6443"), ("path", "https://rancher.example.org/k8s/clusters/c-1"), ("loopback", "http://127.0.0.1:8001")):
        yield case(f"server_{name}", server=server, yaml=config(CLUSTER.replace(SERVER, server)), json=value({"token": TOKEN}, server=server))
    path = "/var/run/secrets/kubernetes.io/serviceaccount/token"
    yield case("token_file", user={"token_file": path}, yaml=config(users=f"- name: robot\n  user:\n    tokenFile: {path}\n"), json=value({"tokenFile": path}))
    blank = 'C:\\Users\\A B\\token'
    yield case("token_file_on_windows", user={"token_file": blank}, yaml=config(users='- name: robot\n  user:\n    tokenFile: "C:\\\\Users\\\\A B\\\\token"\n'), json=value({"tokenFile": blank}))

    fields = {"apiVersion": EXEC_API + "v1", "args": ["exec-credential", "--key-file", "key.json"], "command": "yc-iam", "env": None, "interactiveMode": "Never", "provideClusterInfo": False}
    hint = "install `yc-iam`: `pip install yc-iam` or `npm install --global yc-iam`"
    yield case("yc_iam", user={"yc_iam": ["--key-file", "key.json"]}, yaml=config(users=plug_in([
        f"apiVersion: {EXEC_API}v1", "args:", "- exec-credential", '- "--key-file"', "- key.json", "command: yc-iam", "env: null", f'installHint: "{hint}"', "interactiveMode: Never", "provideClusterInfo: false",
    ])), json=value({"exec": {**fields, "installHint": hint}}))  # fmt: skip
    other = {"command": "/opt/a b/get", "args": ["", "two words", "it's", 'a"b', "l1\nl2", "é", "\u2028", "-", "--", "1", "null", "#x", "a: b"], "env": [["A", ""], ["B", "yes"]], "api_version": "v1beta1", "interactive_mode": "IfAvailable"}
    yield case("exec_of_all_kinds", user={"exec": other}, yaml=config(users=plug_in([
        f"apiVersion: {EXEC_API}v1beta1", "args:", '- ""', '- "two words"', "- \"it's\"", '- "a\\"b"', '- "l1\\nl2"', '- "é"', '- "\\u2028"', '- "-"', '- "--"', '- "1"', '- "null"', '- "#x"', '- "a: b"',
        'command: "/opt/a b/get"', "env:", "- name: A", '  value: ""', "- name: B", '  value: "yes"', "interactiveMode: IfAvailable", "provideClusterInfo: false",
    ])), json=value({"exec": {"apiVersion": EXEC_API + "v1beta1", "args": other["args"], "command": other["command"], "env": [{"name": "A", "value": ""}, {"name": "B", "value": "yes"}], "interactiveMode": "IfAvailable", "provideClusterInfo": False}}))  # fmt: skip
    # Names that a reader of YAML 1.1 or 1.2 could take for something else than text.
    for index, name in enumerate(("yes", "No", "y", "null", "~", "1", "1e3", "0x1f", "1_000", "2026-01-01", "12:30:45", ".inf", "-", "- a", "a: b", "a #b", "[a]", "{a}", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a`", "'a'", '"a"', "?", ":", "a:", "<<", "=", "é 漢字 🙂", "a,b", "a\\b")):  # fmt: skip
        names = {"cluster": name, "context": name, "user": name}
        quoted = compact(name)
        yield case(f"name_{index}", names, yaml=config(CLUSTER.replace("name: prod", f"name: {quoted}"), CONTEXT.replace("cluster: prod", f"cluster: {quoted}").replace("user: robot", f"user: {quoted}").replace("name: prod-web", f"name: {quoted}"), USER.replace("name: robot", f"name: {quoted}"), quoted), json=value({"token": TOKEN}, names))  # fmt: skip
    for index, name in enumerate(("user@cluster", "arn:aws:eks:eu:1:cluster/a", "kubernetes-admin@kubernetes", "a.b_c=d+e", "Prod")):
        names = {"cluster": name, "context": name, "user": name}
        yield case(f"plain_name_{index}", names, yaml=config(CLUSTER.replace("name: prod", f"name: {name}"), CONTEXT.replace("cluster: prod", f"cluster: {name}").replace("user: robot", f"user: {name}").replace("name: prod-web", f"name: {name}"), USER.replace("name: robot", f"name: {name}"), name), json=value({"token": TOKEN}, names))  # fmt: skip


def merged():
    for name, existing in (("empty", ""), ("blank", "\n \n"), ("comment", "# nothing\n"), ("null", "null"), ("empty_object", "{}"), ("nulls", "apiVersion: v1\nkind: Config\nclusters: null\ncontexts:\nusers: ~\ncurrent-context: ''\npreferences: {}\n"), ("itself", config()), ("itself_as_json", compact(value({"token": TOKEN})))):  # fmt: skip
        yield case(f"merged_into_{name}", existing=text(existing), yaml=config())
    others = """# Other clusters
kind: Config
apiVersion: v1
preferences: {colors: true}
current-context: other
clusters:
- name: other
  cluster:
    server: https://198.51.100.7
    insecure-skip-tls-verify: false
    extensions:
    - name: minikube
      extension: {version: "1.10", last-update: 'Thu, 01 Jan 2026 00:00:00 UTC', count: 7, part: 0.5, list: [[1], [], {}]}
- name: prod
  cluster: {server: https://192.0.2.1, certificate-authority: /old/ca.crt}
contexts:
- {name: other, context: {cluster: other, user: other}}
users:
- name: robot
  user: {token: old-token, client-certificate-data: b2xk}
- name: other
  user:
    client-certificate-data: Y2VydA==
    client-key-data: a2V5
extensions:
- extension: {a: "no"}
  name: x
"""
    clusters = """- cluster:
    extensions:
    - extension:
        count: 7
        last-update: "Thu, 01 Jan 2026 00:00:00 UTC"
        list:
        -
          - 1
        - []
        - {}
        part: 0.5
        version: "1.10"
      name: minikube
    insecure-skip-tls-verify: false
    server: https://198.51.100.7
  name: other
"""
    contexts = "- context:\n    cluster: other\n    user: other\n  name: other\n"
    users = "- name: other\n  user:\n    client-certificate-data: Y2VydA==\n    client-key-data: a2V5\n"
    first = 'extensions:\n- extension:\n    a: "no"\n  name: x\n'
    yaml = config(clusters + CLUSTER, contexts + CONTEXT, USER + users, first=first, preferences="preferences:\n  colors: true\n")
    yield case("merged_into_others", existing=text(others), yaml=yaml)
    twice = config(CLUSTER + clusters + CLUSTER, CONTEXT, USER + USER + users)
    yield case("merged_into_doubles", existing=text(twice), yaml=config(CLUSTER + clusters, CONTEXT, USER + users))
    # The nearest number of 64 bits, in the fewest digits that say which: what is written again is the same.
    numbers = "extensions:\n- extension:\n    %s\n    %s\n    %s\n  name: x\n"
    precise = numbers % ("a: 2.7777777777777778e+42", "b: 0.1", "c: 18446744073709551615")
    written = config(CLUSTER, CONTEXT, USER, first=precise)
    for name, existing in (("numbers", config(first=numbers % ("a: 2777777777777777777777777777777777777777777", "b: 0.1000000000000000055", "c: 18446744073709551615"))), ("numbers_again", written)):
        yield case(f"merged_into_{name}", existing=text(existing), yaml=written)
    fields = ['"<<": x', "a: !!str 1", 'b: !!int "2"', 'c: !!null ""', "d: 0x1F", "e: 0o17", "f: 0x+1", "g: -5", 'h: !!bool "true"', "i: !!map {x: !!seq [w]}", "k: '1'", "l: 1_000", "y" * 128 + ": v", "? " + "z" * 129, ": v"]
    read = ['"<<": x', 'a: "1"', "b: 2", "c: null", "d: 31", "e: 15", 'f: "0x+1"', "g: -5", "h: true", "i:", "  x:", "  - w", 'k: "1"', 'l: "1_000"', "y" * 128 + ": v", "? " + "z" * 129, ": v"]
    def extended(lines):
        return config(first="extensions:\n- extension:\n" + "".join(f"    {line}\n" for line in lines) + "  name: x\n")
    yield case("merged_into_scalars_of_all_kinds", existing=text(extended(fields)), yaml=extended(read))
    # What only YAML 1.1 takes for a truth value, `kubectl` among its readers, and text that looks nearly like one.
    words = "extensions:\n- extension:\n%s  name: x\n"
    plain = {word: ("true", "false")[number] for number, row in enumerate(("yes Yes YES on On ON y Y true", "no No NO off Off OFF n N false")) for word in row.split()}
    texts = {"yEs": '"yEs"', "oN": '"oN"', "t": "t", "'yes'": '"yes"', '"no"': '"no"', "!!str on": '"on"'}
    given = [*plain.items(), *texts.items(), ("!!bool yes", "true"), ('!!bool "n"', "false")]
    existing, written = (words % "".join(f"    k{number:02}: {row[column]}\n" for number, row in enumerate(given)) for column in (0, 1))
    yield case("merged_into_truth_values", existing=text(config(first=existing)), yaml=config(first=written))
    insecure = "- cluster:\n    insecure-skip-tls-verify: %s\n    server: https://198.51.100.7\n  name: other\n"
    for name, word, value_ in (("yes", "yes", "true"), ("off", "Off", "false")):
        yield case(f"merged_into_insecure_{name}", existing=text(config(insecure % word)), yaml=config(insecure % value_ + CLUSTER))
    for name, existing, says in (
        ("custom_tag", "a: !mine x\n", "YAML tag"), ("binary", "a: !!binary eA==\n", "YAML tag"), ("set", "a: !!set {x: null}\n", "YAML tag"), ("list_that_is_a_map", "a: !!seq {x: y}\n", "YAML tag"), ("custom_list", "a: !mine [x]\n", "YAML tag"),
        ("html", "<html>no</html>", "a text"), ("list", "- a\n", "a list"), ("text", "hello", "a text"), ("number", "1", "a number"), ("secret", "apiVersion: v1\nkind: Secret\n", "`kind` `Secret`"), ("key_file", '{"id": "a", "service_account_id": "b", "private_key": "c"}', "is the key file of a service account"),
        ("key_file_in_camel_case", '{"id": "a", "serviceAccountId": "b", "privateKey": "c"}', "is the key file of a service account"), ("key_file_in_disguise", 'apiVersion: v1\nkind: Config\nprivateKey: c\n', "is the key file of a service account"),
        ("other_secret", '{"access_key": {"id": "a", "key_id": "b"}, "secret": "c"}', "none of a kubeconfig's fields"), ("kind_number", "kind: 1\n", "a number as its `kind`"), ("version", "apiVersion: v2\n", "`apiVersion` `v2`"),
        ("clusters_object", "clusters: {}\n", "an object as its `clusters`"), ("users_text", "users: x\n", "a text as its `users`"), ("no_name", "contexts:\n- context: {}\n", "context without a `name`"), ("name_number", "users:\n- name: 1\n", "user without a `name`"), ("name_truth_value", "users:\n- name: yes\n", "user without a `name`"), ("entry_text", "clusters: [x]\n", "cluster without a `name`"),
        ("broken", "clusters: [\n", "not valid YAML"), ("several_documents", config() + "---\n" + config(), "several YAML documents"), ("control_character", "a: \x01\n", "YAML"), ("nul", "\0", "YAML"),
        ("bomb", "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{n}: &a{n} [" + ",".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, 10)), "grows too large"), ("bomb_of_maps", "a0: &a0 {a: b}\n" + "".join(f"a{n}: &a{n} [" + ",".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, 6)), "grows too large"), ("deep", "a: " + "[" * 100, "64 levels"), ("deep_json_only", '{"a":' * 100 + "1" + "}" * 100, "64 levels"), ("deep_json", '{"a":' * 200 + "1" + "}" * 200, "64 levels"),
    ):  # fmt: skip
        yield case(f"bad_merge_{name}", existing=text(existing), error=error("invalid_kubeconfig", ["the existing kubeconfig", says]))
    yield case("bad_merge_oversize", existing={"join": [{"text": "a: "}, {"repeat": "x", "times": 3000000}]}, error=error("invalid_kubeconfig", ["more than can be meant"]))


def bad():
    def refused(name, says, code="invalid_kubeconfig", **more):
        return case(f"bad_{name}", **more, error=error(code, [says], ["eyJ", "MII"]))

    for field in ("cluster", "context", "user"):
        for name, content, says in (("empty", "", "is empty"), ("blank", " ", "is empty"), ("line_break", "a\nb", "control character"), ("nul", "a\0", "control character"), ("white_space", " a", "white space"), ("oversize", "a" * 513, "longer than 512")):
            yield refused(f"{field}_{name}", says, names={field: content})
    for name, content in (("empty", ""), ("upper_case", "Web"), ("html", "<b>"), ("long", "a" * 64), ("line_break", "a\nb")):
        yield refused(f"namespace_{name}", "no namespace", names={"namespace": content})
    for name, server in (("empty", ""), ("bare_host", "203.0.113.5"), ("user", "https://a:b@203.0.113.5"), ("query", "https://203.0.113.5?x"), ("line_break", "https://203.0.113.5\nx"), ("other_scheme", "ftp://203.0.113.5"), ("html", "<html>"), ("dots", "https://203.0.113.5/../x")):
        yield refused(f"server_{name}", "`kubernetes` endpoint", "invalid_endpoint", server=server)
    yield refused("server_http", "is not https", "insecure_endpoint", server="http://203.0.113.5")
    for name, content, says in BAD_CERTIFICATES:
        yield refused(f"ca_{name}", says, "invalid_certificate", ca=text(content))
    yield refused("ca_empty", "is empty", "invalid_certificate", ca=text(""))
    for name, token in (("empty", ""), ("line_break", "eyJ\nx"), ("space", "a b"), ("not_ascii", "é"), ("html", "<html>")):
        yield refused(f"token_{name}", "no token has", "invalid_credential", user={"token": token})
    for name, path, says in (("empty", "", "is empty"), ("line_break", "/a\nb", "control character")):
        yield refused(f"token_file_{name}", says, user={"token_file": path})
    for name, plugin, says in (
        ("command_empty", {"command": ""}, "is empty"), ("command_line_break", {"command": "a\nb"}, "control character"), ("argument_nul", {"command": "a", "args": ["\0"]}, "NUL"), ("variable_empty", {"command": "a", "env": [["", "x"]]}, "is empty"), ("variable_equals", {"command": "a", "env": [["A=B", "x"]]}, "`=`"), ("value_nul", {"command": "a", "env": [["A", "\0"]]}, "NUL"),
    ):  # fmt: skip
        yield refused(f"exec_{name}", says, user={"exec": plugin})


def main():
    write_cases("kubeconfigs", "Kubeconfigs, whole and merged into others.", [*good(), *merged(), *bad()])


if __name__ == "__main__":
    main()
