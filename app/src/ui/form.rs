//! Sending a form: reads what stands in its fields, keeps it when refused, except passwords.

use std::future::Future;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::ui::error::ErrorNote;
use crate::ui::field::Answer;
use crate::ui::text::text;

/// The state of one form.
#[derive(Clone, Copy)]
pub struct Sending {
    /// The last refusal.
    pub answer: Answer,
    /// Waiting for the server, or scripts have not started yet.
    pub busy: RwSignal<bool>,
    /// The last submission succeeded.
    pub done: RwSignal<bool>,
}

/// A form starts busy, so that nobody can send it before scripts listen.
pub fn use_sending() -> Sending {
    let busy = RwSignal::new(true);
    Effect::new(move || busy.set(false));
    Sending { answer: RwSignal::new(None), busy, done: RwSignal::new(false) }
}

/// What stands in the fields of a form.
pub struct Values {
    #[cfg(feature = "hydrate")]
    data: web_sys::FormData,
}

impl Values {
    /// The text of a field, empty when there is none.
    pub fn text(&self, name: &str) -> String {
        #[cfg(feature = "hydrate")]
        return self.data.get(name).as_string().unwrap_or_default();
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = name;
            String::new()
        }
    }
}

impl Sending {
    /// The handler for `on:submit`: calls `send` with the values and shows how it ended. Success empties the form.
    pub fn submit<F>(self, send: impl Fn(Values) -> F + 'static) -> impl Fn(SubmitEvent) + 'static
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        self.send(send, true)
    }

    /// As [`Sending::submit`], for a form that is looked at again: what was typed stays.
    pub fn keep<F>(self, send: impl Fn(Values) -> F + 'static) -> impl Fn(SubmitEvent) + 'static
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        self.send(send, false)
    }

    fn send<F>(self, send: impl Fn(Values) -> F + 'static, empty: bool) -> impl Fn(SubmitEvent) + 'static
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        move |event: SubmitEvent| {
            event.prevent_default();
            if self.busy.get_untracked() {
                return;
            }
            let Some(values) = read(&event) else { return };
            self.busy.set(true);
            self.done.set(false);
            let answered = send(values);
            leptos::task::spawn_local(async move {
                let result = answered.await;
                let done = result.is_ok();
                // The form may be gone by now.
                self.done.set(done);
                self.answer.set(result.err());
                self.busy.set(false);
                clear(&event, empty && done);
                focus_first_refused(&event);
            });
        }
    }
}

/// The handler of a form that only changes what is looked at.
pub fn submitted(take: impl Fn(Values) + 'static) -> impl Fn(SubmitEvent) + 'static {
    move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(values) = read(&event) {
            take(values);
        }
    }
}

#[cfg(feature = "hydrate")]
fn read(event: &SubmitEvent) -> Option<Values> {
    let data = web_sys::FormData::new_with_form(&form(event)?).ok()?;
    Some(Values { data })
}

#[cfg(not(feature = "hydrate"))]
fn read(_event: &SubmitEvent) -> Option<Values> {
    None
}

/// Empties the password fields after a refusal, every field after success.
#[cfg(feature = "hydrate")]
fn clear(event: &SubmitEvent, all: bool) {
    use wasm_bindgen::JsCast as _;
    let Some(form) = form(event) else { return };
    if all {
        form.reset();
        return;
    }
    let Ok(fields) = form.query_selector_all("input[type=password]") else { return };
    for index in 0..fields.length() {
        if let Some(field) =
            fields.item(index).and_then(|node| node.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            field.set_value("");
            // What watches the field, such as the strength, sees that it is empty.
            if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &bubbling()) {
                let _ = field.dispatch_event(&event);
            }
        }
    }
}

/// Where the person goes on. Waits until the page shows what was refused. A field under an editor is hidden.
#[cfg(feature = "hydrate")]
fn focus_first_refused(event: &SubmitEvent) {
    use wasm_bindgen::JsCast as _;
    let Some(form) = form(event) else { return };
    request_animation_frame(move || {
        let refused = form.query_selector("[aria-invalid=true]:not([hidden])").ok().flatten();
        if let Some(field) = refused.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn focus_first_refused(_event: &SubmitEvent) {}

#[cfg(not(feature = "hydrate"))]
fn clear(_event: &SubmitEvent, _all: bool) {}

#[cfg(feature = "hydrate")]
fn bubbling() -> web_sys::EventInit {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init
}

#[cfg(feature = "hydrate")]
fn form(event: &SubmitEvent) -> Option<web_sys::HtmlFormElement> {
    use wasm_bindgen::JsCast as _;
    event.target()?.dyn_into().ok()
}

/// The end of a form: what went wrong as a whole, and its button.
#[component]
pub fn Submit(sending: Sending, #[prop(into)] label: ViewFn) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        {move || sending.answer.get().map(|error| view! { <ErrorNote error /> })}
        <noscript>{text!(i18n, common.needs_scripts)}</noscript>
        <button type="submit" class="button primary" disabled=move || sending.busy.get()>
            {label.run()}
        </button>
    }
}
