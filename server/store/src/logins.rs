//! Names and passwords of the console's at other services, sealed with a key that is not in the database.

use std::collections::BTreeMap;

use contract::{Error, Login};
use model::outside::FetchProblem;

use crate::backend::{Store, on_pool};
use crate::error::internal;
use crate::keys::Keys;

/// As it is kept: what it is for, at which address, name, key, sealed password.
type Row = (String, String, String, String, String);

const ALL: &str = "SELECT service, address, username, key_id, password FROM logins ORDER BY service";

impl Store {
    /// Whether there is a key to keep passwords with.
    pub fn keeps_logins(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Keeps the login of a service, such as `repository/stable`, at this address; none takes an earlier one away.
    pub async fn set_login(&self, service: &str, address: &str, login: Option<&Login>) -> Result<(), Error> {
        let Some(login) = login else { return self.remove_login(service).await };
        let Login { username, password } = login;
        let (key, sealed) = self.keys.seal(&place(service, address, username), password)?;
        let sql = "INSERT INTO logins (service, address, username, key_id, password) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (service) DO UPDATE SET address = excluded.address, username = excluded.username, \
                   key_id = excluded.key_id, password = excluded.password";
        on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(service).bind(address).bind(username).bind(key).bind(sealed);
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    pub async fn remove_login(&self, service: &str) -> Result<(), Error> {
        let sql = "DELETE FROM logins WHERE service = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(service).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    /// The login of a service at this address, if it has one; `LostKey` when it cannot be read, or is for another address.
    pub async fn login(
        &self,
        service: &str,
        address: &str,
    ) -> Result<Result<Option<Login>, FetchProblem>, Error> {
        let found = self.logins().await?.into_iter().find(|(known, ..)| known == service);
        Ok(match found {
            None => Ok(None),
            Some(row) if row.1 == address => self.keys.opened(row).map(Some).ok_or(FetchProblem::LostKey),
            Some(_) => Err(FetchProblem::LostKey),
        })
    }

    /// Who the console is, by service.
    pub async fn login_names(&self) -> Result<BTreeMap<String, String>, Error> {
        Ok(self.logins().await?.into_iter().map(|(service, _, username, ..)| (service, username)).collect())
    }

    /// Services whose password cannot be read with the keys there are, each with the id of the key it needs.
    pub async fn lost_logins(&self) -> Result<Vec<(String, String)>, Error> {
        let lost = self.logins().await?.into_iter().filter_map(|row| {
            let (service, key) = (row.0.clone(), row.3.clone());
            self.keys.opened(row).is_none().then_some((service, key))
        });
        Ok(lost.collect())
    }

    /// Seals with the newest of these keys what was sealed with another of them. Returns how many; one that is changed meanwhile
    /// is left as it then is.
    pub async fn reseal_logins(&self, keys: &Keys) -> Result<usize, Error> {
        let mut sealed = Vec::new();
        for row in self.logins().await? {
            let (service, address, old) = (row.0.clone(), row.1.clone(), row.4.clone());
            if keys.is_newest(&row.3) {
                continue;
            }
            if let Some(Login { username, password }) = keys.opened(row) {
                let (key, password) = keys.seal(&place(&service, &address, &username), &password)?;
                sealed.push((service, old, key, password));
            }
        }
        let sql = "UPDATE logins SET key_id = $1, password = $2 WHERE service = $3 AND password = $4";
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            for (service, old, key, password) in &sealed {
                let query = sqlx::query(sql).bind(key).bind(password).bind(service).bind(old);
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

impl Keys {
    fn opened(&self, (service, address, username, key, sealed): Row) -> Option<Login> {
        let password = self.open(&place(&service, &address, &username), &key, &sealed)?;
        Some(Login { username, password })
    }
}

/// What a password is bound to: nobody sends it elsewhere by changing the rest of its row.
fn place(service: &str, address: &str, username: &str) -> String {
    format!("{service}|{address}|{username}")
}
