//! A request as a command line, for who wants to send it by hand.

use crate::endpoints::Endpoints;
use crate::exchange::jwt_request;
use crate::http::Request;
use crate::secret::Secret;

/// The exchange of a signed JWT for an IAM token, as a command for a POSIX shell with curl 7.76 or later.
///
/// The JWT is on curl's standard input: the list of processes, which everybody on the machine can read, does not show it.
#[must_use]
pub fn jwt_curl(endpoints: &Endpoints, jwt: &Secret) -> Secret {
    command(&jwt_request(endpoints, jwt))
}

/// For bodies on one line that do not mind a line break at their end, and for headers that are no secret.
fn command(request: &Request) -> Secret {
    let mut words = vec![
        "curl --silent --show-error --fail-with-body".to_owned(),
        format!("--max-time {}", request.timeout_millis.div_ceil(1000)),
    ];
    let own = |name: &str| name == "user-agent";
    for (name, value) in request.headers.iter().filter(|(name, _)| !own(name)) {
        words.push(format!("--header {}", quoted(&format!("{name}: {}", value.expose()))));
    }
    // It makes the request a POST, and leaves out the line break at the end.
    words.push("--data @-".to_owned());
    words.push(quoted(&request.url));
    let body = request.body.as_ref().map(Secret::expose).unwrap_or_default();
    Secret::new(format!("{} <<'BODY'\n{body}\nBODY\n", words.join(" \\\n  ")))
}

/// One word for a POSIX shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::io::Write;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn the_exchange_is_one_command() {
        let jwt = Secret::new("eyJh.eyJp.c2ln".to_owned());
        let expected = "curl --silent --show-error --fail-with-body \\
  --max-time 10 \\
  --header 'content-type: application/json' \\
  --header 'accept: application/json' \\
  --data @- \\
  'https://iam.api.cloud.yandex.net/iam/v1/tokens' <<'BODY'
{\"jwt\":\"eyJh.eyJp.c2ln\"}
BODY
";
        assert_eq!(jwt_curl(&Endpoints::global(), &jwt).expose(), expected);
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_takes_whatever_is_given_for_one_word() {
        for text in ["", "it's", "a b", "$HOME `id` \\ \"", "new\nline", "'''"] {
            let mut shell = Command::new("sh")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let script = format!("printf %s {}", quoted(text));
            shell.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
            assert_eq!(
                String::from_utf8(shell.wait_with_output().unwrap().stdout).unwrap(),
                text
            );
        }
    }

    #[test]
    fn a_jwt_cannot_end_the_body() {
        let jwt = Secret::new("x\nBODY\nid\n".to_owned());
        let command = jwt_curl(&Endpoints::global(), &jwt);
        assert_eq!(command.expose().lines().filter(|line| *line == "BODY").count(), 1);
        assert_eq!(command.expose().lines().last(), Some("BODY"));
    }
}
