//! What cannot be undone: says what is lost, and asks for the name.

use leptos::prelude::*;

use crate::error::ApiError;
use crate::i18n::{t, use_i18n};
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::text::Text;

/// `send` is given what was typed; whether it is the name is for the server to say.
#[component]
pub fn Confirm<F>(
    title: Text,
    hint: Text,
    #[prop(into)] name: String,
    send: impl Fn(String) -> F + 'static,
) -> impl IntoView
where
    F: Future<Output = Result<(), ApiError>> + 'static,
{
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let id = format!("confirm-{name}");
    let send = sending.submit(move |values| send(values.text("confirmation")));
    view! {
        <form class="confirm" method="post" on:submit=send>
            <p>{hint}</p>
            <Field name="confirmation" id label=move || t!(i18n, common.type_name, name = name.clone()) answer />
            <Submit sending label=move || title />
        </form>
    }
}

/// As [`Confirm`], folded away at the end of a page.
#[component]
pub fn Confirmed<F>(
    title: Text,
    hint: Text,
    #[prop(into)] name: String,
    send: impl Fn(String) -> F + 'static,
) -> impl IntoView
where
    F: Future<Output = Result<(), ApiError>> + 'static,
{
    view! {
        <details class="card wide">
            <summary>{title}</summary>
            <Confirm title hint name send />
        </details>
    }
}
