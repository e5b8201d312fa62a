//! The most frequently called functions and their fees: the filters run as child processes, and their lines are read as JSON.
//!
//! top testdata/lake local
//!
//! With `-` in place of ledgers it reads lines from standard input, at the end of a shell pipeline.

mod json;
mod pipeline;

use json::Json;
use pipeline::{Failure, Pipeline};
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

#[derive(Default)]
struct Row {
    calls: u64,
    failed: u64,
    fees: u64,
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<String, Row>,
}

impl Table {
    fn add(&mut self, line: &str) -> Result<(), String> {
        let record = Json::parse(line).map_err(|error| error.to_string())?;
        // Unknown members and kinds are ignored.
        let name = match record.get(&["contract_call", "function_name"]).text() {
            Some(name) => name,
            None => return Ok(()),
        };
        // Integers of more than 32 bits are decimal strings.
        let fee = record.get(&["meta", "fee_charged"]).text().and_then(|text| text.parse::<u64>().ok());
        let row = self.rows.entry(name.to_string()).or_default();
        row.calls += 1;
        row.failed += u64::from(record.get(&["meta", "successful"]) != &Json::Bool(true));
        row.fees = row.fees.saturating_add(fee.ok_or("a record has no fee_charged")?);
        Ok(())
    }

    fn print(&self, output: &mut impl Write) -> io::Result<()> {
        let mut sorted: Vec<_> = self.rows.iter().collect();
        sorted.sort_by(|(a, one), (b, other)| (other.calls, other.fees).cmp(&(one.calls, one.fees)).then_with(|| a.cmp(b)));
        writeln!(output, "{:>8}  {:>8}  {:>12}  function", "calls", "failed", "stroops")?;
        for (name, row) in sorted.into_iter().take(10) {
            writeln!(output, "{:>8}  {:>8}  {:>12}  {name}", row.calls, row.failed, row.fees)?;
        }
        Ok(())
    }
}

fn stages(ledgers: &str, network: &str) -> Vec<Vec<String>> {
    let network = format!("--network={network}");
    [
        &["ledger-split", "-q", &network, "--", ledgers][..],
        &["invocation-extract", "-q", "--exclude=diagnostics,calls,state,ttl,auth"],
        &["event-filter", "-q", "--type=call"],
        &["scval-json", "-q", "--style=native"],
    ]
    .iter()
    .map(|words| words.iter().map(|word| word.to_string()).collect())
    .collect()
}

fn run(ledgers: &str, network: &str) -> Result<(), Failure> {
    let own = |message: String| Failure { tool: "top".to_string(), status: 0, message };
    let mut table = Table::default();
    if ledgers == "-" {
        for line in io::stdin().lock().lines() {
            table.add(&line.map_err(|error| own(error.to_string()))?).map_err(own)?;
        }
    } else {
        let mut pipeline = Pipeline::start(&stages(ledgers, network))?;
        while let Some(line) = pipeline.next_line()? {
            table.add(&line).map_err(own)?;
        }
    }
    table.print(&mut io::stdout().lock()).map_err(|error| own(error.to_string()))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Values can nest as deep as lines allow, and the parser recurses.
    let outcome = json::with_deep_stack(move || {
        let ledgers = arguments.get(0).map_or("testdata/lake", String::as_str);
        let network = arguments.get(1).map_or("local", String::as_str);
        run(ledgers, network)
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            // The filter's own status.
            ExitCode::from(u8::try_from(failure.status).ok().filter(|status| *status != 0).unwrap_or(1))
        }
    }
}
