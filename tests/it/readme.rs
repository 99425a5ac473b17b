//! What README.md and the pages of docs/ show is what the program does: every console block is run, and every flag of the
//! other blocks is one that there is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The width that the blocks are drawn for.
const COLUMNS: &str = "100";

const COMMANDS: [&str; 15] = [
    "check",
    "config",
    "cost",
    "deploy",
    "status",
    "diagnose",
    "destroy",
    "explain",
    "rules",
    "init",
    "completions",
    "man",
    "graph",
    "model",
    "policy",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README.md and the pages of docs/, with their text.
fn pages() -> Vec<(PathBuf, String)> {
    let docs = fs::read_dir(root().join("docs")).expect("docs").map(|it| it.expect("an entry").path());
    let mut paths: Vec<_> = docs.filter(|it| it.extension().is_some_and(|it| it == "md")).collect();
    paths.push(root().join("README.md"));
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("a page"))).collect()
}

#[test]
fn console_blocks_are_real_runs() {
    let mut n_runs = 0;
    for (path, page) in pages() {
        let fresh = run_again(&path, &page, &mut n_runs);
        if page != fresh && std::env::var_os("BLESS").is_some() {
            fs::write(&path, fresh).expect("writable");
            continue;
        }
        let name = path.display();
        assert!(
            page == fresh,
            "{name} is out of date: run `BLESS=1 cargo test` and look at the diff\n{fresh}"
        );
    }
    assert!(n_runs > 1, "the pages show no run");
}

/// The page with what its commands print now.
fn run_again(path: &Path, page: &str, n_runs: &mut usize) -> String {
    let mut fresh = String::new();
    let mut in_console = false;
    for line in page.lines() {
        match line {
            "```console" => in_console = true,
            "```" => in_console = false,
            // What was printed then.
            _ if in_console && !line.starts_with("$ ") => continue,
            _ => {}
        }
        fresh.extend([line, "\n"]);
        if in_console && let Some(command) = line.strip_prefix("$ ") {
            let words = command.strip_prefix("ecslint ");
            let words = words.unwrap_or_else(|| panic!("{}: no run of ecslint: {line}", path.display()));
            fresh.push_str(&run(words));
            *n_runs += 1;
        }
    }
    fresh
}

/// What the command prints, without colour and with lines drawn in Unicode.
fn run(words: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ecslint"))
        .args(words.split(' '))
        .current_dir(root())
        .env("COLUMNS", COLUMNS)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    assert_ne!(output.status.code(), Some(2), "ecslint {words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn other_blocks_name_flags_that_there_are() {
    let known = flags();
    let mut n_calls = 0;
    for (path, page) in pages() {
        let mut in_block = false;
        for line in page.lines() {
            if line.starts_with("```") {
                in_block = !in_block;
            }
            let call = COMMANDS.iter().find_map(|it| line.split_once(&format!("ecslint {it} ")));
            let Some((_, rest)) = call.filter(|_| in_block) else { continue };
            // Behind a pipe stands another program.
            let rest = rest.split(" | ").next().unwrap_or_default();
            n_calls += 1;
            for flag in
                rest.split([' ', '=', '"', ']', ',', ';']).filter(|it| it.starts_with("--") && it.len() > 2)
            {
                assert!(known.contains(flag), "{}: there is no {flag}: {line}", path.display());
            }
        }
    }
    assert!(n_calls > 10, "{n_calls}");
}

/// All flags of all commands.
fn flags() -> BTreeSet<String> {
    let script = run("completions bash");
    let words = script.split(|it: char| !(it.is_ascii_alphanumeric() || it == '-'));
    words.filter(|it| it.starts_with("--") && it.len() > 2).map(str::to_owned).collect()
}
