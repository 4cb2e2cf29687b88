//! Reading a kubeconfig that somebody uploads: nothing in it is run, followed or trusted beyond one cluster and one user.
//!
//! Of the chosen context the address, the authority and the credential are taken, each from the file itself; everything else is
//! left behind, and whatever could make the console run a program, read a file of its own, go another way or be somebody else
//! keeps a context from being chosen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use contract::Error;
use kube::Config;
use kube::config::{AuthInfo, Cluster as ClusterEntry, Context as ContextEntry, Kubeconfig, NamedAuthInfo};
use kube::config::{KubeConfigOptions, NamedCluster, NamedContext};
use model::kubeconfig::{Authentication, Context, ContextProblem, LARGEST, MOST_CONTEXTS};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::{Host, Url};

/// What is kept of a context.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    pub server: String,
    /// Of the API server's certificate; PEM. None: the machine's own list of authorities.
    authority: Option<String>,
    /// Another name than the address has.
    tls_server_name: Option<String>,
    proof: Proof,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Proof {
    Token(String),
    /// PEM.
    Certificate {
        certificate: String,
        key: String,
    },
}

/// What is logged of it is where it is for.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "credential for {}", self.server)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    clusters: Vec<Named<ClusterFields>>,
    users: Vec<Named<UserFields>>,
    contexts: Vec<Named<ContextFields>>,
}

