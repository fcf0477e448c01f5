//! A transaction as its body sees it: statements, bound to one tenant.

use std::collections::HashMap;

use frontdesk_domain::ids::TenantId;

use crate::error::StoreError;
use crate::sql::{Param, Row};

/// Runs statements inside the present transaction. Bodies get `&mut Tx`; they never begin, commit or roll back.
pub struct Tx {
    connection: rusqlite::Connection,
    /// `$1` rewritten to `?1`, once per statement (statements are constants, so their address identifies them).
    rewritten: HashMap<usize, String>,
    tenant: Option<TenantId>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

impl Tx {
    pub(crate) fn new(connection: rusqlite::Connection) -> Self {
        Self { connection, rewritten: HashMap::new(), tenant: None }
    }

    pub(crate) fn connection(&self) -> &rusqlite::Connection {
        &self.connection
    }

    pub(crate) fn bind_tenant(&mut self, tenant: Option<TenantId>) {
        self.tenant = tenant;
    }

    /// The tenant this transaction may touch. Fails in transactions of the installation itself.
    pub fn tenant(&self) -> Result<TenantId, StoreError> {
        self.tenant.clone().ok_or_else(|| StoreError::Engine("a tenant's statement ran outside a tenant".to_owned()))
    }

    fn prepared(&mut self, sql: &'static str) -> Result<rusqlite::CachedStatement<'_>, StoreError> {
        let text = self.rewritten.entry(sql.as_ptr() as usize).or_insert_with(|| sql.replace('$', "?"));
        Ok(self.connection.prepare_cached(text)?)
    }

    /// All rows of a query, or of a statement with RETURNING.
    pub async fn query(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.prepared(sql)?;
        let columns = statement.column_count();
        let rows = statement.query_map(rusqlite::params_from_iter(params), |row| Row::from_sqlite(row, columns))?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
    }

    /// The first row of a query, if any.
    pub async fn first(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// Runs a statement; how many rows it changed.
    pub async fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<usize, StoreError> {
        Ok(self.prepared(sql)?.execute(rusqlite::params_from_iter(params))?)
    }
}
