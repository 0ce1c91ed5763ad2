//! The cluster's API server in memory: who gets in, who may read what, and how it says no.

use serde_json::{Value, json};
use yc_iam::emulator::{EmulatorOptions, FaultKind, IncomingRequest, Issuer, OrderedFault, PodTokenRequest};

use crate::support::{Answer, NOW, PEM_A, PEM_B, World, at, call};

const CLUSTER: &str = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/catexample";
const PODS: &str = "/api/v1/namespaces/default/pods";

struct Cluster {
    world: World,
    issuer: Issuer,
}

impl Cluster {
    fn new() -> Self {
        let mut world = World::new(EmulatorOptions::default());
        let issuer = Issuer::new(CLUSTER, PEM_A).unwrap();
        world.emulator.set_cluster_issuer(&issuer, &[]);
        for (namespace, name) in [("default", "web-0"), ("default", "web-1"), ("other", "db-0")] {
            world.emulator.add_pod(namespace, name, at(NOW - 300));
        }
        Self { world, issuer }
    }

    fn token(&mut self) -> String {
        let request = PodTokenRequest::new("default", "robot");
        self.issuer.pod_token(&request, at(NOW)).unwrap().expose().to_owned()
    }

    fn send(&mut self, request: &IncomingRequest) -> Answer {
        Answer::new(self.world.emulator.handle_kubernetes(request, at(NOW)))
    }

    fn ask(&mut self, method: &str, target: &str, body: &Value) -> Answer {
        let token = self.token();
        self.send(&call(method, target, Some(&token), body))
    }

    fn get(&mut self, target: &str) -> Answer {
        self.ask("GET", target, &Value::Null)
    }

    /// Who asked last, or why that was not told.
    fn verdict(&self) -> String {
        self.world.last_verdict()
    }
}

fn assert_status(answer: &Answer, code: u16, reason: &str) -> String {
    assert_eq!(answer.status, code, "{}", answer.body);
    assert_eq!(answer.body["kind"], "Status");
    assert_eq!(answer.body["apiVersion"], "v1");
    assert_eq!(answer.body["status"], "Failure");
    assert_eq!(answer.body["reason"], reason);
    assert_eq!(answer.body["code"], code);
    answer.message().to_owned()
}

#[test]
fn a_service_account_reads_the_pods_of_its_namespace() {
    let mut cluster = Cluster::new();
    let list = cluster.get(PODS).body;
    assert_eq!(
        (list["kind"].clone(), list["apiVersion"].clone()),
        (json!("PodList"), json!("v1"))
    );
    let names: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pod| pod["metadata"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["web-0", "web-1"]);
    assert_eq!(cluster.verdict(), "accepted for system:serviceaccount:default:robot");
    let pod = cluster.get(&format!("{PODS}/web-1?timeout=5s")).body;
    assert_eq!(
        (pod["kind"].clone(), pod["metadata"]["namespace"].clone()),
        (json!("Pod"), json!("default"))
    );
    // `date -u -d @1699999700`
    assert_eq!(pod["metadata"]["creationTimestamp"], "2023-11-14T22:08:20Z");
    assert!(cluster.world.emulator.remove_pod("default", "web-1"));
    let answer = cluster.get(&format!("{PODS}/web-1"));
    assert_eq!(assert_status(&answer, 404, "NotFound"), "pods \"web-1\" not found");
    assert_eq!(answer.body["details"], json!({ "name": "web-1", "kind": "pods" }));
}

