//! What must hold on every backend.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use contract::{Error, Kind, Login};
use gate::{AuditLog as _, Clock, Memberships as _, NewEntry};
use model::access::Action;
use model::audit::{AuditQuery, Outcome};
use model::catalog::RepositoryName;
use model::clusters::ClusterName;
use model::groups::GroupName;
use model::identity::{PlatformRole, Username};
use model::namespaces::NamespaceName;
use model::outside::FetchProblem;
use model::projects::{Allotment, ProjectName, Way};
use model::quantity::Quantity;
use model::requests::RequestState;
use model::roles::{Permission, Permissions, ProjectRole, RoleName};
use model::rows::{Listing, RowKind, SavedView};
use serde_json::json;
use store::{
    AGENT, Account, Chart, FirstVisit, HANDLE, Keys, MetricsSource, Namespace, Project, ProviderSession,
    Repository, SEEN, Sessions, SignOn, Store, StoredRequest, USER,
};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{ExpiredDeletion as _, SessionStore as _};

const NOW: i64 = 1_800_000_000_000;
const IDLE: i64 = 60_000;

pub(crate) async fn a_name_is_taken_whatever_its_case(store: Store) {
    store.add_account(&account("Ada")).await.unwrap();

    let second = store.add_account(&account("aDA")).await;

    assert!(matches!(second.unwrap_err().kind, Kind::Conflict { .. }));
    assert_eq!(store.count_accounts().await.unwrap(), 1);
}

pub(crate) async fn a_view_is_its_persons_own_and_the_last_of_its_name_counts(store: Store) {
    let (ada, eve) = (account("ada"), account("eve"));
    store.add_account(&ada).await.unwrap();
    store.add_account(&eve).await.unwrap();
    let pods = Listing::Kind(RowKind::Pods);
    let view = |listing: &Listing, query: &str| SavedView {
        name: "failing".into(),
        listing: listing.clone(),
        query: query.into(),
    };
    store.save_view(&ada.id, &view(&pods, "sort=age")).await.unwrap();
    store.save_view(&ada.id, &view(&Listing::Workloads, "")).await.unwrap();

    store.save_view(&ada.id, &view(&pods, "sort=-age")).await.unwrap();

    let kept = [view(&pods, "sort=-age"), view(&Listing::Workloads, "")];
    assert_eq!(store.views_of(&ada.id).await.unwrap(), kept);
    assert_eq!(store.views_of(&eve.id).await.unwrap(), []);
    assert!(!store.forget_view(&eve.id, &pods, "failing").await.unwrap());
    assert!(store.forget_view(&ada.id, &pods, "failing").await.unwrap());
    assert_eq!(store.views_of(&ada.id).await.unwrap(), [view(&Listing::Workloads, "")]);
}

pub(crate) async fn of_two_activations_at_once_one_wins(store: Store) {
    store.installation("here").await.unwrap();
    store.set_setup_token("hash", NOW + 1).await.unwrap();

    let (first, second) = (visit("ada"), visit("bob"));
    let (first, second) = tokio::join!(store.activate(&first), store.activate(&second));

    let conflict = |result: &Result<(), Error>| {
        result.as_ref().is_err_and(|error| matches!(error.kind, Kind::Conflict { .. }))
    };
    assert!(first.is_ok() != second.is_ok());
    assert!(conflict(&first) || conflict(&second));
    assert_eq!(store.count_accounts().await.unwrap(), 1);
    let after = store.read_installation().await.unwrap();
    assert_eq!((after.activated_at, after.setup_token_hash), (Some(NOW), None));
    assert!(store.set_setup_token("again", NOW + 1).await.is_err());
}

pub(crate) async fn a_setup_token_is_refused_after_its_time(store: Store) {
    store.installation("here").await.unwrap();
    store.set_setup_token("hash", NOW).await.unwrap();

    let late = store.activate(&visit("ada")).await;

    assert!(late.is_err());
    assert_eq!(store.count_accounts().await.unwrap(), 0);
}

