//! Where the built programs are.

use std::path::PathBuf;

use anyhow::bail;

/// The path of a program that `scripts/testbed.sh` built.
#[expect(clippy::disallowed_methods, reason = "a development tool without settings of its own")]
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let folder = match (std::env::var_os("PILOTHOUSE_TOOLS"), std::env::var("HOME")) {
        (Some(folder), _) => PathBuf::from(folder),
        (None, Ok(home)) => PathBuf::from(home).join(".cache/pilothouse/tools"),
        (None, Err(_)) => bail!("neither PILOTHOUSE_TOOLS nor HOME is set"),
    };
    let program = folder.join(name);
    if !program.is_file() {
        bail!("{} is missing: run scripts/testbed.sh, which builds it", program.display());
    }
    Ok(program)
}
