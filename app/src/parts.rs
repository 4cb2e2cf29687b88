//! Pages whose code the browser loads when one of them is first visited.
//!
//! What a visitor meets first stays in the file that every page loads. The other pages belong to a part; the build puts
//! what only one part reaches into a file of its own (`frontend/split`). A new page joins the part of its neighbours.

use leptos::prelude::*;
use leptos_router::LazyRoute;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::error::ApiError;
use crate::pages::audit::AuditTrail;
use crate::pages::catalog::chart::ChartPage;
use crate::pages::catalog::charts::ChartList;
use crate::pages::catalog::repositories::RepositoryList;
use crate::pages::clusters::connect::ConnectCluster;
use crate::pages::clusters::list::ClusterList;
use crate::pages::clusters::overview::ClusterPage;
use crate::pages::identity::account::AccountPage;
use crate::pages::identity::groups::GroupList;
use crate::pages::identity::provider::ProviderPage;
use crate::pages::identity::provider_form::NewProvider;
use crate::pages::identity::providers::ProviderList;
use crate::pages::identity::user::UserPage;
use crate::pages::identity::users::UserList;
use crate::pages::identity::welcome::Welcome;
use crate::pages::license::LicencePage;
use crate::pages::namespaces::create::CreateNamespace;
use crate::pages::namespaces::detail::NamespacePage;
use crate::pages::namespaces::list::NamespaceList;
use crate::pages::overview::Overview;
use crate::pages::projects::change::ChangeProject;
use crate::pages::projects::create::CreateProject;
use crate::pages::projects::detail::ProjectPage;
use crate::pages::projects::list::ProjectList;
use crate::pages::projects::members::Members;
use crate::pages::projects::roles::Roles;
use crate::pages::releases::detail::ReleasePage;
use crate::pages::releases::install::InstallPage;
use crate::pages::releases::job::JobPage;
use crate::pages::releases::upgrade::UpgradePage;
use crate::pages::requests::RequestsPage;
use crate::pages::rows::health::RowHealth;
use crate::pages::rows::list::{ReleaseList, RowList, WorkloadList};
use crate::pages::rows::search::SearchPage;
use crate::pages::workloads::deploy::Deploy;
use crate::pages::workloads::detail::WorkloadPage;
use crate::ui::error::ErrorNote;

/// Of each part, the files to load; read from what the build left.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default)]
pub struct Files(pub std::sync::Arc<std::collections::BTreeMap<String, Vec<String>>>);

impl From<SplitLoaderError> for ApiError {
    fn from(_: SplitLoaderError) -> Self {
        Self::Transport
    }
}

/// `part: Route, function that makes the view, function that loads the part, Component`
macro_rules! page_of {
    ($part:ident: $route:ident, $make:ident, $load:ident, $component:ident) => {
        pub struct $route;

        #[wasm_split($part, fallible, preload($load))]
        fn $make() -> Result<AnyView, ApiError> {
            #[cfg(feature = "ssr")]
            announce(stringify!($part));
            Ok(view! { <$component /> }.into_any())
        }

        impl LazyRoute for $route {
            // Pages load their own data, where they see the context of the frame.
            fn data() -> Self {
                Self
            }

            async fn view(_: Self) -> AnyView {
                $make().await.unwrap_or_else(|error| view! { <ErrorNote error /> }.into_any())
            }

            async fn preload() {
                unless_overtaken(async {
                    // The view tries again, and tells.
                    let _failed = $load().await;
                })
                .await;
            }
        }
    };
}

