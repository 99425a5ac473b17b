//! `docs/dependencies.md`: every crate with its reason, which is the comment above it in `Cargo.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use super::fuzz::root;

/// A crate that `Cargo.toml` names.
struct Named {
    name: String,
    version: String,
    features: Vec<String>,
    reason: String,
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|it| panic!("{path}: {it}"))
}

/// The tables of `Cargo.toml` that name crates of the program.
const PROGRAM: [(&[&str], &str); 2] = [
    (&["dependencies"], "Of the program"),
    (&["target", "cfg(unix)", "dependencies"], "Of the program on Linux and macOS"),
];

/// The one that names those of its tests.
const TESTS: (&[&str], &str) = (&["dev-dependencies"], "Of its tests");

/// The crates of a table of `Cargo.toml`, in its order.
fn named(manifest: &str, table: &[&str]) -> Vec<Named> {
    let parsed: toml_edit::Document<String> = manifest.parse().expect("Cargo.toml is TOML");
    let mut res: Vec<Named> = Vec::new();
    let table = table.iter().fold(parsed.as_item(), |item, name| &item[*name]);
    for (name, item) in table.as_table().expect("a table") {
        let version = item.as_str().or_else(|| item.get("version")?.as_str()).expect("a version");
        let features = item.get("features").and_then(|it| it.as_array());
        let features = features.into_iter().flatten().filter_map(|it| it.as_str());
        let mut features: Vec<_> = features.map(str::to_owned).collect();
        if item.get("default-features").and_then(|it| it.as_bool()) != Some(false) {
            features.insert(0, "default".to_owned());
        }
        // A comment counts for the crates below it, up to the next.
        let line = manifest.lines().position(|it| it.starts_with(&format!("{name} = "))).expect("its line");
        let above: Vec<_> = manifest.lines().take(line).collect();
        let reason = match above.last().and_then(|it| it.strip_prefix("# ")) {
            Some(reason) => reason.to_owned(),
            None => res.last().map(|it| it.reason.clone()).unwrap_or_default(),
        };
        assert!(!reason.is_empty(), "{name} has no reason in Cargo.toml");
        res.push(Named { name: name.to_owned(), version: version.to_owned(), features, reason });
    }
    res
}

/// What each crate of the lock file needs, by name; of several versions all together.
fn needs(lock: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut res: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let name = package.split("name = \"").nth(1).and_then(|it| it.split('"').next()).expect("a name");
        let needed = package.split("dependencies = [").nth(1).unwrap_or_default();
        let needed = needed.lines().filter_map(|it| it.trim().strip_prefix('"')?.split(['"', ' ']).next());
        res.entry(name).or_default().extend(needed);
    }
    res
}

/// All that a crate brings, itself among them.
fn brought<'l>(needs: &BTreeMap<&'l str, BTreeSet<&'l str>>, name: &'l str) -> BTreeSet<&'l str> {
    let mut res = BTreeSet::new();
    let mut todo = vec![name];
    while let Some(name) = todo.pop() {
        if res.insert(name) {
            todo.extend(needs.get(name).into_iter().flatten());
        }
    }
    res
}

/// Writes the section of a table, adds what its crates bring to `all`, and says how many it names.
fn section<'l>(
    page: &mut String,
    all: &mut BTreeSet<String>,
    needs: &BTreeMap<&'l str, BTreeSet<&'l str>>,
    manifest: &str,
    (table, title): (&[&str], &str),
) -> usize {
    let named = named(manifest, table);
    let _ = write!(
        page,
        "\n## {title}\n\n| crate | version | features | brings | why |\n|---|---|---|---:|---|\n"
    );
    for it in &named {
        let (name, _) = needs.get_key_value(it.name.as_str()).expect("each crate is in Cargo.lock");
        let brought = brought(needs, name);
        let others = brought.len() - 1;
        all.extend(brought.into_iter().map(str::to_owned));
        let features = if it.features.is_empty() { "none".to_owned() } else { it.features.join(", ") };
        let Named { name, version, reason, .. } = it;
        let _ = writeln!(page, "| {name} | {version} | {features} | {others} | {reason} |");
    }
    named.len()
}

#[test]
fn each_has_its_reason_in_the_table() {
    let (manifest, lock) = (read("Cargo.toml"), read("Cargo.lock"));
    let needs = needs(&lock);
    let mut page = String::from(
        "# Dependencies\n\nEach crate that `Cargo.toml` names, with its reason. `cargo test` holds this page against \
         `Cargo.toml` and `Cargo.lock`;\n`BLESS=1 cargo test dependencies` writes it. What licences and sources they may have, \
         and which crates are banned, says\n`.cargo/deny.toml`: `cargo deny check`.\n",
    );
    let mut all = BTreeSet::new();
    let mut n_named = 0;
    for table in PROGRAM {
        n_named += section(&mut page, &mut all, &needs, &manifest, table);
    }
    let _ = write!(
        page,
        "\n{n_named} crates are named, {} are in the lock file because of them, for all systems together. *Brings* counts \
         those that a crate\nneeds itself, shared ones each time.\n",
        all.len()
    );
    section(&mut page, &mut all, &needs, &manifest, TESTS);
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join("docs/dependencies.md"), &page).expect("written");
    }
    assert_eq!(read("docs/dependencies.md"), page, "write it anew: BLESS=1 cargo test dependencies");
}

/// No line of `unsafe`, here or in a test: the lint is set, and nothing takes it back.
#[test]
fn nothing_here_is_unsafe() {
    let manifest: toml_edit::Document<String> = read("Cargo.toml").parse().expect("TOML");
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
}

#[test]
fn crates_come_from_the_registry_and_are_pinned_by_hash() {
    let lock = read("Cargo.lock");
    for package in lock.split("[[package]]").skip(1).filter(|it| !it.contains("name = \"ecslint\"")) {
        assert!(package.contains("source = \"registry+https://"), "{package}");
        assert!(package.contains("checksum = \""), "{package}");
    }
}
