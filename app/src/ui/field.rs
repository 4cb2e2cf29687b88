//! A labelled input with a hint and, when refused, the reason beside it.

use leptos::prelude::*;

use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::ui::words;

/// What a form was answered; its fields find their own problem in it.
pub type Answer = RwSignal<Option<ApiError>>;

#[component]
pub fn Field(
    name: &'static str,
    /// `text` or `password`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(into)] label: ViewFn,
    #[prop(into, optional)] hint: ViewFn,
    #[prop(default = "off")] autocomplete: &'static str,
    answer: Answer,
) -> impl IntoView {
    let help = format!("{name}-help");
    view! {
        <div class="field">
            <label for=name>{label.run()}</label>
            <input
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=help.clone()
                aria-invalid=move || is_refused(answer, name).then_some("true")
            />
            <div id=help class="help">
                <FieldError name answer />
                {hint.run()}
            </div>
        </div>
    }
}

/// The reason why a field was refused, if it was.
#[component]
pub fn FieldError(name: &'static str, answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let problem = move || {
        answer.with(|error| error.as_ref()?.field(name).map(|found| words::problem(i18n, &found.problem)))
    };
    view! { <p class="refused" role="alert">{problem}</p> }
}

pub fn is_refused(answer: Answer, name: &str) -> bool {
    answer.with(|error| error.as_ref().is_some_and(|error| error.field(name).is_some()))
}