pub(crate) async fn time_moves_forward_only(store: Store) {
    store.installation("here").await.unwrap();

    assert_eq!(store.advance_time(1_000).await.unwrap(), 1_000);
    assert_eq!(store.advance_time(500).await.unwrap(), 1_000);
    assert_eq!(store.advance_time(1_030).await.unwrap(), 1_030);
    assert_eq!(store.advance_time(1_060).await.unwrap(), 1_060);
    assert_eq!(store.advance_time(0).await.unwrap(), 1_060);
}

pub(crate) async fn failures_are_counted_until_cleared(store: Store) {
    for expected in 1..=3 {
        assert_eq!(store.add_failure("ada", NOW, 0).await.unwrap(), expected);
    }
    store.lock_until("ada", NOW).await.unwrap();
    assert_eq!(store.lock("ada").await.unwrap().locked_until, NOW);

    store.clear_failures("ada").await.unwrap();

    assert_eq!(store.lock("ada").await.unwrap(), store::Lock::default());
}

pub(crate) async fn audit_entries_are_numbered_without_gaps_also_when_written_at_once(store: Store) {
    let writers = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.open(entry()).await.unwrap() })
    });
    let writers: Vec<_> = writers.collect();
    let mut numbers = Vec::new();
    for writer in writers {
        numbers.push(writer.await.unwrap());
    }

    numbers.sort_unstable();
    assert_eq!(numbers, (1..=8).collect::<Vec<i64>>());
    let page =
        store.audit_entries(&AuditQuery { before: Some(8), ..AuditQuery::default() }, 3).await.unwrap();
    assert_eq!(page.iter().map(|entry| entry.id).collect::<Vec<_>>(), [7, 6, 5]);
}

pub(crate) async fn an_audit_entry_closes_once(store: Store) {
    let id = store.open(entry()).await.unwrap();

    gate::AuditLog::close(&store, id, Outcome::Denied, None).await.unwrap();
    gate::AuditLog::close(&store, id, Outcome::Done, None).await.unwrap();

    let entries = store.audit_entries(&AuditQuery::default(), 10).await.unwrap();
    assert_eq!(entries[0].outcome, Outcome::Denied);
}

pub(crate) async fn a_session_is_found_by_its_id_and_stored_without_it(store: Store) {
    let sessions = Sessions::new(store, clock(NOW), IDLE);
    let mut record = session("u1");

    sessions.create(&mut record).await.unwrap();

    let found = sessions.load(&record.id).await.unwrap().unwrap();
    assert_eq!(found.data.get(USER), Some(&json!("u1")));
    assert!(sessions.load(&Id(record.id.0 ^ 1)).await.unwrap().is_none());
    sessions.delete(&record.id).await.unwrap();
    assert!(sessions.load(&record.id).await.unwrap().is_none());
}

pub(crate) async fn ending_the_sessions_of_one_person_leaves_others(store: Store) {
    let sessions = Sessions::new(store.clone(), clock(NOW), IDLE);
    let (mut first, mut second) = (session("u1"), session("u2"));
    sessions.create(&mut first).await.unwrap();
    sessions.create(&mut second).await.unwrap();

    store.end_sessions("u1").await.unwrap();

    assert!(sessions.load(&first.id).await.unwrap().is_none());
    assert!(sessions.load(&second.id).await.unwrap().is_some());
}

pub(crate) async fn an_expired_session_is_gone(store: Store) {
    let time = Arc::new(At(AtomicI64::new(NOW)));
    let sessions = Sessions::new(store, time.clone(), IDLE);
    let mut record = session("u1");
    sessions.create(&mut record).await.unwrap();

    time.0.store(NOW + IDLE, Ordering::Relaxed);

    assert!(sessions.load(&record.id).await.unwrap().is_none());
    sessions.delete_expired().await.unwrap();
    time.0.store(NOW, Ordering::Relaxed);
    assert!(sessions.load(&record.id).await.unwrap().is_none());
}