/// An entry of a list; its content stands under `cluster`, `user` or `context`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named<T> {
    name: String,
    #[serde(alias = "cluster", alias = "user", alias = "context")]
    content: Option<T>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct ClusterFields {
    server: String,
    certificate_authority_data: Option<String>,
    certificate_authority: Option<String>,
    insecure_skip_tls_verify: bool,
    proxy_url: Option<String>,
    tls_server_name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ContextFields {
    cluster: String,
    user: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct UserFields {
    token: Option<String>,
    #[serde(rename = "tokenFile", alias = "token-file")]
    token_file: Option<String>,
    client_certificate_data: Option<String>,
    client_certificate: Option<String>,
    client_key_data: Option<String>,
    client_key: Option<String>,
    username: Option<String>,
    password: Option<String>,
    exec: Option<Exec>,
    auth_provider: Option<Plugin>,
    #[serde(rename = "as")]
    act_as: Option<Value>,
    as_uid: Option<Value>,
    as_groups: Option<Value>,
    as_user_extra: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Exec {
    command: String,
    args: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Plugin {
    name: String,
}

/// Every context of a file. None when it is no kubeconfig, is too large or has none.
pub fn contexts(text: &str) -> Option<Vec<Context>> {
    let file = read(text)?;
    let all = file.contexts.iter().map(|context| look(&file, context).0).collect::<Vec<_>>();
    (!all.is_empty() && all.len() <= MOST_CONTEXTS).then_some(all)
}

/// What is to be kept of one context. None when there is no such context, or something keeps it from being chosen.
pub fn credential(text: &str, context: &str) -> Option<Credential> {
    let file = read(text)?;
    let chosen = file.contexts.iter().find(|known| known.name == context)?;
    look(&file, chosen).1
}

fn read(text: &str) -> Option<File> {
    if text.len() > LARGEST {
        return None;
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: 32, max_nodes: 50_000, max_anchors: 0, max_aliases: 0 },
    };
    serde_saphyr::from_str_with_options(text, options).ok()
}

fn look(file: &File, context: &Named<ContextFields>) -> (Context, Option<Credential>) {
    let fields = context.content.as_ref();
    let (cluster_name, user_name) = fields.map_or(("", ""), |fields| (&fields.cluster, &fields.user));
    let mut problems = Vec::new();
    let cluster = file.clusters.iter().find(|cluster| cluster.name == cluster_name);
    let user = file.users.iter().find(|user| user.name == user_name);
    let place = match cluster.and_then(|cluster| cluster.content.as_ref()) {
        Some(cluster) => Some(place(cluster, &mut problems)),
        None => {
            problems.push(ContextProblem::NoCluster);
            None
        }
    };
    let (authentication, proof) = match user.and_then(|user| user.content.as_ref()) {
        Some(user) => proof(user, &mut problems),
        None => {
            problems.push(ContextProblem::NoUser);
            (Authentication::Nothing, None)
        }
    };
    let (server, authority, tls_server_name) = place.unwrap_or_default();
    let shown = Context {
        name: context.name.clone(),
        server: server.clone(),
        user: user_name.to_owned(),
        authentication,
        problems,
    };
    let whole = shown.problems.is_empty();
    let credential = proof.filter(|_| whole);
    (shown, credential.map(|proof| Credential { server, authority, tls_server_name, proof }))
}

type Place = (String, Option<String>, Option<String>);

fn place(cluster: &ClusterFields, problems: &mut Vec<ContextProblem>) -> Place {
    let refused = [
        ("insecure-skip-tls-verify", cluster.insecure_skip_tls_verify),
        ("proxy-url", is_there(&cluster.proxy_url)),
    ];
    problems.extend(refused_fields(&refused));
    if is_there(&cluster.certificate_authority) {
        problems.push(ContextProblem::File { field: "certificate-authority".to_owned() });
    }
    let mut server = cluster.server.trim().to_owned();
    match Url::parse(&server) {
        Ok(url) if url.scheme() == "https" && url.username().is_empty() && url.password().is_none() => {
            let link_local = match url.host() {
                Some(Host::Ipv4(address)) => address.is_link_local() || address.is_unspecified(),
                Some(Host::Ipv6(address)) => {
                    address.is_unicast_link_local()
                        || address.is_unspecified()
                        || address.to_ipv4_mapped().is_some_and(|address| address.is_link_local())
                }
                _ => false,
            };
            if link_local {
                problems.push(ContextProblem::LinkLocal);
            }
            // As it was understood here, so that nobody understands it otherwise later.
            server = url.as_str().trim_end_matches('/').to_owned();
        }
        _ => problems.push(ContextProblem::NotHttps),
    }
    let authority = cluster.certificate_authority_data.as_deref();
    let authority = authority.and_then(|data| pem(data, "certificate-authority-data", problems));
    (server, authority, cluster.tls_server_name.clone().filter(|name| !name.is_empty()))
}

fn proof(user: &UserFields, problems: &mut Vec<ContextProblem>) -> (Authentication, Option<Proof>) {
    let refused = [
        ("as", user.act_as.is_some()),
        ("as-uid", user.as_uid.is_some()),
        ("as-groups", user.as_groups.is_some()),
        ("as-user-extra", user.as_user_extra.is_some()),
        ("auth-provider", user.auth_provider.is_some()),
        ("username", is_there(&user.username) || is_there(&user.password)),
    ];
    problems.extend(refused_fields(&refused));
    let files = [
        ("tokenFile", &user.token_file),
        ("client-certificate", &user.client_certificate),
        ("client-key", &user.client_key),
    ];
    let files = files.iter().filter(|(_, file)| is_there(file));
    problems.extend(files.map(|(field, _)| ContextProblem::File { field: (*field).to_owned() }));

    if let Some(exec) = &user.exec {
        problems.push(ContextProblem::Exec);
        let (command, arguments) = (exec.command.clone(), exec.args.clone());
        return (Authentication::Exec { command, arguments }, None);
    }
    if let Some(plugin) = &user.auth_provider {
        return (Authentication::Plugin { name: plugin.name.clone() }, None);
    }
    if let Some(token) = user.token.as_deref().map(str::trim).filter(|token| !token.is_empty()) {
        if !token.chars().all(|c| c.is_ascii_graphic()) {
            problems.push(ContextProblem::BadData { field: "token".to_owned() });
        }
        return (Authentication::Token, Some(Proof::Token(token.to_owned())));
    }
    if let (Some(certificate), Some(key)) = (&user.client_certificate_data, &user.client_key_data) {
        let certificate = pem(certificate, "client-certificate-data", problems);
        let key = pem(key, "client-key-data", problems);
        let both = certificate.zip(key).map(|(certificate, key)| Proof::Certificate { certificate, key });
        return (Authentication::Certificate, both);
    }
    if is_there(&user.username) {
        return (Authentication::Password, None);
    }
    problems.push(ContextProblem::NoCredential);
    (Authentication::Nothing, None)
}

fn is_there(field: &Option<String>) -> bool {
    field.as_ref().is_some_and(|text| !text.is_empty())
}

fn refused_fields(fields: &[(&str, bool)]) -> Vec<ContextProblem> {
    let set = fields.iter().filter(|(_, is_set)| *is_set);
    set.map(|(field, _)| ContextProblem::Refused { field: (*field).to_owned() }).collect()
}

/// The PEM behind the base64.
fn pem(data: &str, field: &str, problems: &mut Vec<ContextProblem>) -> Option<String> {
    let bytes = BASE64.decode(data.split_whitespace().collect::<String>()).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.filter(|text| text.contains("-----BEGIN "));
    if text.is_none() {
        problems.push(ContextProblem::BadData { field: field.to_owned() });
    }
    text
}

impl Credential {
    /// When it ends, in Unix milliseconds; none when it does not say.
    pub fn expires_at(&self) -> Option<i64> {
        let seconds = match &self.proof {
            Proof::Token(token) => {
                let payload = token.split('.').nth(1)?;
                let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).ok()?;
                serde_json::from_slice::<Value>(&payload).ok()?.get("exp")?.as_i64()?
            }
            Proof::Certificate { certificate, .. } => {
                let der = CertificateDer::from_pem_slice(certificate.as_bytes()).ok()?;
                let (_, certificate) = x509_parser::parse_x509_certificate(&der).ok()?;
                certificate.validity().not_after.timestamp()
            }
        };
        Some(seconds.saturating_mul(1_000))
    }

    /// How it is used. Made of what was kept alone: no environment, no file, no program.
    pub(crate) async fn config(&self) -> Result<Config, Error> {
        let name = "kept".to_owned();
        let base64 = |text: &str| BASE64.encode(text);
        let mut user = AuthInfo::default();
        match &self.proof {
            Proof::Token(token) => user.token = Some(token.clone().into()),
            Proof::Certificate { certificate, key } => {
                user.client_certificate_data = Some(base64(certificate));
                user.client_key_data = Some(base64(key).into());
            }
        }
        let cluster = ClusterEntry {
            server: Some(self.server.clone()),
            certificate_authority_data: self.authority.as_deref().map(base64),
            tls_server_name: self.tls_server_name.clone(),
            ..ClusterEntry::default()
        };
        let context = ContextEntry { cluster: name.clone(), user: Some(name.clone()), ..Default::default() };
        let file = Kubeconfig {
            clusters: vec![NamedCluster {
                name: name.clone(),
                cluster: Some(cluster),
                other: Default::default(),
            }],
            auth_infos: vec![NamedAuthInfo {
                name: name.clone(),
                auth_info: Some(user),
                other: Default::default(),
            }],
            contexts: vec![NamedContext {
                name: name.clone(),
                context: Some(context),
                other: Default::default(),
            }],
            current_context: Some(name),
            ..Kubeconfig::default()
        };
        Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).await.map_err(Error::internal)
    }
}

#[cfg(test)]
#[path = "kubeconfig/tests.rs"]
mod tests;
