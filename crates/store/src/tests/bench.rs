//! A fresh store with two organisations, a clock that tests move, and shorthands for what most tests need.

use crate::{
    Clock, Durability, Options, Place, Role, Scope, SealedText, Store, System,
    authentications::{self, Connected, NewAuthentication, Ownership},
    invitations::{self, NewInvitation, NewPerson},
    organisations::{self, Founding},
    sessions::{self, NewSession},
    workflows::{self, Change},
};
use patchbay_model::{
    document::{Step, Workflow},
    id::{AuthenticationId, OrganisationId, PersonId, WorkflowId},
    spec::MethodKind,
};
use sea_orm::ConnectionTrait;
use std::path::PathBuf;
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU32, Ordering},
};

pub(crate) const START: i64 = 1_760_000_000_000;
pub(crate) const MINUTE: i64 = 60_000;

pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) system: System,
    clock: Arc<AtomicI64>,
    place: Place,
    blobs: Option<PathBuf>,
    _folder: Option<tempfile::TempDir>,
    schema: Option<(String, String)>,
    counter: AtomicU32,
}

impl Bench {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::open(
            Place::Folder(folder.path().join("data")),
            Some(folder),
            None,
        )
        .await
    }

    /// A schema of its own in the database that the tests were given, if they were.
    pub(crate) async fn postgres() -> Option<Self> {
        let url = std::env::var("PATCHBAY_TEST_POSTGRES_URL").ok()?;
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        let schema = format!("t{:016x}", u64::from_le_bytes(bytes));
        let database = sea_orm::Database::connect(&url).await.unwrap();
        database
            .execute_unprepared(&format!("CREATE SCHEMA {schema}"))
            .await
            .unwrap();
        let joint = if url.contains('?') { '&' } else { '?' };
        let place = Place::Url(format!("{url}{joint}options=-csearch_path%3D{schema}"));
        let folder = tempfile::tempdir().unwrap();
        Some(Self::open(place, Some(folder), Some((url, schema))).await)
    }

    async fn open(
        place: Place,
        folder: Option<tempfile::TempDir>,
        schema: Option<(String, String)>,
    ) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let blobs = folder.as_ref().map(|folder| folder.path().join("blobs"));
        let store = Store::open(options(&place, &clock, &blobs)).await.unwrap();
        let system = System::for_sign_in_and_workers();
        Self {
            store,
            system,
            clock,
            place,
            blobs,
            _folder: folder,
            schema,
            counter: AtomicU32::new(0),
        }
    }

    /// Drops the store without closing it, as a killed process would, and opens it again.
    pub(crate) async fn reopened(&self) -> Store {
        Store::open(options(&self.place, &self.clock, &self.blobs))
            .await
            .unwrap()
    }

    pub(crate) async fn discard(self) {
        let Some((url, schema)) = self.schema else {
            return;
        };
        self.store.close().await.unwrap();
        let database = sea_orm::Database::connect(&url).await.unwrap();
        database
            .execute_unprepared(&format!("DROP SCHEMA {schema} CASCADE"))
            .await
            .unwrap();
    }

    pub(crate) fn advance(&self, milliseconds: i64) {
        self.clock.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn unique(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.counter.fetch_add(1, Ordering::SeqCst))
    }

    /// The owner of the first organisation; made on the first call.
    pub(crate) async fn owner(&self) -> Scope {
        if let Some((organisation, person)) = organisations::first_owner(&self.store, &self.system)
            .await
            .unwrap()
        {
            return self.scope(organisation, person).await;
        }
        let founding = Founding {
            organisation: "Acme".to_owned(),
            name: "Ann".to_owned(),
            email: "Ann@Acme.example".to_owned(),
            password_hash: "hash".to_owned(),
        };
        let (organisation, person) = organisations::found(&self.store, &self.system, founding)
            .await
            .unwrap();
        self.scope(organisation, person).await
    }

    /// Another member of the asker's organisation.
    pub(crate) async fn member(&self, scope: &Scope, role: Role) -> Scope {
        let token_hash = self.unique("invitation");
        let expires_at = self.store.now() + MINUTE;
        let invitation = NewInvitation {
            token_hash: token_hash.clone(),
            role,
            email: None,
            expires_at,
        };
        invitations::create(&self.store, scope, invitation)
            .await
            .unwrap();
        let name = self.unique("Member ");
        let email = format!("{}@acme.example", name.replace(' ', ""));
        let person = NewPerson {
            name,
            email,
            password_hash: "hash".to_owned(),
        };
        let (organisation, person) =
            invitations::accept(&self.store, &self.system, &token_hash, person)
                .await
                .unwrap();
        self.scope(organisation, person).await
    }

    /// The owner of another organisation.
    pub(crate) async fn stranger(&self) -> Scope {
        use crate::entity::{memberships, organisations, people};
        use sea_orm::EntityTrait;
        self.owner().await;
        let now = self.store.now();
        let (organisation, person) = (
            self.store.fresh_id("org_").unwrap(),
            self.store.fresh_id(PersonId::PREFIX).unwrap(),
        );
        let database = self.store.main().write();
        let row = organisations::Model {
            id: organisation.clone(),
            name: "Other".to_owned(),
            created_at: now,
        };
        let row: organisations::ActiveModel = row.into();
        organisations::Entity::insert(sea_orm::ActiveModelTrait::reset_all(row))
            .exec_without_returning(database)
            .await
            .unwrap();
        let email = self.unique("stranger");
        let row = crate::people::row(
            person.clone(),
            &email,
            "Sam".to_owned(),
            "hash".to_owned(),
            now,
        );
        people::Entity::insert(row)
            .exec_without_returning(database)
            .await
            .unwrap();
        let row = crate::people::membership(&organisation, &person, Role::Owner, now);
        memberships::Entity::insert(row)
            .exec_without_returning(database)
            .await
            .unwrap();
        self.scope(organisation.into(), person.into()).await
    }

    /// Signs the person in, which is how scopes come to be.
    async fn scope(&self, organisation: OrganisationId, person: PersonId) -> Scope {
        let token_hash = self.unique("session");
        let expires_at = self.store.now() + 100 * MINUTE;
        let session = NewSession {
            token_hash: token_hash.clone(),
            person,
            organisation,
            expires_at,
        };
        sessions::create(&self.store, &self.system, session)
            .await
            .unwrap();
        sessions::open(&self.store, &self.system, &token_hash)
            .await
            .unwrap()
            .expect("the session is open")
            .scope
    }

    pub(crate) async fn workflow(&self, scope: &Scope, document: &Workflow) -> WorkflowId {
        workflows::create(&self.store, scope, &change(document))
            .await
            .unwrap()
            .id
    }

    pub(crate) async fn authentication(
        &self,
        scope: &Scope,
        ownership: Ownership,
    ) -> AuthenticationId {
        let id = authentications::fresh_id(&self.store).unwrap();
        let new = NewAuthentication {
            id: id.clone(),
            ownership,
            name: self.unique("Sign-in "),
            service: "ringcentral".to_owned(),
            environment: None,
            base_url: None,
            method: MethodKind::Oauth2,
            requested_scopes: vec!["ReadCallLog".to_owned(), "SMS".to_owned()],
            connected: connected("sealed-1"),
        };
        authentications::create(&self.store, scope, new)
            .await
            .unwrap();
        id
    }
}

