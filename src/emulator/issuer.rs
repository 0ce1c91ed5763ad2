//! An external issuer of OIDC tokens: the API server of a Kubernetes cluster, as far as its tokens go.

use base64ct::{Base64UrlUnpadded, Encoding};
use rsa::pkcs8::SecretDocument;
use serde_json::{Value, json};

use super::crypto::{self, P256Signer, RsaPublicKey, RsaSigner};
use crate::error::{Error, ErrorCode};
use crate::secret::Secret;
use crate::timestamp::UnixTime;

/// Mints tokens and publishes the keys that they are verified with.
#[derive(Debug)]
pub struct Issuer {
    url: String,
    /// The last one signs.
    keys: Vec<SigningKey>,
    minted: u64,
}

struct SigningKey {
    id: String,
    public: Value,
    private: Private,
}

enum Private {
    Rsa(RsaSigner),
    P256(P256Signer),
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

/// What a pod's token is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTokenRequest {
    /// The namespace of pod and service account.
    pub namespace: String,
    /// The Kubernetes service account's name.
    pub service_account: String,
    /// The pod's name.
    pub pod: String,
    /// The claim `aud`; the issuer's own URL where it is empty.
    pub audiences: Vec<String>,
    /// `exp` − `iat` in seconds; Kubernetes gives 3607 for a projected token, unless asked otherwise.
    pub lifetime: i64,
}

impl PodTokenRequest {
    /// A token for this service account, otherwise as the kubelet asks for one by default.
    #[must_use]
    pub fn new(namespace: &str, service_account: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            service_account: service_account.to_owned(),
            pod: format!("{service_account}-0"),
            audiences: Vec::new(),
            lifetime: 3607,
        }
    }

    /// The claim `sub`.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("system:serviceaccount:{}:{}", self.namespace, self.service_account)
    }
}

impl Issuer {
    /// An issuer at this URL with one key: a PKCS#8 PEM block of an RSA key (RS256) or a P-256 key (ES256).
    ///
    /// # Errors
    /// [`ErrorCode::InvalidPrivateKey`] for any other key.
    pub fn new(url: &str, private_key_pem: &str) -> Result<Self, Error> {
        Ok(Self {
            url: url.to_owned(),
            keys: vec![signing_key(private_key_pem)?],
            minted: 0,
        })
    }

    /// The claim `iss`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where its keys would be found.
    #[must_use]
    pub fn jwks_url(&self) -> String {
        format!("{}/jwks.json", self.url)
    }

    /// Its keys, as JSON (RFC 7517, section 5).
    #[must_use]
    pub fn jwks(&self) -> String {
        let keys: Vec<&Value> = self.keys.iter().map(|key| &key.public).collect();
        json!({ "keys": keys }).to_string()
    }

    /// The ID of the key that signs now.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.keys.last().map_or("", |key| &key.id)
    }

    /// Signs with this key from now on. The keys before stay published, so that tokens they signed stay good.
    ///
    /// # Errors
    /// As for [`Issuer::new`].
    pub fn rotate_key(&mut self, private_key_pem: &str) -> Result<(), Error> {
        self.keys.push(signing_key(private_key_pem)?);
        Ok(())
    }

    /// Publishes the key that signs and no other.
    pub fn retire_old_keys(&mut self) {
        let newest = self.keys.pop();
        self.keys = newest.into_iter().collect();
    }

    /// A token as a kubelet projects it into a pod.
    ///
    /// <https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens>
    ///
    /// # Errors
    /// As for [`Issuer::sign`].
    pub fn pod_token(&mut self, request: &PodTokenRequest, now: UnixTime) -> Result<Secret, Error> {
        self.minted += 1;
        let audiences = if request.audiences.is_empty() {
            vec![self.url.clone()]
        } else {
            request.audiences.clone()
        };
        let uid = |what: &str| uuid(&[&self.url, what]);
        let claims = json!({
            "aud": audiences,
            "exp": now.as_secs().saturating_add(request.lifetime),
            "iat": now.as_secs(),
            "iss": self.url,
            "jti": uid(&format!("token {} of {}", self.minted, request.subject())),
            "kubernetes.io": {
                "namespace": request.namespace,
                "pod": { "name": request.pod, "uid": uid(&request.pod) },
                "serviceaccount": { "name": request.service_account, "uid": uid(&request.subject()) },
                "warnafter": now.as_secs().saturating_add(request.lifetime),
            },
            "nbf": now.as_secs(),
            "sub": request.subject(),
        });
        self.sign(&claims)
    }

    /// A token with any claims.
    ///
    /// # Errors
    /// [`ErrorCode::SigningFailed`] if the key cannot sign; not seen in practice.
    pub fn sign(&self, claims: &Value) -> Result<Secret, Error> {
        let failed =
            || Error::new(ErrorCode::SigningFailed, "the issuer's key cannot sign").with_hint("use another key");
        let key = self.keys.last().ok_or_else(failed)?;
        let header = json!({ "alg": key.public.get("alg"), "kid": key.id, "typ": "JWT" });
        let encode = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
        let input = format!("{}.{}", encode(&header), encode(claims));
        let signature = match &key.private {
            Private::Rsa(key) => key.sign(input.as_bytes()),
            Private::P256(key) => key.sign(input.as_bytes()),
        };
        let signature = Base64UrlUnpadded::encode_string(&signature.ok_or_else(failed)?);
        Ok(Secret::new(format!("{input}.{signature}")))
    }
}

