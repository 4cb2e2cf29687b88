//! Parts of the page's address.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::missing;
use crate::error::ApiError;

/// The part that the route names so; empty when there is none.
pub fn use_part(name: &'static str) -> Memo<String> {
    let parameters = use_params_map();
    Memo::new(move |_| parameters.read().get(name).unwrap_or_default())
}

/// What a part names. A part that cannot be a name is an object that does not exist.
pub fn named<T: TryFrom<String>>(kind: &str, part: String) -> Result<T, ApiError> {
    let what = format!("{kind} {part}");
    T::try_from(part).map_err(|_| missing(what))
}

/// A token comes in the fragment, which reaches no server. It goes into the field of that name, and leaves the address, which is
/// that of `page`.
pub fn take_token_from_address(page: &'static str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast as _;
        let Ok(hash) = window().location().hash() else { return };
        let Some(token) = hash.strip_prefix("#token=") else { return };
        let field = document().get_element_by_id("token");
        if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            field.set_value(token);
        }
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(page));
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = page;
}

/// Loads another page whole, as after what changes who somebody is.
pub fn leave_for(address: &'static str) {
    #[cfg(feature = "hydrate")]
    let _ = window().location().assign(address);
    #[cfg(not(feature = "hydrate"))]
    let _ = address;
}

/// Where this console is, as the browser sees it; empty on the server.
pub fn origin() -> String {
    #[cfg(feature = "hydrate")]
    return window().location().origin().unwrap_or_default();
    #[cfg(not(feature = "hydrate"))]
    String::new()
}