fn options(place: &Place, clock: &Arc<AtomicI64>, blobs: &Option<PathBuf>) -> Options {
    let clock = Arc::clone(clock);
    let clock: Clock = Arc::new(move || clock.load(Ordering::SeqCst));
    Options {
        blobs: blobs.clone(),
        largest_file: None,
        place: place.clone(),
        durability: Durability::Process,
        clock,
    }
}

pub(crate) fn connected(credential: &str) -> Connected {
    Connected {
        credential: SealedText(credential.to_owned()),
        granted_scopes: vec!["ReadCallLog".to_owned()],
        expires_at: Some(START + 60 * MINUTE),
        account: Some("ext 101".to_owned()),
    }
}

pub(crate) fn change(document: &Workflow) -> Change<'_> {
    Change {
        document,
        problems: 0,
        edits: None,
    }
}

/// A document with one step per authentication given, the last of them inside a loop.
pub(crate) fn document(name: &str, authentications: &[&AuthenticationId]) -> Workflow {
    let mut steps: Vec<Step> = authentications
        .iter()
        .enumerate()
        .map(|(index, auth)| Step {
            name: format!("step-{index}"),
            connector: "ringcentral".to_owned(),
            operation: "get_call_log".to_owned(),
            auth: Some((*auth).clone()),
            ..Step::default()
        })
        .collect();
    if let Some(last) = steps.pop() {
        steps.push(Step {
            name: "loop-1".to_owned(),
            connector: "loop".to_owned(),
            operation: "loop_list".to_owned(),
            body: Some(vec![last]),
            ..Step::default()
        });
    }
    Workflow {
        name: name.to_owned(),
        steps,
        ..Workflow::default()
    }
}
