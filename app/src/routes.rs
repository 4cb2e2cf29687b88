//! The list of pages. Each renders whole on the server, so that it reads without scripts.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{ParamSegment, SsrMode, StaticSegment};

use crate::layouts::frame::Frame;
use crate::pages::activate::Activate;
use crate::pages::audit::AuditTrail;
use crate::pages::clusters::list::ClusterList;
use crate::pages::clusters::overview::ClusterPage;
use crate::pages::identity::account::AccountPage;
use crate::pages::identity::sign_in::SignIn;
use crate::pages::identity::users::UserList;
use crate::pages::license::LicencePage;
use crate::pages::namespaces::create::CreateNamespace;
use crate::pages::namespaces::detail::NamespacePage;
use crate::pages::namespaces::list::NamespaceList;
use crate::pages::not_found::NotFound;
use crate::pages::overview::Overview;
use crate::pages::projects::create::CreateProject;
use crate::pages::projects::detail::ProjectPage;
use crate::pages::projects::list::ProjectList;
use crate::pages::projects::members::Members;
use crate::paths;

#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=StaticSegment(paths::ACTIVATE) view=Activate ssr=SsrMode::Async />
                <Route path=StaticSegment(paths::SIGN_IN) view=SignIn ssr=SsrMode::Async />
                <ParentRoute path=StaticSegment("") view=Frame ssr=SsrMode::Async>
                    <Route path=StaticSegment("") view=Overview ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::ACCOUNT) view=AccountPage ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::USERS) view=UserList ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::PROJECTS) view=ProjectList ssr=SsrMode::Async />
                    <Route
                        path=(StaticSegment(paths::PROJECTS), StaticSegment(paths::PART_NEW))
                        view=CreateProject
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(StaticSegment(paths::PROJECTS), ParamSegment("project"))
                        view=ProjectPage
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::PROJECTS),
                            ParamSegment("project"),
                            StaticSegment(paths::PART_MEMBERS),
                        )
                        view=Members
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=(
                            StaticSegment(paths::PROJECTS),
                            ParamSegment("project"),
                            StaticSegment(paths::PART_NAMESPACES),
                            StaticSegment(paths::PART_NEW),
                        )
                        view=CreateNamespace
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::NAMESPACES) view=NamespaceList ssr=SsrMode::Async />
                    <Route
                        path=(
                            StaticSegment(paths::NAMESPACES),
                            ParamSegment("cluster"),
                            ParamSegment("namespace"),
                        )
                        view=NamespacePage
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::CLUSTERS) view=ClusterList ssr=SsrMode::Async />
                    <Route
                        path=(StaticSegment(paths::CLUSTERS), ParamSegment("cluster"))
                        view=ClusterPage
                        ssr=SsrMode::Async
                    />
                    <Route path=StaticSegment(paths::LICENCE) view=LicencePage ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::AUDIT) view=AuditTrail ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
