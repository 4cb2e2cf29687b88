//! Lists that people keep under names of their own.

use contract::Error;
use model::rows::{Listing, SavedView};

use crate::backend::{Store, on_pool};
use crate::error::internal;

impl Store {
    /// By list and name. One of a list that there is no more is left out.
    pub async fn views_of(&self, user_id: &str) -> Result<Vec<SavedView>, Error> {
        let sql = "SELECT listing, name, query FROM saved_views WHERE user_id = $1 ORDER BY listing, name";
        let rows: Vec<(String, String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(user_id).fetch_all(pool).await)
                .map_err(internal)?;
        let views = rows.into_iter().filter_map(|(listing, name, query)| {
            Some(SavedView { listing: Listing::parse(&listing)?, name, query })
        });
        Ok(views.collect())
    }

    /// In the place of one with its list and name.
    pub async fn save_view(&self, user_id: &str, view: &SavedView) -> Result<(), Error> {
        let sql = "INSERT INTO saved_views (user_id, listing, name, query) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (user_id, listing, name) DO UPDATE SET query = excluded.query";
        on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(user_id)
                .bind(view.listing.as_str())
                .bind(&view.name)
                .bind(&view.query)
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(internal)
    }

    /// Returns whether there was one.
    pub async fn forget_view(&self, user_id: &str, listing: &Listing, name: &str) -> Result<bool, Error> {
        let sql = "DELETE FROM saved_views WHERE user_id = $1 AND listing = $2 AND name = $3";
        let done = on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(user_id).bind(listing.as_str()).bind(name);
            query.execute(pool).await.map(|done| done.rows_affected())
        });
        Ok(done.map_err(internal)? == 1)
    }
}
