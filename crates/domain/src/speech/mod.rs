//! The sentences: one render function per language, from a [`crate::reply::Reply`] to an
//! [`crate::reply::Answer`].

use jiff::Zoned;

use crate::lang::Lang;
use crate::reply::{Answer, Reply};

/// In which voice an answer is rendered.
#[derive(Clone, Debug)]
pub struct Voice<'a> {
    /// The call's language.
    pub lang: Lang,
    /// The present in the branch's zone: years are only spoken where they differ.
    pub now: &'a Zoned,
    /// The caller's number is withheld: nobody can ring back without asking for a number.
    pub anonymous: bool,
}

/// The answer to a reply: status, code, sentence and fields.
pub fn render(reply: &Reply, voice: &Voice<'_>) -> Answer {
    let _ = (reply, voice);
    todo!("sentences")
}
