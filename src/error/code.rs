//! The stable codes of errors, each with whose fault it is and whether trying again can help.

use std::fmt;

/// Who must act so that it works next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The key file: it is damaged, or it is something else.
    Key,
    /// The configuration: endpoints, paths, options.
    Config,
    /// The program that called this library.
    Caller,
    /// The service that answered.
    Remote,
    /// The way to the service.
    Network,
    /// A clock: this machine's, or the service's.
    Clock,
}

impl Fault {
    /// Every fault.
    pub const ALL: &'static [Self] = &[
        Self::Key,
        Self::Config,
        Self::Caller,
        Self::Remote,
        Self::Network,
        Self::Clock,
    ];

    /// The fault's stable name, in snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Config => "config",
            Self::Caller => "caller",
            Self::Remote => "remote",
            Self::Network => "network",
            Self::Clock => "clock",
        }
    }
}

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $fault:ident, $transient:literal;)+) => {
        /// What went wrong. The names are stable: they are part of the public interface in every language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ $name,)+
        }

        impl ErrorCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code's stable name, in snake case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Who must act.
            #[must_use]
            pub const fn fault(self) -> Fault {
                match self { $(Self::$name => Fault::$fault,)+ }
            }

            /// Whether the same call can succeed later with nothing changed.
            #[must_use]
            pub const fn transient(self) -> bool {
                match self { $(Self::$name => $transient,)+ }
            }

            /// What the code means, in a sentence.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+),)+ }
            }
        }
    };
}

