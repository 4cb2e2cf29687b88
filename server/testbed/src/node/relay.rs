//! Makes the API server, which listens on the host's loopback, reachable under the same port inside of a node's network.

use std::fs::File;
use std::os::fd::AsFd as _;

use anyhow::Context as _;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::net::{TcpListener, TcpStream};

/// A socket stays in the network of the thread that made it. Only this short-lived thread moves.
pub(crate) fn listen_within(pid: u32, port: u16) -> anyhow::Result<std::net::TcpListener> {
    let listen = move || -> anyhow::Result<_> {
        let network = File::open(format!("/proc/{pid}/ns/net"))?;
        move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
        let listener = std::net::TcpListener::bind(("0.0.0.0", port))?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    std::thread::spawn(listen).join().ok().context("the relay's thread panicked")?
}

/// Passes connections on, for as long as it is not aborted.
pub(crate) async fn run(listener: std::net::TcpListener, port: u16) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    while let Ok((mut inside, _)) = listener.accept().await {
        tokio::spawn(async move {
            // While the API server is down, the connection just ends.
            if let Ok(mut outside) = TcpStream::connect(("127.0.0.1", port)).await {
                let _ended = tokio::io::copy_bidirectional(&mut inside, &mut outside).await;
            }
        });
    }
}
