//! The document and the root component.

use leptos::prelude::*;
use leptos_i18n::context::UseLocalesOptions;
#[cfg(feature = "ssr")]
use leptos_meta::MetaTags;
use leptos_meta::{Title, provide_meta_context};

use crate::i18n::I18nContextProvider;
use crate::routes::Pages;

/// Cookies that keep how somebody wants to see the console.
pub const LANGUAGE_COOKIE: &str = "pilothouse_language";
pub const THEME_COOKIE: &str = "pilothouse_theme";

/// The HTML around every page. Rendered on the server only.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = theme();
    view! {
        <!DOCTYPE html>
        <html data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=crate::paths::FAVICON type="image/svg+xml" />
                <link rel="stylesheet" href=format!("/{}/pilothouse.css", options.site_pkg_dir) />
                <Scripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Loads the browser's side. Ours instead of `HydrationScripts`, whose preload link has no nonce and is refused.
#[cfg(feature = "ssr")]
#[component]
fn Scripts(options: LeptosOptions) -> impl IntoView {
    let nonce = leptos::nonce::use_nonce();
    let name = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let script = format!(
        "import start, {{ hydrate }} from '{name}.js'; await start({{ module_or_path: '{name}_bg.wasm' }}); hydrate();"
    );
    view! {
        <link rel="modulepreload" href=format!("{name}.js") nonce=nonce.clone() />
        <link rel="modulepreload" href=format!("{name}_split.js") nonce=nonce.clone() />
        <link rel="preload" href=format!("{name}_bg.wasm") r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=nonce inner_html=script></script>
    }
}

/// The chosen theme; none means as the system has it.
#[cfg(feature = "ssr")]
fn theme() -> Option<&'static str> {
    match crate::flash::cookie(THEME_COOKIE)?.as_str() {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <I18nContextProvider ssr_lang_header_getter=languages()>
            <Title formatter=|page: String| if page.is_empty() { "Pilothouse".to_owned() } else { format!("{page} · Pilothouse") } />
            <Pages />
        </I18nContextProvider>
    }
}

/// The language asked for: the person's choice first, then what the browser prefers.
fn languages() -> UseLocalesOptions {
    #[cfg(feature = "ssr")]
    return UseLocalesOptions::default().ssr_lang_header_getter(|| {
        let chosen = crate::flash::cookie(LANGUAGE_COOKIE);
        let parts = use_context::<http::request::Parts>();
        let accepted = parts.and_then(|parts| {
            parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok().map(str::to_owned)
        });
        Some([chosen, accepted].into_iter().flatten().collect::<Vec<_>>().join(","))
    });
    #[cfg(not(feature = "ssr"))]
    UseLocalesOptions::default()
}
