//! `pilothouse`: the console and its administration.

use std::process::ExitCode;

use clap::Parser as _;
use server::command::{Cli, Command};
use tikv_jemallocator::Jemalloc;

/// Gives back what pages needed while they were rendered; the system's allocator keeps it, once per thread.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        None => server::serve::run(cli.settings),
        Some(Command::Serve) => server::serve::run(cli.settings),
        Some(Command::License(command)) => server::command::license::run(command),
        Some(Command::Admin(command)) => server::command::admin::run(command, cli.settings),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            server::command::say_error(&error);
            ExitCode::FAILURE
        }
    }
}
