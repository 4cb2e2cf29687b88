//! Data into sentences, in the person's language. Sentences with values in them are views, words are strings.

use leptos::prelude::{AnyView, IntoAny as _};
use leptos_i18n::I18nContext;
use model::access::Role;
use model::audit::Outcome;
use model::identity::PlatformRole;
use model::license::{Edition, LicenceProblem, LicenceState};
use model::live::Ended;
use model::monitoring::Span;
use model::namespaces::Phase;
use model::outside::FetchProblem;
use model::problem::Problem;
use model::projects::Way;
use model::providers::SignOnProblem;
use model::roles::{Permission, ProjectRole, RoleName};
use model::workloads::Health;

use crate::error::ApiError;
use crate::i18n::{Locale, t, t_string};
use crate::ui::text::{Text, text};

type I18n = I18nContext<Locale>;

pub fn role(i18n: I18n, role: PlatformRole) -> String {
    match role {
        PlatformRole::Administrator => t_string!(i18n, common.role_administrator).to_string(),
        PlatformRole::Auditor => t_string!(i18n, common.role_auditor).to_string(),
        PlatformRole::Member => t_string!(i18n, common.role_member).to_string(),
    }
}

pub fn project_role(i18n: I18n, role: ProjectRole) -> String {
    match role {
        ProjectRole::Administrator => t_string!(i18n, common.role_project_administrator).to_string(),
        ProjectRole::NamespaceAdministrator => {
            t_string!(i18n, common.role_namespace_administrator).to_string()
        }
        ProjectRole::Developer => t_string!(i18n, common.role_developer).to_string(),
        ProjectRole::Viewer => t_string!(i18n, common.role_viewer).to_string(),
    }
}

/// A role by the name that a project knows it by.
pub fn role_name(i18n: I18n, role: &RoleName) -> String {
    role.shipped().map_or_else(|| role.to_string(), |shipped| project_role(i18n, shipped))
}

pub fn permission(i18n: I18n, permission: Permission) -> Text {
    match permission {
        Permission::View => text!(i18n, access.view),
        Permission::Operate => text!(i18n, access.operate),
        Permission::Deploy => text!(i18n, access.deploy),
        Permission::Secrets => text!(i18n, access.secrets),
        Permission::Shell => text!(i18n, access.shell),
        Permission::Install => text!(i18n, access.install),
        Permission::AccessRules => text!(i18n, access.access_rules),
        Permission::Namespaces => text!(i18n, access.namespaces),
        Permission::Members => text!(i18n, access.members),
    }
}

/// How somebody came to a role.
pub fn way(i18n: I18n, way: &Way) -> AnyView {
    match way {
        Way::ByHand => text!(i18n, access.by_hand).into_any(),
        Way::Asked => text!(i18n, access.asked).into_any(),
        Way::Group(group) => t!(i18n, access.by_group, group = group.clone()).into_any(),
        Way::Rules(provider) => t!(i18n, access.by_rules, provider = provider.clone()).into_any(),
    }
}

/// The role that something takes, of either kind.
pub fn needed(i18n: I18n, needed: Option<Role>) -> String {
    match needed {
        Some(Role::Platform(needed)) => role(i18n, needed),
        Some(Role::Project(needed)) => project_role(i18n, needed),
        None => String::new(),
    }
}

pub fn phase(i18n: I18n, phase: Phase) -> String {
    match phase {
        Phase::Active => t_string!(i18n, namespaces.active).to_string(),
        Phase::Terminating => t_string!(i18n, namespaces.terminating).to_string(),
        Phase::Gone => t_string!(i18n, namespaces.gone).to_string(),
        Phase::Unknown => t_string!(i18n, namespaces.unknown).to_string(),
    }
}

/// The class of a phase's mark.
pub fn phase_mark(phase: Phase) -> &'static str {
    match phase {
        Phase::Active => "status ok",
        Phase::Terminating => "status warning",
        Phase::Gone => "status failed",
        Phase::Unknown => "status unknown",
    }
}

pub fn health(i18n: I18n, health: Health) -> Text {
    match health {
        Health::Failed => text!(i18n, workloads.failed),
        Health::Progressing => text!(i18n, workloads.progressing),
        Health::Healthy => text!(i18n, workloads.healthy),
        Health::Stopped => text!(i18n, workloads.stopped),
    }
}

