//! Who belongs to which project, by which way, and for how long.

use async_trait::async_trait;
use contract::Error;
use gate::Memberships;
use model::identity::Username;
use model::projects::{ProjectName, Way};
use model::roles::{Permissions, ProjectRole, RoleName};

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// Somebody in a project, by one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub project_id: String,
    pub user_id: String,
    pub username: Username,
    /// The name in clusters.
    pub slug: String,
    pub role: RoleName,
    pub permissions: Permissions,
    pub way: Way,
    /// Unix milliseconds, as the next.
    pub since: i64,
    /// None when it does not end by itself.
    pub until: Option<i64>,
}

/// Sources in the database that are no names of providers.
const BY_HAND: &str = "";
/// With the role behind it: what was given for one does not end what was given for another.
pub(crate) const ASKED: &str = "~asked ";
/// Gives a role by a way; one for a time lasts as long as it was given before, if that is longer.
pub(crate) const PUT: &str = "INSERT INTO memberships (project_id, user_id, source, role, since, until) \
     VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (project_id, user_id, source) DO UPDATE SET role = $4, \
     until = CASE WHEN memberships.until > $6 THEN memberships.until ELSE $6 END";
const GROUP: &str = "~group ";

type Row = (String, String, String, String, String, String, i64, Option<i64>, Option<String>);

/// The columns of [`Row`] of memberships that have not ended at `$2`.
macro_rules! select_memberships {
    ($rest:literal) => {
        concat!(
            "SELECT m.project_id, users.id, users.name, users.slug, m.role, m.source, m.since, m.until, r.permissions \
             FROM effective_memberships m JOIN users ON users.id = m.user_id \
             LEFT JOIN project_roles r ON r.project_id = m.project_id AND r.name = m.role \
             WHERE (m.until IS NULL OR m.until > $2) AND ",
            $rest,
            " ORDER BY users.name_key, m.source"
        )
    };
}

