//! One refresh whoever asks, nothing used before it is saved, nothing lost when saving fails.

use super::*;
use std::{
    collections::VecDeque,
    sync::atomic::{AtomicI64, AtomicU32, Ordering},
};

const HOUR: i64 = 3_600_000;

/// A store of one authentication.
struct Row {
    stored: Mutex<Option<Stored>>,
    /// How many saves to refuse before they work.
    failing_saves: AtomicU32,
}

impl TokenStore for Row {
    fn load<'a>(&'a self, _id: &'a str) -> BoxFuture<'a, Result<Option<Stored>, String>> {
        Box::pin(async move { Ok(self.stored.lock().unwrap().clone()) })
    }

    fn save<'a>(
        &'a self,
        _id: &'a str,
        version: u64,
        credential: &'a Credential,
    ) -> BoxFuture<'a, Result<bool, String>> {
        Box::pin(async move {
            let failing =
                self.failing_saves
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                        left.checked_sub(1)
                    });
            if failing.is_ok() {
                return Err("the disk is full".to_owned());
            }
            let mut stored = self.stored.lock().unwrap();
            let Some(row) = stored.as_mut().filter(|row| row.version == version) else {
                return Ok(false);
            };
            *row = Stored {
                credential: credential.clone(),
                version: version + 1,
                needs_reconnect: false,
            };
            Ok(true)
        })
    }

    fn needs_reconnect<'a>(
        &'a self,
        _id: &'a str,
        _reason: &'a str,
    ) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            if let Some(row) = self.stored.lock().unwrap().as_mut() {
                row.needs_reconnect = true;
            }
            Ok(())
        })
    }
}

/// A service that rotates refresh tokens, or fails as told first.
struct Service {
    clock: Arc<Hand>,
    failures: Mutex<VecDeque<OauthError>>,
    calls: AtomicU32,
    used: Mutex<Vec<String>>,
}

impl Renew for Service {
    fn renew<'a>(
        &'a self,
        _id: &'a str,
        credential: &'a Credential,
    ) -> BoxFuture<'a, Result<TokenSet, OauthError>> {
        Box::pin(async move {
            let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
            if let Some(refresh) = credential
                .tokens()
                .and_then(|tokens| tokens.refresh.as_ref())
            {
                self.used.lock().unwrap().push(refresh.expose().to_owned());
            }
            // Gives the others time to pile up.
            tokio::task::yield_now().await;
            if let Some(error) = self.failures.lock().unwrap().pop_front() {
                return Err(error);
            }
            let now = self.clock.now();
            Ok(tokens(
                &format!("a{call}"),
                &format!("r{call}"),
                now,
                now + HOUR,
            ))
        })
    }
}

/// A clock that moves only when somebody sleeps.
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.fetch_add(
            i64::try_from(duration.as_millis()).unwrap(),
            Ordering::SeqCst,
        );
        Box::pin(async {})
    }
}

fn tokens(access: &str, refresh: &str, issued_at: i64, expires_at: i64) -> TokenSet {
    TokenSet {
        access: access.into(),
        refresh: Some(refresh.into()),
        issued_at,
        expires_at: Some(expires_at),
        scopes: Vec::new(),
        facts: serde_json::Map::new(),
    }
}

struct Bench {
    row: Arc<Row>,
    service: Arc<Service>,
    clock: Arc<Hand>,
    keeper: Arc<Keeper>,
}

/// Tokens `a0`, `r0` of an hour, and a clock at `now`.
fn bench(now: i64) -> Bench {
    bench_with(now, Credential::Oauth2(tokens("a0", "r0", 0, HOUR)))
}

fn bench_with(now: i64, credential: Credential) -> Bench {
    let clock = Arc::new(Hand(AtomicI64::new(now)));
    let stored = Stored {
        credential,
        version: 1,
        needs_reconnect: false,
    };
    let row = Arc::new(Row {
        stored: Mutex::new(Some(stored)),
        failing_saves: AtomicU32::new(0),
    });
    let service = Arc::new(Service {
        clock: Arc::clone(&clock),
        failures: Mutex::default(),
        calls: AtomicU32::new(0),
        used: Mutex::default(),
    });
    let keeper = Arc::new(Keeper::new(row.clone(), service.clone(), clock.clone()));
    Bench {
        row,
        service,
        clock,
        keeper,
    }
}

