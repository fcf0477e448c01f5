//! Secrets at rest: sealed with the newest key of a ring, opened with whichever key sealed them.
//!
//! With no configuration the ring is a file of mode 0600 in the data folder's `keys`, which plain backups leave out:
//! a stolen backup holds no readable key of anybody's. `data.key_ring` puts it elsewhere, for copies of whole folders.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use frontdesk_domain::calendar::stamp::Stamp;
use frontdesk_domain::ids::TenantId;
use frontdesk_domain::ports::Ctx;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// The ring's file in its folder.
const RING: &str = "ring";

/// A key with the name that sealed texts carry.
struct NamedKey {
    name: String,
    key: SecretBox<[u8; KEY_BYTES]>,
}

impl NamedKey {
    fn again(&self) -> Self {
        Self { name: self.name.clone(), key: SecretBox::new(Box::new(*self.key.expose_secret())) }
    }
}

/// The installation's keys, oldest first; the last one seals.
pub struct KeyRing {
    keys: Vec<NamedKey>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing({} keys)", self.keys.len())
    }
}

/// Why a ring or a sealed text does not open.
#[derive(Debug)]
pub enum KeyRingError {
    /// The file cannot be read or written.
    File(PathBuf, std::io::Error),
    /// The file is there but not a ring.
    Damaged(PathBuf),
    /// The sealed text is not one of ours, was changed, or belongs to another tenant or purpose.
    Unopenable,
    /// There is no ring where one is wanted, but one where it usually is: it was not moved along.
    LeftBehind {
        /// Where it is.
        usual: PathBuf,
        /// Where it is wanted.
        wanted: PathBuf,
    },
    /// The key that sealed it is not in the ring.
    KeyMissing(String),
}

impl std::fmt::Display for KeyRingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "key ring {}: {error}", path.display()),
            Self::Damaged(path) => {
                write!(f, "key ring {} is damaged; put back the copy you keep apart from backups", path.display())
            }
            Self::LeftBehind { usual, wanted } => write!(
                f,
                "there is no key ring at {}, but one at {}; move it there, or the stored keys do not open",
                wanted.display(),
                usual.display()
            ),
            Self::Unopenable => f.write_str("a sealed secret was changed or belongs elsewhere; apply its tenant again"),
            Self::KeyMissing(name) => {
                write!(f, "key {name} is not in the key ring; put back the ring, or apply the tenants' files again")
            }
        }
    }
}

impl std::error::Error for KeyRingError {}

impl KeyRing {
    /// A ring with one fresh key, kept nowhere.
    pub fn new(ctx: &Ctx) -> Self {
        Self { keys: vec![fresh_key(ctx)] }
    }

    /// Opens the ring in a folder of its own; refused if there is none, but one in the `usual` folder.
    pub fn open_apart(folder: &Path, usual: &Path, ctx: &Ctx) -> Result<Self, KeyRingError> {
        let (wanted, usual) = (folder.join(RING), usual.join(RING));
        if usual.exists() && !wanted.exists() {
            return Err(KeyRingError::LeftBehind { usual, wanted });
        }
        Self::open(folder, ctx)
    }

