//! A labelled input with a hint and, when refused, the reason beside it.

use leptos::prelude::*;

use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::ui::words;

/// What a form was answered; its fields find their own problem in it.
pub type Answer = RwSignal<Option<ApiError>>;

#[component]
pub fn Field(
    #[prop(into)] name: String,
    /// Where a page has several of this name.
    #[prop(into, optional)]
    id: String,
    /// `text` or `password`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(into)] label: ViewFn,
    #[prop(into, optional)] hint: ViewFn,
    #[prop(default = "off")] autocomplete: &'static str,
    /// What stands in it at first.
    #[prop(into, optional)]
    value: String,
    /// What is in front of everything typed.
    #[prop(into, optional)]
    prefix: String,
    answer: Answer,
) -> impl IntoView {
    let id = if id.is_empty() { name.clone() } else { id };
    let help = format!("{id}-help");
    let prefix = (!prefix.is_empty()).then(|| view! { <span class="prefix">{prefix}</span> });
    let refused = name.clone();
    view! {
        <div class="field">
            <label for=id.clone()>{label.run()}</label>
            <div class="entry">
                {prefix}
                <input
                    id=id
                    name=name.clone()
                    type=kind
                    value=value
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=help.clone()
                    aria-invalid=move || is_refused(answer, &refused).then_some("true")
                />
            </div>
            <div id=help class="help">
                <FieldError name answer />
                {hint.run()}
            </div>
        </div>
    }
}

/// The reason why a field was refused, if it was.
#[component]
pub fn FieldError(#[prop(into)] name: String, answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let problem = move || {
        answer.with(|error| error.as_ref()?.field(&name).map(|found| words::problem(i18n, &found.problem)))
    };
    view! { <p class="refused" role="alert">{problem}</p> }
}

pub fn is_refused(answer: Answer, name: &str) -> bool {
    answer.with(|error| error.as_ref().is_some_and(|error| error.field(name).is_some()))
}
