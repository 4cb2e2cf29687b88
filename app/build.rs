//! Compiles the pages anew when a sentence changed: the macro that reads them does not tell cargo.

fn main() {
    println!("cargo::rerun-if-changed=locales");
}
