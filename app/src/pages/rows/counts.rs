//! What is counted in instructions, not in seconds: `scripts/counts.sh` runs this under callgrind.

#![cfg(feature = "ssr")]

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::location::RequestUrl;
use model::clusters::ClusterName;
use model::rows::{Listing, RowCell, RowKind, RowQuery, RowView, RowWindow};
use model::workloads::Health;

use super::grid::Grid;
use crate::i18n::I18nContextProvider;

const TIMES: u32 = 20;

/// Nothing is waited for: what would run beside is not what is counted.
struct Nobody;

impl CustomExecutor for Nobody {
    fn spawn(&self, _: PinnedFuture<()>) {}

    fn spawn_local(&self, _: PinnedLocalFuture<()>) {}

    fn poll_local(&self) {}
}

fn window() -> RowWindow {
    let row = |number: i64| RowView {
        cluster: ClusterName::parse("local").unwrap(),
        namespace: "shop-web".into(),
        name: format!("checkout-5d8f9b-{number:05}"),
        health: Some(Health::Healthy),
        created: 1_795_341_600,
        cells: vec![
            RowCell::Text("Running".into()),
            RowCell::Part(2, 2),
            RowCell::Number(number),
            RowCell::Text("node-17".into()),
            RowCell::Text("10.0.4.17".into()),
            RowCell::Text("Deployment/checkout".into()),
            RowCell::Text("registry.example/checkout:1.2, registry.example/sidecar:3".into()),
        ],
    };
    RowWindow { rows: (0..50).map(row).collect(), total: 50_000, ..RowWindow::default() }
}

#[component]
fn List(window: RowWindow) -> impl IntoView {
    let query = RowQuery::new(Listing::Kind(RowKind::Pods), "");
    let (window, range) = (RwSignal::new(window), RwSignal::new((0, 60)));
    view! { <Grid label=Signal::stored("Pods".to_owned()) query custom=None window range chosen=None /> }
}

#[inline(never)]
fn counted_render_50_rows_as_html(window: RowWindow) -> String {
    let list = view! {
        <I18nContextProvider>
            <Router>
                <List window />
            </Router>
        </I18nContextProvider>
    };
    list.to_html()
}

#[test]
#[ignore = "counted by scripts/counts.sh"]
fn render_50_rows_as_html() {
    let _known = Executor::init_custom_executor(Nobody);
    for _ in 0..TIMES {
        let owner = Owner::new();
        owner.set();
        provide_context(RequestUrl::new("/resources/pods"));
        let html = counted_render_50_rows_as_html(window());
        assert!(html.contains("checkout-5d8f9b-00049") && html.contains("Deployment/checkout"), "{html}");
    }
}
