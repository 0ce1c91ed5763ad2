//! Sources as the vectors describe them.

use serde_json::Value;
use yc_iam::kubernetes::KubernetesTokenSource;
use yc_iam::{
    DefaultOptions, DefaultSource, Error, FixedSource, FunctionSource, ImpersonationSource, KeyFileSource,
    MetadataSource, OauthSource, Secret, ServiceAccountSource, Signing, Source, SubjectTokenOrigin, UnixTime,
    WorkloadIdentitySource,
};

use super::{key, number, text};

/// A source of the vectors, and what the default chain chose, if it is one.
pub(crate) fn source(
    value: &Value,
    environment: &Value,
    now: UnixTime,
) -> Result<(Box<dyn Source>, Option<String>), Error> {
    let variable = |name: &str| environment[name].as_str().map(str::to_owned);
    let (kind, of) = value.as_object().unwrap().iter().next().unwrap();
    let source: Box<dyn Source> = match kind.as_str() {
        "service_account" => Box::new(ServiceAccountSource::with_signing(
            key(of.as_str().unwrap()),
            Signing::Outside,
        )),
        "key_file" => Box::new(KeyFileSource::new(of.as_str().unwrap())),
        "oauth" => Box::new(OauthSource::new(of.as_str().unwrap())?),
        "fixed" => {
            let end = of.get("expires_at").map(number);
            let end = end.map(|secs| UnixTime::from_secs_f64(secs).unwrap());
            Box::new(FixedSource::new(text(of, "token"), end)?)
        }
        "function" => Box::new(FunctionSource::new(of.as_str().unwrap(), now)?),
        "kubernetes_token" => Box::new(KubernetesTokenSource::new(text(of, "token_file"))),
        "metadata" => Box::new(MetadataSource::new()),
        "workload_identity" => {
            let origin = origin(of, variable)?;
            Box::new(WorkloadIdentitySource::new(text(of, "service_account_id"), origin)?)
        }
        "impersonate" => {
            let (through, _) = source(&of["source"], environment, now)?;
            Box::new(ImpersonationSource::new(text(of, "service_account_id"), through)?)
        }
        "default" => {
            let options = DefaultOptions {
                function_token: of["function_token"]
                    .as_str()
                    .map(|token| (Secret::new(token.to_owned()), now)),
                probe_metadata: of["probe_metadata"].as_bool().unwrap_or(true),
            };
            let chain = DefaultSource::new(variable, &options)?;
            let choice = Some(chain.choice().to_owned());
            return Ok((Box::new(chain), choice));
        }
        other => panic!("no such source: {other}"),
    };
    Ok((source, None))
}

fn origin(value: &Value, variable: impl Fn(&str) -> Option<String>) -> Result<SubjectTokenOrigin, Error> {
    let given = |name: &str| value[name].as_str();
    if let Some(path) = given("token_file") {
        Ok(SubjectTokenOrigin::file(path))
    } else if let Some(name) = given("token_env") {
        Ok(SubjectTokenOrigin::variable(name))
    } else if let Some(token) = given("token") {
        Ok(SubjectTokenOrigin::value(token))
    } else if let Some(at) = value.get("token_url") {
        let header = |pair: &Value| {
            let part = |index: usize| pair[index].as_str().unwrap().to_owned();
            (part(0), Secret::new(part(1)))
        };
        let headers = at["headers"].as_array().into_iter().flatten().map(header).collect();
        SubjectTokenOrigin::url(text(at, "url"), headers, at["field"].as_str())
    } else if let Some(actions) = value.get("github_actions") {
        SubjectTokenOrigin::github_actions(actions["audience"].as_str(), variable)
    } else {
        assert_eq!(value["token_supplier"], true, "{value}");
        Ok(SubjectTokenOrigin::supplier())
    }
}
