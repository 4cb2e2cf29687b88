//! `pilothouse admin`: on the database, for somebody who already may read it.

use anyhow::{Context as _, bail};
use clap::Subcommand;
use console::Passwords;
use contract::Error;
use gate::{AuditLog, Clock as _, NewEntry, SystemClock};
use model::access::Action;
use model::audit::Outcome;
use model::identity::check_password;
use store::Chain;

use super::say;
use crate::compose::{new_setup_token, open_store};
use crate::credentials::{self, Rotated};
use crate::settings::{Arguments, Settings};

#[derive(Subcommand)]
pub enum AdminCommand {
    /// Print a new setup token for the first visit; an earlier one stops working.
    SetupToken,
    /// Set somebody's password, read from standard input, and end all of their sessions.
    ResetPassword {
        #[arg(long)]
        username: String,
    },
    /// Compute the chain of hashes over the audit trail again, and print its end, to be compared with an earlier one.
    VerifyAudit,
    /// Keep the passwords at other services with a new key, or with the first one of the file if it is not in use yet.
    RotateKey,
}

pub fn run(command: AdminCommand, arguments: Arguments) -> anyhow::Result<()> {
    let settings = Settings::resolve(arguments)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        match command {
            AdminCommand::SetupToken => setup_token(&settings).await,
            AdminCommand::ResetPassword { username } => reset_password(&settings, &username).await,
            AdminCommand::VerifyAudit => verify_audit(&settings).await,
            AdminCommand::RotateKey => rotate_key(&settings).await,
        }
    })
}

async fn setup_token(settings: &Settings) -> anyhow::Result<()> {
    let store = open_store(settings).await?;
    let token = new_setup_token(&store, &SystemClock).await.context("Pilothouse is activated already")?;
    say(&settings.activation_address(&token))?;
    Ok(())
}

async fn verify_audit(settings: &Settings) -> anyhow::Result<()> {
    match open_store(settings).await?.verify_audit().await? {
        Chain::Whole { links, head } => {
            say(&format!("The trail is whole: {links} links, ending with {head}"))?
        }
        Chain::Broken { entry } => bail!("the trail is not as it was written, from entry {entry} on"),
    }
    Ok(())
}

async fn rotate_key(settings: &Settings) -> anyhow::Result<()> {
    let store = open_store(settings).await?;
    let Rotated { resealed, made } = credentials::rotate(settings, &store).await?;
    let key = if made { "a new key" } else { "the first key of the file" };
    say(&format!("Passwords that are kept with {key} now: {resealed}. Restart consoles that run."))?;
    Ok(())
}

async fn reset_password(settings: &Settings, username: &str) -> anyhow::Result<()> {
    let store = open_store(settings).await?;
    let account = store
        .account_by_name(&username.trim().to_lowercase())
        .await?
        .with_context(|| format!("--username: nobody is called {username}"))?;
    let mut password = String::new();
    std::io::stdin().read_line(&mut password)?;
    let password = password.trim_end_matches(['\n', '\r']);
    check_password(password, username)
        .map_err(|problem| anyhow::anyhow!("the password on standard input is refused: {problem:?}"))?;

    let entry = NewEntry {
        at: SystemClock.now(),
        actor: "(command line)".to_owned(),
        action: Action::ChangePassword,
        resource: format!("user {}", account.username),
        request_id: "admin".to_owned(),
        address: String::new(),
    };
    let id = AuditLog::open(&store, entry).await?;
    let changed: Result<(), Error> = async {
        let hash = Passwords::new()?.hash(password).await?;
        store.set_password(&account.id, &hash).await?;
        store.clear_failures(&account.username.key()).await?;
        store.end_sessions(&account.id).await
    }
    .await;
    AuditLog::close(&store, id, if changed.is_ok() { Outcome::Done } else { Outcome::Failed }, None).await?;
    changed?;
    say(&format!("The password of {} was set; their sessions have ended.", account.username))?;
    Ok(())
}
