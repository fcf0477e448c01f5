//! Who is calling and what they give of themselves: numbers, names, e-mail addresses, and whom or what they mean.
//!
//! Start reading at [`number`], [`name`], [`email`] and [`matching`]; the rest are their tools.

mod clean;
pub mod email;
pub(crate) mod fold;
mod likeness;
pub mod matching;
pub mod name;
mod name_words;
pub mod number;
mod person;
mod phonetic;
mod phrases;
mod similarity;
mod spelling_table;
mod spoken_digits;