#[test]
fn what_is_not_its_own_is_forbidden_in_kubernetes_words() {
    let mut cluster = Cluster::new();
    let user = "User \"system:serviceaccount:default:robot\"";
    for (method, target, words) in [
        (
            "GET",
            "/api/v1/namespaces/other/pods",
            format!(
                "pods is forbidden: {user} cannot list resource \"pods\" in API group \"\" in the namespace \"other\""
            ),
        ),
        (
            "GET",
            "/api/v1/namespaces/other/pods/db-0",
            format!(
                "pods \"db-0\" is forbidden: {user} cannot get resource \"pods\" in API group \"\" in the namespace \"other\""
            ),
        ),
        (
            "GET",
            "/api/v1/pods",
            format!("pods is forbidden: {user} cannot list resource \"pods\" in API group \"\" at the cluster scope"),
        ),
        (
            "DELETE",
            "/api/v1/namespaces/default/pods/web-0",
            format!(
                "pods \"web-0\" is forbidden: {user} cannot delete resource \"pods\" in API group \"\" in the namespace \"default\""
            ),
        ),
        (
            "GET",
            "/api/v1/namespaces/default/secrets",
            format!(
                "secrets is forbidden: {user} cannot list resource \"secrets\" in API group \"\" in the namespace \"default\""
            ),
        ),
    ] {
        let answer = cluster.ask(method, target, &Value::Null);
        assert_eq!(assert_status(&answer, 403, "Forbidden"), words);
    }
    let answer = cluster.get("/no/such/path");
    assert_status(&answer, 404, "NotFound");
    let answer = cluster.ask("POST", "/version", &Value::Null);
    assert_status(&answer, 405, "MethodNotAllowed");
    let answer = cluster.get(&format!("{PODS}?watch=true"));
    assert!(assert_status(&answer, 400, "BadRequest").starts_with("emulator: "));
    assert_eq!(
        cluster
            .get(&format!("{PODS}?watch=false&limit=500&labelSelector="))
            .status,
        200
    );
}

#[test]
fn a_bad_bearer_is_unauthorized_and_only_the_record_says_why() {
    let mut cluster = Cluster::new();
    let expected = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "Unauthorized", "reason": "Unauthorized", "code": 401,
    });
    let stranger = Issuer::new(CLUSTER, PEM_B).unwrap();
    let claims = |iss: &str, aud: &str, sub: &str, exp: i64| json!({ "iss": iss, "aud": [aud], "sub": sub, "iat": NOW, "exp": exp });
    let robot = "system:serviceaccount:default:robot";
    let good = claims(CLUSTER, CLUSTER, robot, NOW + 600);
    let signed = |issuer: &Issuer, claims: &Value| Some(issuer.sign(claims).unwrap().expose().to_owned());
    let cases = [
        (None, "no bearer"),
        (Some("hello".to_owned()), "not a JWT"),
        (Some("t1.unknown.token".to_owned()), "not issued here"),
        (signed(&stranger, &good), "is not among those published"),
        (
            signed(&cluster.issuer, &claims("https://x", CLUSTER, robot, NOW + 600)),
            "`iss` is",
        ),
        (
            signed(&cluster.issuer, &claims(CLUSTER, "yandex", robot, NOW + 600)),
            "`aud` is",
        ),
        (
            signed(&cluster.issuer, &claims(CLUSTER, CLUSTER, robot, NOW - 61)),
            "ended 61 s ago",
        ),
        (
            signed(&cluster.issuer, &claims(CLUSTER, CLUSTER, "somebody", NOW + 600)),
            "no service account",
        ),
    ];
    for (token, why) in cases {
        for target in [PODS, "/version", "/api"] {
            let answer = cluster.send(&call("GET", target, token.as_deref(), &Value::Null));
            assert_eq!((answer.status, &answer.body), (401, &expected));
            assert!(cluster.verdict().contains(why), "{why}: {}", cluster.verdict());
        }
    }
    let accepted = cluster.issuer.sign(&good).unwrap();
    assert_eq!(
        cluster
            .send(&call("GET", PODS, Some(accepted.expose()), &Value::Null))
            .status,
        200
    );
    let mut closed = World::new(EmulatorOptions::default());
    let reply = closed
        .emulator
        .handle_kubernetes(&call("GET", PODS, Some(accepted.expose()), &Value::Null), at(NOW));
    assert_eq!(Answer::new(reply).status, 401);
}

