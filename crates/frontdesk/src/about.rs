//! Which Frontdesk this is: version and build, told in `/healthz`, in every log line and by `--version`.

use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

/// The version of the release.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What tells two builds of one version apart: `FRONTDESK_BUILD` of the machine that built it, or a fingerprint of
/// the program file, so that "is the fix really running?" has an answer even for builds by hand.
pub fn build_id() -> &'static str {
    static ID: OnceLock<String> = OnceLock::new();
    ID.get_or_init(|| option_env!("FRONTDESK_BUILD").map_or_else(fingerprint, str::to_owned))
}

/// Size and age of the program file, hashed: reading all of it would cost start-up time.
fn fingerprint() -> String {
    let Some(file) = std::env::current_exe().ok().and_then(|path| path.metadata().ok()) else {
        return "unknown".to_owned();
    };
    let built = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let digest = Sha256::digest(format!("{} {}", file.len(), built.as_nanos()));
    digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect()
}
