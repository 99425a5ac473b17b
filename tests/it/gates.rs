//! The ways in which others get and run ecslint: they name the same version and files, and the scripts do what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use yaml_rust2::{Yaml, YamlLoader};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(path: &str) -> Yaml {
    YamlLoader::load_from_str(&text(path)).expect(path).remove(0)
}

fn json(path: &str) -> serde_json::Value {
    serde_json::from_str(&text(path)).expect(path)
}

/// A folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gates").join(name);
    // What an earlier run has left is in the way.
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a new folder");
    path
}

#[test]
fn all_name_the_same_version() {
    let package = json("npm/package.json");
    assert_eq!(package["version"], VERSION);
    let platforms = package["optionalDependencies"].as_object().expect("platforms");
    assert!(platforms.len() >= 5 && platforms.values().all(|it| it == VERSION), "{platforms:?}");
    let action = yaml("action.yml");
    assert_eq!(action["inputs"]["version"]["default"].as_str(), Some(&*format!("v{VERSION}")));
    let docs = text("docs/gates.md");
    for (before, words) in [("rev: v", 1), ("ecslint@v", 1), ("ecslint==", 2)] {
        let named: Vec<_> = docs.split(before).skip(1).map(|it| it.starts_with(VERSION)).collect();
        assert_eq!(named, vec![true; words], "docs/gates.md: {before}");
    }
}

/// What is fetched is what a release has.
#[test]
fn all_name_the_files_of_the_release() {
    let release = yaml(".github/workflows/release.yml");
    let matrix = release["jobs"]["build"]["strategy"]["matrix"]["include"].as_vec().expect("a matrix");
    let targets: Vec<_> = matrix.iter().filter_map(|it| it["target"].as_str()).collect();
    assert_eq!(targets.len(), 7, "{targets:?}");
    let is_name = |it: char| it.is_ascii_alphanumeric() || "_-".contains(it);
    let named = |path: &str, mark: &str| -> Vec<String> {
        let text = text(path);
        let after = text.split(mark).skip(1);
        after.map(|it| it.chars().take_while(|it| is_name(*it)).collect()).collect()
    };
    let action = named("action.yml", "archive=ecslint-");
    let npm: Vec<_> = named("npm/platforms.js", "\": \"");
    for (n_wanted, found) in [(5, &action), (5, &npm)] {
        assert!(found.len() == n_wanted && found.iter().all(|it| targets.contains(&&**it)), "{found:?}");
    }
    assert!(text("Cargo.toml").contains("/ecslint-{ target }{ archive-suffix }"));
}

/// A tag may be moved to other code; a commit may not.
#[test]
fn actions_are_pinned_by_commit() {
    let mut n_used = 0;
    for path in ["action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        for line in text(path).lines() {
            let Some((_, used)) = line.split_once("uses: ") else { continue };
            n_used += 1;
            let (name, comment) = used.split_once(" # ").unwrap_or((used, ""));
            let commit = name.split_once('@').map(|it| it.1).unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
            assert!(name == "./" || is_commit && comment.starts_with('v'), "{path}: {line}");
        }
    }
    assert!(n_used > 10, "{n_used}");
}

#[test]
fn hooks_check_and_pass_over_what_is_no_template() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_vec().expect("hooks");
    let ids: Vec<_> = hooks.iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(ids, ["ecslint", "ecslint-fix"]);
    for hook in hooks {
        let entry = hook["entry"].as_str().expect("an entry");
        assert!(entry.starts_with("ecslint check --only-templates"), "{entry}");
        let files = regex::Regex::new(hook["files"].as_str().expect("files")).expect("a pattern");
        for name in ["a.yml", "b/a.yaml", "a.json", "a.template"] {
            assert!(files.is_match(name), "{name}");
        }
        assert!(!files.is_match("a.yml.md") && !files.is_match("yml"));
    }
}

/// Runs the script of a step of the action, as the runner does.
#[cfg(unix)]
fn step(name: &str, at: &Path, environment: &[(&str, &str)]) -> Output {
    let action = yaml("action.yml");
    let steps = action["runs"]["steps"].as_vec().expect("steps");
    let step = steps.iter().find(|it| it["name"].as_str() == Some(name)).expect(name);
    let script = step["run"].as_str().expect("a script");
    let file = |name: &str| at.join(name).to_string_lossy().into_owned();
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(at);
    command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64").env("RUNNER_TEMP", file("temp"));
    command.env("GITHUB_PATH", file("path")).env("GITHUB_OUTPUT", file("output"));
    command.env("GITHUB_STEP_SUMMARY", file("summary.md")).envs(environment.iter().copied());
    fs::create_dir_all(at.join("temp")).expect("a folder");
    command.output().expect("bash starts")
}