pub(crate) async fn a_project_keeps_its_amounts_exactly_and_its_name_is_taken(store: Store) {
    let shop = project("shop");
    store.add_project(&shop).await.unwrap();

    let again = store.add_project(&Project { id: "other".into(), ..shop.clone() }).await;

    assert!(matches!(again.unwrap_err().kind, Kind::Conflict { .. }));
    assert_eq!(store.projects().await.unwrap(), [shop]);
}

pub(crate) async fn a_membership_is_one_role_and_counts_in_its_project_only(store: Store) {
    let (shop, bank) = (project("shop"), project("bank"));
    store.add_account(&account("ada")).await.unwrap();
    store.add_project(&shop).await.unwrap();
    store.add_project(&bank).await.unwrap();

    let (viewer, developer) = (RoleName::from(ProjectRole::Viewer), RoleName::from(ProjectRole::Developer));
    store.set_member(&shop.id, "id-ada", &viewer, NOW).await.unwrap();
    store.set_member(&shop.id, "id-ada", &developer, NOW + 1).await.unwrap();

    let members = store.members(&shop.id, NOW).await.unwrap();
    assert_eq!(members.len(), 1);
    assert_eq!((&members[0].role, members[0].since), (&developer, NOW));
    assert_eq!(held(&store, &shop).await, ProjectRole::Developer.permissions());
    assert_eq!(held(&store, &bank).await, Permissions::NONE);
    store.remove_member(&shop.id, "id-ada").await.unwrap();
    assert_eq!(held(&store, &shop).await, Permissions::NONE);
}

async fn held(store: &Store, project: &Project) -> Permissions {
    store.permissions("id-ada", &project.name, NOW).await.unwrap()
}

pub(crate) async fn access_for_a_time_gives_nothing_from_its_end_on(store: Store) {
    let shop = project("shop");
    store.add_account(&account("ada")).await.unwrap();
    store.add_project(&shop).await.unwrap();
    let role = RoleName::from(ProjectRole::Developer);

    give(&store, &shop, &role, NOW + 1).await;
    assert_eq!(held(&store, &shop).await, ProjectRole::Developer.permissions());
    assert_eq!(store.over(NOW).await.unwrap(), []);

    // A shorter one, and one of another role, end nothing.
    give(&store, &shop, &role, NOW).await;
    give(&store, &shop, &ProjectRole::Viewer.into(), NOW).await;
    assert_eq!(held(&store, &shop).await, ProjectRole::Developer.permissions());

    store.remove_member(&shop.id, "id-ada").await.unwrap();
    give(&store, &shop, &role, NOW).await;
    assert_eq!(held(&store, &shop).await, Permissions::NONE);
    assert_eq!(store.members(&shop.id, NOW).await.unwrap(), []);
    assert_eq!(store.over(NOW).await.unwrap(), [(shop.id.clone(), "id-ada".to_owned())]);
    assert!(store.remove_over(&shop.id, "id-ada", NOW).await.unwrap());
    assert!(!store.remove_over(&shop.id, "id-ada", NOW).await.unwrap(), "one console ends it");
}

/// Ada's.
fn asked(project: &Project, id: &str) -> StoredRequest {
    StoredRequest {
        id: id.into(),
        project: project.name.clone(),
        user_id: "id-ada".into(),
        username: Username::parse("ada").unwrap(),
        role: ProjectRole::Developer.into(),
        hours: 4,
        reason: "a release".into(),
        asked_at: NOW,
        state: RequestState::Open,
        decided_by: String::new(),
    }
}

/// Ada asks for a role, and gets it.
async fn give(store: &Store, project: &Project, role: &RoleName, until: i64) {
    let number = store.requests_by("id-ada").await.unwrap().len();
    let request = StoredRequest { role: role.clone(), ..asked(project, &number.to_string()) };
    store.add_request(&request).await.unwrap();
    assert!(store.approve_request(&request, "root", &project.id, NOW - 10, until).await.unwrap());
    let again = store.approve_request(&request, "eve", &project.id, NOW - 10, NOW + 99).await.unwrap();
    assert!(!again, "it is decided, and gives no more");
}

