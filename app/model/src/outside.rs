//! What the console asks of others over HTTP: where they are, as whom, and why that fails.

use serde::{Deserialize, Serialize};

use crate::problem::{FieldProblem, Problem};

/// Where something is, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddressForm {
    pub url: String,
    /// It may be in a private network.
    pub private_addresses: bool,
    /// Both or neither.
    pub username: String,
    pub password: String,
}

/// The password is nobody's to read.
impl std::fmt::Debug for AddressForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} as {:?}", self.url, self.username)
    }
}

impl AddressForm {
    /// The address without `/` at its end. Every field that is wrong, at once.
    pub fn check(&self) -> Result<String, Vec<FieldProblem>> {
        let url = check_address(&self.url);
        let logs_in = !self.username.is_empty() || !self.password.is_empty();
        let open = url.as_ref().is_ok_and(|url| url.starts_with("http:")) && !self.private_addresses;
        let wrong = [
            ("url", url.as_ref().err().cloned()),
            ("url", (logs_in && open).then_some(Problem::NeedsHttps)),
            ("username", (logs_in && self.username.is_empty()).then_some(Problem::Required)),
            ("username", self.username.contains(':').then_some(Problem::BadCharacters)),
            ("password", (logs_in && self.password.is_empty()).then_some(Problem::Required)),
        ];
        let wrong: Vec<_> = wrong
            .into_iter()
            .filter_map(|(field, problem)| Some(FieldProblem::new(field, problem?)))
            .collect();
        match url {
            Ok(url) if wrong.is_empty() => Ok(url),
            _ => Err(wrong),
        }
    }
}

/// Why something outside cannot be read. Each has a sentence with the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchProblem {
    /// No answer, or none over TLS that can be trusted.
    Unreachable,
    /// It answered with this status.
    Status(u16),
    /// The address is one of a private network, and that is not allowed here.
    PrivateAddress,
    /// A password would cross the internet in the clear.
    PublicAddress,
    TooLarge,
    /// Not what was to be expected there.
    Unreadable,
    /// An archive that is not the one its index promises.
    WrongDigest,
    /// The stored password was sealed with a key that the console does not have.
    LostKey,
}

/// An address over http or https, without a name, a password or a fragment in it.
pub fn check_address(typed: &str) -> Result<String, Problem> {
    let url = typed.trim().trim_end_matches('/');
    if url.is_empty() {
        return Err(Problem::Required);
    }
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split('/').next().unwrap_or_default()).unwrap_or_default();
    let plain = url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '#'));
    if host.is_empty() || host.contains('@') || !plain {
        return Err(Problem::NotAnAddress);
    }
    Ok(url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_and_has_no_credentials_in_it() {
        for good in ["https://charts.example/stable", "http://10.0.0.1:8879", "https://charts.example/"] {
            assert_eq!(check_address(good).as_deref(), Ok(good.trim_end_matches('/')));
        }
        for bad in [
            "charts.example",
            "ftp://x",
            "https://",
            "https://a:b@charts.example",
            "https://x/#y",
            "https://x y",
        ] {
            assert_eq!(check_address(bad), Err(Problem::NotAnAddress), "{bad}");
        }
    }

    #[test]
    fn a_login_is_whole_and_does_not_cross_the_open_internet_in_the_clear() {
        let form = |url: &str, private_addresses, username: &str, password: &str| AddressForm {
            url: url.into(),
            private_addresses,
            username: username.into(),
            password: password.into(),
        };
        let wrong = |form: AddressForm| {
            let told = form.check().err().unwrap_or_default();
            told.into_iter().map(|told| (told.field, told.problem)).collect::<Vec<_>>()
        };

        assert_eq!(wrong(form("https://x", false, "ada", "secret")), []);
        assert_eq!(wrong(form("http://x", true, "ada", "secret")), []);
        assert_eq!(wrong(form("http://x", false, "", "")), []);
        assert_eq!(wrong(form("http://x", false, "a", "b")), [("url".to_owned(), Problem::NeedsHttps)]);
        assert_eq!(wrong(form("https://x", false, "", "b")), [("username".to_owned(), Problem::Required)]);
        assert_eq!(wrong(form("https://x", false, "a", "")), [("password".to_owned(), Problem::Required)]);
    }

    #[test]
    fn what_is_logged_of_a_form_has_no_password() {
        let form = AddressForm { password: "canary".into(), ..AddressForm::default() };

        assert!(!format!("{form:?}").contains("canary"));
    }
}
