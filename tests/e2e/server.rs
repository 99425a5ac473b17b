//! A server that stands in for AWS, on this machine alone.

use std::fs::{self, File};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long one may take to start.
const LIMIT: Duration = Duration::from_secs(90);

/// A server that runs, and ends when it is dropped; also when the tests are killed, see `serve.py`.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

/// An address of this machine that nobody uses.
pub(crate) fn free() -> Result<SocketAddr, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|it| it.to_string())?;
    listener.local_addr().map_err(|it| it.to_string())
}

/// The URL of a server at this address; none where it is not on this machine.
pub(crate) fn endpoint(address: SocketAddr) -> Result<String, String> {
    let is_here = match address.ip() {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(_) => false,
    };
    if !is_here {
        return Err(format!("{address} is not on this machine: the tests never talk to AWS"));
    }
    Ok(format!("http://{address}"))
}

impl Server {
    /// Starts a program of the virtual environment and waits until it answers at the address.
    pub(crate) fn start(
        python: &Path,
        program: &Path,
        args: &[&str],
        folder: PathBuf,
        address: SocketAddr,
        environment: &[(&str, &str)],
    ) -> Result<Server, String> {
        endpoint(address)?;
        fs::create_dir_all(&folder).map_err(|it| it.to_string())?;
        let log = folder.join("log.txt");
        let file = File::create(&log).map_err(|it| it.to_string())?;
        let errors = file.try_clone().map_err(|it| it.to_string())?;
        let mut command = Command::new(python);
        command
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/serve.py"))
            .arg(program)
            .args(args)
            .env_clear()
            .envs(environment.iter().copied())
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", &folder)
            .env("TMPDIR", &folder)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(file)
            .stderr(errors);
        let child = command.spawn().map_err(|it| format!("{}: {it}", program.display()))?;
        let mut res = Server { child, address };
        let until = Instant::now() + LIMIT;
        while TcpStream::connect(address).is_err() {
            let has_ended = !matches!(res.child.try_wait(), Ok(None));
            if has_ended || Instant::now() > until {
                let log = fs::read_to_string(log).unwrap_or_default();
                return Err(format!("{} does not answer at {address}\n{log}", program.display()));
            }
            sleep(Duration::from_millis(50));
        }
        Ok(res)
    }

    /// Where it answers.
    pub(crate) fn endpoint(&self) -> String {
        endpoint(self.address).expect("it was looked at before it was started")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended on its own; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
