//! Reading it: not done yet.