impl Bench {
    async fn token(&self) -> Result<String, TokenError> {
        self.keeper
            .access_token("auth_1")
            .await
            .map(|token| token.expose().to_owned())
    }

    fn calls(&self) -> u32 {
        self.service.calls.load(Ordering::SeqCst)
    }

    fn fail(&self, errors: &[OauthError]) {
        self.service
            .failures
            .lock()
            .unwrap()
            .extend(errors.iter().cloned());
    }

    fn stored_access(&self) -> String {
        let stored = self.row.stored.lock().unwrap();
        stored
            .as_ref()
            .and_then(|row| row.credential.access_token())
            .unwrap()
            .expose()
            .to_owned()
    }
}

fn down() -> OauthError {
    OauthError::Down { status: 500 }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_callers_on_an_expired_token_make_one_refresh() {
    let bench = bench(HOUR + 1);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let keeper = Arc::clone(&bench.keeper);
            tokio::spawn(async move { keeper.access_token("auth_1").await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().expose(), "a1");
    }
    assert_eq!(bench.calls(), 1);
    assert_eq!(bench.stored_access(), "a1");
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_callers_refused_with_the_same_token_make_one_refresh() {
    let bench = bench(HOUR / 2);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let keeper = Arc::clone(&bench.keeper);
            tokio::spawn(async move { keeper.force_refresh("auth_1", &"a0".into()).await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().access_token().unwrap().expose(), "a1");
    }
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_a_minute_ahead_and_not_earlier() {
    let early = bench(HOUR - 60_001);
    assert_eq!(early.token().await.unwrap(), "a0");
    assert_eq!(early.calls(), 0);
    let due = bench(HOUR - 60_000);
    assert_eq!(due.token().await.unwrap(), "a1");
}

#[tokio::test]
async fn a_short_lived_token_is_renewed_in_its_last_tenth() {
    let short = || Credential::Oauth2(tokens("a0", "r0", 0, 100_000));
    assert_eq!(bench_with(89_999, short()).token().await.unwrap(), "a0");
    assert_eq!(bench_with(90_000, short()).token().await.unwrap(), "a1");
}

#[tokio::test]
async fn the_rotated_refresh_token_is_used_next_time() {
    let bench = bench(HOUR);
    bench.token().await.unwrap();
    bench.clock.0.fetch_add(2 * HOUR, Ordering::SeqCst);
    assert_eq!(bench.token().await.unwrap(), "a2");
    assert_eq!(*bench.service.used.lock().unwrap(), ["r0", "r1"]);
}

#[tokio::test]
async fn a_pair_that_could_not_be_saved_is_neither_used_nor_lost() {
    let bench = bench(HOUR);
    bench.row.failing_saves.store(1, Ordering::SeqCst);
    assert_eq!(
        bench.token().await,
        Err(TokenError::Store("the disk is full".to_owned()))
    );
    assert_eq!(bench.stored_access(), "a0");
    assert_eq!(bench.token().await.unwrap(), "a1");
    assert_eq!(bench.calls(), 1, "the pair in memory was thrown away");
    assert_eq!(bench.stored_access(), "a1");
}

#[tokio::test]
async fn after_a_crash_between_refresh_and_save_the_old_refresh_token_is_tried_again() {
    let bench = bench(HOUR);
    bench.row.failing_saves.store(1, Ordering::SeqCst);
    bench.token().await.unwrap_err();
    let restarted = Keeper::new(
        bench.row.clone(),
        bench.service.clone(),
        bench.clock.clone(),
    );
    assert_eq!(
        restarted.access_token("auth_1").await.unwrap().expose(),
        "a2"
    );
    assert_eq!(*bench.service.used.lock().unwrap(), ["r0", "r0"]);
}

#[tokio::test]
async fn what_another_process_saved_meanwhile_counts() {
    let bench = bench(HOUR);
    bench.row.failing_saves.store(1, Ordering::SeqCst);
    bench.token().await.unwrap_err();
    let now = bench.clock.now();
    *bench.row.stored.lock().unwrap() = Some(Stored {
        credential: Credential::Oauth2(tokens("other", "r9", now, now + HOUR)),
        version: 7,
        needs_reconnect: false,
    });
    assert_eq!(bench.token().await.unwrap(), "other");
}

#[tokio::test]
async fn a_dead_refresh_token_marks_the_authentication() {
    let bench = bench(HOUR);
    bench.fail(&[OauthError::InvalidGrant {
        description: "revoked".to_owned(),
    }]);
    assert_eq!(
        bench.token().await,
        Err(TokenError::NeedsReconnect {
            reason: "revoked".to_owned()
        })
    );
    assert!(
        bench
            .row
            .stored
            .lock()
            .unwrap()
            .as_ref()
            .unwrap()
            .needs_reconnect
    );
    assert!(matches!(
        bench.token().await,
        Err(TokenError::NeedsReconnect { .. })
    ));
    assert_eq!(bench.calls(), 1, "the service was asked again");
}

#[tokio::test]
async fn a_service_that_is_down_is_tried_three_times_and_then_left_alone() {
    let bench = bench(HOUR);
    bench.fail(&[down(), down(), down()]);
    assert_eq!(bench.token().await, Err(TokenError::Service(down())));
    assert_eq!(bench.calls(), 3);
    assert_eq!(bench.clock.now(), HOUR + 20_000);
    assert_eq!(bench.token().await, Err(TokenError::Service(down())));
    assert_eq!(bench.calls(), 3, "it was asked again at once");
    bench.clock.0.fetch_add(10_000, Ordering::SeqCst);
    assert_eq!(bench.token().await.unwrap(), "a4");
}

#[tokio::test]
async fn a_busy_service_is_given_the_time_it_asks_for() {
    let bench = bench(HOUR);
    bench.fail(&[OauthError::Busy {
        retry_after_ms: Some(30_000),
    }]);
    assert_eq!(bench.token().await.unwrap(), "a2");
    assert_eq!(bench.clock.now(), HOUR + 30_000);
}

#[tokio::test]
async fn while_the_old_token_is_alive_a_failed_refresh_does_no_harm() {
    let bench = bench(HOUR - 1000);
    bench.fail(&[down()]);
    assert_eq!(bench.token().await.unwrap(), "a0");
    assert_eq!(bench.calls(), 1);
    assert_eq!(
        bench.clock.now(),
        HOUR - 1000,
        "the caller was made to wait"
    );
}

#[tokio::test]
async fn a_young_token_that_is_refused_is_not_renewed_again() {
    let bench = bench(HOUR);
    assert_eq!(bench.token().await.unwrap(), "a1");
    assert_eq!(
        bench.keeper.force_refresh("auth_1", &"a1".into()).await,
        Err(TokenError::StillRefused)
    );
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn a_pasted_token_that_is_refused_needs_a_person() {
    let bench = bench_with(
        0,
        Credential::Token {
            access_token: "t".into(),
        },
    );
    assert_eq!(bench.token().await.unwrap(), "t");
    let error = bench
        .keeper
        .force_refresh("auth_1", &"t".into())
        .await
        .unwrap_err();
    assert!(matches!(error, TokenError::NeedsReconnect { .. }));
    assert_eq!(bench.calls(), 0);
}

#[tokio::test]
async fn an_assertion_gets_its_first_tokens_on_use() {
    let bench = bench_with(
        0,
        Credential::Jwt {
            assertion: "j".into(),
            tokens: None,
        },
    );
    assert_eq!(bench.token().await.unwrap(), "a1");
    let stored = bench.row.stored.lock().unwrap().clone().unwrap();
    assert!(matches!(
        stored.credential,
        Credential::Jwt {
            tokens: Some(_),
            ..
        }
    ));
}

#[tokio::test]
async fn a_cancelled_caller_does_not_lose_the_new_pair() {
    let bench = bench(HOUR);
    {
        let mut call = std::pin::pin!(bench.keeper.access_token("auth_1"));
        let waker = std::task::Waker::noop();
        assert!(
            call.as_mut()
                .poll(&mut std::task::Context::from_waker(waker))
                .is_pending()
        );
    }
    assert_eq!(bench.token().await.unwrap(), "a1");
    assert_eq!(bench.calls(), 1);
    assert_eq!(bench.stored_access(), "a1");
}

#[tokio::test]
async fn a_deleted_authentication_is_not_found_after_forgetting() {
    let bench = bench(0);
    assert_eq!(bench.token().await.unwrap(), "a0");
    *bench.row.stored.lock().unwrap() = None;
    bench.keeper.forget("auth_1").await;
    assert_eq!(bench.token().await, Err(TokenError::NotFound));
}
