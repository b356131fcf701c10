//! Many connections that send one small request after the other, and nothing else: a client that costs as little as
//! it can, because it shares the machine with what it measures.

use anyhow::{Result, ensure};
use std::{net::SocketAddr, time::Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends `requests` over so many connections and gives how many were answered with 2xx per second.
pub(crate) async fn press(
    address: SocketAddr,
    path: &str,
    connections: u64,
    requests: u64,
) -> Result<f64> {
    let each = requests / connections;
    let started = Instant::now();
    let mut senders = Vec::new();
    for connection in 0..connections {
        let path = path.to_owned();
        senders.push(tokio::spawn(async move {
            send(address, &path, connection, each).await
        }));
    }
    for sender in senders {
        sender.await??;
    }
    Ok((each * connections) as f64 / started.elapsed().as_secs_f64())
}

async fn send(address: SocketAddr, path: &str, connection: u64, count: u64) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    for index in 0..count {
        let body = format!("{{\"connection\":{connection},\"index\":{index}}}");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        buffer.clear();
        let end = loop {
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            ensure!(
                stream.read_buf(&mut buffer).await? > 0,
                "the connection was closed"
            );
        };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        ensure!(head.starts_with("http/1.1 2"), "{head}");
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .and_then(|length| length.trim().parse().ok())
            .unwrap_or(0);
        while buffer.len() < end + length {
            ensure!(
                stream.read_buf(&mut buffer).await? > 0,
                "the connection was closed"
            );
        }
    }
    Ok(())
}