/// Why something is not followed any more.
pub fn ended(i18n: I18n, why: Ended) -> Text {
    match why {
        Ended::NotFound => text!(i18n, workloads.gone),
        Ended::NotPermitted => text!(i18n, workloads.not_permitted),
        Ended::Complete | Ended::ClusterSilent | Ended::Failed => text!(i18n, problem.absent_failed),
    }
}

/// The class of a health's mark.
pub fn health_mark(health: Health) -> &'static str {
    match health {
        Health::Failed => "status failed",
        Health::Progressing => "status progressing",
        Health::Healthy => "status ok",
        Health::Stopped => "status unknown",
    }
}

pub fn edition(i18n: I18n, edition: Edition) -> String {
    match edition {
        Edition::Personal => t_string!(i18n, license.edition_personal).to_string(),
        Edition::Team => t_string!(i18n, license.edition_team).to_string(),
        Edition::Enterprise => t_string!(i18n, license.edition_enterprise).to_string(),
    }
}

pub fn licence_state(i18n: I18n, state: LicenceState) -> AnyView {
    match state {
        LicenceState::Active => text!(i18n, license.state_active).into_any(),
        LicenceState::Expiring { days } => t!(i18n, license.state_expiring, days = days).into_any(),
        LicenceState::Grace { days } => t!(i18n, license.state_grace, days = days).into_any(),
        LicenceState::Limited => text!(i18n, license.state_limited).into_any(),
        LicenceState::OverLimit => text!(i18n, license.state_over_limit).into_any(),
    }
}

/// The class of a licence state's mark.
pub fn licence_mark(state: LicenceState) -> &'static str {
    match state {
        LicenceState::Active => "status ok",
        LicenceState::Expiring { .. } | LicenceState::Grace { .. } => "status warning",
        LicenceState::Limited | LicenceState::OverLimit => "status failed",
    }
}

pub fn span(i18n: I18n, span: Span) -> Text {
    match span {
        Span::Recent => text!(i18n, monitoring.recent),
        Span::Hour => text!(i18n, monitoring.hour),
        Span::SixHours => text!(i18n, monitoring.six_hours),
        Span::Day => text!(i18n, monitoring.day),
        Span::Week => text!(i18n, monitoring.week),
        Span::Month => text!(i18n, monitoring.month),
    }
}

pub fn outcome(i18n: I18n, outcome: Outcome) -> String {
    match outcome {
        Outcome::Open => t_string!(i18n, audit.outcome_open).to_string(),
        Outcome::Done => t_string!(i18n, audit.outcome_done).to_string(),
        Outcome::Denied => t_string!(i18n, audit.outcome_denied).to_string(),
        Outcome::Invalid => t_string!(i18n, audit.outcome_invalid).to_string(),
        Outcome::Failed => t_string!(i18n, audit.outcome_failed).to_string(),
    }
}

/// The class of an outcome's mark.
pub fn outcome_mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Open => "status unknown",
        Outcome::Done => "status ok",
        Outcome::Denied | Outcome::Invalid => "status warning",
        Outcome::Failed => "status failed",
    }
}

