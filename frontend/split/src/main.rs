//! `split LINKED.wasm FOLDER NAME`: takes the browser's side apart, into what every page loads and what some pages load.
//!
//! Writes `NAME.wasm`, the other files, `NAME_split.js`, which loads them, and `NAME_split.json`: of each part, the files
//! it needs. Everything but the JSON still has to go through wasm-bindgen and wasm-opt.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use wasm_split_cli_support::{Options, transform};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [linked, folder, name] = arguments.as_slice() else {
        bail!("split LINKED.wasm FOLDER NAME");
    };
    let folder = Path::new(folder);
    let wasm = std::fs::read(linked).with_context(|| linked.clone())?;
    let main = folder.join(format!("{name}.wasm"));
    let (loader, bindings) = (format!("./{name}_split.js"), format!("./{name}.js"));

    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = &loader;
    options.main_module = &bindings;
    let split = transform(options).map_err(|error| anyhow::anyhow!("{error:?}"))?;

    let parts: BTreeMap<_, _> = split.prefetch_map.into_iter().collect();
    std::fs::write(folder.join(format!("{name}_split.json")), serde_json::to_vec(&parts)?)?;
    Ok(())
}
