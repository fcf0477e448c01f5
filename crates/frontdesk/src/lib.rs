//! The door: the one binary. Configuration, HTTP, commands, logs and metrics, and the wiring of all parts.
//!
//! **For**: everything between the operating system and the desk: bytes come in here, answers leave here.
//! **Not in here**: decisions about calls (desk), SQL (store), platforms' formats (connect), sentences (domain).
//! **Start reading** at [`app`] (what a running Frontdesk is made of), then [`http`] (the way of a call through the
//! door) and [`cli`] (the commands).

pub mod about;
pub mod app;
pub mod calendars;
pub mod cli;
pub mod config;
pub mod control;
pub mod doctor;
pub mod http;
pub mod logs;
pub mod metrics;
pub mod out;
pub mod tasks;
pub mod tenant_file;
pub mod watch;
pub mod world;
