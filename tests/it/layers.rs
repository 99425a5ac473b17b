//! The layers of `src/lib.rs`: a module uses itself and what stands below it, nothing else.

use std::fs;
use std::path::{Path, PathBuf};

/// Bottom to top. Neighbours on one line do not know each other.
const LAYERS: &[&[&str]] = &[
    &["text"],
    &["diagnostic"],
    &["syntax"],
    &["template"],
    &["resolve"],
    &["catalog"],
    &["model"],
    &["boot", "network", "iam"],
    &["rule"],
    &["rules", "policy"],
    &["lint"],
    &["config"],
    &["report"],
    &["deploy"],
    &["cli"],
];

#[test]
fn modules_only_look_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let layer = |module: &str| LAYERS.iter().position(|it| it.contains(&module));
    let mut wrong = Vec::new();
    for (path, text) in sources(&src) {
        let module = module_of(&src, &path);
        // `lib` and `main` stand outside.
        let Some(here) = layer(&module) else {
            assert!(["lib", "main"].contains(&module.as_str()), "`{module}` is in no layer");
            continue;
        };
        for (idx, line) in text.lines().enumerate() {
            // Documentation may speak of anything.
            let code = line.split("//").next().unwrap_or_default();
            for rest in code.split("crate::").skip(1) {
                let used: String = rest.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
                if used != module && layer(&used).is_none_or(|it| here <= it) {
                    wrong.push(format!("{}:{}: `{module}` must not use `{used}`", path.display(), idx + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// `src/lib.rs` shows the same layers.
#[test]
fn the_map_shows_the_layers() {
    let lib =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("src/lib.rs");
    let rows: Vec<_> = LAYERS.iter().map(|it| it.join(", ")).collect();
    let map =
        rows.join(" < ").replace(" < boot", "\n//!      < boot").replace(" < report", "\n//!      < report");
    assert!(lib.contains(&map), "src/lib.rs has to show\n//! {map}");
}

fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut res = Vec::new();
    for entry in fs::read_dir(dir).expect("readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            res.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).expect("UTF-8");
            res.push((path, text));
        }
    }
    res
}

fn module_of(src: &Path, path: &Path) -> String {
    let first = path.strip_prefix(src).expect("under src").iter().next().expect("a name");
    first.to_string_lossy().trim_end_matches(".rs").to_owned()
}