pub(crate) async fn what_a_group_has_its_people_have_until_they_leave(store: Store) {
    let shop = project("shop");
    store.add_account(&account("ada")).await.unwrap();
    store.add_project(&shop).await.unwrap();
    let ops = GroupName::parse("ops").unwrap();
    store.add_group(&ops, "on call").await.unwrap();
    assert!(matches!(store.add_group(&ops, "").await.unwrap_err().kind, Kind::Conflict { .. }));

    store.set_group_role(&shop.id, &ops, &ProjectRole::Developer.into(), NOW).await.unwrap();
    assert_eq!(held(&store, &shop).await, Permissions::NONE);
    store.add_to_group(&ops, "id-ada", NOW + 1).await.unwrap();
    store.set_member(&shop.id, "id-ada", &ProjectRole::Viewer.into(), NOW).await.unwrap();

    assert_eq!(held(&store, &shop).await, ProjectRole::Developer.permissions());
    let members = store.members(&shop.id, NOW).await.unwrap();
    let ways: Vec<_> = members.iter().map(|member| member.way.clone()).collect();
    assert_eq!(ways, [Way::ByHand, Way::Group("ops".into())]);
    assert_eq!(members[1].since, NOW + 1);
    let group = store.group(&ops).await.unwrap();
    assert_eq!(
        (group.members.len(), group.projects),
        (1, vec![(shop.name.clone(), ProjectRole::Developer.into())])
    );

    assert!(store.take_from_group(&ops, "id-ada").await.unwrap());
    assert_eq!(held(&store, &shop).await, ProjectRole::Viewer.permissions());
    store.delete_group(&ops).await.unwrap();
    assert_eq!(store.groups().await.unwrap(), []);
    assert_eq!(store.groups_in(&shop.id).await.unwrap(), []);
}

pub(crate) async fn a_role_of_a_projects_own_counts_there_as_it_is_now_and_stays_while_somebody_has_it(
    store: Store,
) {
    let (shop, bank) = (project("shop"), project("bank"));
    store.add_account(&account("ada")).await.unwrap();
    store.add_project(&shop).await.unwrap();
    store.add_project(&bank).await.unwrap();
    let operator = RoleName::parse("operator").unwrap();
    let (some, more) = (Permissions::of([Permission::Operate]), Permissions::of([Permission::Deploy]));

    store.set_role(&shop.id, &operator, some).await.unwrap();
    store.set_member(&shop.id, "id-ada", &operator, NOW).await.unwrap();
    store.set_member(&bank.id, "id-ada", &operator, NOW).await.unwrap();
    assert_eq!(held(&store, &shop).await, some);
    assert_eq!(held(&store, &bank).await, Permissions::NONE, "another project's role");
    store.set_role(&shop.id, &operator, more).await.unwrap();
    assert_eq!(held(&store, &shop).await, more);

    assert_eq!(store.roles(&shop.id).await.unwrap()[0].used, 1);
    assert!(matches!(store.remove_role(&shop.id, &operator).await.unwrap_err().kind, Kind::NotFound { .. }));
    store.remove_member(&shop.id, "id-ada").await.unwrap();
    store.remove_role(&shop.id, &operator).await.unwrap();
    assert_eq!(store.roles(&shop.id).await.unwrap(), []);
}

pub(crate) async fn a_request_is_decided_once_and_goes_with_its_project(store: Store) {
    let shop = project("shop");
    store.add_account(&account("ada")).await.unwrap();
    store.add_project(&shop).await.unwrap();
    store.add_request(&asked(&shop, "one")).await.unwrap();
    store.add_request(&asked(&shop, "two")).await.unwrap();

    assert!(store.decide_request("one", RequestState::Approved, "root").await.unwrap());
    assert!(!store.decide_request("one", RequestState::Refused, "root").await.unwrap());

    let all = store.requests_in(&shop.name).await.unwrap();
    let found: Vec<_> = all.iter().map(|one| (one.id.as_str(), one.state, one.decided_by.as_str())).collect();
    assert_eq!(found, [("two", RequestState::Open, ""), ("one", RequestState::Approved, "root")]);
    assert_eq!(store.requests_by("id-ada").await.unwrap(), all);
    store.delete_project(&shop.id).await.unwrap();
    assert_eq!(store.requests_in(&shop.name).await.unwrap(), []);
}

