//! Kubernetes quantities: exact, comparable, and readable again.
//!
//! Grammar and units as in `k8s.io/apimachinery/pkg/api/resource`: decimal suffixes `n u m k M G T P E`, binary ones
//! `Ki Mi Gi Ti Pi Ei`, or an exponent.

use std::fmt;

use serde::{Deserialize, Serialize};

const NANO: i128 = 1_000_000_000;
const BINARY: [(&str, i128); 6] =
    [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40), ("Pi", 1 << 50), ("Ei", 1 << 60)];
const DECIMAL: [(&str, i128); 9] = [
    ("n", 1),
    ("u", 1_000),
    ("m", 1_000_000),
    ("k", NANO * 1_000),
    ("M", NANO * 1_000_000),
    ("G", NANO * 1_000_000_000),
    ("T", NANO * 1_000_000_000_000),
    ("P", NANO * 1_000_000_000_000_000),
    ("E", NANO * 1_000_000_000_000_000_000),
];
/// Digits beyond which no cluster's quantity goes; bounds the arithmetic.
const LONGEST: usize = 19;

/// An amount in billionths of its unit (cores, bytes, pieces).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity {
    nano: i128,
}

impl Quantity {
    pub const ZERO: Self = Self { nano: 0 };

    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let end =
            text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '+' | '-')).unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        Self::scaled(number, factor(suffix)?)
    }

    /// Whole pieces, such as pods.
    pub fn whole(count: i64) -> Self {
        Self { nano: i128::from(count) * NANO }
    }

    /// What a measurement says; none when it is no number, or one that no cluster reaches.
    pub fn measured(value: f64) -> Option<Self> {
        let nano = value * NANO as f64;
        (nano.is_finite() && nano.abs() < 1e30).then_some(Self { nano: nano as i128 })
    }

    pub fn plus(self, other: Self) -> Self {
        Self { nano: self.nano.saturating_add(other.nano) }
    }

    pub fn minus(self, other: Self) -> Self {
        Self { nano: self.nano.saturating_sub(other.nano) }
    }

    /// Its share of a whole, 0 when the whole is nothing. For drawing only.
    pub fn share_of(self, whole: Self) -> f32 {
        if whole.nano <= 0 { 0.0 } else { (self.nano as f64 / whole.nano as f64) as f32 }
    }

    pub fn times(self, count: i64) -> Self {
        Self { nano: self.nano.saturating_mul(i128::from(count)) }
    }

    pub fn is_negative(self) -> bool {
        self.nano < 0
    }

    /// Its share of a whole in percent, none when the whole is nothing.
    pub fn percent_of(self, whole: Self) -> Option<u32> {
        if whole.nano <= 0 {
            return None;
        }
        u32::try_from(self.nano.saturating_mul(100) / whole.nano).ok()
    }

    /// Cores, as people write them: `1.5`, `250m`.
    pub fn cores(self) -> String {
        let milli = self.nano.div_euclid(1_000_000) + i128::from(self.nano.rem_euclid(1_000_000) > 0);
        if milli % 1000 == 0 {
            return (milli / 1000).to_string();
        }
        if milli.abs() < 1000 {
            return format!("{milli}m");
        }
        trimmed(milli, 1000, 3)
    }

    /// Bytes in the largest binary unit that keeps at least one whole: `1.5Gi`.
    pub fn bytes(self) -> String {
        let bytes = self.nano / NANO;
        let unit = BINARY.iter().rev().find(|(_, size)| bytes.abs() >= *size);
        match unit {
            Some((suffix, size)) => format!("{}{suffix}", trimmed(bytes.saturating_mul(100) / size, 100, 2)),
            None => bytes.to_string(),
        }
    }

    /// Pieces, rounded up.
    pub fn count(self) -> i128 {
        self.nano.div_euclid(NANO) + i128::from(self.nano.rem_euclid(NANO) > 0)
    }

    fn scaled(number: &str, factor: Factor) -> Option<Self> {
        let (sign, digits) = match number.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.get(..fraction.len().min(9)).unwrap_or(fraction);
        let plain = |part: &str| part.chars().all(|c| c.is_ascii_digit()) && part.len() <= LONGEST;
        if (whole.is_empty() && fraction.is_empty()) || !plain(whole) || !plain(fraction) {
            return None;
        }
        let mantissa: i128 = format!("0{whole}{fraction}").parse().ok()?;
        let shift = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let nano = match factor {
            Factor::Nano(size) => mantissa.checked_mul(size)?.div_euclid(shift),
            Factor::Tenth(places) => {
                mantissa.checked_mul(NANO)?.div_euclid(shift).div_euclid(10_i128.checked_pow(places)?)
            }
        };
        Some(Self { nano: nano * sign })
    }
}