page_of!(installation: OverviewRoute, overview, load_overview, Overview);
page_of!(installation: AccountRoute, account, load_account, AccountPage);
page_of!(installation: ClustersRoute, clusters, load_clusters, ClusterList);
page_of!(setup: NewClusterRoute, new_cluster, load_new_cluster, ConnectCluster);
page_of!(installation: ClusterRoute, cluster, load_cluster, ClusterPage);
page_of!(setup: WelcomeRoute, welcome, load_welcome, Welcome);
page_of!(setup: UsersRoute, users, load_users, UserList);
page_of!(tenancy: PersonRoute, person, load_person, UserPage);
page_of!(setup: GroupsRoute, groups, load_groups, GroupList);
page_of!(setup: ProvidersRoute, providers, load_providers, ProviderList);
page_of!(setup: NewProviderRoute, new_provider, load_new_provider, NewProvider);
page_of!(setup: ProviderRoute, provider, load_provider, ProviderPage);
page_of!(installation: LicenceRoute, licence, load_licence, LicencePage);
page_of!(installation: AuditRoute, audit, load_audit, AuditTrail);
page_of!(tenancy: ProjectsRoute, projects, load_projects, ProjectList);
page_of!(tenancy: NewProjectRoute, new_project, load_new_project, CreateProject);
page_of!(tenancy: ProjectRoute, project, load_project, ProjectPage);
page_of!(tenancy: MembersRoute, members, load_members, Members);
page_of!(tenancy: RolesRoute, roles, load_roles, Roles);
page_of!(tenancy: ChangeProjectRoute, change_project, load_change_project, ChangeProject);
page_of!(tenancy: RequestsRoute, requests, load_requests, RequestsPage);
page_of!(tenancy: NamespacesRoute, namespaces, load_namespaces, NamespaceList);
page_of!(tenancy: NewNamespaceRoute, new_namespace, load_new_namespace, CreateNamespace);
page_of!(tenancy: NamespaceRoute, namespace, load_namespace, NamespacePage);
page_of!(catalog: ChartsRoute, charts, load_charts, ChartList);
page_of!(catalog: ChartRoute, chart, load_chart, ChartPage);
page_of!(catalog: RepositoriesRoute, repositories, load_repositories, RepositoryList);
page_of!(catalog: InstallRoute, install, load_install, InstallPage);
page_of!(catalog: ReleaseRoute, release, load_release, ReleasePage);
page_of!(catalog: UpgradeRoute, upgrade, load_upgrade, UpgradePage);
page_of!(catalog: JobRoute, job, load_job, JobPage);
page_of!(operations: WorkloadsRoute, workloads, load_workloads, WorkloadList);
page_of!(operations: ReleasesRoute, releases, load_releases, ReleaseList);
page_of!(operations: WorkloadRoute, workload, load_workload, WorkloadPage);
page_of!(operations: HealthRoute, health, load_health, RowHealth);
page_of!(operations: SearchRoute, search, load_search, SearchPage);
page_of!(operations: RowsRoute, row_list, load_row_list, RowList);
page_of!(operations: DeployRoute, deploy, load_deploy, Deploy);

/// The router (0.8.17) does not stop a navigation that a later one overtakes while a part still loads: it would show its page
/// under the address of the later one. So it never goes on.
#[cfg(not(feature = "ssr"))]
async fn unless_overtaken(loading: impl Future<Output = ()>) {
    use std::sync::atomic::{AtomicU32, Ordering};

    static LATEST: AtomicU32 = AtomicU32::new(0);
    let mine = LATEST.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
    loading.await;
    if LATEST.load(Ordering::Relaxed) != mine {
        std::future::pending::<()>().await;
    }
}

#[cfg(feature = "ssr")]
async fn unless_overtaken(loading: impl Future<Output = ()>) {
    loading.await;
}

/// Tells the browser in the page's headers what it will need, before the scripts ask for it.
#[cfg(feature = "ssr")]
fn announce(part: &str) {
    use http::{HeaderValue, header};

    let (Some(files), Some(options), Some(response)) = (
        use_context::<Files>(),
        use_context::<LeptosOptions>(),
        use_context::<leptos_axum::ResponseOptions>(),
    ) else {
        return;
    };
    for file in files.0.get(part).into_iter().flatten() {
        let address = format!("/{}/{file}.wasm", options.site_pkg_dir);
        let link = format!("<{address}>; rel=preload; as=fetch; type=\"application/wasm\"; crossorigin");
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.append_header(header::LINK, link);
        }
    }
}
