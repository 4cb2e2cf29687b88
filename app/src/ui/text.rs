//! A sentence of the page in the person's language.

/// A sentence that follows the language.
pub type Text = leptos::prelude::Signal<&'static str>;

/// The text of a key without values, as a signal.
///
/// `leptos_i18n::t!` makes a type per key, and each type brings its own copy of the code that renders, hydrates and
/// rebuilds it; a signal of a string is one type for all of them. Sentences with values in them use `t!`.
macro_rules! text {
    ($i18n:ident, $($key:tt)+) => {
        leptos::prelude::Signal::derive(move || $crate::i18n::t_string!($i18n, $($key)+))
    };
}
pub(crate) use text;
