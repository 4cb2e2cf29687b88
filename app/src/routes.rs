//! The list of pages. Each renders whole on the server, so that it reads without scripts.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, ParamSegment, SsrMode, StaticSegment};

use crate::layouts::frame::Frame;
use crate::pages::activate::Activate;
use crate::pages::identity::sign_in::SignIn;
use crate::pages::not_found::NotFound;
use crate::parts::{
    AccountRoute, AuditRoute, ChangeProjectRoute, ChartRoute, ChartsRoute, ClusterRoute, ClustersRoute,
    DeployRoute, GroupsRoute, HealthRoute, InstallRoute, JobRoute, LicenceRoute, MembersRoute,
    NamespaceRoute, NamespacesRoute, NewClusterRoute, NewNamespaceRoute, NewProjectRoute, NewProviderRoute,
    OverviewRoute, PersonRoute, ProjectRoute, ProjectsRoute, ProviderRoute, ProvidersRoute, ReleaseRoute,
    ReleasesRoute, RepositoriesRoute, RequestsRoute, RolesRoute, RowsRoute, SearchRoute, UpgradeRoute,
    UsersRoute, WelcomeRoute, WorkloadRoute, WorkloadsRoute,
};
use crate::paths;

#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=StaticSegment(paths::ACTIVATE) view=Activate ssr=SsrMode::Async />
                <Route path=StaticSegment(paths::SIGN_IN) view=SignIn ssr=SsrMode::Async />
                <Route path=StaticSegment(paths::WELCOME) view={Lazy::<WelcomeRoute>::new()} ssr=SsrMode::Async />
                <ParentRoute path=StaticSegment("") view=Frame ssr=SsrMode::Async>
                    <Route path=StaticSegment("") view={Lazy::<OverviewRoute>::new()} ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::ACCOUNT) view={Lazy::<AccountRoute>::new()} ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::USERS) view={Lazy::<UsersRoute>::new()} ssr=SsrMode::Async />
                    <Route
                        path=(StaticSegment(paths::USERS), StaticSegment(paths::PART_PROVIDERS))
                        view={Lazy::<ProvidersRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::USERS),
                            StaticSegment(paths::PART_PROVIDERS),
                            StaticSegment(paths::PART_NEW),
                        )
                        view={Lazy::<NewProviderRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::USERS),
                            StaticSegment(paths::PART_PROVIDERS),
                            ParamSegment("provider"),
                        )
                        view={Lazy::<ProviderRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::PROJECTS) view={Lazy::<ProjectsRoute>::new()} ssr=SsrMode::Async />
                    <Route
                        path=(StaticSegment(paths::PROJECTS), StaticSegment(paths::PART_NEW))
                        view={Lazy::<NewProjectRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(paths::PROJECTS), ParamSegment("project"))
                        view={Lazy::<ProjectRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(paths::PROJECTS), ParamSegment("project"), StaticSegment(paths::PART_ROLES))
                        view={Lazy::<RolesRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(paths::PROJECTS), ParamSegment("project"), StaticSegment(paths::PART_CHANGE))
                        view={Lazy::<ChangeProjectRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::REQUESTS) view={Lazy::<RequestsRoute>::new()} ssr=SsrMode::Async />
                    <Route
                        path=(StaticSegment(paths::PEOPLE), ParamSegment("person"))
                        view={Lazy::<PersonRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(paths::USERS), StaticSegment(paths::PART_GROUPS))
                        view={Lazy::<GroupsRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::PROJECTS),
                            ParamSegment("project"),
                            StaticSegment(paths::PART_MEMBERS),
                        )
                        view={Lazy::<MembersRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::PROJECTS),
                            ParamSegment("project"),
                            StaticSegment(paths::PART_NAMESPACES),
                            StaticSegment(paths::PART_NEW),
                        )
                        view={Lazy::<NewNamespaceRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::NAMESPACES) view={Lazy::<NamespacesRoute>::new()} ssr=SsrMode::Async />
                    <Route
                        path=(
                            StaticSegment(paths::NAMESPACES),
                            ParamSegment("cluster"),
                            ParamSegment("namespace"),
                        )
                        view={Lazy::<NamespaceRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::NAMESPACES),
                            ParamSegment("cluster"),
                            ParamSegment("namespace"),
                            StaticSegment(paths::PART_DEPLOY),
                        )
                        view={Lazy::<DeployRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::CATALOG) view={Lazy::<ChartsRoute>::new()} ssr=SsrMode::Async />
                    <Route
                        path=(StaticSegment(paths::CATALOG), StaticSegment(paths::PART_REPOSITORIES))
                        view={Lazy::<RepositoriesRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::CATALOG),
                            StaticSegment(paths::PART_CHARTS),
                            ParamSegment("repository"),
                            ParamSegment("chart"),
                        )
                        view={Lazy::<ChartRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::CATALOG),
                            StaticSegment(paths::PART_CHARTS),
                            ParamSegment("repository"),
                            ParamSegment("chart"),
                            StaticSegment(paths::PART_INSTALL),
                        )
                        view={Lazy::<InstallRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::RELEASES) view={Lazy::<ReleasesRoute>::new()} ssr=SsrMode::Async />
                    <Route
                        path=(
                            StaticSegment(paths::RELEASES),
                            ParamSegment("cluster"),
                            ParamSegment("namespace"),
                            ParamSegment("release"),
                        )
                        view={Lazy::<ReleaseRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::RELEASES),
                            ParamSegment("cluster"),
                            ParamSegment("namespace"),
                            ParamSegment("release"),
                            StaticSegment(paths::PART_UPGRADE),
                        )
                        view={Lazy::<UpgradeRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(paths::JOBS), ParamSegment("job"))
                        view={Lazy::<JobRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(paths::RESOURCES), ParamSegment("kind"))
                        view={Lazy::<RowsRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::WORKLOADS) view={Lazy::<WorkloadsRoute>::new()} ssr=SsrMode::Async />
                    <Route
                        path=(
                            StaticSegment(paths::WORKLOADS),
                            ParamSegment("cluster"),
                            ParamSegment("namespace"),
                            ParamSegment("kind"),
                            ParamSegment("name"),
                        )
                        view={Lazy::<WorkloadRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::CLUSTERS) view={Lazy::<ClustersRoute>::new()} ssr=SsrMode::Async />
                    <Route
                        path=(StaticSegment(paths::CLUSTERS), StaticSegment(paths::PART_NEW))
                        view={Lazy::<NewClusterRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(paths::CLUSTERS), ParamSegment("cluster"))
                        view={Lazy::<ClusterRoute>::new()}
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::LICENCE) view={Lazy::<LicenceRoute>::new()} ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::SEARCH) view={Lazy::<SearchRoute>::new()} ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::CONSOLE_HEALTH) view={Lazy::<HealthRoute>::new()} ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::AUDIT) view={Lazy::<AuditRoute>::new()} ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