impl Store {
    /// Of a project, by name of the person.
    pub async fn members(&self, project_id: &str, now: i64) -> Result<Vec<Membership>, Error> {
        let sql = select_memberships!("m.project_id = $1");
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(project_id).bind(now).fetch_all(pool).await)
                .map_err(internal)?;
        rows.into_iter().map(membership).collect()
    }

    /// Of a person, in all projects.
    pub async fn memberships_of(&self, user_id: &str, now: i64) -> Result<Vec<Membership>, Error> {
        let sql = select_memberships!("m.user_id = $1");
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(user_id).bind(now).fetch_all(pool).await)
                .map_err(internal)?;
        rows.into_iter().map(membership).collect()
    }

    /// What a person holds in each project, by the project's id.
    pub async fn held_by(&self, user_id: &str, now: i64) -> Result<Vec<(String, Permissions)>, Error> {
        let mut held = std::collections::BTreeMap::<String, Permissions>::new();
        for membership in self.memberships_of(user_id, now).await? {
            let all = held.entry(membership.project_id).or_default();
            *all = all.and(membership.permissions);
        }
        Ok(held.into_iter().collect())
    }

    /// Adds a membership by hand or changes its role.
    pub async fn set_member(
        &self,
        project_id: &str,
        user_id: &str,
        role: &RoleName,
        since: i64,
    ) -> Result<(), Error> {
        on_pool!(self, |pool| {
            let query = sqlx::query(PUT).bind(project_id).bind(user_id).bind(BY_HAND).bind(role.as_str());
            query.bind(since).bind(None::<i64>).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Ends what was given by hand and what was asked for.
    pub async fn remove_member(&self, project_id: &str, user_id: &str) -> Result<(), Error> {
        let sql = "DELETE FROM memberships WHERE project_id = $1 AND user_id = $2 AND (source = '' OR source LIKE '~asked %')";
        on_pool!(self, |pool| sqlx::query(sql).bind(project_id).bind(user_id).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    /// Ends what was asked for with one role.
    pub async fn remove_asked(&self, project_id: &str, user_id: &str, role: &RoleName) -> Result<(), Error> {
        let sql = "DELETE FROM memberships WHERE project_id = $1 AND user_id = $2 AND source = $3";
        let source = format!("{ASKED}{role}");
        on_pool!(self, |pool| {
            sqlx::query(sql).bind(project_id).bind(user_id).bind(&source).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Whose time is over: project and person.
    pub async fn over(&self, now: i64) -> Result<Vec<(String, String)>, Error> {
        let sql = "SELECT project_id, user_id FROM memberships WHERE until <= $1";
        on_pool!(self, |pool| sqlx::query_as(sql).bind(now).fetch_all(pool).await).map_err(internal)
    }

    /// Removes what is over. Returns whether there was anything, which is false when somebody else was first.
    pub async fn remove_over(&self, project_id: &str, user_id: &str, now: i64) -> Result<bool, Error> {
        let sql = "DELETE FROM memberships WHERE project_id = $1 AND user_id = $2 AND until <= $3";
        let done = on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(project_id).bind(user_id).bind(now);
            query.execute(pool).await.map(|done| done.rows_affected())
        });
        Ok(done.map_err(internal)? > 0)
    }

    /// What the rules of a provider give to a person, by project.
    pub async fn given_to(&self, user_id: &str, source: &str) -> Result<Vec<(String, ProjectRole)>, Error> {
        let sql =
            "SELECT project_id, role FROM memberships WHERE user_id = $1 AND source = $2 ORDER BY project_id";
        let rows: Vec<(String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(user_id).bind(source).fetch_all(pool).await)
                .map_err(internal)?;
        let parse = |(project, word): (String, String)| {
            let role = ProjectRole::parse(&word);
            Ok((project, role.ok_or_else(|| Error::internal(format!("unknown role {word}")))?))
        };
        rows.into_iter().map(parse).collect()
    }

    /// Makes what the rules of a provider give to a person exactly this. Returns the projects where that changed something.
    pub async fn set_given(
        &self,
        user_id: &str,
        source: &str,
        given: &[(String, ProjectRole)],
        since: i64,
    ) -> Result<Vec<String>, Error> {
        let before = self.given_to(user_id, source).await?;
        let gone = before.iter().filter(|(id, _)| !given.iter().any(|(kept, _)| kept == id));
        let gone: Vec<_> = gone.map(|(id, _)| id.clone()).collect();
        let new: Vec<_> = given.iter().filter(|one| !before.contains(one)).collect();
        let remove = "DELETE FROM memberships WHERE project_id = $1 AND user_id = $2 AND source = $3";
        let add = "INSERT INTO memberships (project_id, user_id, source, role, since) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (project_id, user_id, source) DO UPDATE SET role = $4";
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            for id in &gone {
                let query = sqlx::query(remove).bind(id).bind(user_id).bind(source);
                query.execute(&mut *tx).await.map_err(internal)?;
            }
            for (id, role) in &new {
                let query =
                    sqlx::query(add).bind(id).bind(user_id).bind(source).bind(role.as_str()).bind(since);
                query.execute(&mut *tx).await.map_err(internal)?;
            }
            tx.commit().await.map_err(internal)?;
        });
        Ok(gone.into_iter().chain(new.into_iter().map(|(id, _)| id.clone())).collect())
    }
}

#[async_trait]
impl Memberships for Store {
    async fn permissions(
        &self,
        user_id: &str,
        project: &ProjectName,
        now: i64,
    ) -> Result<Permissions, Error> {
        let sql = select_memberships!(
            "m.user_id = $1 AND m.project_id = (SELECT id FROM projects WHERE name = $3)"
        );
        let rows: Vec<Row> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(user_id).bind(now).bind(project.as_str()).fetch_all(pool).await
        })
        .map_err(internal)?;
        rows.into_iter()
            .map(membership)
            .try_fold(Permissions::NONE, |held, one| Ok(held.and(one?.permissions)))
    }
}

fn membership(row: Row) -> Result<Membership, Error> {
    let (project_id, user_id, name, slug, role, source, since, until, permissions) = row;
    let username = Username::try_from(name).map_err(Error::internal)?;
    let role = RoleName::try_from(role).map_err(Error::internal)?;
    let permissions = match (role.shipped(), permissions) {
        (Some(shipped), _) => shipped.permissions(),
        (None, Some(words)) => parse_permissions(&words)?,
        // A role that is gone gives nothing.
        (None, None) => Permissions::NONE,
    };
    let way = match source.as_str() {
        BY_HAND => Way::ByHand,
        source if source.starts_with(ASKED) => Way::Asked,
        source => match source.strip_prefix(GROUP) {
            Some(group) => Way::Group(group.to_owned()),
            None => Way::Rules(source.to_owned()),
        },
    };
    Ok(Membership { project_id, user_id, username, slug, role, permissions, way, since, until })
}

pub(crate) fn parse_permissions(words: &str) -> Result<Permissions, Error> {
    Permissions::parse(words).ok_or_else(|| Error::internal(format!("unknown permissions {words}")))
}
