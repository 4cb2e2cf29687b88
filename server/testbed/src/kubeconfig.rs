//! The kubeconfig format, as JSON, which is YAML too.

/// A kubeconfig with one context. Certificates and key are PEM.
pub(crate) fn text(server: &str, authority: &str, certificate: &str, key: &str) -> String {
    let (authority, certificate, key) = (base64(authority), base64(certificate), base64(key));
    format!(
        r#"{{"apiVersion":"v1","kind":"Config","current-context":"testbed",
"clusters":[{{"name":"testbed","cluster":{{"server":"{server}","certificate-authority-data":"{authority}"}}}}],
"users":[{{"name":"person","user":{{"client-certificate-data":"{certificate}","client-key-data":"{key}"}}}}],
"contexts":[{{"name":"testbed","context":{{"cluster":"testbed","user":"person"}}}}]}}
"#
    )
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
