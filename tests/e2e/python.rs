//! What is driven comes from PyPI: in pinned versions and with hashes, into a virtual environment under `target/`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/requirements.txt");

/// The oldest Python that all of them run on.
const OLDEST: &str = "(3, 10)";

/// A virtual environment that holds all that `requirements.txt` names.
pub(crate) struct Python(PathBuf);

impl Python {
    /// Installs it, or takes the one that an earlier run has left.
    pub(crate) fn installed() -> Result<Python, String> {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is under target");
        let lock = File::create(target.join("e2e.lock")).map_err(|it| it.to_string())?;
        // Another run may be installing it.
        lock.lock().map_err(|it| it.to_string())?;
        let res = Python(target.join("e2e"));
        let wanted = fs::read_to_string(REQUIREMENTS).map_err(|it| it.to_string())?;
        let version = output(&mut Command::new("python3"), &["--version"])
            .map_err(|it| format!("python3 cannot be started: install Python 3.10 or later\n{it}"))?;
        // What is wanted, word by word, is a better stamp than a number that stands for it.
        let wanted = format!("{version}{wanted}");
        let stamp = res.0.join("installed.txt");
        let is_there = fs::read_to_string(&stamp).is_ok_and(|it| it == wanted);
        if !(is_there && output(&mut Command::new(res.program("python")), &["--version"]).is_ok()) {
            res.install()?;
            fs::write(stamp, wanted).map_err(|it| it.to_string())?;
        }
        Ok(res)
    }

    fn install(&self) -> Result<(), String> {
        let too_old = format!("import sys; sys.exit(sys.version_info < {OLDEST})");
        output(&mut Command::new("python3"), &["-c", &too_old])
            .map_err(|_| format!("python3 is older than {OLDEST}: put a newer one first on PATH"))?;
        let folder = self.0.to_string_lossy();
        output(&mut Command::new("python3"), &["-m", "venv", "--clear", &folder]).map_err(|it| {
            format!("python3 makes no virtual environment: install its `venv` and `ensurepip` (python3-venv on Debian)\n{it}")
        })?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
        let what = ["--require-hashes", "--only-binary", ":all:", "--requirement", REQUIREMENTS];
        output(Command::new(self.program("python")).args(pip), &what)
            .map(drop)
            .map_err(|it| format!("tests/e2e/requirements.txt cannot be installed from PyPI\n{it}"))
    }

    /// The path of a program in it.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.0.join("bin").join(name)
    }
}

/// What a program prints; what it complains of where it fails.
fn output(command: &mut Command, args: &[&str]) -> Result<String, String> {
    let output = command.args(args).output().map_err(|it| it.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(text(&output.stdout) + &text(&output.stderr))
}
