//! The command line, as cases that a user can read: `tests/cmd/` and the README. `TRYCMD=overwrite cargo test cli` writes
//! what is printed now into the cases; read the difference before keeping it.

#[test]
fn command_line() {
    let cases = trycmd::TestCases::new();
    cases.env("COLUMNS", "100");
    // Nothing is noted at anybody's home, and what is said does not depend on how old the files of a case are.
    cases.env("HOME", "").env("XDG_CACHE_HOME", "");
    cases.case("tests/cmd/*.trycmd").case("tests/cmd/*.toml").case("README.md");
}
