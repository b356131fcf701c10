//! Why the store refused: a sentence for people, the database's own words only for the log.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
use std::path::PathBuf;

pub type StoreResult<T> = Result<T, StoreError>;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is none, or the asker may not see it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Somebody saved first.
    #[error("this was changed meanwhile: the current revision is {current}")]
    Conflict { current: i64 },
    /// Something that must be unique is there already.
    #[error("{0}")]
    Exists(&'static str),
    /// Others stand on it.
    #[error("{0}")]
    InUse(String),
    /// Visible to the asker, but not theirs to change.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Nothing was written; a later attempt may succeed.
    #[error(
        "the data could not be written because the disk is full; free some space and try again"
    )]
    Full,
    /// The database does not answer.
    #[error("the database does not answer at the moment; try again")]
    Unavailable { detail: String },
    /// A row holds something that this version cannot read.
    #[error("a stored {what} could not be read")]
    Corrupt { what: &'static str, detail: String },
    /// A fault of the program.
    #[error("the database refused the request")]
    Failed { detail: String },
    /// Another process serves this folder.
    #[error(
        "another patchbay serves the data folder {0}; stop it, or give another folder with --data"
    )]
    Locked(PathBuf),
    /// The folder or a file in it is not usable.
    #[error("the data folder {path} cannot be used: {error}")]
    Folder {
        path: PathBuf,
        error: std::io::Error,
    },
    /// SQLite itself is too old to be trusted with WAL.
    #[error(
        "SQLite {found} can corrupt a database in WAL mode; Patchbay needs {needed} or newer, so build it with its own SQLite"
    )]
    OldSqlite { found: String, needed: &'static str },
    /// The address of the database is none.
    #[error("the database address must begin with `postgres://` or `sqlite:`, not `{0}`")]
    Address(String),
}

impl StoreError {
    /// What the database said: for the log, never for an answer.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Unavailable { detail }
            | Self::Corrupt { detail, .. }
            | Self::Failed { detail } => Some(detail),
            _ => None,
        }
    }

    pub(crate) fn corrupt(what: &'static str, detail: impl std::fmt::Display) -> Self {
        Self::Corrupt {
            what,
            detail: detail.to_string(),
        }
    }

    pub(crate) fn failed(detail: impl std::fmt::Display) -> Self {
        Self::Failed {
            detail: detail.to_string(),
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let detail = error.to_string();
        match code(&error).as_deref() {
            // SQLITE_FULL, PostgreSQL's disk_full.
            Some("13" | "53100") => Self::Full,
            // SQLITE_BUSY and its extended codes; PostgreSQL's shutdown and connection classes.
            Some("5" | "261" | "517" | "57P01" | "57P02" | "57P03" | "53300") => {
                Self::Unavailable { detail }
            }
            _ => match error {
                DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Self::Unavailable { detail },
                _ => Self::Failed { detail },
            },
        }
    }
}

/// The database's own code of an error.
fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error)) = error else {
        return None;
    };
    let RuntimeErr::SqlxError(error) = error else {
        return None;
    };
    let sqlx::Error::Database(error) = error.as_ref() else {
        return None;
    };
    error.code().map(|code| code.into_owned())
}

/// Whether a unique key was hit.
pub(crate) fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Whether a row is referred to, or refers to one that is not there.
pub(crate) fn is_reference(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(SqlErr::ForeignKeyConstraintViolation(_))
    )
}
