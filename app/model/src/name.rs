//! The grammar of Kubernetes names (RFC 1123).

use crate::problem::Problem;

/// A DNS label: lower-case letters, digits and `-`, beginning and ending with a letter or digit.
pub fn check_label(name: &str, longest: u32) -> Result<(), Problem> {
    if name.is_empty() {
        return Err(Problem::Required);
    }
    if name.chars().count() > longest as usize {
        return Err(Problem::TooLong { max: longest });
    }
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.chars().all(inner) || name.starts_with('-') || name.ends_with('-') {
        return Err(Problem::NotALabel);
    }
    Ok(())
}

/// A DNS subdomain: labels joined by dots, at most 253 characters.
pub fn check_subdomain(name: &str) -> Result<(), Problem> {
    if name.len() > 253 {
        return Err(Problem::TooLong { max: 253 });
    }
    name.split('.').try_for_each(|label| check_label(label, 253))
}

/// A DNS label made of a readable name; never empty.
pub fn to_label(name: &str, longest: usize) -> String {
    let mut label = String::new();
    for c in name.to_lowercase().chars() {
        if label.len() >= longest {
            break;
        }
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            label.push(c);
        } else if !label.is_empty() && !label.ends_with('-') {
            label.push('-');
        }
    }
    let label = label.trim_end_matches('-');
    if label.is_empty() { "x".to_owned() } else { label.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_rfc_1123() {
        for good in ["a", "a-b", "0a", "x1-2-y"] {
            assert_eq!(check_label(good, 63), Ok(()), "{good}");
        }
        for bad in ["A", "-a", "a-", "a_b", "a.b", "ä"] {
            assert_eq!(check_label(bad, 63), Err(Problem::NotALabel), "{bad}");
        }
        assert_eq!(check_label("", 63), Err(Problem::Required));
        assert_eq!(check_label(&"a".repeat(64), 63), Err(Problem::TooLong { max: 63 }));
    }

    #[test]
    fn every_name_becomes_a_label() {
        assert_eq!(to_label("Ada@example.org", 40), "ada-example-org");
        assert_eq!(to_label("_._", 40), "x");
        for name in ["Ada", "a--b", "0.9", &"z.".repeat(60)] {
            assert_eq!(check_label(&to_label(name, 40), 63), Ok(()), "{name}");
        }
    }
}