/// What lies in a pod's token file: a kubelet writes a new token when four fifths of the old one's life are over.
///
/// <https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#launch-a-pod-using-service-account-token-projection>
#[derive(Debug)]
pub struct TokenFile {
    request: PodTokenRequest,
    content: Option<(UnixTime, Secret)>,
}

impl TokenFile {
    /// A file for these tokens; there is nothing in it before it is read.
    #[must_use]
    pub fn new(request: PodTokenRequest) -> Self {
        Self { request, content: None }
    }

    /// Its content now.
    ///
    /// # Errors
    /// As for [`Issuer::sign`].
    pub fn read(&mut self, issuer: &mut Issuer, now: UnixTime) -> Result<Secret, Error> {
        if let Some((written_at, token)) = &self.content
            && now.millis_since(*written_at) < self.request.lifetime.saturating_mul(800)
        {
            return Ok(token.clone());
        }
        let token = issuer.pod_token(&self.request, now)?;
        self.content = Some((now, token.clone()));
        Ok(token)
    }
}

fn signing_key(pem: &str) -> Result<SigningKey, Error> {
    let key = match SecretDocument::from_pem(pem) {
        Ok(("PRIVATE KEY", der)) => rsa_key(der.as_bytes()).or_else(|| p256_key(der.as_bytes())),
        _ => None,
    };
    key.ok_or_else(|| {
        Error::new(
            ErrorCode::InvalidPrivateKey,
            "this is no private key that the issuer could sign with",
        )
        .with_hint("pass a PKCS#8 PEM block of an RSA or a P-256 key")
    })
}

fn rsa_key(pkcs8: &[u8]) -> Option<SigningKey> {
    let public = RsaPublicKey::of_pkcs8(pkcs8)?;
    let [n, e] = [public.modulus(), public.exponent()].map(Base64UrlUnpadded::encode_string);
    let id = thumbprint(&n);
    let public = json!({ "kty": "RSA", "alg": "RS256", "use": "sig", "kid": id, "n": n, "e": e });
    let private = Private::Rsa(RsaSigner::from_pkcs8(pkcs8)?);
    Some(SigningKey { id, public, private })
}

fn p256_key(pkcs8: &[u8]) -> Option<SigningKey> {
    let signer = P256Signer::from_pkcs8(pkcs8)?;
    let point = signer.point();
    // SEC 1, section 2.3.3: after the byte that says so, an uncompressed point is `x` and `y`.
    let (x, y) = point.get(1..)?.split_at_checked(32)?;
    let [x, y] = [x, y].map(Base64UrlUnpadded::encode_string);
    let id = thumbprint(&x);
    let public = json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": id, "x": x, "y": y });
    let private = Private::P256(signer);
    Some(SigningKey { id, public, private })
}

fn thumbprint(number: &str) -> String {
    Base64UrlUnpadded::encode_string(&crypto::sha256(number.as_bytes()))
}

fn uuid(parts: &[&str]) -> String {
    super::ids::uuid(crypto::sha256(parts.join("\n").as_bytes()))
}