#[test]
fn other_audiences_and_new_keys_are_taken_when_told() {
    let mut cluster = Cluster::new();
    let mut request = PodTokenRequest::new("default", "robot");
    request.audiences = vec!["https://kubernetes.default.svc".to_owned()];
    let token = cluster.issuer.pod_token(&request, at(NOW)).unwrap();
    let request = call("GET", PODS, Some(token.expose()), &Value::Null);
    assert_eq!(cluster.send(&request).status, 401);
    cluster
        .world
        .emulator
        .set_cluster_issuer(&cluster.issuer, &["https://kubernetes.default.svc"]);
    assert_eq!(cluster.send(&request).status, 200);
    cluster.issuer.rotate_key(PEM_B).unwrap();
    cluster.world.emulator.set_cluster_issuer(&cluster.issuer, &[]);
    assert_eq!(cluster.get(PODS).status, 200);
}

#[test]
fn an_iam_token_opens_the_cluster_to_its_subject() {
    let mut cluster = Cluster::new();
    let token = cluster.world.iam_token();
    let subject = cluster.world.account.clone();
    let all = call("GET", "/api/v1/pods", Some(&token), &Value::Null);
    let answer = cluster.send(&all);
    assert!(assert_status(&answer, 403, "Forbidden").contains(&format!("User \"{subject}\" cannot list")));
    cluster
        .world
        .emulator
        .add_access_binding("kubernetes", "k8s.cluster-api.viewer", &subject);
    assert_eq!(cluster.send(&all).body["items"].as_array().unwrap().len(), 3);
    let namespaces = cluster
        .send(&call("GET", "/api/v1/namespaces", Some(&token), &Value::Null))
        .body;
    assert_eq!(namespaces["items"][1]["metadata"]["name"], "other");
    let one = call("GET", "/api/v1/namespaces/none", Some(&token), &Value::Null);
    assert_status(&cluster.send(&one), 404, "NotFound");
    let secrets = call("GET", "/api/v1/secrets", Some(&token), &Value::Null);
    assert_status(&cluster.send(&secrets), 403, "Forbidden");
    cluster.world.emulator.revoke_token(&token);
    assert_status(&cluster.send(&all), 401, "Unauthorized");
}

#[test]
fn reviews_tell_who_one_is_and_what_one_may_do() {
    let mut cluster = Cluster::new();
    let answer = cluster.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", &json!({}));
    assert_eq!(answer.status, 201);
    let info = &answer.body["status"]["userInfo"];
    assert_eq!(info["username"], "system:serviceaccount:default:robot");
    assert_eq!(
        info["groups"],
        json!([
            "system:serviceaccounts",
            "system:serviceaccounts:default",
            "system:authenticated"
        ])
    );
    assert_eq!(
        info["extra"]["authentication.kubernetes.io/pod-name"],
        json!(["robot-0"])
    );
    for (namespace, verb, allowed) in [
        ("default", "list", true),
        ("default", "delete", false),
        ("other", "list", false),
    ] {
        let body =
            json!({ "spec": { "resourceAttributes": { "namespace": namespace, "verb": verb, "resource": "pods" } } });
        let answer = cluster.ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &body);
        assert_eq!(answer.body["status"]["allowed"], allowed, "{namespace} {verb}");
    }
    let answer = cluster.ask(
        "POST",
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        &Value::Null,
    );
    assert_status(&answer, 415, "UnsupportedMediaType");
}

#[test]
fn faults_and_the_record_are_those_of_the_emulator() {
    let mut cluster = Cluster::new();
    cluster.world.emulator.order(OrderedFault {
        path: Some(PODS.to_owned()),
        times: 1,
        kind: FaultKind::Status {
            status: 503,
            retry_after: Some("1".to_owned()),
        },
    });
    let answer = cluster.get(PODS);
    assert_status(&answer, 503, "ServiceUnavailable");
    assert_eq!(answer.reply.response.header("retry-after"), Some("1"));
    assert_eq!(cluster.get(PODS).status, 200);
    let token = cluster.token();
    let shown = format!("{:?}", cluster.world.emulator.requests().collect::<Vec<_>>());
    assert!(!shown.contains(token.rsplit('.').next().unwrap()));
    let last = cluster.world.emulator.requests().last().unwrap();
    assert!(
        last.headers.iter().any(|(_, value)| value == "Bearer [JWT redacted]"),
        "{:?}",
        last.headers
    );
    assert_eq!(last.request_id.len(), 36);
}
