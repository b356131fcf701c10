//! The outside world reduced to nothing: a list on `GET /list/{n}` or `/numbers/{n}`, and `{}` after a pause on
//! everything else.

use anyhow::Result;
use std::{
    collections::HashMap,
    fmt::Write as _,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// A running service that counts what it is asked; it ends with the process.
#[derive(Clone)]
pub struct Service {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    delay: Duration,
    /// Requests other than for a list.
    calls: AtomicU64,
    called: Notify,
    /// How often each idempotency key was seen.
    keys: Mutex<HashMap<String, u64>>,
}

impl Service {
    /// A service that answers every call after `delay`.
    pub async fn start(delay: Duration) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            delay,
            calls: AtomicU64::new(0),
            called: Notify::new(),
            keys: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                tokio::spawn(async move {
                    // A caller that goes away ends its connection; nobody has to hear of it.
                    let _ = serve(stream, &shared).await;
                });
            }
        });
        Ok(Self { address, shared })
    }

    /// `http://127.0.0.1:…/path`
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Calls so far.
    pub fn calls(&self) -> u64 {
        self.shared.calls.load(Ordering::SeqCst)
    }

    /// How often each idempotency key was seen, whether or not its answer ever arrived.
    pub fn keys(&self) -> HashMap<String, u64> {
        let keys = &self.shared.keys;
        keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns once there were at least so many calls.
    pub async fn reached(&self, calls: u64) {
        loop {
            let called = self.shared.called.notified();
            if self.calls() >= calls {
                return;
            }
            called.await;
        }
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    loop {
        let Some(head) = read_head(&mut stream, &mut buffer).await? else {
            return Ok(());
        };
        while buffer.len() < head.end + head.body {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        buffer.drain(..head.end + head.body);
        let body = match head.list {
            Some(List::Records(count)) => records(count),
            Some(List::Numbers(count)) => numbers(count),
            None => {
                if !shared.delay.is_zero() {
                    tokio::time::sleep(shared.delay).await;
                }
                if let Some(key) = head.key {
                    let mut keys = shared.keys.lock().unwrap_or_else(PoisonError::into_inner);
                    *keys.entry(key).or_insert(0) += 1;
                }
                shared.calls.fetch_add(1, Ordering::SeqCst);
                shared.called.notify_waiters();
                "{}".to_owned()
            }
        };
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// What has to be known of a request.
struct Head {
    /// Where the body begins.
    end: usize,
    body: usize,
    list: Option<List>,
    key: Option<String>,
}

async fn read_head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<Option<Head>> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let body = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|length| length.trim().parse().ok())
                .unwrap_or(0);
            let count = |path: &str| -> Option<u64> {
                let rest = text.strip_prefix(path)?;
                rest.split_whitespace().next()?.parse().ok()
            };
            let list = count("get /list/").map(List::Records);
            let list = list.or_else(|| count("get /numbers/").map(List::Numbers));
            let key = text
                .lines()
                .find_map(|line| line.strip_prefix("idempotency-key:"))
                .map(|key| key.trim().to_owned());
            return Ok(Some(Head {
                end: end + 4,
                body,
                list,
                key,
            }));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// What a list holds, and how many of it.
enum List {
    Records(u64),
    Numbers(u64),
}

/// The shortest items there are.
fn numbers(count: u64) -> String {
    let mut text = String::from("{\"records\":[");
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{index}");
    }
    text.push_str("]}");
    text
}

/// Records as a call log has them.
fn records(count: u64) -> String {
    let mut text = String::from("{\"records\":[");
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        let direction = if index % 2 == 0 {
            "Inbound"
        } else {
            "Outbound"
        };
        let _ = write!(
            text,
            "{comma}{{\"id\":\"{index}\",\"direction\":\"{direction}\",\
             \"from\":{{\"phoneNumber\":\"+1650555{:04}\"}},\"to\":{{\"phoneNumber\":\"+1415555{:04}\"}}}}",
            index % 10_000,
            (index * 7) % 10_000
        );
    }
    text.push_str("]}");
    text
}
