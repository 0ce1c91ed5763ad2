//! `yc-iam kubeconfig`: prints a kubeconfig.

use super::arguments::{Arguments, usage};
use super::credentials::{ACCOUNTS, CREDENTIALS, PLACES};
use super::exec_credential::{self, POD, POD_TOKEN};
use super::output::{Done, Format};
use super::plan::{Input, Next, Plan, Readings, World};
use super::spec::{Flag, Group, Spec};
use crate::error::{Error, ErrorCode};
use crate::kubernetes::{
    ExecPlugin, InCluster, InClusterFiles, Kubeconfig, KubeconfigNames, KubeconfigUser, ServiceAccountSecret,
};
use crate::secret::Secret;

const CLUSTER: &str = "kubernetes";
const USER: &str = "yc-iam";

pub(super) const SPEC: Spec = Spec {
    name: "kubeconfig",
    about: "print a kubeconfig for `kubectl`",
    usage: &[
        "--server URL --secret-file FILE [FLAGS]",
        "--server URL --ca-file FILE --token-file FILE [FLAGS]",
        "--server URL --ca-file FILE --exec [CREDENTIALS] [FLAGS]",
        "[FLAGS]",
    ],
    details: &[
        "Prints a kubeconfig with a token out of a Secret, with a token out of a file, or with this program as the plug-in \
         that `kubectl` calls for an IAM token. In a pod, without `--server`, the cluster is the pod's own, and its token \
         file stays where it is.",
        "  yc-iam kubeconfig --exec --server https://203.0.113.5 --ca-file ca.pem",
        "With `--exec`, the credentials' flags go into the kubeconfig as they are, and so do the service account and the \
         services that the environment names instead: give whole paths. `--token-file` is an external token then. With \
         `--format json`, the kubeconfig is JSON, which `kubectl` reads as well.",
    ],
    groups: &[
        &Group {
            title: "The cluster",
            flags: &[
                Flag::new("server", "URL", "the API server"),
                Flag::new(
                    "ca-file",
                    "FILE",
                    "its certificate authority, PEM; by default this machine's own authorities",
                ),
            ],
        },
        &Group {
            title: "The user",
            flags: &[
                Flag::new(
                    "secret-file",
                    "FILE",
                    "a Secret with a service account's token, as `kubectl get secret NAME -o yaml` prints it; `-` is standard input",
                ),
                Flag::new("exec", "", "call `yc-iam exec-credential` for an IAM token"),
            ],
        },
        &Group {
            title: "The file",
            flags: &[
                Flag::new(
                    "merge",
                    "FILE",
                    "print this kubeconfig with the new entries in it and their context as the current one; write that to another file",
                ),
                Flag::new("cluster-name", "NAME", "by default `kubernetes`"),
                Flag::new(
                    "user-name",
                    "NAME",
                    "by default the service account's name, or `yc-iam`",
                ),
                Flag::new("context-name", "NAME", "by default USER@CLUSTER"),
                Flag::new("namespace", "NAME", "by default that of the Secret or the pod"),
            ],
        },
        &CREDENTIALS,
        &ACCOUNTS,
        &POD,
        &PLACES,
    ],
    operands: 0,
    plan,
};

/// Where the cluster and the user come from.
enum From {
    Secret {
        server: String,
    },
    Flags {
        server: String,
        has_ca: bool,
        user: User,
    },
    Pod {
        files: InClusterFiles,
        host: Option<String>,
        port: Option<String>,
        user: User,
    },
}

enum User {
    /// A token that is read.
    Token,
    /// The pod's own, by its path.
    Path,
    Exec(ExecPlugin),
}

/// What the entries are called, as far as flags say it.
struct Names {
    cluster: Option<String>,
    context: Option<String>,
    user: Option<String>,
    namespace: Option<String>,
}

fn plan(arguments: &Arguments, world: &World<'_>) -> Result<Plan, Error> {
    let format = Format::of(arguments)?;
    let merges = arguments.value("merge");
    if merges.is_some() && format == Format::Json {
        return Err(usage(
            "a merged kubeconfig is YAML".to_owned(),
            "leave `--format` or `--merge` out",
        ));
    }
    let (from, mut inputs) = from(arguments, world)?;
    inputs.extend(merges.map(Input::new));
    let merges = merges.is_some();
    let given = |name: &str| arguments.value(name).map(str::to_owned);
    let names = Names {
        cluster: given("cluster-name"),
        context: given("context-name"),
        user: given("user-name"),
        namespace: given("namespace"),
    };
    Plan::new(inputs, move |mut readings, _| {
        let kubeconfig = from.kubeconfig(names, &mut readings)?;
        let text = match (merges, format) {
            (true, _) => kubeconfig.merged_into(existing(&mut readings)?.expose())?,
            (false, Format::Text) => kubeconfig.to_yaml(),
            (false, Format::Json) => kubeconfig.to_json(),
        };
        Ok(Next::Done(Done::text(text.expose())))
    })
}

