//! Pages of documentation made from the tables the program itself works with.

mod functions;
mod page;
mod rehearsal;

pub(super) use page::functions_markdown;

#[cfg(test)]
mod tests;
