//! The console over HTTP: the real router on a real SQLite database.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected should stop there"
)]

mod access;
mod activation;
mod attacks;
mod audit;
mod catalog;
mod clusters;
mod connecting;
mod console;
mod coverage;
mod faults;
mod faulty;
mod fuzz;
mod headers;
mod limits;
mod live;
mod monitoring;
mod outage;
mod pages;
mod panics;
mod people;
mod prometheus;
mod provider;
mod releases;
mod rows;
mod sign_in;
mod sign_on;
mod taught;
mod tenants;
mod testbed;
mod tokens;
mod workloads;
