//! The first visit: setup token, first administrator, licence.

use leptos::prelude::*;
use leptos_meta::Title;
use model::identity::password_strength;
use model::license::Activation;

use crate::api::license::activate;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::bare::Bare;
use crate::paths;
use crate::ui::address::{leave_for, take_token_from_address};
use crate::ui::field::{Field, FieldError, is_refused};
use crate::ui::file::read_file;
use crate::ui::form::{Submit, Values, use_sending};
use crate::ui::text::text;

#[component]
pub fn Activate() -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let own = RwSignal::new(false);
    Effect::new(|| take_token_from_address(paths::ACTIVATE));
    Effect::new(move || {
        if sending.done.get() {
            leave_for(paths::SIGN_IN);
        }
    });
    let send = sending.submit(move |values| activate(form(&values, own.get_untracked())));

    view! {
        <Title text=move || t_string!(i18n, license.activate) />
        <Bare>
            <form class="card narrow" method="post" action=paths::ACTIVATE on:submit=send>
                <h1>{text!(i18n, license.activate)}</h1>
                <p class="muted">{text!(i18n, license.activate_intro)}</p>
                <Field
                    name="token"
                    label=move || text!(i18n, license.token)
                    hint=move || text!(i18n, license.token_hint)
                    answer
                />
                <Field name="username" autocomplete="username" label=move || text!(i18n, license.username) answer />
                <Field
                    name="password"
                    kind="password"
                    autocomplete="new-password"
                    label=move || text!(i18n, license.password)
                    hint=move || view! { <Strength /> }
                    answer
                />
                <Field
                    name="confirmation"
                    kind="password"
                    autocomplete="new-password"
                    label=move || text!(i18n, license.confirmation)
                    answer
                />
                <fieldset>
                    <legend>{text!(i18n, license.which)}</legend>
                    <label class="choice">
                        <input type="radio" name="which" value="personal" checked on:change=move |_| own.set(false) />
                        <span>{text!(i18n, license.personal)} <small>{text!(i18n, license.personal_hint)}</small></span>
                    </label>
                    <label class="choice">
                        <input type="radio" name="which" value="own" on:change=move |_| own.set(true) />
                        <span>{text!(i18n, license.own)}</span>
                    </label>
                    <div class="field" hidden=move || !own.get()>
                        <LicenceText />
                    </div>
                    <div class="help" class:shown=move || is_refused(answer, "licence")>
                        <FieldError name="licence" answer />
                    </div>
                    <p class="muted">{text!(i18n, license.expiry_note)}</p>
                </fieldset>
                <Submit sending label=move || text!(i18n, license.submit) />
            </form>
        </Bare>
    }
}

/// Pasting or choosing a file; both end in the text field.
#[component]
pub fn LicenceText() -> impl IntoView {
    let i18n = use_i18n();
    let field = NodeRef::<leptos::html::Textarea>::new();
    view! {
        <label for="licence">{text!(i18n, license.text)}</label>
        <textarea id="licence" name="licence" rows="4" spellcheck="false" node_ref=field></textarea>
        <p class="hint">{text!(i18n, license.text_hint)}</p>
        <label for="licence-file">{text!(i18n, license.file)}</label>
        <input id="licence-file" type="file" on:change=move |event| read_file(&event, field) />
    }
}

/// Judges the password while it is typed, in the browser only.
#[component]
fn Strength() -> impl IntoView {
    let i18n = use_i18n();
    let strength = RwSignal::new(None::<u8>);
    watch_password(strength);
    let words = move || match strength.get() {
        None => t_string!(i18n, license.password_hint).to_string(),
        Some(0) => t_string!(i18n, license.strength_0).to_string(),
        Some(1) => t_string!(i18n, license.strength_1).to_string(),
        Some(2) => t_string!(i18n, license.strength_2).to_string(),
        Some(_) => t_string!(i18n, license.strength_3).to_string(),
    };
    view! {
        <p class="hint">
            <meter
                min="0"
                max="3"
                low="1"
                high="2"
                optimum="3"
                value=move || strength.get().unwrap_or(0).to_string()
                aria-label=move || t_string!(i18n, license.strength)
            ></meter>
            " "
            <span aria-live="polite">{words}</span>
        </p>
    }
}

fn form(values: &Values, own: bool) -> Activation {
    Activation {
        token: values.text("token"),
        username: values.text("username"),
        password: values.text("password"),
        confirmation: values.text("confirmation"),
        licence: if own { own_text(values) } else { String::new() },
    }
}

/// An empty field of one's own is not a wish for the personal licence: a bare dot is refused as not whole.
fn own_text(values: &Values) -> String {
    let text = values.text("licence");
    if text.trim().is_empty() { ".".to_owned() } else { text }
}

#[cfg(feature = "hydrate")]
fn input(id: &str) -> Option<web_sys::HtmlInputElement> {
    use wasm_bindgen::JsCast as _;
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn watch_password(strength: RwSignal<Option<u8>>) {
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        let handle = window_event_listener(leptos::ev::input, move |_| {
            let text = |id| input(id).map(|field| field.value()).unwrap_or_default();
            let password = text("password");
            strength.set((!password.is_empty()).then(|| password_strength(&password, &text("username"))));
        });
        on_cleanup(move || handle.remove());
    });
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (strength, password_strength);
    }
}
