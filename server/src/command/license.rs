//! `pilothouse license`: for vendors and for companies that issue their own licences.

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use clap::{Args, Subcommand};
use ed25519_dalek::SigningKey;
use gate::{Clock as _, KeyRing, SystemClock, TrustedKey, authenticate, issue};
use model::license::{Amounts, Edition, Licence};

use super::say;
use crate::settings::trusted_keys;

#[derive(Subcommand)]
pub enum LicenseCommand {
    /// Make a key pair: the private key into a new file, the public line to the terminal.
    Keygen {
        /// Name of the key, without dots; licences refer to it.
        #[arg(long)]
        id: String,
        /// File for the private key; must not exist.
        #[arg(long)]
        out: PathBuf,
    },
    /// Sign a licence and print it.
    Issue(IssueArguments),
    /// Say what a licence holds and whether its signature is good. Reads the text from standard input.
    Inspect {
        /// File of further trusted public keys, one `id:key` a line.
        #[arg(long)]
        trusted_keys: Option<PathBuf>,
    },
}

#[derive(Args)]
pub struct IssueArguments {
    /// File made by `keygen`.
    #[arg(long)]
    key: PathBuf,
    #[arg(long)]
    licensee: String,
    /// personal, team or enterprise
    #[arg(long, default_value = "team")]
    edition: String,
    /// 0 means no limit.
    #[arg(long, default_value_t = 0)]
    users: u32,
    /// 0 means no limit.
    #[arg(long, default_value_t = 0)]
    clusters: u32,
    /// 0 means no limit.
    #[arg(long, default_value_t = 0)]
    nodes: u32,
    /// Days from now until it ends; without it, never. Negative for a licence that has ended.
    #[arg(long, allow_hyphen_values = true)]
    days: Option<i64>,
    /// Days from now until it begins.
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    starts_in_days: i64,
    /// Bind it to one installation.
    #[arg(long)]
    instance: Option<String>,
}

pub fn run(command: LicenseCommand) -> anyhow::Result<()> {
    match command {
        LicenseCommand::Keygen { id, out } => keygen(&id, &out),
        LicenseCommand::Issue(arguments) => sign(arguments),
        LicenseCommand::Inspect { trusted_keys: file } => inspect(&trusted_keys(file.as_deref())?),
    }
}

fn keygen(id: &str, out: &PathBuf) -> anyhow::Result<()> {
    if id.is_empty() || id.contains(['.', ':']) || id.contains(char::is_whitespace) {
        bail!("--id: use a name without dots, colons and blanks");
    }
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).context("no random numbers")?;
    let key = SigningKey::from_bytes(&seed);
    write_private(out, &format!("{id}:{}\n", BASE64.encode(seed)))?;
    say(&TrustedKey::of(id, &key).line())?;
    Ok(())
}

fn write_private(file: &PathBuf, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file).with_context(|| format!("--out {}", file.display()))?;
    file.write_all(text.as_bytes())?;
    Ok(())
}

fn sign(arguments: IssueArguments) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&arguments.key)
        .with_context(|| format!("--key {}", arguments.key.display()))?;
    let (id, seed) = text.trim().split_once(':').context("--key: not a file made by keygen")?;
    let seed: [u8; 32] = BASE64
        .decode(seed)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .context("--key: not a file made by keygen")?;
    let now = SystemClock.now().div_euclid(1000);
    let in_days = |days: i64| now.saturating_add(days.saturating_mul(86_400));
    let mut number = [0_u8; 8];
    getrandom::fill(&mut number).context("no random numbers")?;
    let licence = Licence {
        id: BASE64.encode(number),
        licensee: arguments.licensee,
        edition: Edition::parse(&arguments.edition).context("--edition: personal, team or enterprise")?,
        limits: Amounts { users: arguments.users, clusters: arguments.clusters, nodes: arguments.nodes },
        features: vec![],
        issued: in_days(arguments.starts_in_days),
        expires: arguments.days.map(in_days),
        instance: arguments.instance,
    };
    say(&issue(&licence, id, &SigningKey::from_bytes(&seed))?)?;
    Ok(())
}

fn inspect(keys: &KeyRing) -> anyhow::Result<()> {
    let mut text = String::new();
    std::io::stdin().take(64 * 1024).read_to_string(&mut text)?;
    // The instance is not known here, so one that is bound is read for the instance it names.
    let bound = text.trim().split('.').nth(1).and_then(|payload| BASE64.decode(payload).ok());
    let named = bound
        .and_then(|json| serde_json::from_slice::<Licence>(&json).ok())
        .and_then(|licence| licence.instance);
    match authenticate(&text, keys, named.as_deref().unwrap_or_default()) {
        Ok(licence) => say(&serde_json::to_string_pretty(&licence)?)?,
        Err(problem) => bail!("not accepted: {problem:?}"),
    }
    Ok(())
}
