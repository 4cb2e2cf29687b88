//! A pasted kubeconfig: what is taken from it has nothing against it, and leads over TLS.
#![no_main]

use cluster::{contexts, credential};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for context in contexts(text).unwrap_or_default() {
        let Some(taken) = credential(text, &context.name) else { continue };
        assert!(context.problems.is_empty(), "taken in spite of {:?}", context.problems);
        assert!(taken.server.starts_with("https://"), "leads to {}", taken.server);
    }
});
