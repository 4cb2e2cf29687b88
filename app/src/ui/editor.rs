//! A field for YAML. Its editor is a script of its own that comes when such a field is shown; until then, and without
//! scripts, it is a plain field.

use leptos::prelude::*;

use crate::ui::field::{Answer, FieldError, is_refused};
use crate::ui::text::Text;

#[component]
pub fn YamlField(
    #[prop(into)] name: String,
    label: Text,
    hint: Text,
    /// What stands in it at first.
    value: String,
    answer: Answer,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        // A page without it has a plain field.
        let _missing = load();
    });
    let help = format!("{name}-help");
    let refused = name.clone();
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <yaml-editor>
                <textarea
                    id=name.clone()
                    name=name.clone()
                    rows="10"
                    spellcheck="false"
                    aria-describedby=help.clone()
                    aria-invalid=move || is_refused(answer, &refused).then_some("true")
                    prop:value=value
                ></textarea>
            </yaml-editor>
            <div id=help class="help">
                <FieldError name answer />
                <p class="hint">{hint}</p>
            </div>
        </div>
    }
}

/// Adds the editor's script to the page, once. It lies beside the styles.
#[cfg(feature = "hydrate")]
fn load() -> Option<()> {
    const ID: &str = "yaml-editor-script";
    let document = web_sys::window()?.document()?;
    if document.get_element_by_id(ID).is_some() {
        return None;
    }
    let styles = document.query_selector("link[rel=stylesheet]").ok()??.get_attribute("href")?;
    let script = document.create_element("script").ok()?;
    script.set_attribute("id", ID).ok()?;
    script.set_attribute("type", "module").ok()?;
    script.set_attribute("src", &crate::paths::editor(&styles)).ok()?;
    document.query_selector("head").ok()??.append_child(&script).ok()?;
    Some(())
}