enum Factor {
    /// Multiply by this many billionths.
    Nano(i128),
    /// Divide by this power of ten.
    Tenth(u32),
}

fn factor(suffix: &str) -> Option<Factor> {
    if suffix.is_empty() {
        return Some(Factor::Nano(NANO));
    }
    if let Some((_, size)) = BINARY.iter().find(|(name, _)| *name == suffix) {
        return Some(Factor::Nano(size.checked_mul(NANO)?));
    }
    if let Some((_, size)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return Some(Factor::Nano(*size));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    match u32::try_from(exponent) {
        Ok(up) => Some(Factor::Nano(NANO.checked_mul(10_i128.checked_pow(up)?)?)),
        Err(_) => Some(Factor::Tenth(exponent.unsigned_abs())),
    }
}

/// `value / unit` with at most `places` decimals and no trailing zeros.
fn trimmed(value: i128, unit: i128, places: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / unit, value.abs() % unit);
    let text = format!("{sign}{whole}.{rest:0places$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl fmt::Display for Quantity {
    /// Exact, in a form that Kubernetes reads: whole numbers, `m`, or `n`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nano % NANO == 0 {
            write!(f, "{}", self.nano / NANO)
        } else if self.nano % 1_000_000 == 0 {
            write!(f, "{}m", self.nano / 1_000_000)
        } else {
            write!(f, "{}n", self.nano)
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a quantity"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_as_kubernetes_reads_them() {
        let table = [
            ("1", "1"),
            ("100m", "100m"),
            ("0.1", "100m"),
            ("1500m", "1500m"),
            ("1.5", "1500m"),
            ("1Ki", "1024"),
            ("1.5Gi", "1610612736"),
            ("1k", "1000"),
            ("2e3", "2000"),
            ("25e-2", "250m"),
            ("1E", "1000000000000000000"),
            ("12345n", "12345n"),
            ("-1", "-1"),
            (".5", "500m"),
        ];
        for (text, exact) in table {
            assert_eq!(
                Quantity::parse(text).map(|quantity| quantity.to_string()).as_deref(),
                Some(exact),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in
            ["", "m", "1x", "1.2.3", "--1", "1 Gi", "1e", "1e400", "99999999999999999999", "Ki", "1ki", "é"]
        {
            assert_eq!(Quantity::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn people_read_cores_and_bytes() {
        let cores = |text| Quantity::parse(text).unwrap().cores();
        let bytes = |text| Quantity::parse(text).unwrap().bytes();
        assert_eq!((cores("250m"), cores("1500m"), cores("2")), ("250m".into(), "1.5".into(), "2".into()));
        assert_eq!(
            (bytes("512"), bytes("1536Mi"), bytes("2Gi")),
            ("512".into(), "1.5Gi".into(), "2Gi".into())
        );
    }

    #[test]
    fn sums_are_exact_and_comparable() {
        let sum = Quantity::parse("0.1").unwrap().plus(Quantity::parse("200m").unwrap());
        assert_eq!(sum, Quantity::parse("0.3").unwrap());
        assert!(sum < Quantity::parse("1").unwrap());
        assert!(sum.minus(Quantity::whole(1)).is_negative());
        assert_eq!(sum.percent_of(Quantity::whole(3)), Some(10));
        assert_eq!(sum.percent_of(Quantity::ZERO), None);
    }
}
