use super::*;

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

/// A file with one context; `cluster` and `user` are more fields of each.
fn file(cluster: &str, user: &str) -> String {
    let data = BASE64.encode(CERTIFICATE);
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: other\n\
         clusters: [{{name: c, cluster: {{server: 'https://10.0.0.1:6443', certificate-authority-data: {data}{cluster}}}}}]\n\
         users: [{{name: u, user: {{{user}}}}}]\n\
         contexts: [{{name: a, context: {{cluster: c, user: u, namespace: x}}}}]\n"
    )
}

fn problems(cluster: &str, user: &str) -> Vec<ContextProblem> {
    let text = file(cluster, user);
    let problems = contexts(&text).unwrap()[0].problems.clone();
    assert_eq!(credential(&text, "a").is_none(), !problems.is_empty(), "{problems:?}");
    problems
}

#[test]
fn s_45_a_token_and_a_certificate_in_the_file_are_taken_and_nothing_else() {
    let pair = BASE64.encode(CERTIFICATE);
    let token = credential(&file("", "token: canary"), "a").unwrap();
    let certificate =
        credential(&file("", &format!("client-certificate-data: {pair}, client-key-data: {pair}")), "a");

    assert!(token.proof == Proof::Token("canary".into()));
    assert!(matches!(certificate.unwrap().proof, Proof::Certificate { .. }));
    assert_eq!(token.server, "https://10.0.0.1:6443");
    assert!(!format!("{token:?}").contains("canary"));
    assert!(credential(&file("", "token: canary"), "other").is_none(), "only a context of the file");
}

#[test]
fn s_44_what_would_run_read_lead_elsewhere_or_be_somebody_else_is_refused_by_its_field() {
    let refused = |field: &str| ContextProblem::Refused { field: field.into() };
    let a_file = |field: &str| ContextProblem::File { field: field.into() };
    for (user, expected) in [
        ("token: t, exec: {command: /bin/sh, args: [-c, id], apiVersion: x}", ContextProblem::Exec),
        ("token: t, auth-provider: {name: gcp, config: {cmd-path: /bin/sh}}", refused("auth-provider")),
        ("token: t, tokenFile: /var/run/token", a_file("tokenFile")),
        ("token: t, client-certificate: /etc/passwd", a_file("client-certificate")),
        ("token: t, client-key: ../key", a_file("client-key")),
        ("token: t, as: admin", refused("as")),
        ("token: t, as-groups: [system:masters]", refused("as-groups")),
        ("token: t, as-user-extra: {scopes: [x]}", refused("as-user-extra")),
        ("token: t, username: admin, password: admin", refused("username")),
    ] {
        assert_eq!(problems("", user), [expected], "{user}");
    }
    for (cluster, expected) in [
        (", certificate-authority: /etc/ca", a_file("certificate-authority")),
        (", proxy-url: 'http://evil.example'", refused("proxy-url")),
        (", insecure-skip-tls-verify: true", refused("insecure-skip-tls-verify")),
    ] {
        assert_eq!(problems(cluster, "token: t"), [expected], "{cluster}");
    }
    assert_eq!(problems("", ""), [ContextProblem::NoCredential]);
    assert_eq!(problems("", "token: \"a\\nb\""), [ContextProblem::BadData { field: "token".into() }]);
}

#[test]
fn an_address_is_https_and_none_of_a_machine_s_own() {
    let with = |server: &str| {
        let text = file("", "token: t").replace("https://10.0.0.1:6443", server);
        contexts(&text).unwrap()[0].problems.clone()
    };

    assert_eq!(with("https://api.example"), []);
    for plain in ["http://10.0.0.1", "https://user:pass@api.example", "file:///etc/passwd", "", "x"] {
        assert_eq!(with(plain), [ContextProblem::NotHttps], "{plain}");
    }
    for own in [
        "https://169.254.169.254",
        "https://[fe80::1]",
        "https://0.0.0.0",
        "https://[::ffff:169.254.169.254]",
    ] {
        assert_eq!(with(own), [ContextProblem::LinkLocal], "{own}");
    }
}

#[test]
fn a_context_without_its_cluster_or_user_says_so() {
    let text = "contexts: [{name: a, context: {cluster: c, user: u}}, {name: b}]";

    let found = contexts(text).unwrap();

    assert_eq!(found[0].problems, [ContextProblem::NoCluster, ContextProblem::NoUser]);
    assert_eq!(found[1].problems, [ContextProblem::NoCluster, ContextProblem::NoUser]);
}

#[test]
fn what_is_no_kubeconfig_or_is_made_to_choke_is_none() {
    let laughs = "a: &a [x,x]\nb: &b [*a,*a]\ncontexts: [{name: a}]\n";
    let deep = format!("contexts: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    let large = format!("contexts: [{{name: a}}]\n# {}", "x".repeat(LARGEST));
    let many = format!("contexts: [{}]", "{name: a},".repeat(MOST_CONTEXTS + 1));
    for text in ["", "no", "contexts: []", "contexts: 5", "\u{0}", laughs, &deep, &large, &many] {
        assert_eq!(contexts(text), None, "{}", text.chars().take(40).collect::<String>());
    }
}

#[test]
fn a_token_tells_when_it_ends() {
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"exp":2000000000}"#);
    let text = file("", &format!("token: h.{payload}.s"));

    assert_eq!(credential(&text, "a").unwrap().expires_at(), Some(2_000_000_000_000));
    assert_eq!(credential(&file("", "token: opaque"), "a").unwrap().expires_at(), None);
}

/// Pieces that a file can be made to hold anywhere.
const PIECES: [&str; 22] = [
    "exec: {command: sh}",
    "auth-provider: {name: gcp}",
    "tokenFile: /etc/passwd",
    "client-certificate: /x",
    "client-key: /x",
    "certificate-authority: /x",
    "proxy-url: http://x",
    "as: root",
    "as-groups: [a]",
    "insecure-skip-tls-verify: true",
    "server: http://169.254.169.254",
    "token: t",
    "&a",
    "*a",
    "<<: *a",
    "{",
    "[",
    "}",
    "\n",
    "!!python/object",
    "\u{0}",
    ": ",
];

proptest::proptest! {
    #[test]
    fn whatever_is_pasted_as_a_kubeconfig_is_read_or_refused(text in ".{0,400}") {
        let _contexts = contexts(&text);
        let _credential = credential(&text, "a");
    }

    /// A good file with things put into it: what is taken has nothing against it, and leads over TLS.
    #[test]
    fn what_is_taken_from_a_file_that_was_tampered_with_has_nothing_against_it(
        changes in proptest::collection::vec((0_usize..700, 0_usize..PIECES.len(), proptest::bool::ANY), 1..6),
    ) {
        let mut text = file("", "token: secret");
        for (at, piece, line) in changes {
            let at = text.floor_char_boundary(at.min(text.len()));
            let piece = PIECES[piece];
            text.insert_str(at, &if line { format!(", {piece}") } else { piece.to_owned() });
        }
        if let Some(taken) = credential(&text, "a") {
            let all = contexts(&text).unwrap();
            let context = all.iter().find(|context| context.name == "a").unwrap();
            proptest::prop_assert!(context.problems.is_empty());
            proptest::prop_assert!(taken.server.starts_with("https://"));
        }
    }
}
