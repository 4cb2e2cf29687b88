//! What stands in a cell, and over a column.

use leptos::prelude::Get as _;
use leptos_i18n::I18nContext;
use model::quantity::Quantity;
use model::rows::{Column, Custom, Listing, RowCell, RowKind, Shape};

use crate::i18n::Locale;
use crate::ui::text::{Text, text};

pub(super) fn list(i18n: I18nContext<Locale>, listing: &Listing) -> String {
    match listing {
        Listing::Workloads => text!(i18n, workloads.title).get().to_owned(),
        Listing::Kind(one) => kind(i18n, *one).get().to_owned(),
        Listing::Custom(name) => name.to_string(),
    }
}

pub(super) fn kind(i18n: I18nContext<Locale>, kind: RowKind) -> Text {
    match kind {
        RowKind::Pods => text!(i18n, rows.pods),
        RowKind::Nodes => text!(i18n, rows.nodes),
        RowKind::Namespaces => text!(i18n, rows.namespaces),
        RowKind::Deployments => text!(i18n, rows.deployments),
        RowKind::StatefulSets => text!(i18n, rows.stateful_sets),
        RowKind::DaemonSets => text!(i18n, rows.daemon_sets),
        RowKind::Jobs => text!(i18n, rows.jobs),
        RowKind::CronJobs => text!(i18n, rows.cron_jobs),
        RowKind::HttpRoutes => text!(i18n, rows.http_routes),
        RowKind::ResourceQuotas => text!(i18n, rows.quotas),
        RowKind::Secrets => text!(i18n, rows.secrets),
        RowKind::Releases => text!(i18n, releases.title),
        RowKind::CustomResourceDefinitions => text!(i18n, rows.custom_kinds),
        RowKind::ReplicaSets => text!(i18n, rows.replica_sets),
        RowKind::Services => text!(i18n, rows.services),
        RowKind::Ingresses => text!(i18n, rows.ingresses),
        RowKind::ConfigMaps => text!(i18n, rows.config_maps),
        RowKind::PersistentVolumeClaims => text!(i18n, rows.claims),
        RowKind::PersistentVolumes => text!(i18n, rows.volumes),
        RowKind::StorageClasses => text!(i18n, rows.storage_classes),
        RowKind::Events => text!(i18n, rows.events),
        RowKind::HorizontalPodAutoscalers => text!(i18n, rows.autoscalers),
        RowKind::Roles => text!(i18n, rows.kind_roles),
        RowKind::RoleBindings => text!(i18n, rows.role_bindings),
        RowKind::ClusterRoles => text!(i18n, rows.cluster_roles),
        RowKind::ClusterRoleBindings => text!(i18n, rows.cluster_role_bindings),
    }
}

/// What stands over a column, which its author named where a cluster was taught the kind.
pub(super) fn head(i18n: I18nContext<Locale>, column: Column, custom: Option<&Custom>) -> String {
    match custom.and_then(|custom| custom.printed(column)) {
        Some(printed) => printed.name.clone(),
        None => title(i18n, column).map(|title| title.get()).unwrap_or_default().to_owned(),
    }
}

fn title(i18n: I18nContext<Locale>, column: Column) -> Option<Text> {
    Some(match column {
        Column::Printed(_) => return None,
        Column::Revision => text!(i18n, releases.revision),
        Column::Group => text!(i18n, rows.group),
        Column::Scope => text!(i18n, rows.lives_in),
        Column::Kind => text!(i18n, workloads.kind),
        Column::Used => text!(i18n, rows.used),
        Column::Status => text!(i18n, workloads.status),
        Column::Ready => text!(i18n, workloads.ready),
        Column::Restarts => text!(i18n, rows.restarts),
        Column::Node => text!(i18n, rows.node),
        Column::Address => text!(i18n, rows.address),
        Column::Owner => text!(i18n, rows.owner),
        Column::Images => text!(i18n, rows.images),
        Column::Roles => text!(i18n, rows.roles),
        Column::Version => text!(i18n, rows.version),
        Column::Cpu => text!(i18n, rows.cpu),
        Column::Memory => text!(i18n, rows.memory),
        Column::Type => text!(i18n, rows.type_of),
        Column::Ports => text!(i18n, rows.ports),
        Column::Class => text!(i18n, rows.class),
        Column::Hosts => text!(i18n, rows.hosts),
        Column::Volume => text!(i18n, rows.volume),
        Column::Capacity => text!(i18n, rows.capacity),
        Column::Claim => text!(i18n, rows.claim),
        Column::Provisioner => text!(i18n, rows.provisioner),
        Column::Reason => text!(i18n, rows.reason),
        Column::Object => text!(i18n, rows.object),
        Column::Message => text!(i18n, rows.message),
        Column::Count => text!(i18n, rows.count),
        Column::Target => text!(i18n, rows.target),
        Column::Subjects => text!(i18n, rows.subjects),
    })
}

/// How wide a column is: all rows of a list have their columns in the same places, also those that are not there yet.
pub(super) fn width(column: Column) -> &'static str {
    match column {
        Column::Ready
        | Column::Restarts
        | Column::Count
        | Column::Cpu
        | Column::Memory
        | Column::Revision => "thin",
        Column::Images
        | Column::Message
        | Column::Hosts
        | Column::Owner
        | Column::Object
        | Column::Subjects
        | Column::Used => "broad",
        _ => "usual",
    }
}

pub(super) fn is_number(column: Column, custom: Option<&Custom>) -> bool {
    match custom.and_then(|custom| custom.printed(column)) {
        Some(printed) => printed.shape == Shape::Number,
        None => matches!(
            column,
            Column::Ready
                | Column::Restarts
                | Column::Count
                | Column::Cpu
                | Column::Memory
                | Column::Capacity
                | Column::Revision
        ),
    }
}

pub(super) fn words(column: Column, cell: &RowCell) -> String {
    match (column, cell) {
        (_, RowCell::Nothing) => String::new(),
        (Column::Cpu, RowCell::Number(thousandths)) => {
            Quantity::parse(&format!("{thousandths}m")).map(Quantity::cores).unwrap_or_default()
        }
        (Column::Memory | Column::Capacity, RowCell::Number(bytes)) => Quantity::whole(*bytes).bytes(),
        (_, RowCell::Number(number)) => number.to_string(),
        (_, RowCell::Text(text)) => text.clone(),
        (_, RowCell::Part(some, all)) => format!("{some}/{all}"),
    }
}
