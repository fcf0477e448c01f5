//! What we remember: one concrete [`Store`], all the SQL there is, migrations and the key ring.
//!
//! **For**: durable truth. A transaction is a body handed to [`Store::run`]; on SQLite one writer thread drives
//! bodies to their end and commits many at once.
//! **Not in here**: decisions about bookings, sentences, HTTP. Bodies are written in the desk; statements here.
//! **Start reading** at [`store`] (open, run, read), then [`occupancy`] (what excludes) and `migrations/`.

mod engine;
mod error;
mod lock;
mod migrate;
mod readers;
mod sql;
#[cfg(test)]
mod statements;
mod tx;
mod writer;

pub mod agenda;
pub mod alarms;
pub mod appointments;
pub mod backup;
pub mod busy;
pub mod calendar_keys;
pub mod callbacks;
pub mod calls;
pub mod customers;
pub mod edge;
pub mod hints;
pub mod idempotency;
pub mod jobs;
pub mod keyring;
pub mod moves;
pub mod occupancy;
pub mod offers;
pub mod purge;
pub mod remotes;
pub mod reviews;
pub mod rotation;
pub mod standing;
pub mod store;
pub mod syncs;
pub mod tenants;
pub mod timeline;
pub mod wishes;

pub use error::StoreError;
pub use lock::InUse;
pub use store::{Body, OpenError, Options, Store, TenantScope};
pub use tx::Tx;
