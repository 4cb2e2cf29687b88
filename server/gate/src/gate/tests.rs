use std::sync::Mutex;

use contract::identity::SignedIn;
use model::identity::{PlatformRole, Username};
use model::license::{Amounts, Edition, Licence};
use model::roles::ProjectRole;

use super::*;

/// Remembers entries in memory; can be told to fail.
#[derive(Default)]
struct Notebook {
    entries: Mutex<Vec<(String, Outcome)>>,
    changed: Mutex<Vec<Changed>>,
    broken: bool,
}

#[async_trait]
impl AuditLog for Notebook {
    async fn open(&self, entry: NewEntry) -> Result<i64, Error> {
        if self.broken {
            return Err(Error::internal("disk full"));
        }
        let mut entries = self.entries.lock().unwrap();
        entries.push((entry.actor, Outcome::Open));
        Ok(entries.len() as i64 - 1)
    }

    async fn close(&self, id: i64, outcome: Outcome, changed: Option<Changed>) -> Result<(), Error> {
        self.changed.lock().unwrap().extend(changed);
        self.entries.lock().unwrap()[id as usize].1 = outcome;
        Ok(())
    }
}

/// Two users allowed; the time only ever advances.
struct Facts {
    users: u32,
    seen: Mutex<i64>,
    expires: Option<i64>,
}

#[async_trait]
impl LicenceFacts for Facts {
    async fn licence(&self) -> Result<Option<Licence>, Error> {
        Ok(Some(Licence {
            id: "l".into(),
            licensee: "l".into(),
            edition: Edition::Personal,
            limits: Amounts { users: 2, clusters: 0, nodes: 0 },
            features: vec![],
            issued: 0,
            expires: self.expires,
            instance: None,
        }))
    }

    async fn used(&self) -> Result<Amounts, Error> {
        Ok(Amounts { users: self.users, clusters: 0, nodes: 0 })
    }

    async fn latest_time(&self, now: i64) -> Result<i64, Error> {
        let mut seen = self.seen.lock().unwrap();
        *seen = now.max(*seen);
        Ok(*seen)
    }
}

/// Everybody is a developer of `shop` and nothing else.
struct Shop;

#[async_trait]
impl Memberships for Shop {
    async fn permissions(&self, _user: &str, project: &ProjectName, _now: i64) -> Result<Permissions, Error> {
        let developer = ProjectRole::Developer.permissions();
        Ok(if project.as_str() == "shop" { developer } else { Permissions::NONE })
    }
}

struct At(i64);

impl Clock for At {
    fn now(&self) -> i64 {
        self.0
    }
}

struct Setup {
    gate: Gate,
    notebook: Arc<Notebook>,
}

fn setup(users: u32, broken: bool) -> Setup {
    let notebook = Arc::new(Notebook { broken, ..Notebook::default() });
    let facts = Facts { users, seen: Mutex::new(0), expires: None };
    let gate = Gate::new(notebook.clone(), Arc::new(facts), Arc::new(Shop), Arc::new(At(1_000)));
    Setup { gate, notebook }
}

fn actor(role: PlatformRole) -> Actor {
    Actor {
        user: Some(SignedIn {
            id: "u".into(),
            username: Username::parse("ada").unwrap(),
            slug: "ada".into(),
            role,
            provider: String::new(),
        }),
        ..Actor::stranger("r")
    }
}

fn create() -> Intent {
    Intent::new(Action::CreateUser, "user bob")
}

#[tokio::test]
async fn a_permitted_change_runs_and_leaves_one_closed_entry() {
    let it = setup(1, false);

    let result = it.gate.change(&actor(PlatformRole::Administrator), create(), async |_| Ok(7)).await;

    assert_eq!(result.unwrap(), 7);
    assert_eq!(*it.notebook.entries.lock().unwrap(), [("ada".to_owned(), Outcome::Done)]);
}

#[tokio::test]
async fn a_denied_change_does_not_run_and_is_audited() {
    let it = setup(1, false);

    let result = it
        .gate
        .change(&actor(PlatformRole::Auditor), create(), async |_| -> Result<(), Error> {
            panic!("ran without permission")
        })
        .await;

    assert_eq!(result.unwrap_err().kind, Kind::Forbidden { action: Action::CreateUser, project: None });
    assert_eq!(it.notebook.entries.lock().unwrap()[0].1, Outcome::Denied);
}

#[tokio::test]
async fn s_48_nothing_happens_when_the_audit_entry_cannot_be_written() {
    let it = setup(1, true);
    let mut ran = false;

    let result = it
        .gate
        .change(&actor(PlatformRole::Administrator), create(), async |_| {
            ran = true;
            Ok(())
        })
        .await;

    assert_eq!(result.unwrap_err().kind, Kind::Internal);
    assert!(!ran);
}

