//! Projects and their members.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::groups::GroupName;
use model::projects::{Member, MemberForm, ProjectDetail, ProjectForm, ProjectName, ProjectSummary, Subject};
use model::roles::RoleName;

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "projects/list", input = Json, output = Json)]
pub async fn list_projects() -> Result<Vec<ProjectSummary>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.list(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "projects/create", input = Json, output = Json)]
pub async fn create_project(form: ProjectForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.create(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "projects/view", input = Json, output = Json)]
pub async fn view_project(project: ProjectName) -> Result<ProjectDetail, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.view(&call.actor, &project).await)
}

#[server(prefix = "/api", endpoint = "projects/form", input = Json, output = Json)]
pub async fn get_project_form(project: ProjectName) -> Result<ProjectForm, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.form(&call.actor, &project).await)
}

#[server(prefix = "/api", endpoint = "projects/change", input = Json, output = Json)]
pub async fn change_project(project: ProjectName, form: ProjectForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.change(&call.actor, &project, form).await)
}

#[server(prefix = "/api", endpoint = "projects/delete", input = Json, output = Json)]
pub async fn delete_project(project: ProjectName, confirmation: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.delete(&call.actor, &project, &confirmation).await)
}

#[server(prefix = "/api", endpoint = "projects/members", input = Json, output = Json)]
pub async fn list_members(project: ProjectName) -> Result<Vec<Member>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.members(&call.actor, &project).await)
}

#[server(prefix = "/api", endpoint = "projects/groups", input = Json, output = Json)]
pub async fn groups_in(project: ProjectName) -> Result<Vec<(GroupName, RoleName)>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.groups(&call.actor, &project).await)
}

#[server(prefix = "/api", endpoint = "projects/set-member", input = Json, output = Json)]
pub async fn set_member(project: ProjectName, form: MemberForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.set_member(&call.actor, &project, form).await)
}

#[server(prefix = "/api", endpoint = "projects/remove-member", input = Json, output = Json)]
pub async fn remove_member(
    project: ProjectName,
    who: Subject,
    asked: Option<RoleName>,
) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.projects.remove_member(&call.actor, &project, who, asked).await)
}