fn from(arguments: &Arguments, world: &World<'_>) -> Result<(From, Vec<Input>), Error> {
    let server = arguments.value("server").map(str::to_owned);
    if let Some(secret) = arguments.value("secret-file") {
        for other in ["ca-file", "token-file", "exec", POD_TOKEN] {
            arguments.exclude("secret-file", other)?;
        }
        no_credentials(arguments)?;
        let hint = "say where the API server is: a Secret does not";
        let server = arguments.required("server", hint)?.to_owned();
        return Ok((From::Secret { server }, vec![Input::new(secret)]));
    }
    let mut inputs: Vec<Input> = arguments.value("ca-file").map(Input::new).into_iter().collect();
    let has_ca = !inputs.is_empty();
    let user = if arguments.has("exec") {
        Some(User::Exec(exec_credential::plugin(arguments, world)?))
    } else {
        no_credentials(arguments)?;
        None
    };
    let Some(server) = server else {
        for flag in ["ca-file", "token-file"] {
            if arguments.has(flag) && !(arguments.has("exec") && flag == "token-file") {
                let hint = format!("say where the API server is, or, in a pod, leave `--{flag}` out");
                return Err(usage("`--server` is missing".to_owned(), &hint));
            }
        }
        let files = InClusterFiles::in_directory(None);
        let inputs = [&files.ca_certificate, &files.namespace];
        let inputs = inputs.map(|path| Input::FileIfThere(path.clone())).to_vec();
        let from = From::Pod {
            files,
            host: world.given("KUBERNETES_SERVICE_HOST"),
            port: world.given("KUBERNETES_SERVICE_PORT"),
            user: user.unwrap_or(User::Path),
        };
        return Ok((from, inputs));
    };
    let user = match (user, arguments.value("token-file")) {
        (Some(user), _) => user,
        (None, Some(path)) => {
            inputs.push(Input::new(path));
            User::Token
        }
        (None, None) => {
            let hint = "pass `--secret-file`, `--token-file` or `--exec`";
            return Err(usage("the kubeconfig has no user".to_owned(), hint));
        }
    };
    Ok((From::Flags { server, has_ca, user }, inputs))
}

/// Without `--exec`, the flags of credentials have no meaning, but `--token-file` has another one.
fn no_credentials(arguments: &Arguments) -> Result<(), Error> {
    let groups = [&CREDENTIALS, &ACCOUNTS, &POD, &PLACES];
    let mut flags = groups.into_iter().flat_map(|group| group.flags);
    match flags.find(|flag| flag.name != "token-file" && arguments.has(flag.name)) {
        None => Ok(()),
        Some(flag) => Err(usage(
            format!("`--{}` has nothing to go with", flag.name),
            "it says where `yc-iam exec-credential` gets its tokens from: add `--exec`",
        )),
    }
}

impl From {
    fn kubeconfig(self, names: Names, readings: &mut Readings) -> Result<Kubeconfig, Error> {
        match self {
            Self::Secret { server } => {
                let secret = ServiceAccountSecret::parse(&readings.next()?.content()?)?;
                let names = names.or(&secret.service_account_name, Some(&secret.namespace));
                secret.kubeconfig(names, &server)
            }
            Self::Flags { server, has_ca, user } => {
                let ca = match has_ca {
                    true => Some(certificate(readings)?),
                    false => None,
                };
                let user = user.read(readings, "")?;
                Kubeconfig::new(names.or(USER, None), &server, ca.as_deref(), user)
            }
            Self::Pod {
                files,
                host,
                port,
                user,
            } => {
                let (ca, namespace) = (readings.next()?.outcome, readings.next()?.outcome);
                let variable = |name: &str| match name {
                    "KUBERNETES_SERVICE_HOST" => host.clone(),
                    "KUBERNETES_SERVICE_PORT" => port.clone(),
                    _ => None,
                };
                let cluster = InCluster::new(&files, variable, ca, namespace)?;
                let user = user.read(readings, cluster.token_path())?;
                let names = names.or(USER, Some(cluster.namespace()));
                Kubeconfig::new(names, cluster.server(), Some(cluster.ca_certificate()), user)
            }
        }
    }
}

/// What is merged into. An empty text would do as well, but not as the file of a command line.
fn existing(readings: &mut Readings) -> Result<Secret, Error> {
    let reading = readings.next()?;
    let name = reading.input.name();
    let text = reading.text()?;
    if text.expose().is_empty() {
        let hint = "a shell empties the file that `>` names before any command reads it: write to another one and move it; \
                    for a new kubeconfig, leave `--merge` out";
        return Err(Error::new(ErrorCode::InvalidKubeconfig, format!("{name} is empty")).with_hint(hint));
    }
    Ok(text)
}

fn certificate(readings: &mut Readings) -> Result<String, Error> {
    let reading = readings.next()?;
    let name = reading.input.name();
    let content = reading.content()?;
    let text = std::str::from_utf8(&content).map(str::to_owned);
    text.map_err(|_| {
        Error::new(ErrorCode::InvalidCertificate, format!("{name} is not text"))
            .with_hint("pass the certificate as PEM")
    })
}

impl User {
    fn read(self, readings: &mut Readings, path: &str) -> Result<KubeconfigUser, Error> {
        Ok(match self {
            Self::Token => KubeconfigUser::Token(Secret::new(readings.next()?.text()?.expose().to_owned())),
            Self::Path => KubeconfigUser::TokenFile(path.to_owned()),
            Self::Exec(plugin) => KubeconfigUser::Exec(plugin),
        })
    }
}

impl Names {
    fn or(self, user: &str, namespace: Option<&str>) -> KubeconfigNames {
        let cluster = self.cluster.unwrap_or_else(|| CLUSTER.to_owned());
        let user = self.user.unwrap_or_else(|| user.to_owned());
        KubeconfigNames {
            context: self.context.unwrap_or_else(|| format!("{user}@{cluster}")),
            cluster,
            user,
            namespace: self.namespace.or_else(|| namespace.map(str::to_owned)),
        }
    }
}
