//! The list of pages. Each renders whole on the server, so that it reads without scripts.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, StaticSegment};

use crate::layouts::frame::Frame;
use crate::pages::activate::Activate;
use crate::pages::audit::AuditTrail;
use crate::pages::identity::account::AccountPage;
use crate::pages::identity::sign_in::SignIn;
use crate::pages::identity::users::UserList;
use crate::pages::license::LicencePage;
use crate::pages::not_found::NotFound;
use crate::pages::overview::Overview;
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
                    <Route path=StaticSegment(paths::LICENCE) view=LicencePage ssr=SsrMode::Async />
                    <Route path=StaticSegment(paths::AUDIT) view=AuditTrail ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
