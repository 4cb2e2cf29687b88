//! Changes by a button: sends them, tells why one was refused, and loads anew what they changed.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;

use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::ui::error::ErrorNote;
use crate::ui::text::Text;
use crate::ui::words;

type Change = Pin<Box<dyn Future<Output = Result<(), ApiError>>>>;

/// The buttons of a list. One change is sent at a time.
#[derive(Clone, Copy)]
pub struct Changes {
    version: RwSignal<u32>,
    refused: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
}

/// To be made by the page. Nothing can be changed before scripts listen.
pub fn use_changes() -> Changes {
    let busy = RwSignal::new(true);
    Effect::new(move || busy.set(false));
    Changes { version: RwSignal::new(0), refused: RwSignal::new(None), busy }
}

impl Changes {
    /// Another number after each change: what depends on it is loaded anew.
    pub fn version(self) -> u32 {
        self.version.get()
    }

    /// Waiting for the server, or scripts have not started yet.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Something was changed by another way, such as a form.
    pub fn changed(self) {
        self.refused.set(None);
        self.version.update(|version| *version += 1);
    }

    pub fn send(self, change: impl Future<Output = Result<(), ApiError>> + 'static) {
        self.send_boxed(Box::pin(change));
    }

    fn send_boxed(self, change: Change) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = change.await;
            self.busy.set(false);
            match answer {
                Ok(()) => self.changed(),
                Err(error) => self.refused.set(Some(error)),
            }
        });
    }
}

/// A small button in a row.
#[component]
pub fn ChangeButton(
    changes: Changes,
    label: Text,
    /// What it is about, for those who hear the page.
    #[prop(into)]
    of: String,
    #[prop(into)] press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button small"
            disabled=move || changes.busy()
            on:click=move |_| press.run(())
        >
            {label}
            <span class="spoken">" " {of}</span>
        </button>
    }
}

/// Why the last change was refused. A field's problem stands in full, because no field is there to show it.
#[component]
pub fn Refused(changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let error = changes.refused.get()?;
        let problem = match &error {
            ApiError::Invalid { fields } => fields.first().map(|found| words::problem(i18n, &found.problem)),
            _ => None,
        };
        Some(match problem {
            Some(problem) => {
                view! { <div class="note failed" role="alert"><p>{problem}</p></div> }.into_any()
            }
            None => view! { <ErrorNote error /> }.into_any(),
        })
    }
}