#[tokio::test]
async fn a_panic_closes_the_entry_as_failed() {
    let it = setup(1, false);

    let result = it
        .gate
        .change(&actor(PlatformRole::Administrator), create(), async |_| -> Result<(), Error> {
            panic!("broken")
        })
        .await;

    assert_eq!(result.unwrap_err().kind, Kind::Internal);
    assert_eq!(it.notebook.entries.lock().unwrap()[0].1, Outcome::Failed);
}

#[tokio::test]
async fn the_limit_of_users_can_be_reached_but_not_passed() {
    let admin = actor(PlatformRole::Administrator);

    let reached = setup(1, false).gate.change(&admin, create(), async |_| Ok(())).await;
    let passed = setup(2, false).gate.change(&admin, create(), async |_| Ok(())).await;

    assert!(reached.is_ok());
    assert_eq!(passed.unwrap_err().kind, Kind::Licence { state: LicenceState::OverLimit });
}

#[tokio::test]
async fn a_clock_set_back_gives_no_more_rights() {
    let notebook = Arc::new(Notebook::default());
    let long_after = 40 * 86_400;
    let facts = Facts { users: 0, seen: Mutex::new(long_after), expires: Some(86_400) };
    let gate = Gate::new(notebook, Arc::new(facts), Arc::new(Shop), Arc::new(At(0)));

    let result = gate.change(&actor(PlatformRole::Administrator), create(), async |_| Ok(())).await;

    assert_eq!(result.unwrap_err().kind, Kind::Licence { state: LicenceState::Limited });
}

#[tokio::test]
async fn a_stranger_is_asked_to_sign_in() {
    let it = setup(0, false);

    let result = it.gate.read(&Actor::stranger("r"), Action::ViewAudit);

    assert_eq!(result.err().map(|error| error.kind), Some(Kind::Unauthenticated));
}

#[tokio::test]
async fn a_role_in_one_project_opens_no_other() {
    let it = setup(0, false);
    let ada = actor(PlatformRole::Member);
    let project = |name| ProjectName::parse(name).unwrap();

    let own = it.gate.read_in(&ada, Action::ViewProject, &project("shop")).await;
    let other = it.gate.read_in(&ada, Action::ViewProject, &project("bank")).await;
    let intent = Intent::in_project(Action::CreateNamespace, &project("shop"), "namespace shop-web");
    let stronger = it.gate.change(&ada, intent, async |_| Ok(())).await;

    assert!(own.is_ok());
    assert_eq!(
        other.err().map(|error| error.kind),
        Some(Kind::Forbidden { action: Action::ViewProject, project: None })
    );
    assert_eq!(
        stronger.unwrap_err().kind,
        Kind::Forbidden { action: Action::CreateNamespace, project: Some(project("shop")) }
    );
}

#[tokio::test]
async fn what_the_console_does_by_itself_is_audited_as_its_own() {
    let it = setup(0, false);

    let intent = Intent::new(Action::PrepareCluster, "cluster local");
    it.gate.change_as_console(intent, "a test", async |_| Ok(())).await.unwrap();

    assert_eq!(*it.notebook.entries.lock().unwrap(), [("(console)".to_owned(), Outcome::Done)]);
}

#[tokio::test]
async fn what_changed_enters_the_trail_also_when_what_followed_failed() {
    let it = setup(0, false);
    let root = actor(PlatformRole::Administrator);
    let note = |grant: &Grant| grant.note("cpu: 1".to_owned(), "cpu: 2".to_owned());

    let done = it.gate.change(&root, create(), async |grant| {
        note(&grant);
        Ok(())
    });
    let done = done.await;
    let failed = it.gate.change(&root, create(), async |grant| {
        note(&grant);
        Err::<(), _>(Error::internal("no"))
    });
    let failed = failed.await;

    assert!(done.is_ok() && failed.is_err());
    let one = Changed { before: "cpu: 1".into(), after: "cpu: 2".into() };
    assert_eq!(*it.notebook.changed.lock().unwrap(), [one.clone(), one]);
}

#[tokio::test]
async fn nothing_is_noted_where_nothing_changed_and_what_is_long_is_cut() {
    let grant = Grant::user(&actor(PlatformRole::Administrator), Action::CreateUser);
    grant.note("same".into(), "same".into());
    assert_eq!(*grant.noted().lock().unwrap(), None);

    grant.note(String::new(), "é".repeat(20_000));
    let noted = grant.noted().lock().unwrap().clone().unwrap();
    assert!(noted.after.len() < 17_000 && noted.after.ends_with('\n'));
}
