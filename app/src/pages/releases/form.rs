//! The values of a release, their review, and the button that begins the work. For installing and for upgrading.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::releases::ReleaseForm;
use model::review::Review;

use crate::api::releases::{install_release, review_release, upgrade_release};
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::editor::YamlField;
use crate::ui::form::{Sending, Submit, Values, use_sending};
use crate::ui::review::ReviewView;
use crate::ui::text::{Text, text};

/// The form stays where it is while its review is shown, so nothing that was typed is lost.
#[component]
pub(super) fn ReviewedForm(
    sending: Sending,
    /// Whether the release exists.
    exists: bool,
    /// What stands in the values at first.
    values: String,
    /// What the fields in `children` and the values say.
    read: impl Fn(&Values) -> Option<ReleaseForm> + Send + Sync + 'static,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let answer = sending.answer;
    let reviewed = RwSignal::new(None::<(ReleaseForm, Review)>);
    let review = sending.keep(move |values| {
        let form = read(&values);
        async move {
            let Some(form) = form else { return Ok(()) };
            let review = review_release(form.clone()).await?;
            reviewed.set(Some((form, review)));
            Ok(())
        }
    });
    view! {
        <form class="card wide" method="post" on:submit=review hidden=move || reviewed.with(Option::is_some)>
            {children()}
            <YamlField
                name="values"
                label=text!(i18n, releases.values)
                hint=text!(i18n, releases.values_hint)
                value=values
                answer
            />
            <Submit sending label=move || text!(i18n, releases.review) />
        </form>
        {move || reviewed.get().map(|(form, review)| view! { <Reviewed exists form review back=reviewed /> })}
    }
}

#[component]
fn Reviewed(
    exists: bool,
    form: ReleaseForm,
    review: Review,
    back: RwSignal<Option<(ReleaseForm, Review)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let navigate = use_navigate();
    let passes = review.passes();
    let label: Text = if exists { text!(i18n, releases.upgrade) } else { text!(i18n, releases.install) };
    let begin = sending.keep(move |_values| {
        let (form, navigate) = (form.clone(), navigate.clone());
        async move {
            let job = if exists { upgrade_release(form).await? } else { install_release(form).await? };
            navigate(&paths::job(&job), Default::default());
            Ok(())
        }
    });
    view! {
        <ReviewView review />
        <form class="actions" method="post" on:submit=begin>
            <button type="button" class="button" on:click=move |_| back.set(None)>
                {text!(i18n, releases.back_to_form)}
            </button>
            {passes.then(|| view! { <Submit sending label=move || label /> })}
        </form>
    }
}
