//! Parts of the page's address.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::error::ApiError;

/// The part that the route names so; empty when there is none.
pub fn use_part(name: &'static str) -> Memo<String> {
    let parameters = use_params_map();
    Memo::new(move |_| parameters.read().get(name).unwrap_or_default())
}

/// What a part names. A part that cannot be a name is an object that does not exist.
pub fn named<T: TryFrom<String>>(kind: &str, part: String) -> Result<T, ApiError> {
    let what = format!("{kind} {part}");
    T::try_from(part).map_err(|_| ApiError::NotFound { what })
}
