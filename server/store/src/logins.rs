//! Names and passwords of the console's at other services, sealed with a key that is not in the database.

use std::collections::BTreeMap;

use contract::{Error, Login};
use model::outside::FetchProblem;

use crate::backend::{Store, on_pool};
use crate::error::internal;
use crate::keys::Keys;

/// What it is for, name, key, sealed password.
type Row = (String, String, String, String);

const ALL: &str = "SELECT service, username, key_id, password FROM logins ORDER BY service";

impl Store {
    /// Whether there is a key to keep passwords with.
    pub fn keeps_logins(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Keeps the login of a service, such as `repository/stable`, or none of it from now on.
    pub async fn set_login(&self, service: &str, login: Option<&Login>) -> Result<(), Error> {
        let Some(login) = login else {
            let sql = "DELETE FROM logins WHERE service = $1";
            return on_pool!(self, |pool| sqlx::query(sql).bind(service).execute(pool).await.map(|_| ()))
                .map_err(internal);
        };
        let (key, sealed) = self.keys.seal(service, &login.password)?;
        let sql = "INSERT INTO logins (service, username, key_id, password) VALUES ($1, $2, $3, $4) ON CONFLICT (service) \
                   DO UPDATE SET username = excluded.username, key_id = excluded.key_id, password = excluded.password";
        on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(service).bind(&login.username).bind(key).bind(sealed);
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// The login of a service, if it has one; `LostKey` when it cannot be read any more.
    pub async fn login(&self, service: &str) -> Result<Result<Option<Login>, FetchProblem>, Error> {
        let found = self.logins().await?.into_iter().find(|(known, ..)| known == service);
        let Some((service, username, key, sealed)) = found else { return Ok(Ok(None)) };
        let opened = self.keys.open(&service, &key, &sealed);
        Ok(opened.map(|password| Some(Login { username, password })).ok_or(FetchProblem::LostKey))
    }

    /// Who the console is, by service.
    pub async fn login_names(&self) -> Result<BTreeMap<String, String>, Error> {
        Ok(self.logins().await?.into_iter().map(|(service, username, ..)| (service, username)).collect())
    }

    /// Services whose password cannot be read with the keys there are, each with the id of the key it needs.
    pub async fn lost_logins(&self) -> Result<Vec<(String, String)>, Error> {
        let lost = self.logins().await?.into_iter().filter_map(|(service, _, key, sealed)| {
            self.keys.open(&service, &key, &sealed).is_none().then_some((service, key))
        });
        Ok(lost.collect())
    }

    /// Seals everything that can be read with the newest of these keys. Returns how many.
    pub async fn reseal_logins(&self, keys: &Keys) -> Result<usize, Error> {
        let mut sealed = Vec::new();
        for (service, _, key, password) in self.logins().await? {
            if let Some(password) = keys.open(&service, &key, &password) {
                let (key, password) = keys.seal(&service, &password)?;
                sealed.push((service, key, password));
            }
        }
        let sql = "UPDATE logins SET key_id = $1, password = $2 WHERE service = $3";
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            for (service, key, password) in &sealed {
                let query = sqlx::query(sql).bind(key).bind(password).bind(service);
                query.execute(&mut *tx).await.map_err(internal)?;
            }
            tx.commit().await.map_err(internal)?;
        });
        Ok(sealed.len())
    }

    async fn logins(&self) -> Result<Vec<Row>, Error> {
        on_pool!(self, |pool| sqlx::query_as(ALL).fetch_all(pool).await).map_err(internal)
    }
}
