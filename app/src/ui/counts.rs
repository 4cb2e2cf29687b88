//! How many there are of each status; each is a filter.

use leptos::prelude::*;
use model::workloads::Health;

use crate::i18n::use_i18n;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn Counts(
    counts: Vec<(Health, u32)>,
    /// As typed.
    filter: String,
    /// The address of the list with another filter.
    #[prop(into)]
    address: Callback<String, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let terms = filter.split_whitespace().filter(|term| !term.starts_with("status:"));
    let rest = terms.collect::<Vec<_>>().join(" ");
    let with = |status: &str| address.run(format!("{status} {rest}").trim().to_owned());
    let all: u32 = counts.iter().map(|(_, count)| count).sum();
    let chosen = |status: &str| filter.split_whitespace().any(|term| term == status).then_some("true");
    let none = (!filter.contains("status:")).then_some("true");
    let chips = counts.into_iter().map(|(health, count)| {
        let status = format!("status:{}", health.as_str());
        // A status that nothing has is no news, so it has no colour.
        let mark = if count == 0 { "status unknown" } else { words::health_mark(health) };
        view! {
            <li>
                <a class="chip" href=with(&status) aria-current=chosen(&status)>
                    <span class=mark>{words::health(i18n, health)} " " {count}</span>
                </a>
            </li>
        }
    });
    view! {
        <ul class="chips">
            <li>
                <a class="chip" href=with("") aria-current=none>
                    {text!(i18n, workloads.all)} " " {all}
                </a>
            </li>
            {chips.collect_view()}
        </ul>
    }
}
