//! Opening a database and running one query text on either backend.

use std::path::Path;
use std::time::Duration;

use contract::Error;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlSafeStr as _, SqlitePool};

use crate::error::internal;
use crate::keys::Keys;

/// Longest wait for a connection before the request fails.
const ACQUIRE: Duration = Duration::from_secs(5);

/// Number, name and text of each step, oldest first. A step that was released is never edited.
const MIGRATIONS: [(i64, &str, &str); 15] = [
    (1, "foundation", include_str!("../migrations/0001_foundation.sql")),
    (2, "slugs", include_str!("../migrations/0002_slugs.sql")),
    (3, "projects", include_str!("../migrations/0003_projects.sql")),
    (4, "catalog", include_str!("../migrations/0004_catalog.sql")),
    (5, "jobs", include_str!("../migrations/0005_jobs.sql")),
    (6, "outside", include_str!("../migrations/0006_outside.sql")),
    (7, "disabled", include_str!("../migrations/0007_disabled.sql")),
    (8, "providers", include_str!("../migrations/0008_providers.sql")),
    (9, "clusters", include_str!("../migrations/0009_clusters.sql")),
    (10, "tokens", include_str!("../migrations/0010_tokens.sql")),
    (11, "audit_chain", include_str!("../migrations/0011_audit_chain.sql")),
    (12, "access", include_str!("../migrations/0012_access.sql")),
    (13, "audit_changes", include_str!("../migrations/0013_audit_changes.sql")),
    (14, "invitations", include_str!("../migrations/0014_invitations.sql")),
    (15, "saved_views", include_str!("../migrations/0015_saved_views.sql")),
];

/// A handle on the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pool: Pool,
    pub(crate) keys: Keys,
}

#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs the same expression on whichever pool is open.
macro_rules! on_pool {
    ($store:expr, |$pool:ident| $body:expr) => {
        match &$store.pool {
            $crate::backend::Pool::Sqlite($pool) => $body,
            $crate::backend::Pool::Postgres($pool) => $body,
        }
    };
}
pub(crate) use on_pool;

impl Store {
    /// Opens or makes the SQLite file and brings it up to date.
    pub async fn sqlite(file: &Path, keys: Keys) -> Result<Self, Error> {
        make_private(file)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(ACQUIRE)
            .connect_with(options)
            .await
            .map_err(internal)?;
        Self::migrated(Pool::Sqlite(pool), keys).await
    }

    /// Opens a Postgres database, `postgres://user:password@host/name`, and brings it up to date.
    pub async fn postgres(url: &str, keys: Keys) -> Result<Self, Error> {
        let pool = PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(ACQUIRE)
            .connect(url)
            .await
            .map_err(internal)?;
        Self::migrated(Pool::Postgres(pool), keys).await
    }

    /// Whether the database answers; for `/readyz`.
    pub async fn ping(&self) -> Result<(), Error> {
        on_pool!(self, |pool| sqlx::query("SELECT 1").execute(pool).await.map(|_| ())).map_err(internal)
    }

    pub async fn close(&self) {
        on_pool!(self, |pool| pool.close().await);
    }

    /// Runs statements that each take this one value, all or none.
    pub(crate) async fn together(&self, steps: &[&'static str], value: &str) -> Result<(), Error> {
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            for &step in steps {
                sqlx::query(step).bind(value).execute(&mut *tx).await.map_err(internal)?;
            }
            tx.commit().await.map_err(internal)
        })
    }

    async fn migrated(pool: Pool, keys: Keys) -> Result<Self, Error> {
        let store = Self { pool, keys };
        let migrations = Migrator::with_migrations(MIGRATIONS.iter().map(migration).collect());
        on_pool!(store, |pool| migrations.run(pool).await).map_err(Error::internal)?;
        Ok(store)
    }
}

/// The file is its owner's alone from the beginning; SQLite makes those beside it alike.
fn make_private(file: &Path) -> Result<(), Error> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(file).map_err(Error::internal)?;
    #[cfg(unix)]
    {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        opened.set_permissions(permissions).map_err(Error::internal)?;
    }
    drop(opened);
    Ok(())
}

fn migration((version, name, sql): &(i64, &'static str, &'static str)) -> Migration {
    Migration::new(*version, (*name).into(), MigrationType::Simple, (*sql).into_sql_str(), false)
}
