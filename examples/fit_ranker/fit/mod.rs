//! How tables of the trained rankers are fitted and what they are worth on articles they did not see: what each is fitted with
//! (`profile`), what articles have to teach (`texts`), the fitting (`boost`) and tables that leave a part out (`crossed`). The
//! example that writes tables and the bench that measures them share it.

pub mod boost;
pub mod crossed;
pub mod profile;
pub mod texts;
