//! The console blocks of README.md show what the program prints.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The width that the blocks are drawn for.
const COLUMNS: &str = "100";

#[test]
fn console_blocks_are_real_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md");
    let mut fresh = String::new();
    let mut rest = readme.as_str();
    let mut blocks = 0;
    while let Some(start) = rest.find("```console\n$ ecslint ") {
        let (before, block) = rest.split_at(start + "```console\n".len());
        let (command, shown) = block.split_once('\n').expect("a command line");
        let end = shown.find("```").expect("the block is closed");
        fresh.push_str(&format!("{before}{command}\n{}", run(root, command)));
        rest = &shown[end..];
        blocks += 1;
    }
    fresh.push_str(rest);
    assert!(blocks > 0, "README.md shows no run");
    if readme != fresh && std::env::var_os("BLESS").is_some() {
        fs::write(&path, fresh).expect("writable");
        return;
    }
    assert!(
        readme == fresh,
        "README.md is out of date: run `BLESS=1 cargo test` and look at the diff\n{fresh}"
    );
}

/// What the command prints, without colour and with lines drawn in Unicode.
fn run(root: &Path, command: &str) -> String {
    let words = command.strip_prefix("$ ecslint ").expect("a run of ecslint").split(' ');
    let output = Command::new(env!("CARGO_BIN_EXE_ecslint"))
        .args(words)
        .current_dir(root)
        .env("COLUMNS", COLUMNS)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    String::from_utf8(output.stdout).expect("UTF-8")
}
