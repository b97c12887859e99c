//! What must make no difference.

use std::fs::File;
use std::time::{Duration, SystemTime};

use super::{Ended, article, epitome, files, folder, records, write};

/// A name, variables of the environment, and options.
type Way<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn row_15_nothing_around_makes_a_difference() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "in/wire.jsonl", records(60));
    (0..40).for_each(|i| drop(write(folder, &format!("in/t{i}.txt"), article(i))));
    write(
        folder,
        "in/tr.txt",
        "İSTANBUL IĞDIR. Işık ılık bir ırmak gibi akıyordu. Vali İzmir'de ILIK bir gün geçirdi. Çocuklar ISPANAK yedi.",
    );
    write(folder, "in/de.jsonl", "{\"id\":\"d\",\"lang\":\"de\",\"text\":\"Die Straße ist 1.234,5 km lang. Am 3. Mai öffnet sie.\"}\n");
    let run = |name: &str, variables: &[(&str, &str)], args: &[&str]| {
        let mut command = epitome();
        command.current_dir(folder).args(["run", "in", "--target-lang", "fr", "-o", name]).args(args).envs(variables.iter().copied());
        Ended::from(command.output().expect("it starts")).holds(0, &[]);
        files(&folder.join(name))
    };
    let expected = run("plain", &[], &["-j1"]);
    assert!(expected.len() > 100);
    let ways: [Way; 7] = [
        ("two", &[], &["-j2"]),
        ("seven", &[], &["-j7"]),
        ("turkish", &[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")], &[]),
        ("posix", &[("LC_ALL", "C"), ("TZ", "America/St_Johns")], &[]),
        ("kiritimati", &[("TZ", "Pacific/Kiritimati"), ("LC_NUMERIC", "de_DE.UTF-8")], &["-j3"]),
        ("noisy", &[("RUST_LOG", "trace"), ("RUST_BACKTRACE", "1"), ("NO_COLOR", "1"), ("COLUMNS", "20")], &["-v"]),
        ("json", &[("CI", "true")], &["--json"]),
    ];
    for (name, variables, args) in ways {
        let found = run(name, variables, args);
        let other = expected.iter().find(|(name, bytes)| found.get(*name) != Some(bytes)).map(|(name, _)| name);
        assert!(found == expected, "{name}: {other:?} differs");
    }
    // Files of tomorrow and of long ago.
    for (number, name) in ["in/t0.txt", "in/t1.txt", "in/wire.jsonl"].iter().enumerate() {
        let year = Duration::from_secs(365 * 86_400);
        let time = if number == 1 { SystemTime::UNIX_EPOCH + year } else { SystemTime::now() + year * 30 };
        File::options().append(true).open(folder.join(name)).and_then(|file| file.set_modified(time)).expect("our own");
    }
    assert!(run("future", &[], &[]) == expected);
    // Over what is there already, and the same again.
    assert!(run("plain", &[], &["-j2"]) == expected);
}