#[cfg(target_os = "linux")]
#[test]
fn the_action_installs_only_what_the_checksum_says() {
    use std::os::unix::fs::PermissionsExt as _;
    let at = folder("install");
    let release = at.join("releases/v9.9.9");
    fs::create_dir_all(&release).expect("a folder");
    // What is installed is not looked at, so it may be anything.
    fs::write(release.join("ecslint"), "#!/bin/sh\necho installed\n").expect("a file");
    fs::set_permissions(release.join("ecslint"), fs::Permissions::from_mode(0o755)).expect("rights");
    let archive = "ecslint-x86_64-unknown-linux-musl.tar.gz";
    let shell = |script: &str| {
        let done = Command::new("sh").args(["-c", script]).current_dir(&release).output().expect("sh");
        assert!(done.status.success(), "{done:?}");
    };
    shell(&format!(
        "tar -czf {archive} ecslint && echo other > ecslint-other.zip && sha256sum ecslint-* > SHA256SUMS"
    ));
    let releases = format!("file://{}", at.join("releases").display());
    let install = |version: &str, environment: &[(&str, &str)]| {
        let mut all = vec![("VERSION", version), ("RELEASES", releases.as_str())];
        all.extend(environment);
        let done = step("Install ecslint", &at, &all);
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let good = install("v9.9.9", &[]);
    assert_eq!(good.0, Some(0), "{}", good.1);
    let folder = fs::read_to_string(at.join("path")).expect("GITHUB_PATH");
    let installed =
        Command::new(Path::new(folder.trim()).join("ecslint")).output().expect("it was installed");
    assert_eq!(installed.stdout, b"installed\n");

    fs::remove_file(at.join("path")).expect("it was written");
    let refuses = |version: &str, system: &str, reason: &str| {
        let (code, said) = install(version, &[("RUNNER_OS", system)]);
        assert!(
            code == Some(2) && said.contains("::error::") && said.contains(reason),
            "{version}: {code:?} {said}"
        );
    };
    refuses("v9.9.8", "Linux", "cannot download");
    refuses("v9.9.9\n/tmp/evil", "Linux", "write the version");
    refuses("latest", "Linux", "write the version");
    refuses("v9.9.9", "Plan9", "no release of ecslint is for Plan9");
    shell(&format!("echo more >> {archive}"));
    refuses("v9.9.9", "Linux", "is not what SHA256SUMS says");
    shell(&format!("grep -v {archive} SHA256SUMS > less && mv less SHA256SUMS"));
    refuses("v9.9.9", "Linux", "has no line for");
    assert!(!at.join("path").exists(), "nothing was installed");
}

#[cfg(unix)]
#[test]
fn the_action_checks_and_then_fails() {
    let at = folder("check");
    fs::create_dir(at.join("my templates")).expect("a folder");
    fs::copy(root().join("fixtures/ecs-cluster-def.yml"), at.join("my templates/a.yml")).expect("a copy");
    let program = Path::new(env!("CARGO_BIN_EXE_ecslint")).parent().expect("it is in a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let check = |args: &str, annotations: &str, summary: &str| {
        for name in ["output", "summary.md", "temp/ecslint.sarif"] {
            // It may not be there yet.
            let _ = fs::remove_file(at.join(name));
        }
        let environment = [
            ("PATH", path.as_str()),
            ("PATHS", "my templates\n"),
            ("ARGS", args),
            ("ANNOTATIONS", annotations),
            ("SUMMARY", summary),
        ];
        let done = step("Check", &at, &environment);
        assert!(done.status.success(), "{done:?}");
        let output = fs::read_to_string(at.join("output")).expect("GITHUB_OUTPUT");
        (String::from_utf8_lossy(&done.stdout).into_owned(), output)
    };
    let (said, output) = check("--select=ECS303\n\n--region=us-east-1\n", "true", "true");
    assert!(said.starts_with("::warning file=my templates/a.yml,"), "{said}");
    assert!(output.starts_with("exit-code=1\nsarif="), "{output}");
    let summary = fs::read_to_string(at.join("summary.md")).expect("GITHUB_STEP_SUMMARY");
    assert!(summary.contains("ECS303"), "{summary}");
    let sarif = fs::read_to_string(at.join("temp/ecslint.sarif")).expect("the report");
    assert!(serde_json::from_str::<serde_json::Value>(&sarif).is_ok());

    let (said, output) = check("--fail-on=never", "false", "false");
    assert!(!said.contains("::warning") && output.starts_with("exit-code=0\n"), "{said} {output}");
    assert!(!at.join("summary.md").exists());
    assert!(check("--bogus", "true", "true").1.starts_with("exit-code=2\n"));
    assert_eq!(step("Result", &at, &[("CODE", "1")]).status.code(), Some(1));
    assert_eq!(step("Result", &at, &[("CODE", "0")]).status.code(), Some(0));
}

/// The launcher hands on arguments, streams and the exit code; without Node there is nothing to try.
#[cfg(unix)]
#[test]
fn the_package_of_npm_starts_the_program() {
    let at = folder("npm");
    let run = |args: &[&str]| {
        let done = Command::new("node").arg("bin/ecslint.js").args(args).current_dir(&at).output().ok()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some((done.status.code(), text(&done.stdout), text(&done.stderr)))
    };
    fs::create_dir(at.join("bin")).expect("a folder");
    fs::copy(root().join("npm/bin/ecslint.js"), at.join("bin/ecslint.js")).expect("a copy");
    let Some((code, _, said)) = run(&["--version"]) else { return };
    assert!(code == Some(2) && said.contains("is not installed: either npm was told to leave out"), "{said}");

    let platform =
        Command::new("node").args(["-p", "`${process.platform}-${process.arch}`"]).output().expect("node");
    let platform = String::from_utf8_lossy(&platform.stdout).trim().to_owned();
    let home = at.join("node_modules/@ecslint").join(&platform);
    fs::create_dir_all(&home).expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_ecslint"), home.join("ecslint")).expect("a link");
    assert_eq!(run(&["--version"]).expect("node").1, format!("ecslint {VERSION}\n"));
    let clean = root().join("fixtures/clean");
    assert_eq!(run(&["check", &clean.to_string_lossy()]).expect("node").0, Some(0));
    let (code, shown, said) = run(&["check", "no such.yml"]).expect("node");
    assert!(code == Some(2) && shown.is_empty() && said.contains("no such file"), "{said}");
}
