//! The server side of a call: its context at the start, its status at the end.

use contract::{Actor, Console, Error, Kind};
use http::StatusCode;
use http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use model::access::role_for;

use crate::error::ApiError;

/// What a server function works with. The only reader of the request's context.
pub(crate) struct Call {
    pub(crate) console: Console,
    pub(crate) actor: Actor,
}

impl Call {
    pub(crate) fn begin() -> Result<Self, ApiError> {
        let gone = || ApiError::Internal { request_id: String::new() };
        let console = use_context::<Console>().ok_or_else(gone)?;
        let parts = use_context::<Parts>().ok_or_else(gone)?;
        let actor = parts.extensions.get::<Actor>().cloned().ok_or_else(gone)?;
        Ok(Self { console, actor })
    }
}

/// Turns a result into what travels to the browser. The only file that sets an error status.
pub(crate) fn respond<T>(actor: &Actor, result: Result<T, Error>) -> Result<T, ApiError> {
    result.map_err(|error| {
        let (status, shown) = describe(error.kind, &actor.request_id);
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(status);
        }
        shown
    })
}

/// The status of a page whose address names nothing.
pub(crate) fn set_not_found() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
}

fn describe(kind: Kind, request_id: &str) -> (StatusCode, ApiError) {
    match kind {
        Kind::Unauthenticated => (StatusCode::UNAUTHORIZED, ApiError::Unauthenticated),
        Kind::Forbidden { action, project } => {
            (StatusCode::FORBIDDEN, ApiError::Forbidden { action, role: role_for(action), project })
        }
        Kind::Looking => (StatusCode::FORBIDDEN, ApiError::Looking),
        Kind::NotFound { what } => (StatusCode::NOT_FOUND, ApiError::NotFound { what }),
        Kind::Conflict { what } => (StatusCode::CONFLICT, ApiError::Conflict { what }),
        Kind::Invalid { fields } => (StatusCode::UNPROCESSABLE_ENTITY, ApiError::Invalid { fields }),
        Kind::Licence { state } => (StatusCode::FORBIDDEN, ApiError::Licence { state }),
        Kind::Busy { seconds } => (StatusCode::TOO_MANY_REQUESTS, ApiError::Busy { seconds }),
        Kind::ClusterUnreachable { cluster } => {
            (StatusCode::BAD_GATEWAY, ApiError::ClusterUnreachable { cluster })
        }
        Kind::ClusterUnauthorized { cluster } => {
            (StatusCode::BAD_GATEWAY, ApiError::ClusterUnauthorized { cluster })
        }
        Kind::ClusterForbids { cluster, message } => {
            (StatusCode::FORBIDDEN, ApiError::ClusterForbids { cluster, message })
        }
        Kind::OutcomeUnknown { cluster, what } => {
            (StatusCode::BAD_GATEWAY, ApiError::OutcomeUnknown { cluster, what })
        }
        Kind::ClusterRefuses { cluster, message } => {
            (StatusCode::UNPROCESSABLE_ENTITY, ApiError::ClusterRefuses { cluster, message })
        }
        Kind::SignOn { problem } => (StatusCode::FORBIDDEN, ApiError::SignOn { problem }),
        Kind::Internal => {
            (StatusCode::INTERNAL_SERVER_ERROR, ApiError::Internal { request_id: request_id.to_owned() })
        }
    }
}
