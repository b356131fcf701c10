//! What the same work costs when somebody writes it by hand.

use anyhow::Result;
use patchbay_tests::Service;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, Value as SqlValue,
};
use serde_json::Value;
use std::time::Instant;
use tempfile::TempDir;

/// A table like a journal's, at the same `synchronous` level.
pub(crate) struct Rows {
    database: DatabaseConnection,
    _folder: TempDir,
}

impl Rows {
    pub(crate) async fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("floor.db");
        let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
        options
            .max_connections(1)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|options| {
                options
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
            });
        let database = Database::connect(options).await?;
        let table = "CREATE TABLE rows (run INTEGER, ord INTEGER, kind TEXT, payload TEXT, PRIMARY KEY (run, ord))";
        database.execute_unprepared(table).await?;
        Ok(Self {
            database,
            _folder: folder,
        })
    }

    /// Commits one row.
    pub(crate) async fn insert(&self, run: u64, ord: u64, payload: &str) -> Result<()> {
        self.insert_many(run, ord, &[payload]).await
    }

    /// Commits some rows with one statement.
    pub(crate) async fn insert_many(&self, run: u64, first: u64, payloads: &[&str]) -> Result<()> {
        let mut sql = String::from("INSERT INTO rows VALUES ");
        let mut values: Vec<SqlValue> = Vec::with_capacity(payloads.len() * 4);
        for (index, payload) in payloads.iter().enumerate() {
            sql.push_str(if index == 0 {
                "(?,?,?,?)"
            } else {
                ",(?,?,?,?)"
            });
            let ord = i64::try_from(first)? + i64::try_from(index)?;
            values.extend([
                i64::try_from(run)?.into(),
                ord.into(),
                "step".into(),
                (*payload).into(),
            ]);
        }
        let statement =
            Statement::from_sql_and_values(self.database.get_database_backend(), sql, values);
        self.database.execute_raw(statement).await?;
        Ok(())
    }
}

/// The seed's job by hand: one list, then for each record one call and one committed row. Gives the seconds.
pub(crate) async fn sequential(
    service: &Service,
    records: u64,
    rows: &Rows,
    run: u64,
) -> Result<f64> {
    let http = reqwest::Client::builder().build()?;
    let started = Instant::now();
    let list: Value = http
        .get(service.url(&format!("/list/{records}")))
        .send()
        .await?
        .json()
        .await?;
    let records = list["records"].as_array().map_or(&[][..], Vec::as_slice);
    for (ord, record) in records.iter().enumerate() {
        let row = serde_json::json!({
            "Direction": record["direction"],
            "fromPhone": record["from"]["phoneNumber"],
            "toPhone": record["to"]["phoneNumber"],
        });
        let answer: Value = http
            .post(service.url("/row"))
            .json(&row)
            .send()
            .await?
            .json()
            .await?;
        rows.insert(run, u64::try_from(ord)?, &answer.to_string())
            .await?;
    }
    Ok(started.elapsed().as_secs_f64())
}
