//! Programs joined by pipes, without a shell, and their messages when they fail.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// The maximum length of a line, as in the filters.
const LONGEST: u64 = 256 << 20;
/// The maximum length of a stage's messages that is kept.
const MOST_OF_MESSAGES: usize = 16 << 10;

/// A filter failed, or its output was not a line.
#[derive(Debug)]
pub struct Failure {
    pub tool: String,
    /// The status as in a shell; 0 if no program reported the failure.
    pub status: i32,
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.tool, self.message)
    }
}

struct Stage {
    tool: String,
    child: Child,
    said: Option<JoinHandle<String>>,
}

/// The lines of the last program. Dropping it ends all programs.
pub struct Pipeline {
    stages: Vec<Stage>,
    lines: BufReader<ChildStdout>,
}

impl Pipeline {
    /// Starts the programs: one list of arguments each.
    pub fn start(plan: &[Vec<String>]) -> Result<Pipeline, Failure> {
        let mut stages: Vec<Stage> = Vec::new();
        let mut before: Option<ChildStdout> = None;
        for words in plan {
            let tool = words[0].rsplit('/').next().unwrap_or("").to_string();
            let input = before.take().map_or_else(Stdio::null, Stdio::from);
            let started = Command::new(&words[0]).args(&words[1..]).stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            let mut child = match started {
                Ok(child) => child,
                Err(error) => {
                    end(&mut stages);
                    return Err(Failure { tool, status: 127, message: error.to_string() });
                }
            };
            before = child.stdout.take();
            // Read as it arrives: a full pipe would block the program.
            let said = child.stderr.take().map(|output| std::thread::spawn(move || listen(output)));
            stages.push(Stage { tool, child, said });
        }
        match before {
            Some(output) => Ok(Pipeline { stages, lines: BufReader::with_capacity(1 << 18, output) }),
            None => Err(Failure { tool: "pipeline".to_string(), status: 2, message: "it has no programs".to_string() }),
        }
    }

    /// The next line, without its line end; None when all programs have succeeded.
    pub fn next_line(&mut self) -> Result<Option<String>, Failure> {
        let mut line = Vec::new();
        let read = (&mut self.lines).take(LONGEST).read_until(b'\n', &mut line);
        let own = |message: String| Failure { tool: "pipeline".to_string(), status: 0, message };
        read.map_err(|error| own(error.to_string()))?;
        if line.is_empty() {
            return self.finish().map(|()| None);
        }
        if line.pop() != Some(b'\n') {
            // The message of a program has priority.
            self.finish()?;
            return Err(own("the last line is not whole".to_string()));
        }
        String::from_utf8(line).map(Some).map_err(|error| own(error.to_string()))
    }

    /// Waits for all programs; the failure is that of the first one that failed.
    fn finish(&mut self) -> Result<(), Failure> {
        let mut failure = None;
        let last = self.stages.len() - 1;
        for (index, stage) in self.stages.iter_mut().enumerate() {
            let status = status_of(&mut stage.child);
            let said = stage.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
            // A program whose reader has ended is ended by SIGPIPE.
            if status == 0 || (index < last && status == 141) || failure.is_some() {
                continue;
            }
            let prefix = format!("{}: ", stage.tool);
            let own = said.lines().find(|line| line.starts_with(&prefix) && !line[prefix.len()..].starts_with("warning: "));
            let message = match own {
                Some(line) => line[prefix.len()..].to_string(),
                None => said.lines().last().map_or_else(|| format!("it ended with status {status}"), str::to_string),
            };
            failure = Some(Failure { tool: stage.tool.clone(), status, message });
        }
        failure.map_or(Ok(()), Err)
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        end(&mut self.stages);
    }
}

fn end(stages: &mut [Stage]) {
    for stage in stages.iter_mut() {
        let _ = stage.child.kill();
        let _ = stage.child.wait();
    }
}

fn listen(output: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while let Ok(count) = (&mut output).take(MOST_OF_MESSAGES as u64).read_until(b'\n', &mut line) {
        if count == 0 {
            break;
        }
        if kept.len() + count <= MOST_OF_MESSAGES {
            kept.append(&mut line);
        }
        line.clear();
    }
    String::from_utf8_lossy(&kept).into_owned()
}

fn status_of(child: &mut Child) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    let ended: io::Result<_> = child.wait();
    ended.map_or(127, |status| status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(plan: &[&[&str]]) -> Result<Vec<String>, Failure> {
        let plan: Vec<Vec<String>> = plan.iter().map(|words| words.iter().map(|word| word.to_string()).collect()).collect();
        let mut pipeline = Pipeline::start(&plan)?;
        let mut found = Vec::new();
        while let Some(line) = pipeline.next_line()? {
            found.push(line);
        }
        Ok(found)
    }

    #[test]
    fn lines() {
        assert_eq!(run(&[&["printf", "a\\n\\n\u{e9}\\n"], &["cat"]]).unwrap(), ["a", "", "\u{e9}"]);
        assert_eq!(run(&[&["yes"], &["head", "-n", "3"]]).unwrap(), ["y", "y", "y"]);
    }

    #[test]
    fn failures() {
        for (plan, status, message) in [
            (&[&["sh", "-c", "echo a; echo 'sh: warning: x' >&2; echo 'sh: bad' >&2; exit 3"][..], &["cat"][..]][..], 3, "bad"),
            (&[&["sh", "-c", "kill -9 $$"]], 137, "it ended with status 137"),
            (&[&["cat", "/dev/null"], &["no-such-program"]], 127, "No such file"),
            (&[&["printf", "a"]], 0, "not whole"),
            (&[&["printf", "\\377\\n"]], 0, "utf-8"),
            (&[], 2, "no programs"),
        ] {
            let failure = run(plan).unwrap_err();
            assert_eq!(failure.status, status, "{failure}");
            assert!(failure.message.contains(message), "{failure}");
        }
    }
}