pub(crate) async fn a_namespace_belongs_to_one_project_and_keeps_it_from_being_deleted(store: Store) {
    let (shop, bank) = (project("shop"), project("bank"));
    store.add_project(&shop).await.unwrap();
    store.add_project(&bank).await.unwrap();
    let of = |project: &Project| Namespace {
        cluster: ClusterName::parse("local").unwrap(),
        name: NamespaceName::parse("shop-web").unwrap(),
        project_id: project.id.clone(),
        created_at: NOW,
    };
    store.add_namespace(&of(&shop)).await.unwrap();

    let second = store.add_namespace(&of(&bank)).await;
    let deleted = store.delete_project(&shop.id).await;

    assert!(matches!(second.unwrap_err().kind, Kind::Conflict { .. }));
    assert!(matches!(deleted.unwrap_err().kind, Kind::Conflict { .. }));
    assert_eq!(store.namespaces().await.unwrap(), [of(&shop)]);
    let place = of(&shop);
    assert_eq!(store.project_of(&place.cluster, &place.name).await.unwrap(), Some(shop.name.clone()));
    let elsewhere = NamespaceName::parse("kube-system").unwrap();
    assert_eq!(store.project_of(&place.cluster, &elsewhere).await.unwrap(), None);
    store.remove_namespace(&of(&shop).cluster, &of(&shop).name).await.unwrap();
    store.delete_project(&shop.id).await.unwrap();
    assert_eq!(store.projects().await.unwrap(), [bank]);
}

struct At(AtomicI64);

