//! The file of the keys that passwords at other services are kept with.

use std::fs::{OpenOptions, read_to_string, rename};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use store::{Keys, Store};

use crate::settings::{Database, Settings};

/// In the data folder.
const FILE: &str = "credentials.key";
const ABOUT: &str = "# Passwords at other services are kept with the first of these keys. Keep a copy apart from the database's.";

/// What the settings name; with SQLite a key is made where there is none yet.
pub fn keys(settings: &Settings) -> anyhow::Result<Keys> {
    let Some(file) = file(settings) else { return Ok(Keys::default()) };
    if settings.credentials_key_file.is_none() && !file.exists() {
        write(&file, &[Keys::new_line()?]).with_context(|| named(&file))?;
    }
    let keys = Keys::parse(&read_to_string(&file).with_context(|| named(&file))?);
    let keys = keys.with_context(|| named(&file))?;
    if keys.is_empty() {
        bail!("{}: there is no key in it; one is the base64 of 32 random bytes", named(&file));
    }
    Ok(keys)
}

/// Says plainly which passwords cannot be read any more. What needs them says so, too, until they are entered again.
pub async fn say_what_is_lost(store: &Store) -> anyhow::Result<()> {
    for (service, key) in store.lost_logins().await? {
        tracing::error!(
            event = "credentials.lost",
            service,
            key,
            "the password of this service was kept with a key that is not there: bring back the file with that key, or enter the password again"
        );
    }
    Ok(())
}

/// What a rotation did.
#[derive(Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Passwords that are kept with the newest key now.
    pub resealed: usize,
    /// Whether that key was made just now. One that somebody has put into the file first is used as it is.
    pub made: bool,
}

/// Keeps everything with the newest key. When everything is already, makes a new one first.
///
/// The key before stays in the file until the next rotation, for consoles that still run with it.
pub async fn rotate(settings: &Settings, store: &Store) -> anyhow::Result<Rotated> {
    let file = file(settings).context("credentials-key-file is not set")?;
    if let Some((service, key)) = store.lost_logins().await?.into_iter().next() {
        bail!(
            "the password of {service} needs the key {key}, which is not in {}: bring it back first, or enter that password again",
            file.display()
        );
    }
    let text = read_to_string(&file).with_context(|| named(&file))?;
    let resealed = store.reseal_logins(&Keys::parse(&text)?).await?;
    if resealed > 0 {
        return Ok(Rotated { resealed, made: false });
    }
    let mut old = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let both: Vec<_> = std::iter::once(Keys::new_line()?).chain(old.next().map(str::to_owned)).collect();
    write(&file, &both).with_context(|| {
        format!(
            "{}: where the console may not write it, put a new key first and run this again",
            named(&file)
        )
    })?;
    let resealed = store.reseal_logins(&Keys::parse(&both.join("\n"))?).await?;
    Ok(Rotated { resealed, made: true })
}

fn file(settings: &Settings) -> Option<PathBuf> {
    let default = match &settings.database {
        Database::Sqlite(folder) => Some(folder.join(FILE)),
        Database::Postgres(_) => None,
    };
    settings.credentials_key_file.clone().or(default)
}

fn named(file: &Path) -> String {
    format!("credentials-key-file {}", file.display())
}

/// Whole or not at all, for its owner only.
fn write(file: &Path, lines: &[String]) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&beside)?;
    writeln!(out, "{ABOUT}")?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.sync_all()?;
    rename(beside, file)
}

#[cfg(test)]
mod tests {
    use contract::Login;

    use super::*;
    use crate::compose::open_store;
    use crate::settings::Arguments;

    const AT: &str = "https://metrics.example";

    fn settings(folder: &Path) -> Settings {
        let mut settings = Settings::resolve(Arguments::default()).unwrap();
        settings.database = Database::Sqlite(folder.to_owned());
        settings
    }

    #[tokio::test]
    async fn a_key_is_made_once_for_its_owner_and_a_rotated_one_reads_what_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let login = Login { username: "ada".into(), password: "walnut".into() };
        let store = open_store(&settings).await.unwrap();
        store.set_login("prometheus/local", AT, Some(&login)).await.unwrap();
        let file = folder.path().join(FILE);
        let before = read_to_string(&file).unwrap();

        assert_eq!(rotate(&settings, &store).await.unwrap(), Rotated { resealed: 1, made: true });

        let after = read_to_string(&file).unwrap();
        assert_eq!(after.lines().nth(2), before.lines().nth(1), "a console that runs still has its key");
        // It keeps something with that key meanwhile; the next rotation finds it, and makes no key for that.
        store.set_login("repository/stable", AT, Some(&login)).await.unwrap();
        let again = open_store(&settings).await.unwrap();
        assert_eq!(rotate(&settings, &again).await.unwrap(), Rotated { resealed: 1, made: false });
        assert_eq!(read_to_string(&file).unwrap(), after);
        assert_eq!(rotate(&settings, &again).await.unwrap(), Rotated { resealed: 2, made: true });
        assert!(!read_to_string(&file).unwrap().contains(before.lines().nth(1).unwrap()));
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&file.metadata().unwrap()) & 0o777, 0o600);
        let again = open_store(&settings).await.unwrap();
        assert_eq!(again.login("prometheus/local", AT).await.unwrap(), Ok(Some(login)));
        let whole = std::fs::read(folder.path().join("pilothouse.db")).unwrap();
        assert!(!whole.windows(6).any(|part| part == b"walnut"));
    }

    #[tokio::test]
    async fn what_was_kept_with_a_lost_key_is_said_and_not_rotated_away() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let login = Login { username: "ada".into(), password: "walnut".into() };
        let store = open_store(&settings).await.unwrap();
        store.set_login("prometheus/local", AT, Some(&login)).await.unwrap();
        std::fs::remove_file(folder.path().join(FILE)).unwrap();

        let store = open_store(&settings).await.unwrap();

        let lost = store.lost_logins().await.unwrap();
        assert_eq!(lost.first().map(|(service, _)| service.as_str()), Some("prometheus/local"));
        let told = rotate(&settings, &store).await.unwrap_err().to_string();
        assert!(told.contains("the password of prometheus/local needs the key"), "{told}");
    }

    #[test]
    fn a_file_without_a_key_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(folder.path());
        let file = folder.path().join("mounted");
        std::fs::write(&file, "# nothing\n").unwrap();
        settings.credentials_key_file = Some(file.clone());

        let told = keys(&settings).unwrap_err().to_string();

        assert!(told.starts_with(&format!("credentials-key-file {}", file.display())), "{told}");
    }
}
