//! The fuzz targets: what holds for every input, whatever its bytes.
//!
//! A target is a function that panics when something does not hold. `fuzz/` builds this file for libFuzzer, see
//! `fuzz/README.md`; `cargo test` runs each target on its seeds, on some thousand inputs made from them, and on all that
//! is stored below `fuzz/corpus` and `fuzz/found`. What the fuzzer finds is put into `fuzz/found/TARGET` with a name that
//! says what was wrong, and stays there.
//!
//! A new target is a function and a row of [`TARGETS`], and a file in `fuzz/fuzz_targets`.

mod aws;
mod boot;
mod fixes;
mod made;
mod project;
mod reports;
mod trees;
mod values;
mod whole;

/// A target.
pub struct Target {
    /// Its name, and that of its files.
    pub name: &'static str,
    /// Panics when something does not hold.
    pub run: fn(&[u8]),
    /// Inputs to begin with, from which others are made.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "yaml", run: trees::yaml, seeds: trees::yaml_seeds },
    Target { name: "json", run: trees::json, seeds: trees::json_seeds },
    Target { name: "halves", run: trees::halves, seeds: trees::yaml_seeds },
    Target { name: "render", run: values::render, seeds: values::seeds },
    Target { name: "iam", run: values::iam, seeds: values::iam_seeds },
    Target { name: "shell", run: boot::shell, seeds: boot::shell_seeds },
    Target { name: "mime", run: boot::mime, seeds: boot::mime_seeds },
    Target { name: "user_data", run: boot::user_data, seeds: boot::user_data_seeds },
    Target { name: "config", run: project::config, seeds: project::config_seeds },
    Target { name: "suppress", run: project::suppress, seeds: project::suppress_seeds },
    Target { name: "baseline", run: project::baseline, seeds: project::baseline_seeds },
    Target { name: "report", run: reports::report, seeds: reports::seeds },
    Target { name: "aws", run: aws::aws, seeds: aws::seeds },
    Target { name: "check", run: whole::check, seeds: whole::seeds },
    Target { name: "fixes", run: fixes::fixes, seeds: fixes::seeds },
    Target { name: "made", run: made::made, seeds: made::seeds },
];

/// Runs a target by its name.
///
/// # Panics
/// When something does not hold, which is what a fuzzer looks for.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|it| it.name == name).expect("a target of this name");
    (target.run)(input);
}

/// Numbers that look like chance and are always the same.
pub struct Chance(u64);

impl Chance {
    /// Another row of numbers for each `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap_or(0) % bound
    }
}

/// The text of an input; nothing where it is none or too long to say anything new.
fn text(input: &[u8], max: usize) -> Option<&str> {
    std::str::from_utf8(input).ok().filter(|it| it.len() <= max)
}

/// The files of a folder of the project, of any depth, as bytes.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let mut res = Vec::new();
    let mut todo = vec![root().join(folder)];
    while let Some(folder) = todo.pop() {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|it| it.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                todo.push(path);
            } else {
                res.extend(std::fs::read(&path));
            }
        }
    }
    res
}

/// The folder of the project: this file is built from there and from `fuzz/`.
pub(crate) fn root() -> &'static std::path::Path {
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().filter(|_| own.ends_with("fuzz")).unwrap_or(own)
}

/// The templates of the project.
fn templates() -> Vec<Vec<u8>> {
    let faults = crate::faults::templates().into_iter().map(String::into_bytes);
    files("fixtures").into_iter().chain(faults).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a target on everything at once, so that a failure names the input.
    fn replay(name: &str) {
        let target = TARGETS.iter().find(|it| it.name == name).expect("a target of this name");
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty());
        let stored = ["corpus", "found"].map(|it| files(&format!("fuzz/{it}/{name}"))).concat();
        for input in seeds.iter().chain(&stored) {
            try_on(target, input);
        }
        let all: Vec<_> = seeds.iter().chain(&stored).filter(|it| it.len() < 4000).collect();
        let mut chance = Chance::new(1);
        for _ in 0..MADE {
            let mut input = all[chance.below(all.len())].clone();
            for _ in 0..=chance.below(3) {
                change(&mut input, &all, &mut chance);
            }
            try_on(target, &input);
        }
    }

    /// How many inputs are made for each target.
    const MADE: usize = 300;

    fn try_on(target: &Target, input: &[u8]) {
        let res = std::panic::catch_unwind(|| (target.run)(input));
        assert!(res.is_ok(), "target {} fails on {:?}", target.name, input.escape_ascii().to_string());
    }

    /// One small change, as a fuzzer makes it.
    fn change(input: &mut Vec<u8>, all: &[&Vec<u8>], chance: &mut Chance) {
        let at = chance.below(input.len() + 1);
        let end = (at + chance.below(12)).min(input.len());
        match chance.below(4) {
            0 => drop(input.drain(at..end)),
            1 => input.insert(at, b"{}[]\"'`$()<>|&;:#!\n \\-@%=*"[chance.below(26)]),
            2 => input.splice(at..at, input[at..end].to_vec()).for_each(drop),
            _ => {
                let other = all[chance.below(all.len())];
                let from = chance.below(other.len() + 1);
                let to = (from + chance.below(30)).min(other.len());
                input.splice(at..end, other[from..to].to_vec()).for_each(drop);
            }
        }
    }

    /// Writes the seeds where a fuzzer finds them.
    #[test]
    fn seeds() {
        let folder = std::env::var_os("ECSLINT_SEEDS").map(std::path::PathBuf::from);
        let folder =
            folder.unwrap_or_else(|| std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("seeds"));
        for target in TARGETS {
            let folder = folder.join(target.name);
            std::fs::create_dir_all(&folder).expect("a folder");
            for (idx, seed) in (target.seeds)().iter().enumerate() {
                let path = folder.join(format!("seed-{idx}"));
                std::fs::write(&path, seed).expect("written");
                assert_eq!(std::fs::read(&path).ok().as_ref(), Some(seed));
            }
        }
    }

    macro_rules! replayed {
        ($($name:ident)*) => {
            $(#[test]
            fn $name() {
                replay(stringify!($name));
            })*

            #[test]
            fn all_are_replayed_and_built() {
                let names: Vec<_> = TARGETS.iter().map(|it| it.name).collect();
                assert_eq!(names, [$(stringify!($name)),*]);
                let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("fuzz/Cargo.toml");
                for name in names {
                    let path = format!("fuzz_targets/{name}.rs");
                    assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"{path}\"")), "{name}");
                    let target = std::fs::read_to_string(root().join("fuzz").join(&path)).expect("a target");
                    assert!(target.contains(&format!("run(\"{name}\"")), "{target}");
                }
            }
        };
    }

    replayed! { yaml json halves render iam shell mime user_data config suppress baseline report aws check fixes made }
}
