//! Images made without a container engine: a docker-archive of one layer with busybox in it.

use std::process::Command;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType, Header};

const BUSYBOX: &str = "/usr/bin/busybox";

/// An archive of an image of this name that sleeps unless told otherwise, and serves `/www` when told to.
pub(crate) fn archive(name: &str) -> anyhow::Result<Vec<u8>> {
    let layer = layer()?;
    let digest: String = Sha256::digest(&layer).iter().map(|byte| format!("{byte:02x}")).collect();
    let config = format!(
        r#"{{"architecture":"{}","os":"linux","config":{{"Env":["PATH=/bin"],"Cmd":["sleep","2147483647"]}},"rootfs":{{"type":"layers","diff_ids":["sha256:{digest}"]}}}}"#,
        if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" }
    );
    let manifest = format!(r#"[{{"Config":"config.json","RepoTags":["{name}"],"Layers":["layer.tar"]}}]"#);
    let mut archive = Builder::new(Vec::new());
    file(&mut archive, "manifest.json", 0o644, manifest.as_bytes())?;
    file(&mut archive, "config.json", 0o644, config.as_bytes())?;
    file(&mut archive, "layer.tar", 0o644, &layer)?;
    Ok(archive.into_inner()?)
}

fn layer() -> anyhow::Result<Vec<u8>> {
    let mut layer = Builder::new(Vec::new());
    for (folder, mode) in [("bin", 0o755), ("etc", 0o755), ("www", 0o755), ("tmp", 0o1777)] {
        entry(&mut layer, EntryType::Directory, &format!("{folder}/"), mode, &[])?;
    }
    file(&mut layer, "bin/busybox", 0o755, &std::fs::read(BUSYBOX).context(BUSYBOX)?)?;
    file(&mut layer, "etc/passwd", 0o644, b"root:x:0:0::/:/bin/sh\n")?;
    file(&mut layer, "etc/group", 0o644, b"root:x:0:\n")?;
    file(&mut layer, "www/index.html", 0o644, b"hello\n")?;
    let applets = Command::new(BUSYBOX).arg("--list").output()?.stdout;
    for applet in String::from_utf8_lossy(&applets).lines().filter(|applet| *applet != "busybox") {
        let mut header = header(EntryType::Symlink, 0o777, 0);
        layer.append_link(&mut header, format!("bin/{applet}"), "busybox")?;
    }
    Ok(layer.into_inner()?)
}

fn file(archive: &mut Builder<Vec<u8>>, path: &str, mode: u32, content: &[u8]) -> anyhow::Result<()> {
    entry(archive, EntryType::Regular, path, mode, content)
}

fn entry(
    archive: &mut Builder<Vec<u8>>,
    kind: EntryType,
    path: &str,
    mode: u32,
    content: &[u8],
) -> anyhow::Result<()> {
    let mut header = header(kind, mode, u64::try_from(content.len())?);
    archive.append_data(&mut header, path, content)?;
    Ok(())
}

fn header(kind: EntryType, mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(0);
    header
}