    /// Opens the ring in a folder, made with a first key if there is none.
    pub fn open(folder: &Path, ctx: &Ctx) -> Result<Self, KeyRingError> {
        let path = folder.join(RING);
        let failed = |error| KeyRingError::File(path.clone(), error);
        if !folder.is_dir() {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        }
        match File::open(&path) {
            Ok(mut file) => {
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(failed)?;
                Self::parse(&text).ok_or_else(|| KeyRingError::Damaged(path.clone()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let ring = Self::new(ctx);
                ring.save(&path).map_err(failed)?;
                Ok(ring)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// This ring with a fresh key, kept in a folder; new secrets are sealed with it, old ones still open.
    pub fn rotated(&self, folder: &Path, ctx: &Ctx) -> Result<Self, KeyRingError> {
        let mut keys: Vec<NamedKey> = self.keys.iter().map(NamedKey::again).collect();
        keys.push(fresh_key(ctx));
        let ring = Self { keys };
        let path = folder.join(RING);
        ring.save(&path).map_err(|error| KeyRingError::File(path.clone(), error))?;
        Ok(ring)
    }

    /// How many keys it holds.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether it holds none; a ring that was opened or made never is empty.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The name of the key that seals.
    pub fn newest(&self) -> &str {
        self.keys.last().map_or("", |key| &key.name)
    }

    fn parse(text: &str) -> Option<Self> {
        let keys = text.lines().filter(|line| !line.trim().is_empty()).map(parse_key).collect::<Option<Vec<_>>>()?;
        (!keys.is_empty()).then_some(Self { keys })
    }

    /// Writes a new file beside the old one and swaps: a crash leaves one or the other.
    fn save(&self, path: &Path) -> std::io::Result<()> {
        let fresh = path.with_extension("new");
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&fresh)?;
        for key in &self.keys {
            writeln!(file, "{} {}", key.name, BASE64.encode(key.key.expose_secret()))?;
        }
        file.sync_all()?;
        std::fs::rename(&fresh, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }

    /// Seals a secret for one place ("tenant/voice/retell"); it opens only there.
    pub fn seal(&self, secret: &SecretString, place: &str, ctx: &Ctx) -> Result<String, KeyRingError> {
        let newest = self.keys.last().ok_or(KeyRingError::Unopenable)?;
        let nonce = ctx.random::<NONCE_BYTES>();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: place.as_bytes() };
        let sealed = cipher(newest).encrypt(&XNonce::from(nonce), payload).map_err(|_| KeyRingError::Unopenable)?;
        let bytes = [nonce.as_slice(), &sealed].concat();
        Ok(format!("v1.{}.{}", newest.name, BASE64.encode(bytes)))
    }

    /// Opens what [`Self::seal`] made for the same place.
    pub fn open_secret(&self, sealed: &str, place: &str) -> Result<SecretString, KeyRingError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some("v1"), Some(name), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyRingError::Unopenable);
        };
        let key =
            self.keys.iter().find(|key| key.name == name).ok_or_else(|| KeyRingError::KeyMissing(name.to_owned()))?;
        let bytes = BASE64.decode(text).map_err(|_| KeyRingError::Unopenable)?;
        let (nonce, cipher_text) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(KeyRingError::Unopenable)?;
        let payload = Payload { msg: cipher_text, aad: place.as_bytes() };
        let opened = cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_| KeyRingError::Unopenable)?;
        String::from_utf8(opened).map(SecretString::from).map_err(|_| KeyRingError::Unopenable)
    }
}

impl KeyRing {
    /// Proves that an operation is this tenant's: a MAC by the newest key, which it names.
    pub fn stamp(&self, tenant: &TenantId, op: &str) -> Stamp {
        let mac = self.keys.last().map(|key| format!("{}.{}", key.name, mac(key, tenant, op))).unwrap_or_default();
        Stamp { op: op.to_owned(), mac }
    }

    /// Whether a stamp is this tenant's; by whichever key of the ring made it.
    pub fn stamped(&self, tenant: &TenantId, stamp: &Stamp) -> bool {
        let Some((name, given)) = stamp.mac.split_once('.') else { return false };
        self.keys.iter().filter(|key| key.name == name).any(|key| {
            let right = mac(key, tenant, &stamp.op);
            right.len() == given.len() && right.bytes().zip(given.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
        })
    }
}

/// HMAC-SHA256 over tenant and operation, the first 128 bits in hexadecimal; under a key of its own, drawn from the
/// ring's, so that sealing and stamping never share one.
fn mac(key: &NamedKey, tenant: &TenantId, op: &str) -> String {
    let tag = |key: &[u8], parts: &[&[u8]]| {
        // Any length of key is a good one for HMAC.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    };
    let own = tag(key.key.expose_secret(), &[b"frontdesk stamp"]);
    let bytes = tag(&own, &[tenant.as_str().as_bytes(), b"\0", op.as_bytes()]);
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn fresh_key(ctx: &Ctx) -> NamedKey {
    NamedKey { name: ctx.token("k", 8), key: SecretBox::new(Box::new(ctx.random::<KEY_BYTES>())) }
}

fn parse_key(line: &str) -> Option<NamedKey> {
    let (name, text) = line.trim().split_once(' ')?;
    let key: [u8; KEY_BYTES] = BASE64.decode(text.trim()).ok()?.try_into().ok()?;
    Some(NamedKey { name: name.to_owned(), key: SecretBox::new(Box::new(key)) })
}

fn cipher(key: &NamedKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key.key.expose_secret()))
}
