//! What a run cost, for `-v` and `--json`: time and speed, stage by stage, and memory at its peak.

use std::time::Duration;

use epitome::batch::{Cost, Report};

/// Lines for people.
pub(crate) fn lines(cost: &Cost, report: &Report, wall: Duration) -> Vec<String> {
    let mut lines = vec![format!(
        "{:<8} {:>8.2} s  {:>8.1} MB/s  {:.0} articles a second{}",
        "all",
        wall.as_secs_f64(),
        speed(cost.bytes, wall),
        rate(report.articles, wall),
        peak().map(|bytes| format!(", {} MB of memory", bytes / 1_000_000)).unwrap_or_default(),
    )];
    let spent = cost.stages.iter().filter(|(_, time)| !time.is_zero());
    lines.extend(spilled(report).map(|bytes| format!("{:<8} {} MB of what passes keep, in temporary files", "spilled", bytes / 1_000_000)));
    lines.extend(spent.map(|(name, time)| format!("{name:<8} {:>8.2} s  {:>8.1} MB/s", time.as_secs_f64(), speed(cost.bytes, *time))));
    lines
}

/// The same for programs.
pub(crate) fn json(cost: &Cost, report: &Report, wall: Duration) -> serde_json::Value {
    let figures = |time: Duration| serde_json::json!({ "seconds": time.as_secs_f64(), "mb_per_second": speed(cost.bytes, time) });
    let stages: serde_json::Map<String, serde_json::Value> =
        cost.stages.iter().map(|(name, time)| ((*name).to_owned(), figures(*time))).collect();
    serde_json::json!({
        "seconds": wall.as_secs_f64(), "bytes": cost.bytes, "mb_per_second": speed(cost.bytes, wall),
        "articles_per_second": rate(report.articles, wall), "peak_memory": peak(), "kept": report.memory.kept,
        "spilled": spilled(report).unwrap_or(0), "stages": stages,
    })
}

/// Bytes of what passes keep that are in temporary files; `None` if there are none.
fn spilled(report: &Report) -> Option<u64> {
    let memory = &report.memory;
    let bytes = memory.spilled_articles + memory.spilled_words + memory.spilled_table + memory.spilled_ids;
    (bytes > 0).then_some(bytes)
}

/// Millions of bytes a second; zero where no time was spent.
fn speed(bytes: u64, time: Duration) -> f64 {
    rate(bytes, time) / 1e6
}

fn rate(count: u64, time: Duration) -> f64 {
    if time.is_zero() { 0.0 } else { count as f64 / time.as_secs_f64() }
}

/// The most memory that this process had at once, in bytes, where the system tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_of_all_bytes() {
        let stages = vec![("read", Duration::ZERO), ("parse", Duration::from_millis(500))];
        let (cost, report) = (Cost { bytes: 3_000_000, stages }, Report { articles: 40, ..Report::default() });
        let lines = lines(&cost, &report, Duration::from_secs(2));
        assert!(lines[0].starts_with("all          2.00 s       1.5 MB/s  20 articles a second"), "{}", lines[0]);
        assert_eq!(lines[1..], ["parse        0.50 s       6.0 MB/s"]);
        let json = json(&cost, &report, Duration::from_secs(2));
        assert_eq!(
            (json["stages"]["parse"]["mb_per_second"].as_f64(), json["stages"]["read"]["mb_per_second"].as_f64()),
            (Some(6.0), Some(0.0))
        );
    }
}