pub fn problem(i18n: I18n, problem: &Problem) -> AnyView {
    match *problem {
        Problem::Required => text!(i18n, problem.required).into_any(),
        Problem::TooShort { min } => t!(i18n, problem.too_short, min = min).into_any(),
        Problem::TooLong { max } => t!(i18n, problem.too_long, max = max).into_any(),
        Problem::BadCharacters => text!(i18n, problem.bad_characters).into_any(),
        Problem::NotALabel => text!(i18n, problem.not_a_label).into_any(),
        Problem::Reserved => text!(i18n, problem.reserved).into_any(),
        Problem::ReservedName => text!(i18n, problem.reserved_name).into_any(),
        Problem::NotAQuantity => text!(i18n, problem.not_a_quantity).into_any(),
        Problem::NotAnImage => text!(i18n, problem.not_an_image).into_any(),
        Problem::NotANumber { min, max } => t!(i18n, problem.not_a_number, min = min, max = max).into_any(),
        Problem::NotAPort { ref text } => t!(i18n, problem.not_a_port, text = text.clone()).into_any(),
        Problem::NotAVariable { line } => t!(i18n, problem.not_a_variable, line = line).into_any(),
        Problem::NotAnAddress => text!(i18n, problem.not_an_address).into_any(),
        Problem::NeedsHttps => text!(i18n, problem.needs_https).into_any(),
        Problem::NoKey => text!(i18n, problem.no_key).into_any(),
        Problem::Outside { ref reason } => fetch_problem(i18n, reason),
        Problem::Helm { ref said } => t!(i18n, problem.helm, said = said.clone()).into_any(),
        Problem::MoreThanLimit => text!(i18n, problem.more_than_limit).into_any(),
        Problem::MoreThanLeft { ref left } => {
            t!(i18n, problem.more_than_left, left = left.clone()).into_any()
        }
        Problem::NotTheName => text!(i18n, problem.not_the_name).into_any(),
        Problem::NotTheNumber => text!(i18n, problem.not_the_number).into_any(),
        Problem::TooMany { max } => t!(i18n, problem.too_many, max = max).into_any(),
        Problem::NotAKubeconfig => text!(i18n, problem.not_a_kubeconfig).into_any(),
        Problem::NotAContext => text!(i18n, problem.not_a_context).into_any(),
        Problem::OtherServer { ref server } => {
            t!(i18n, problem.other_server, server = server.clone()).into_any()
        }
        Problem::StillUsed { namespaces } => t!(i18n, problem.still_used, namespaces = namespaces).into_any(),
        Problem::InSettings => text!(i18n, problem.in_settings).into_any(),
        Problem::NoSuchProvider => text!(i18n, problem.no_such_provider).into_any(),
        Problem::NoSuchProject => text!(i18n, problem.no_such_project).into_any(),
        Problem::NoSuchRole => text!(i18n, problem.no_such_role).into_any(),
        Problem::NoSuchGroup => text!(i18n, problem.no_such_group).into_any(),
        Problem::BeyondYours => text!(i18n, problem.beyond_yours).into_any(),
        Problem::InUse { count } => t!(i18n, problem.in_use, count = count).into_any(),
        Problem::GivenByGroup { ref group } => {
            t!(i18n, problem.given_by_group, group = group.clone()).into_any()
        }
        Problem::AskedAlready => text!(i18n, problem.asked_already).into_any(),
        Problem::HasIt => text!(i18n, problem.has_it).into_any(),
        Problem::Disabled => text!(i18n, problem.disabled).into_any(),
        Problem::NotTested => text!(i18n, problem.not_tested).into_any(),
        Problem::OtherIssuer => text!(i18n, problem.other_issuer).into_any(),
        Problem::GivenByRules { ref provider } => {
            t!(i18n, problem.given_by_rules, provider = provider.clone()).into_any()
        }
        Problem::NotLocal => text!(i18n, problem.not_local).into_any(),
        Problem::Yourself => text!(i18n, problem.yourself).into_any(),
        Problem::NoSuchUser => text!(i18n, problem.no_such_user).into_any(),
        Problem::NoSuchCluster => text!(i18n, problem.no_such_cluster).into_any(),
        Problem::Mismatch => text!(i18n, problem.mismatch).into_any(),
        Problem::Taken => text!(i18n, problem.taken).into_any(),
        Problem::ContainsUsername => text!(i18n, problem.contains_username).into_any(),
        Problem::WrongPassword => text!(i18n, problem.wrong_current).into_any(),
        Problem::WrongToken => text!(i18n, problem.wrong_token).into_any(),
        Problem::ExpiredToken => text!(i18n, problem.expired_token).into_any(),
        Problem::Licence { reason } => licence_problem(i18n, reason),
    }
}

/// Why something outside cannot be read.
pub fn fetch_problem(i18n: I18n, problem: &FetchProblem) -> AnyView {
    match *problem {
        FetchProblem::Unreachable => text!(i18n, outside.unreachable).into_any(),
        FetchProblem::Status(status) => t!(i18n, outside.status, status = status).into_any(),
        FetchProblem::PrivateAddress => text!(i18n, outside.private).into_any(),
        FetchProblem::PublicAddress => text!(i18n, outside.public).into_any(),
        FetchProblem::TooLarge => text!(i18n, outside.too_large).into_any(),
        FetchProblem::Unreadable => text!(i18n, outside.unreadable).into_any(),
        FetchProblem::LostKey => text!(i18n, outside.lost_key).into_any(),
        FetchProblem::WrongDigest => text!(i18n, outside.wrong_digest).into_any(),
    }
}

