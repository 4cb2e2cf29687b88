//! The command line.

pub mod admin;
pub mod license;

use std::io::Write as _;

use clap::{Parser, Subcommand};

use crate::settings::Arguments;

/// A web console for Kubernetes that shows what will happen before it happens.
#[derive(Parser)]
#[command(name = "pilothouse", version)]
pub struct Cli {
    #[command(flatten)]
    pub settings: Arguments,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run the console (the default).
    Serve,
    /// Make keys, issue licences, look at one.
    #[command(subcommand)]
    License(license::LicenseCommand),
    /// Help an administrator who is locked out. Works on the database, also while the console runs.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
}

/// Prints a line for the person at the terminal.
pub(crate) fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

/// Prints why a command ended, with all causes.
pub fn say_error(error: &anyhow::Error) {
    // Nothing is left to do when even that cannot be written.
    let _ = writeln!(std::io::stderr(), "pilothouse: {error:#}");
}
