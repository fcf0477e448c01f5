//! stub

pub mod config;
pub mod tenant_file;
