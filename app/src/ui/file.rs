//! Text from a file of the person's machine, into a field.

use leptos::prelude::*;

/// The handler of a file input; `field` shows what the file holds.
pub fn read_file(event: &leptos::ev::Event, field: NodeRef<leptos::html::Textarea>) {
    #[cfg(feature = "hydrate")]
    {
        let file = event_target::<web_sys::HtmlInputElement>(event).files().and_then(|files| files.get(0));
        let Some(file) = file else { return };
        leptos::task::spawn_local(async move {
            let text = wasm_bindgen_futures::JsFuture::from(file.text())
                .await
                .ok()
                .and_then(|text| text.as_string());
            if let (Some(text), Some(field)) = (text, field.get_untracked()) {
                field.set_value(text.trim());
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (event, field);
    }
}
