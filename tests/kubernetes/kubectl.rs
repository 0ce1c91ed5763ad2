//! `kubectl` judges: what its own commands write, what it reads of ours, and what it sends to a server.
//!
//! Where there is no `kubectl` on the path, these tests show nothing and pass.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use yc_iam::kubernetes::ServiceAccountSecret;

use crate::common::{bytes, cases, text};
use crate::support::{kubeconfig, string};

pub(crate) static KUBECTL: LazyLock<bool> = LazyLock::new(|| {
    Command::new("kubectl")
        .args(["version", "--client"])
        .output()
        .is_ok_and(|output| output.status.success())
});

/// A directory that goes away.
pub(crate) struct Place(pub(crate) PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("yc-iam-kubectl-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn kubectl(&self, config: &Path, args: &[&str]) -> String {
        let output = Command::new("kubectl")
            .args(args)
            .env("KUBECONFIG", config)
            .env("HOME", &self.0)
            .output()
            .unwrap();
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "kubectl {args:?}: {problem}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn view(&self, config: &Path) -> Value {
        serde_json::from_str(&self.kubectl(config, &["config", "view", "--raw", "-o", "json"])).unwrap()
    }

    /// `kubectl`'s own four commands for the case.
    fn set(&self, config: &Path, case: &Value) {
        let (names, server) = (&case["names"], format!("--server={}", text(case, "server")));
        let name = |field: &str| text(names, field);
        let ca = (!case["ca_certificate"].is_null()).then(|| self.file("ca.crt", &string(&case["ca_certificate"])));
        let authority = ca.map(|path| format!("--certificate-authority={}", path.display()));
        let mut cluster = vec!["config", "set-cluster", &server, "--embed-certs=true"];
        cluster.extend(authority.as_deref());
        cluster.retain(|arg| authority.is_some() || !arg.starts_with("--embed"));
        self.kubectl(config, &[&cluster[..], &["--", name("cluster")]].concat());
        let user = &case["user"];
        let mut flags = Vec::new();
        if let Some(token) = user["token"].as_str() {
            flags.push(format!("--token={token}"));
        } else {
            let exec = &user["exec"];
            flags.push(format!("--exec-command={}", text(exec, "command")));
            flags.push("--exec-interactive-mode=Never".to_owned());
            flags.push("--exec-api-version=client.authentication.k8s.io/v1".to_owned());
            let args = exec["args"].as_array().into_iter().flatten();
            flags.extend(args.map(|arg| format!("--exec-arg={}", arg.as_str().unwrap())));
            let env = exec["env"].as_array().into_iter().flatten();
            flags.extend(
                env.map(|pair| format!("--exec-env={}={}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap())),
            );
        }
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        self.kubectl(
            config,
            &[&["config", "set-credentials"], &flags[..], &["--", name("user")]].concat(),
        );
        let (cluster, user) = (
            format!("--cluster={}", name("cluster")),
            format!("--user={}", name("user")),
        );
        let namespace = names["namespace"].as_str().map(|name| format!("--namespace={name}"));
        let mut context = vec!["config", "set-context", &cluster, &user];
        context.extend(namespace.as_deref());
        self.kubectl(config, &[&context[..], &["--", name("context")]].concat());
        self.kubectl(config, &["config", "use-context", "--", name("context")]);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn case(name: &str) -> Value {
    cases("kubeconfigs")
        .into_iter()
        .find(|case| text(case, "name") == name)
        .unwrap()
}

/// Cases that differ in what `kubectl`'s commands can say.
fn judged() -> Vec<Value> {
    let mut found: Vec<Value> = [
        "token",
        "no_namespace",
        "no_certificate",
        "server_port",
        "server_ipv6",
        "server_loopback",
        "plain_name_1",
    ]
    .map(case)
    .to_vec();
    let mut exec = case("token");
    exec["user"] = json!({ "exec": { "command": "yc-iam", "args": ["exec-credential", "two words"], "env": [["YC_TOKEN_FILE", "/a b"]] } });
    found.push(exec.clone());
    exec["user"] = json!({ "exec": { "command": "/opt/plug in" } });
    found.push(exec);
    found
}

#[test]
#[cfg_attr(feature = "emulator", ignore = "once is enough")]
fn kubectl_writes_the_same() {
    if !*KUBECTL {
        return;
    }
    for case in judged() {
        let place = Place::new();
        let theirs = place.0.join("theirs");
        place.set(&theirs, &case);
        let config = kubeconfig(&case).unwrap();
        let ours = place.file("ours", config.to_yaml().expose());
        assert_eq!(place.view(&ours), place.view(&theirs), "{case}");
        let json = place.file("json", config.to_json().expose());
        assert_eq!(place.view(&json), place.view(&theirs), "{case}");
        if case["user"]["exec"].is_null() {
            // Not only the same to a reader: the same bytes.
            assert_eq!(std::fs::read_to_string(&theirs).unwrap(), config.to_yaml().expose());
        }
    }
}

#[test]
#[cfg_attr(feature = "emulator", ignore = "once is enough")]
fn kubectl_merges_the_same() {
    if !*KUBECTL {
        return;
    }
    let others =
        string(&case("merged_into_others")["existing"]).replace("token: old-token, client-certificate-data: b2xk", "");
    let others = others.replace(
        "server: https://192.0.2.1, certificate-authority: /old/ca.crt",
        "server: https://192.0.2.1",
    );
    for case in judged() {
        let place = Place::new();
        let theirs = place.file("theirs", &others);
        place.set(&theirs, &case);
        let merged = kubeconfig(&case).unwrap().merged_into(&others).unwrap();
        let ours = place.file("ours", merged.expose());
        let sorted = |mut value: Value| {
            for list in ["clusters", "contexts", "users"] {
                let items = value[list].as_array_mut().unwrap();
                items.sort_by_key(|item| text(item, "name").to_owned());
            }
            value
        };
        assert_eq!(sorted(place.view(&ours)), sorted(place.view(&theirs)), "{case}");
        let contexts = place.kubectl(&ours, &["config", "get-contexts", "-o", "name"]);
        assert_eq!(contexts.lines().count(), 2, "{contexts}");
        let table = place.kubectl(&ours, &["config", "get-contexts"]);
        let current = table.lines().find(|line| line.starts_with('*')).unwrap();
        assert!(current.contains(text(&case["names"], "context")), "{table}");
    }
}

/// Every kubeconfig of the vectors is what `kubectl` takes it for; those with strange names in one file, merged one by one.
#[test]
#[cfg_attr(feature = "emulator", ignore = "once is enough")]
fn kubectl_reads_every_kubeconfig() {
    if !*KUBECTL {
        return;
    }
    let place = Place::new();
    let good = cases("kubeconfigs")
        .into_iter()
        .filter(|case| case.get("error").is_none());
    let (named, others): (Vec<Value>, Vec<Value>) = good.partition(|case| text(case, "name").contains("name_"));
    for case in others {
        let found = place.view(&place.file("yaml", text(&case, "yaml")));
        assert_eq!(found["current-context"], case["names"]["context"], "{}", case["name"]);
        if case["json"].is_object() {
            assert_eq!(found, case["json"], "{}", case["name"]);
        }
    }
    let mut merged = String::new();
    for case in &named {
        merged = kubeconfig(case)
            .unwrap()
            .merged_into(&merged)
            .unwrap()
            .expose()
            .to_owned();
    }
    let found = place.view(&place.file("merged", &merged));
    for (list, field) in [("clusters", "cluster"), ("contexts", "context"), ("users", "user")] {
        let names = |items: Vec<&Value>| {
            items
                .iter()
                .map(|name| name.as_str().unwrap().to_owned())
                .collect::<BTreeSet<_>>()
        };
        let given = names(named.iter().map(|case| &case["names"][field]).collect());
        let read = names(
            found[list]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| &item["name"])
                .collect(),
        );
        assert_eq!(read, given);
    }
}

#[test]
#[cfg_attr(feature = "emulator", ignore = "once is enough")]
fn a_secret_becomes_a_kubeconfig() {
    if !*KUBECTL {
        return;
    }
    let place = Place::new();
    let secret = cases("kubernetes_secrets")
        .into_iter()
        .find(|case| case["name"] == "yaml")
        .unwrap();
    let secret = ServiceAccountSecret::parse(&bytes(&secret["content"])).unwrap();
    let case = case("token");
    let names = yc_iam::kubernetes::KubeconfigNames {
        cluster: "prod".to_owned(),
        context: "prod-web".to_owned(),
        user: secret.service_account_name.clone(),
        namespace: Some(secret.namespace.clone()),
    };
    let config = secret.kubeconfig(names, text(&case, "server")).unwrap();
    let theirs = place.0.join("theirs");
    place.set(&theirs, &case);
    assert_eq!(config.to_yaml().expose(), std::fs::read_to_string(theirs).unwrap());
}
