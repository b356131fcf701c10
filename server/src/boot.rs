//! From settings to a server that answers.

use anyhow::Context;
use axum::Router;
use patchbay_engine::{
    port::{Clock, Invoke, Journal},
    runner::{Options as RunnerOptions, Runner},
};
use patchbay_kit::{Http, HttpOptions, Kit};
use patchbay_store::{
    DataDir, LockedDataDir, Options as StoreOptions, Place, Store, System, people,
};
use patchbay_vault::{KeySource, Vault, tokens::Keeper};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    attempts::SignInAttempts,
    catalog,
    config::{DataArgs, Durability, KeepArgs, ServeArgs},
    credentials::{Renewal, SealedTokens, SystemClock},
    demo, housekeeping,
    invoke::Hands,
    routes,
    setup::SetupCode,
    site::Site,
    state::{App, Parts},
    triggers::{self, Triggers},
};

/// How long calls in flight may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// A server that is ready to answer.
pub struct Server {
    pub app: App,
    pub addr: SocketAddr,
    router: Router,
    listener: TcpListener,
    stop: CancellationToken,
    /// Kept locked as long as the server lives.
    _lock: Option<LockedDataDir>,
}

/// Opens the databases of a data folder.
///
/// # Errors
/// When the folder or the database cannot be used.
pub async fn open_store(data: &DataArgs, durability: Durability) -> anyhow::Result<Store> {
    open_store_within(data, durability, None).await
}

/// The same with a bound for the size of each SQLite file, in bytes.
async fn open_store_within(
    data: &DataArgs,
    durability: Durability,
    largest_file: Option<u64>,
) -> anyhow::Result<Store> {
    let place = match &data.database_url {
        Some(url) => Place::Url(url.clone()),
        None => Place::Folder(data.folder()),
    };
    let durability = match durability {
        Durability::Power => patchbay_store::Durability::Power,
        Durability::Process => patchbay_store::Durability::Process,
    };
    Ok(Store::open(StoreOptions {
        durability,
        blobs: Some(data.folder().join("blobs")),
        largest_file,
        ..StoreOptions::new(place)
    })
    .await?)
}

/// Reads the key that seals credentials: from the environment, or from a file that is made at the first start.
///
/// # Errors
/// When the key is malformed or the file cannot be read.
pub fn open_vault(folder: &Path) -> anyhow::Result<Vault> {
    let source = match std::env::var("PATCHBAY_KEY") {
        Ok(text) if !text.is_empty() => KeySource::Env(text),
        _ => KeySource::File(folder.join("patchbay.key")),
    };
    Ok(Vault::open_or_create(source)?)
}

impl Server {
    /// Makes everything ready and listens; runs that were under way go on.
    ///
    /// # Errors
    /// With a sentence that says what to do: the folder is served already, the port is taken, the key is wrong.
    pub async fn start(data: &DataArgs, args: &ServeArgs) -> anyhow::Result<Self> {
        let started = Instant::now();
        let folder = data.folder();
        let lock = DataDir::create(folder.clone())?.lock()?;
        let vault = Arc::new(open_vault(&folder)?);
        let store = open_store_within(data, args.durability, args.keep.largest_file()).await?;
        let listener = TcpListener::bind(args.addr).await.with_context(|| {
            format!(
                "cannot listen on {}; is Patchbay running there already?",
                args.addr
            )
        })?;
        let addr = listener.local_addr()?;
        let stop = CancellationToken::new();
        let demo = if args.demo {
            Some(demo::start(args.sandbox_addr, &folder, stop.clone()).await?)
        } else {
            None
        };
        if let Some(demo) = &demo {
            demo::offer(&store, &vault, &demo.url).await?;
        }
        let public_url = args.public_url(addr);
        let app = assemble(Assembly {
            store,
            vault,
            demo_url: demo.map(|demo| demo.url),
            public_url,
            allow_private_network: args.allow_private_network,
            max_concurrent_runs: args.max_concurrent_runs,
            limits: args.limits.limits(),
            max_queued_runs: args.limits.max_queued_runs,
            started,
            data_folder: Some(folder),
            keep: args.keep,
        })?;
        let router = routes::router(&app);
        let taken_over = app
            .runner()
            .recover()
            .await
            .context("runs that were under way cannot be taken over")?;
        if taken_over > 0 {
            tracing::info!(runs = taken_over, "runs that were under way go on");
        }
        Ok(Self {
            app,
            addr,
            router,
            listener,
            stop,
            _lock: Some(lock),
        })
    }