error_codes! {
    /// Nothing but white space was given as a key file.
    EmptyKey = "empty_key", Key, false;
    /// The key file is neither JSON nor the base64 of JSON.
    InvalidJson = "invalid_json", Key, false;
    /// The key file lacks a field; the message names it.
    MissingField = "missing_field", Key, false;
    /// A field of the key file has the wrong type or an impossible value; the message names it.
    InvalidField = "invalid_field", Key, false;
    /// The key ID in the private key's first line is not the key file's `id`.
    KeyIdMismatch = "key_id_mismatch", Key, false;
    /// The private key is not readable PEM.
    InvalidPem = "invalid_pem", Key, false;
    /// The PEM block is well formed, but what it holds is not an RSA private key.
    InvalidPrivateKey = "invalid_private_key", Key, false;
    /// The private key is of another type than RSA.
    UnsupportedKeyType = "unsupported_key_type", Key, false;
    /// The RSA key is shorter than 2048 or longer than 4096 bits.
    UnsupportedKeySize = "unsupported_key_size", Key, false;
    /// The private key is encrypted with a passphrase.
    EncryptedKey = "encrypted_key", Key, false;
    /// A public key or a certificate was given in place of the private key.
    PublicKeyGiven = "public_key_given", Key, false;
    /// The numbers of the private key do not belong together.
    InconsistentKey = "inconsistent_key", Key, false;
    /// An API key was given in place of a key file.
    ApiKeyGiven = "api_key_given", Key, false;
    /// An OAuth token was given in place of a key file.
    OauthTokenGiven = "oauth_token_given", Key, false;
    /// An IAM token was given in place of a key file.
    IamTokenGiven = "iam_token_given", Key, false;
    /// A static access key was given in place of a key file.
    StaticKeyGiven = "static_key_given", Key, false;
    /// The path of a file was given in place of its content.
    PathGiven = "path_given", Key, false;
    /// A bare PEM private key was given in place of the whole key file.
    BarePemGiven = "bare_pem_given", Key, false;
    /// A file could not be read.
    UnreadableFile = "unreadable_file", Config, false;
    /// A credential that was passed in is of another kind, damaged, ended or refused; the message says which.
    InvalidCredential = "invalid_credential", Config, false;
    /// The external token of a workload identity is empty or no JWT.
    InvalidSubjectToken = "invalid_subject_token", Config, false;
    /// An environment variable that was named is not set.
    MissingVariable = "missing_variable", Config, false;
    /// The program's own supplier of subject tokens failed.
    SupplierFailed = "supplier_failed", Caller, false;
    /// The VM, the pod or the function has no service account.
    NoServiceAccount = "no_service_account", Config, false;
    /// The metadata service does not answer, or is another cloud's: this is not a VM or a pod of the cloud.
    MetadataUnavailable = "metadata_unavailable", Config, false;
    /// The environment offers no credentials; the message lists everything that was tried.
    NoCredentials = "no_credentials", Config, false;
    /// This is not a pod: its environment or its files lack what a pod of Kubernetes has.
    NotInCluster = "not_in_cluster", Config, false;
    /// A certificate authority was expected, and what was given is no PEM certificate.
    InvalidCertificate = "invalid_certificate", Config, false;
    /// What was given is no Secret of Kubernetes with a service account's token, or a damaged one.
    InvalidKubernetesSecret = "invalid_kubernetes_secret", Config, false;
    /// What was given is no kubeconfig, or names in it do not fit together.
    InvalidKubeconfig = "invalid_kubeconfig", Config, false;
    /// An endpoint is not a usable URL.
    InvalidEndpoint = "invalid_endpoint", Config, false;
    /// An endpoint would send credentials over plain HTTP.
    InsecureEndpoint = "insecure_endpoint", Config, false;
    /// A time is not a number of seconds between the years 1970 and 9999.
    InvalidTime = "invalid_time", Caller, false;
    /// A JWT's lifetime is not a whole number of seconds from 1 to 3600.
    InvalidLifetime = "invalid_lifetime", Caller, false;
    /// A JWT's audience is empty.
    InvalidAudience = "invalid_audience", Caller, false;
    /// An argument or an option has an impossible value; the message names it.
    InvalidArgument = "invalid_argument", Caller, false;
    /// An outcome was reported for an effect that was never asked for, or of another kind.
    UnexpectedOutcome = "unexpected_outcome", Caller, false;
    /// The caller gave up before the answer came.
    Cancelled = "cancelled", Caller, true;
    /// The signer could not sign, or its signature has the wrong length.
    SigningFailed = "signing_failed", Config, false;
    /// No connection to the service could be made, or it broke.
    ConnectionFailed = "connection_failed", Network, true;
    /// The service, or a function that was passed in, did not answer in time.
    Timeout = "timeout", Network, true;
    /// The service could not prove who it is, or TLS failed otherwise.
    TlsFailed = "tls_failed", Network, false;
    /// The host's transport failed in a way of its own.
    TransportFailed = "transport_failed", Network, false;
    /// The service answered with a redirect; credentials do not follow it.
    RedirectRefused = "redirect_refused", Network, false;
    /// Something on the way answered with a web page.
    HtmlResponse = "html_response", Network, false;
    /// The answer has no body.
    EmptyResponse = "empty_response", Network, true;
    /// The answer ends in the middle.
    TruncatedResponse = "truncated_response", Network, true;
    /// The answer is larger than any answer of the service.
    OversizeResponse = "oversize_response", Remote, false;
    /// The answer is not what the service's documentation promises.
    InvalidResponse = "invalid_response", Remote, false;
    /// The answer's token holds characters that cannot go into a header.
    InvalidToken = "invalid_token", Remote, false;
    /// The answer's token had already ended when it came.
    TokenExpired = "token_expired", Clock, false;
    /// The service refused the request as malformed (400).
    BadRequest = "bad_request", Remote, false;
    /// The service did not accept the credentials (401).
    Unauthenticated = "unauthenticated", Remote, false;
    /// The credentials are good but not for this (403).
    PermissionDenied = "permission_denied", Remote, false;
    /// What was asked for does not exist (404).
    NotFound = "not_found", Remote, false;
    /// What was to be made exists already, or somebody else is changing it (409).
    Conflict = "conflict", Remote, false;
    /// An operation ended with an error; the message holds the service's words.
    OperationFailed = "operation_failed", Remote, false;
    /// An operation was not done in the time that it was given; it goes on in the cloud.
    OperationUnfinished = "operation_unfinished", Remote, true;
    /// Too many requests (429).
    RateLimited = "rate_limited", Remote, true;
    /// The service failed (5xx).
    ServerError = "server_error", Remote, true;
    /// The service answered with a status that has no meaning here.
    UnexpectedStatus = "unexpected_status", Remote, false;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
