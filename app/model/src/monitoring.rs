//! Use of CPU and memory over time.

use serde::{Deserialize, Serialize};

use crate::clusters::ClusterName;
use crate::namespaces::NamespaceName;
use crate::workloads::WorkloadRef;

/// Whose use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Each node of a cluster.
    Nodes(ClusterName),
    /// All pods of a namespace together, and those that use most.
    Namespace(ClusterName, NamespaceName),
    /// Each pod of a workload.
    Workload(WorkloadRef),
}

/// How far back. The last minutes come from the console's own samples, everything else from Prometheus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    #[default]
    Recent,
    Hour,
    SixHours,
    Day,
    Week,
    Month,
}

impl Span {
    pub const ALL: [Self; 6] = [Self::Recent, Self::Hour, Self::SixHours, Self::Day, Self::Week, Self::Month];

    /// As it stands in an address; nothing for the last minutes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recent => "",
            Self::Hour => "1h",
            Self::SixHours => "6h",
            Self::Day => "1d",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// What is no span is the last minutes.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|span| span.as_str() == text).unwrap_or_default()
    }

    /// Between two points and how many there are, the step in seconds; none where the console's samples say it.
    pub fn steps(self) -> Option<(u32, u32)> {
        match self {
            Self::Recent => None,
            Self::Hour => Some((30, 120)),
            Self::SixHours => Some((180, 120)),
            Self::Day => Some((600, 144)),
            Self::Week => Some((3_600, 168)),
            Self::Month => Some((14_400, 180)),
        }
    }
}

/// The Prometheus that measures a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricsSource {
    pub url: String,
    pub private_addresses: bool,
    /// As whom it is read; empty when as nobody.
    pub username: String,
}

/// Both over the same time, until now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Between two points, in seconds.
    pub step: u32,
    pub cpu: Chart,
    pub memory: Chart,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// What the upper edge stands for, in Kubernetes units.
    pub top: String,
    /// Those that use most now, most first.
    pub lines: Vec<Series>,
    /// How many more there are.
    pub hidden: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    /// The last value, in Kubernetes units; empty when there is none now.
    pub now: String,
    /// Shares of [`Chart::top`] from 0 to 1, oldest first; none where nothing was measured.
    pub points: Vec<Option<f32>>,
}

/// Lines of a chart (ux: direct labels up to six).
pub const LINES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_back_from_its_word_and_is_as_long_as_it_says() {
        for span in Span::ALL {
            assert_eq!(Span::parse(span.as_str()), span);
        }
        assert_eq!(Span::parse("yesterday"), Span::Recent);
        let seconds: Vec<_> =
            Span::ALL.into_iter().filter_map(Span::steps).map(|(step, count)| step * count).collect();
        assert_eq!(seconds, [3_600, 21_600, 86_400, 7 * 86_400, 30 * 86_400]);
    }
}
