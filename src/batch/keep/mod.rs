//! What a batch keeps while it works, in bounded memory: what pass one leaves of every article (`articles`, in the form of `pack`), the
//! words that were counted (`generations`, by sorted `runs`), the table that comes of them (`table`), the ids that were given
//! (`ids`). Each has a share of memory; past it, it goes to a temporary file (`spill`), with the same result. Nothing kept
//! leaves the process but the table.

mod articles;
mod generations;
mod ids;
mod pack;
mod runs;
mod spill;
mod table;

pub use articles::{Articles, Unread};
pub use generations::{Generations, Sealing, Words};
pub use ids::Ids;
pub use pack::{Packed, pack, rename};
pub use table::Table;
