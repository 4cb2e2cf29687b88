//! Keys and certificates of one instance, made at its start.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};

use crate::kubeconfig;

/// The authorities of an instance; everything else is written to files.
pub(crate) struct Pki {
    authority: Authority,
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

/// Names under which the API server is reached.
const SERVER_NAMES: [&str; 6] = [
    "localhost",
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    "127.0.0.1",
];

impl Pki {
    /// Makes the authorities and the files that the API server and the controllers read.
    pub(crate) fn write(folder: &Path) -> anyhow::Result<Self> {
        let authority = Authority::new("pilothouse-testbed")?;
        let front = Authority::new("pilothouse-testbed-front-proxy")?;
        let save = |name: &str, text: &str| std::fs::write(folder.join(name), text).context(name.to_owned());
        save("ca.crt", &authority.certificate)?;
        save("ca.key", &authority.issuer.key().serialize_pem())?;
        save("front-proxy-ca.crt", &front.certificate)?;

        let names = SERVER_NAMES.map(str::to_owned).into_iter().chain(["10.96.0.1".to_owned()]).collect();
        let (certificate, key) =
            authority.sign("kube-apiserver", &[], names, ExtendedKeyUsagePurpose::ServerAuth)?;
        save("apiserver.crt", &certificate)?;
        save("apiserver.key", &key)?;
        let client = ExtendedKeyUsagePurpose::ClientAuth;
        let (certificate, key) =
            authority.sign("kube-apiserver-kubelet", &["system:masters"], vec![], client.clone())?;
        save("kubelet-client.crt", &certificate)?;
        save("kubelet-client.key", &key)?;
        let (certificate, key) = front.sign("front-proxy-client", &[], vec![], client)?;
        save("front-proxy-client.crt", &certificate)?;
        save("front-proxy-client.key", &key)?;

        let accounts = KeyPair::generate()?;
        save("service-accounts.key", &accounts.serialize_pem())?;
        save("service-accounts.pub", &accounts.public_key_pem())?;
        Ok(Self { authority })
    }

    /// Writes a kubeconfig of somebody with a client certificate and returns its path.
    pub(crate) fn kubeconfig(
        &self,
        name: &str,
        groups: &[&str],
        server: &str,
        folder: &Path,
    ) -> anyhow::Result<PathBuf> {
        let (certificate, key) =
            self.authority.sign(name, groups, vec![], ExtendedKeyUsagePurpose::ClientAuth)?;
        let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let file = folder.join(format!("{plain}.kubeconfig"));
        let text = kubeconfig::text(server, &self.authority.certificate, &certificate, &key);
        std::fs::write(&file, text)?;
        Ok(file)
    }
}

impl Authority {
    fn new(name: &str) -> anyhow::Result<Self> {
        let mut params = CertificateParams::default();
        params.distinguished_name = distinguished(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?.pem();
        Ok(Self { issuer: Issuer::new(params, key), certificate })
    }

    fn sign(
        &self,
        name: &str,
        groups: &[&str],
        names: Vec<String>,
        usage: ExtendedKeyUsagePurpose,
    ) -> anyhow::Result<(String, String)> {
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = distinguished(name, groups);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok((certificate.pem(), key.serialize_pem()))
    }
}

/// Kubernetes reads the common name as the user and each organisation as a group.
fn distinguished(name: &str, groups: &[&str]) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    for group in groups {
        distinguished.push(DnType::OrganizationName, *group);
    }
    distinguished
}
