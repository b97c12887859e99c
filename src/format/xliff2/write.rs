//! Writing it: not done yet.