impl Clock for At {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

fn clock(now: i64) -> Arc<dyn Clock> {
    Arc::new(At(AtomicI64::new(now)))
}

fn account(name: &str) -> Account {
    Account {
        id: format!("id-{name}"),
        username: Username::parse(name).unwrap(),
        slug: name.to_lowercase(),
        role: PlatformRole::Administrator,
        password_hash: "hash".into(),
        provider: String::new(),
        subject: None,
        created_at: NOW,
        last_seen_at: None,
        disabled: false,
    }
}

fn project(name: &str) -> Project {
    let allotment =
        Allotment { cpu: Quantity::parse("1500m"), memory: Quantity::parse("1.5Gi"), ..Allotment::default() };
    Project {
        id: format!("id-{name}"),
        name: ProjectName::parse(name).unwrap(),
        display_name: name.to_uppercase(),
        description: String::new(),
        created_at: NOW,
        clusters: vec![(ClusterName::parse("local").unwrap(), allotment)],
    }
}

fn visit(name: &str) -> FirstVisit {
    FirstVisit { token_hash: "hash".into(), account: account(name), licence: "v1.x".into(), now: NOW }
}

fn entry() -> NewEntry {
    NewEntry {
        at: NOW,
        actor: "ada".into(),
        action: Action::CreateUser,
        resource: "user bob".into(),
        request_id: "r".into(),
        address: String::new(),
    }
}

fn session(user: &str) -> Record {
    let expiry_date = OffsetDateTime::UNIX_EPOCH;
    Record { id: Id::default(), data: [(USER.to_owned(), json!(user))].into(), expiry_date }
}

pub(crate) async fn what_an_index_lists_replaces_what_was_listed_and_stays_when_reading_fails(store: Store) {
    let name = RepositoryName::parse("stable").unwrap();
    let repository = Repository {
        name: name.clone(),
        url: "https://charts.example".into(),
        private_addresses: true,
        synced_at: NOW,
        problem: None,
    };
    let chart = |name: &str, position: i64, version: &str| Chart {
        repository: "stable".into(),
        name: name.into(),
        position,
        version: version.into(),
        ..Chart::default()
    };
    let first = [chart("web", 0, "2.0.0"), chart("web", 1, "1.0.0"), chart("db", 0, "1.0.0")];
    store.add_repository(&repository, &first).await.unwrap();
    let again = store.add_repository(&repository, &[]).await.unwrap_err();
    assert!(matches!(again.kind, Kind::Conflict { .. }));

    store.set_sync_problem(&name, &FetchProblem::Status(404)).await.unwrap();
    let kept: Vec<_> = store.newest_charts().await.unwrap().into_iter().map(|chart| chart.name).collect();
    assert_eq!(kept, ["db", "web"]);
    assert_eq!(store.repository(&name).await.unwrap().problem, Some(FetchProblem::Status(404)));

    store.set_charts(&name, NOW + 1, &[chart("web", 0, "3.0.0")]).await.unwrap();
    assert_eq!(store.newest_charts().await.unwrap(), [chart("web", 0, "3.0.0")]);
    let known = store.repository(&name).await.unwrap();
    assert_eq!((known.synced_at, known.problem), (NOW + 1, None));

    store.remove_repository(&name).await.unwrap();
    assert!(store.chart_versions(&name, "web").await.unwrap().is_empty());
    assert!(matches!(store.remove_repository(&name).await.unwrap_err().kind, Kind::NotFound { .. }));
}

pub(crate) async fn a_login_is_read_back_for_its_address_and_survives_another_key(store: Store) {
    let (at, service) = ("https://one.example", "repository/stable");
    let login = Login { username: "ada".into(), password: "walnut".into() };
    store.set_login(service, at, Some(&Login { password: "old".into(), ..login.clone() })).await.unwrap();
    store.set_login(service, at, Some(&login)).await.unwrap();
    store.set_login("prometheus/local", at, Some(&login)).await.unwrap();

    assert_eq!(store.login(service, at).await.unwrap(), Ok(Some(login)));
    assert_eq!(store.login(service, "https://two.example").await.unwrap(), Err(FetchProblem::LostKey));
    assert_eq!(store.login("repository/other", at).await.unwrap(), Ok(None));
    let names = store.login_names().await.unwrap();
    assert_eq!(names.get("prometheus/local").map(String::as_str), Some("ada"));
    assert_eq!(store.lost_logins().await.unwrap(), []);

    let strangers = Keys::parse(&Keys::new_line().unwrap()).unwrap();
    assert_eq!(store.reseal_logins(&strangers).await.unwrap(), 0, "what cannot be read stays as it is");
    assert!(store.login(service, at).await.unwrap().is_ok());

    store.remove_login(service).await.unwrap();
    assert_eq!(store.login(service, at).await.unwrap(), Ok(None));
}

pub(crate) async fn a_cluster_has_one_source_of_metrics_or_none(store: Store) {
    let cluster = ClusterName::parse("local").unwrap();
    let source = |url: &str| MetricsSource { url: url.into(), private_addresses: true };
    assert_eq!(store.metrics_source(&cluster).await.unwrap(), None);

    store.set_metrics_source(&cluster, Some(&source("https://one.example"))).await.unwrap();
    store.set_metrics_source(&cluster, Some(&source("https://two.example"))).await.unwrap();
    assert_eq!(store.metrics_source(&cluster).await.unwrap(), Some(source("https://two.example")));

    store.set_metrics_source(&cluster, None).await.unwrap();
    assert_eq!(store.metrics_source(&cluster).await.unwrap(), None);
}

pub(crate) async fn a_person_s_sessions_are_listed_and_ended_by_handle(store: Store) {
    let sessions = Sessions::new(store.clone(), clock(NOW), IDLE);
    for (user, handle, seen) in [("u1", "old", 1), ("u1", "new", 2), ("u2", "other", 3)] {
        let mut record = session(user);
        record.data.insert(HANDLE.to_owned(), json!(handle));
        record.data.insert(SEEN.to_owned(), json!(seen));
        record.data.insert(AGENT.to_owned(), json!("curl/8"));
        sessions.create(&mut record).await.unwrap();
    }
    let handles = async |user: &str, now: i64| -> Vec<String> {
        let all = store.sessions_of(user, now).await.unwrap();
        all.into_iter().map(|session| session.handle).collect()
    };

    assert_eq!(handles("u1", NOW).await, ["new", "old"]);
    assert_eq!(store.end_sessions_of("u1", NOW, |handle| handle == "other").await.unwrap().len(), 0);
    assert_eq!(store.end_sessions_of("u1", NOW, |handle| handle != "new").await.unwrap(), ["old"]);

    assert_eq!(
        (handles("u1", NOW).await, handles("u2", NOW).await),
        (vec!["new".into()], vec!["other".to_owned()])
    );
    assert!(handles("u1", NOW + IDLE + 1).await.is_empty(), "an expired session is none");
}

pub(crate) async fn a_disabled_account_is_kept_and_not_counted(store: Store) {
    store.add_account(&account("ada")).await.unwrap();
    store.add_account(&account("bob")).await.unwrap();

    store.set_disabled("id-bob", true).await.unwrap();
    assert!(store.account_by_name("bob").await.unwrap().unwrap().disabled);
    assert_eq!(store.count_accounts().await.unwrap(), 1);

    store.set_disabled("id-bob", false).await.unwrap();
    assert!(!store.account_by_id("id-bob").await.unwrap().unwrap().disabled);
    assert_eq!(store.count_accounts().await.unwrap(), 2);
}

pub(crate) async fn a_session_that_was_ended_is_not_brought_back_by_a_request_under_way(store: Store) {
    let sessions = Sessions::new(store.clone(), clock(NOW), IDLE);
    let mut record = session("u1");
    sessions.create(&mut record).await.unwrap();
    let mut under_way = sessions.load(&record.id).await.unwrap().unwrap();
    store.end_sessions("u1").await.unwrap();

    under_way.data.insert(SEEN.to_owned(), json!(NOW));
    sessions.save(&under_way).await.unwrap();

    assert!(sessions.load(&record.id).await.unwrap().is_none());
}

pub(crate) async fn the_stronger_of_a_role_by_hand_and_one_by_rules_counts_and_each_ends_by_itself(
    store: Store,
) {
    let (shop, bank) = (project("shop"), project("bank"));
    store.add_account(&account("ada")).await.unwrap();
    store.add_project(&shop).await.unwrap();
    store.add_project(&bank).await.unwrap();
    store.set_member(&shop.id, "id-ada", &ProjectRole::Viewer.into(), NOW).await.unwrap();
    let holds =
        async |project: &Project, role: ProjectRole| held(&store, project).await == role.permissions();

    let given = [(shop.id.clone(), ProjectRole::Developer), (bank.id.clone(), ProjectRole::Viewer)];
    let mut changed = store.set_given("id-ada", "corp", &given, NOW).await.unwrap();
    changed.sort();
    assert_eq!(changed, [bank.id.clone(), shop.id.clone()]);
    assert_eq!(store.set_given("id-ada", "corp", &given, NOW).await.unwrap(), [""; 0], "nothing changes");
    assert!(holds(&shop, ProjectRole::Developer).await);
    let members = store.members(&shop.id, NOW).await.unwrap();
    let ways: Vec<_> = members.into_iter().map(|member| member.way).collect();
    assert_eq!(ways, [Way::ByHand, Way::Rules("corp".into())]);

    store.set_member(&shop.id, "id-ada", &ProjectRole::Administrator.into(), NOW).await.unwrap();
    assert!(holds(&shop, ProjectRole::Administrator).await);
    store.remove_member(&shop.id, "id-ada").await.unwrap();
    assert!(holds(&shop, ProjectRole::Developer).await);
    let changed = store.set_given("id-ada", "corp", &given[..1], NOW).await.unwrap();
    assert_eq!(changed, std::slice::from_ref(&bank.id));
    assert_eq!(held(&store, &bank).await, Permissions::NONE);
    let held = store.held_by("id-ada", NOW).await.unwrap();
    assert_eq!(held, [(shop.id.clone(), ProjectRole::Developer.permissions())]);
}

pub(crate) async fn a_sign_in_under_way_is_taken_once_by_the_browser_that_began_it(store: Store) {
    let sign_on = |began_at| SignOn {
        provider: "corp".into(),
        test: true,
        nonce: "nonce".into(),
        verifier: "verifier".into(),
        redirect: "https://console/sso/corp/callback".into(),
        next: "/audit".into(),
        began_at,
    };
    store.add_sign_on("state", "browser", &sign_on(NOW), 0, 10).await.unwrap();

    assert_eq!(store.take_sign_on("state", "other").await.unwrap(), None);
    assert_eq!(store.take_sign_on("state", "browser").await.unwrap(), Some(sign_on(NOW)));
    assert_eq!(store.take_sign_on("state", "browser").await.unwrap(), None);
    for n in 0..5 {
        store.add_sign_on(&format!("s{n}"), "b", &sign_on(NOW + n), NOW + 1, 2).await.unwrap();
    }
    assert_eq!(store.take_sign_on("s0", "b").await.unwrap(), None, "too old");
    assert_eq!(store.take_sign_on("s1", "b").await.unwrap(), None, "too many after it");
    assert!(store.take_sign_on("s4", "b").await.unwrap().is_some());
}

pub(crate) async fn a_session_of_a_provider_is_asked_about_by_one_at_a_time_and_keeps_its_token_sealed(
    store: Store,
) {
    let session = ProviderSession {
        handle: "h".into(),
        user_id: "u".into(),
        provider: "corp".into(),
        subject: "1".into(),
        sid: "s".into(),
        token: Some("walnut".into()),
        checked_at: NOW,
        due_at: NOW + 10,
    };
    store.add_provider_session(&session).await.unwrap();

    assert_eq!(store.due_sessions(NOW).await.unwrap(), []);
    assert_eq!(store.due_sessions(NOW + 10).await.unwrap(), std::slice::from_ref(&session));
    assert!(store.take_session("h", NOW, NOW + 10, NOW + 60).await.unwrap());
    assert!(!store.take_session("h", NOW, NOW + 11, NOW + 61).await.unwrap(), "somebody is at it");
    assert_eq!(store.due_sessions(NOW + 11).await.unwrap(), []);
    let renewed = ProviderSession {
        token: Some("maple".into()),
        checked_at: NOW + 12,
        due_at: NOW + 99,
        ..session.clone()
    };
    store.return_session(&renewed).await.unwrap();
    assert!(!store.take_session("h", NOW, NOW + 13, NOW + 63).await.unwrap(), "it was done meanwhile");
    assert_eq!(store.provider_session("h").await.unwrap(), Some(renewed.clone()));
    assert_eq!(
        store.sessions_at_provider("corp", Some("1"), None).await.unwrap(),
        std::slice::from_ref(&renewed)
    );
    assert_eq!(store.sessions_at_provider("corp", Some("2"), None).await.unwrap(), []);
    assert_eq!(store.sessions_at_provider("corp", None, Some("s")).await.unwrap(), [renewed]);
    store.sweep_provider_sessions(NOW + 13).await.unwrap();
    assert!(store.provider_session("h").await.unwrap().is_some(), "its session is written a moment later");
    store.sweep_provider_sessions(NOW + 70_000).await.unwrap();
    assert_eq!(store.provider_session("h").await.unwrap(), None);
}

pub(crate) async fn an_account_is_bound_to_a_subject_once(store: Store) {
    let waiting = Account { provider: "corp".into(), ..account("ada") };
    store.add_account(&waiting).await.unwrap();

    assert!(store.account_by_subject("corp", "1").await.unwrap().is_none());
    assert!(store.set_subject("id-ada", "1").await.unwrap());
    assert!(!store.set_subject("id-ada", "2").await.unwrap());
    assert_eq!(store.account_by_subject("corp", "1").await.unwrap().unwrap().id, "id-ada");
    let double = Account { provider: "corp".into(), subject: Some("1".into()), ..account("eve") };
    let refused = store.add_account(&double).await.unwrap_err();
    assert!(matches!(refused.kind, Kind::Conflict { .. }));
}
