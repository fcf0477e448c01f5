//! Who is calling and what they give of themselves: numbers, names, e-mail addresses.

pub mod email;
pub mod matching;
pub mod name;
pub mod number;