    /// The setup code, while there is no account.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn setup_code(&self) -> anyhow::Result<Option<&str>> {
        let any = people::any(self.app.store(), &System::for_sign_in_and_workers()).await?;
        Ok((!any).then(|| self.app.setup().shown()))
    }

    /// Answers until `until` completes, then ends in order: no new requests, calls in flight end, databases close.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        self,
        until: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let stop = self.stop.clone();
        let stopping = stop.clone();
        tokio::spawn(async move {
            until.await;
            stopping.cancel();
        });
        let mut workers = triggers::work(&self.app);
        workers.push(tokio::spawn(housekeeping::run(
            self.app.store().clone(),
            *self.app.keep(),
        )));
        let service = self
            .router
            .into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(self.listener, service)
            .with_graceful_shutdown(stop.clone().cancelled_owned());
        tokio::select! {
            outcome = serving.into_future() => outcome?,
            // Streams of events would hold the server open as long as somebody watches.
            () = async { stop.cancelled().await; tokio::time::sleep(Duration::from_secs(1)).await } => {}
        }
        workers.iter().for_each(tokio::task::JoinHandle::abort);
        self.app.runner().shutdown(GRACE).await;
        self.app.store().close().await?;
        Ok(())
    }
}

/// What an app is assembled from.
pub struct Assembly {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub demo_url: Option<String>,
    pub public_url: String,
    pub allow_private_network: bool,
    pub max_concurrent_runs: usize,
    pub limits: patchbay_engine::limits::Limits,
    pub max_queued_runs: usize,
    pub started: Instant,
    /// None for a run from the command line.
    pub data_folder: Option<PathBuf>,
    pub keep: KeepArgs,
}

/// Wires the parts to each other.
///
/// # Errors
/// When the connectors or the web assets cannot be read, or TLS cannot be set up.
pub fn assemble(from: Assembly) -> anyhow::Result<App> {
    let catalog = catalog::load()?;
    let http = Arc::new(Http::new(HttpOptions {
        allow_private_network: from.allow_private_network,
        allowed_origins: from.demo_url.clone().into_iter().collect(),
        ..HttpOptions::default()
    })?);
    let kit = Arc::new(Kit::new(Arc::clone(&catalog), Arc::clone(&http) as _));
    let redirect_uri = format!("{}/oauth/callback", from.public_url);
    let keeper = Arc::new(Keeper::new(
        Arc::new(SealedTokens {
            store: from.store.clone(),
            vault: Arc::clone(&from.vault),
        }),
        Arc::new(Renewal {
            store: from.store.clone(),
            vault: Arc::clone(&from.vault),
            catalog: Arc::clone(&catalog),
            http: Arc::clone(&http),
            redirect_uri,
        }),
        Arc::new(SystemClock),
    ));
    let hands = Hands::default();
    let runner = Runner::new(
        from.store.journal() as Arc<dyn Journal>,
        Arc::new(hands.clone()) as Arc<dyn Invoke>,
        Arc::new(patchbay_engine::runner::SystemClock) as Arc<dyn Clock>,
        RunnerOptions {
            max_concurrent_runs: from.max_concurrent_runs,
            limits: from.limits,
            max_queued_runs: from.max_queued_runs,
            ..RunnerOptions::default()
        },
    );
    let app = App::new(Parts {
        store: from.store,
        vault: from.vault,
        catalog,
        http,
        kit,
        keeper,
        runner,
        site: Site::load()?,
        public_url: from.public_url,
        demo_url: from.demo_url,
        allow_private_network: from.allow_private_network,
        setup: SetupCode::fresh()?,
        sign_in_attempts: SignInAttempts::default(),
        noted_uses: Mutex::default(),
        api_router: OnceLock::new(),
        openapi: OnceLock::new(),
        started: from.started,
        data_folder: from.data_folder,
        keep: from.keep,
        triggers: Triggers::default(),
    });
    hands.give(app.clone());
    Ok(app)
}