/// Why signing in with a provider failed.
pub fn sign_on_problem(i18n: I18n, problem: &SignOnProblem) -> AnyView {
    match problem {
        SignOnProblem::NoProvider => text!(i18n, providers.problem_no_provider).into_any(),
        SignOnProblem::Outside(reason) => {
            (text!(i18n, providers.problem_outside), " ", fetch_problem(i18n, reason)).into_any()
        }
        SignOnProblem::OtherIssuer => text!(i18n, providers.problem_issuer).into_any(),
        SignOnProblem::Refused { code } => {
            t!(i18n, providers.problem_refused, code = code.clone()).into_any()
        }
        SignOnProblem::BadToken => text!(i18n, providers.problem_token).into_any(),
        SignOnProblem::Stale => text!(i18n, providers.problem_stale).into_any(),
        SignOnProblem::NoUsername { claim } => {
            t!(i18n, providers.problem_username, claim = claim.clone()).into_any()
        }
        SignOnProblem::NameTaken { username } => {
            t!(i18n, providers.problem_taken, username = username.clone()).into_any()
        }
        SignOnProblem::NotLetIn { username } => {
            t!(i18n, providers.problem_not_let_in, username = username.clone()).into_any()
        }
        SignOnProblem::Disabled => text!(i18n, problem.disabled).into_any(),
        SignOnProblem::NoRoom => text!(i18n, providers.problem_no_room).into_any(),
    }
}

fn licence_problem(i18n: I18n, reason: LicenceProblem) -> AnyView {
    match reason {
        LicenceProblem::Truncated => text!(i18n, problem.licence_truncated).into_any(),
        LicenceProblem::TrailingText => text!(i18n, problem.licence_trailing).into_any(),
        LicenceProblem::UnknownKey => text!(i18n, problem.licence_unknown_key).into_any(),
        LicenceProblem::WrongSignature => text!(i18n, problem.licence_wrong_signature).into_any(),
        LicenceProblem::Expired => text!(i18n, problem.licence_expired).into_any(),
        LicenceProblem::NotYetValid => text!(i18n, problem.licence_not_yet).into_any(),
        LicenceProblem::WrongInstance => text!(i18n, problem.licence_wrong_instance).into_any(),
    }
}

pub fn error(i18n: I18n, error: &ApiError) -> AnyView {
    match error {
        ApiError::Unauthenticated => text!(i18n, problem.unauthenticated).into_any(),
        ApiError::Forbidden { action, role: needed, .. } => {
            let needed = self::needed(i18n, *needed);
            t!(i18n, problem.forbidden, action = action.as_str(), role = needed).into_any()
        }
        ApiError::Looking => text!(i18n, problem.looking).into_any(),
        ApiError::NotFound { what } => t!(i18n, problem.not_found, what = what.clone()).into_any(),
        ApiError::Conflict { .. } => text!(i18n, problem.conflict).into_any(),
        ApiError::Invalid { .. } => text!(i18n, problem.invalid).into_any(),
        ApiError::Licence { .. } => text!(i18n, problem.licence_refuses).into_any(),
        ApiError::Busy { seconds } => t!(i18n, problem.busy, seconds = *seconds).into_any(),
        ApiError::ClusterUnreachable { cluster } => {
            t!(i18n, problem.cluster_unreachable, cluster = cluster.to_string()).into_any()
        }
        ApiError::ClusterUnauthorized { cluster } => {
            t!(i18n, problem.cluster_unauthorized, cluster = cluster.to_string()).into_any()
        }
        ApiError::ClusterForbids { cluster, message } => {
            t!(i18n, problem.cluster_forbids, cluster = cluster.to_string(), message = message.clone())
                .into_any()
        }
        ApiError::ClusterRefuses { cluster, message } => {
            t!(i18n, problem.cluster_refuses, cluster = cluster.to_string(), message = message.clone())
                .into_any()
        }
        ApiError::OutcomeUnknown { cluster, what } => {
            t!(i18n, problem.outcome_unknown, cluster = cluster.to_string(), what = what.clone()).into_any()
        }
        ApiError::Internal { request_id } => {
            t!(i18n, problem.internal, reference = request_id.clone()).into_any()
        }
        ApiError::SignOn { problem } => sign_on_problem(i18n, problem),
        ApiError::Transport => text!(i18n, problem.transport).into_any(),
    }
}
