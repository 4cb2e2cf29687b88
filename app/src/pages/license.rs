//! The licence in force: what it allows, what is used, until when; and replacing it.

use leptos::prelude::*;
use leptos_meta::Title;
use model::access::Action;
use model::license::{Amounts, LicenceStatus};

use crate::api::license::{license_status, replace_license};
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::pages::activate::LicenceText;
use crate::ui::error::ErrorNote;
use crate::ui::field::FieldError;
use crate::ui::form::{Submit, use_sending};
use crate::ui::moment::Moment;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn LicencePage() -> impl IntoView {
    let i18n = use_i18n();
    let version = RwSignal::new(0_u32);
    let status = Resource::new(move || version.get(), |_| license_status());
    view! {
        <Title text=move || t_string!(i18n, common.licence) />
        <h1>{text!(i18n, common.licence)}</h1>
        <Transition fallback=move || view! { <p class="muted">{text!(i18n, common.loading)}</p> }>
            {move || Suspend::new(async move {
                match status.await {
                    Ok(status) => view! { <Status status /> }.into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Transition>
        <Allowed action=Action::ReplaceLicence>
            <Replace version />
        </Allowed>
    }
}

#[component]
fn Status(status: LicenceStatus) -> impl IntoView {
    let i18n = use_i18n();
    let LicenceStatus { licence, state, used, instance, issued_at, expires_at } = status;
    let edition = licence.edition;
    view! {
        <section class="card">
            <dl class="facts">
                <dt>{text!(i18n, license.state)}</dt>
                <dd class=words::licence_mark(state)>{move || words::licence_state(i18n, state)}</dd>
                <dt>{text!(i18n, license.edition)}</dt>
                <dd>{move || words::edition(i18n, edition)}</dd>
                <dt>{text!(i18n, license.licensee)}</dt>
                <dd>{licence.licensee}</dd>
                <dt>{text!(i18n, license.issued)}</dt>
                <dd><Moment at=issued_at /></dd>
                <dt>{text!(i18n, license.expires)}</dt>
                <dd>
                    {match expires_at {
                        Some(at) => view! { <Moment at /> }.into_any(),
                        None => view! { {text!(i18n, license.no_expiry)} }.into_any(),
                    }}
                </dd>
                <dt>{text!(i18n, license.id)}</dt>
                <dd><code>{licence.id}</code></dd>
                <dt>{text!(i18n, license.instance)}</dt>
                <dd><code>{instance}</code></dd>
            </dl>
        </section>
        <Limits used limits=licence.limits />
        <p class="muted">{text!(i18n, license.expiry_note)}</p>
    }
}

#[component]
fn Limits(used: Amounts, limits: Amounts) -> impl IntoView {
    let i18n = use_i18n();
    let limit = move |limit: u32| match limit {
        0 => view! { {text!(i18n, common.no_limit)} }.into_any(),
        limit => view! { {limit} }.into_any(),
    };
    view! {
        <section class="card">
            <table>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col" class="number">{text!(i18n, license.in_use)}</th>
                        <th scope="col" class="number">{text!(i18n, license.limit)}</th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">{text!(i18n, license.users)}</th>
                        <td class="number">{used.users}</td>
                        <td class="number">{limit(limits.users)}</td>
                    </tr>
                    <tr>
                        <th scope="row">{text!(i18n, license.clusters)}</th>
                        <td class="number">{used.clusters}</td>
                        <td class="number">{limit(limits.clusters)}</td>
                    </tr>
                    <tr>
                        <th scope="row">{text!(i18n, license.nodes)}</th>
                        <td class="number">{used.nodes}</td>
                        <td class="number">{limit(limits.nodes)}</td>
                    </tr>
                </tbody>
            </table>
        </section>
    }
}

#[component]
fn Replace(version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let send = sending.submit(move |values| async move {
        replace_license(values.text("licence")).await?;
        version.update(|version| *version += 1);
        Ok(())
    });
    view! {
        <form class="card" method="post" on:submit=send>
            <h2>{text!(i18n, license.replace)}</h2>
            <p class="muted">{text!(i18n, license.replace_hint)}</p>
            <div class="field">
                <LicenceText />
                <div class="help"><FieldError name="licence" answer=sending.answer /></div>
            </div>
            <p class="note ok" role="status" hidden=move || !sending.done.get()>{text!(i18n, license.replaced)}</p>
            <Submit sending label=move || text!(i18n, license.replace) />
        </form>
    }
}
