//! The catalog: charts, one chart, repositories.

pub mod chart;
pub mod charts;
pub mod repositories;
