//! The vectors of Kubernetes; the formats are in `tests/README.md`.

use serde_json::Value;
use yc_iam::kubernetes::{InCluster, InClusterFiles, ServiceAccountSecret, exec_credential};

use crate::common::{Checked, bytes, check_error, each, number, request, same, text};
use crate::support::{kubeconfig, outcome, secret, string, token};

fn expected<T: std::fmt::Debug>(found: T, case: &Value) -> Result<&Value, String> {
    case.get("error").ok_or_else(|| format!("unexpected {found:?}"))
}

#[test]
fn in_cluster() {
    each("in_cluster", |case| -> Checked {
        let files = InClusterFiles::in_directory(case["directory"].as_str());
        let variable = |name: &str| case["environment"][name].as_str().map(str::to_owned);
        let (ca, namespace) = (outcome(&case["ca_certificate"]), outcome(&case["namespace"]));
        let pod = match InCluster::new(&files, variable, ca, namespace) {
            Ok(pod) => pod,
            Err(error) => return check_error(&error, expected(&error, case)?),
        };
        if let Some(call) = case.get("call") {
            let body = &call["body"];
            let body = (!body.is_null()).then(|| (text(body, "content_type"), secret(text(body, "content"))));
            let token = token(text(call, "token"), 0.0);
            let request = pod.request(text(call, "method"), text(call, "path"), &token, body);
            if let Ok(request) = &request {
                same(
                    "the request's authority",
                    request.ca_certificate.as_deref(),
                    Some(pod.ca_certificate()),
                )?;
            }
            return match request {
                Ok(found) => request::check(&found, &case["request"]),
                Err(error) => check_error(&error, expected(&error, case)?),
            };
        }
        for (name, found) in [
            ("server", pod.server()),
            ("ca_certificate", pod.ca_certificate()),
            ("namespace", pod.namespace()),
            ("token_path", pod.token_path()),
        ] {
            same(name, Some(found), case["expect"][name].as_str())?;
        }
        Ok(())
    });
}

#[test]
fn kubeconfigs() {
    each("kubeconfigs", |case| -> Checked {
        let made = kubeconfig(case).and_then(|config| match case.get("existing") {
            None => Ok((config.to_yaml(), Some(config.to_json()))),
            Some(existing) => Ok((config.merged_into(&string(existing))?, None)),
        });
        match made {
            Ok((yaml, json)) => {
                same("yaml", Some(yaml.expose()), case["yaml"].as_str())?;
                let json = json.map(|json| serde_json::from_str::<Value>(json.expose()).unwrap());
                json.map_or(Ok(()), |json| same("json", &json, &case["json"]))
            }
            Err(error) => check_error(&error, expected(&error, case)?),
        }
    });
}

#[test]
fn kubernetes_secrets() {
    each("kubernetes_secrets", |case| -> Checked {
        let found = match ServiceAccountSecret::parse(&bytes(&case["content"])) {
            Ok(found) => found,
            Err(error) => return check_error(&error, expected(&error, case)?),
        };
        for (name, found) in [
            ("name", found.name.as_str()),
            ("namespace", &found.namespace),
            ("service_account_name", &found.service_account_name),
            ("token", found.token.expose()),
            ("ca_certificate", &found.ca_certificate),
        ] {
            same(name, Some(found), case["expect"][name].as_str())?;
        }
        Ok(())
    });
}

#[test]
fn exec_credentials() {
    each("exec_credentials", |case| -> Checked {
        let token = token(text(&case["token"], "value"), number(&case["token"]["expires_at"]));
        let made = {
            let info = (!case["exec_info"].is_null()).then(|| string(&case["exec_info"]));
            exec_credential(&token, info.as_deref())
        };
        match made {
            Ok(output) => same("output", Some(output.expose()), case["output"].as_str()),
            Err(error) => check_error(&error, expected(&error, case)?),
        }
    });
}
