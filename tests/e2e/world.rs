//! AWS as the scenarios know it: two servers on this machine, and an aws CLI that reaches nothing else.

use std::path::PathBuf;
use std::{env, fs};

use crate::python::Python;
use crate::server::{self, Server};

/// Where nobody listens: what is not for this machine goes there.
const NOWHERE: &str = "http://127.0.0.1:1";

/// What all scenarios share. Stacks that are named differently do not know each other.
pub(crate) struct World {
    cli: PathBuf,
    /// CloudFormation, and all that it makes but instances.
    stacks: Server,
    /// Instances: their groups, and the clusters that they join.
    instances: Server,
}

impl World {
    /// Installs what is missing and starts the servers.
    pub(crate) fn new() -> Result<World, String> {
        let python = Python::installed()?;
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("e2e");
        // What an earlier run has left is of no use.
        let _ = fs::remove_dir_all(&folder);
        let start = |name: &str, args: &[&str], address, environment: &[(&str, &str)]| {
            let folder = folder.join(name);
            Server::start(
                &python.program("python"),
                &python.program(name),
                args,
                folder,
                address,
                environment,
            )
        };
        let (stacks, instances) = (server::free()?, server::free()?);
        let (stacks_port, instances_port) = (stacks.port().to_string(), instances.port().to_string());
        // Both start at once.
        let (stacks, instances) = std::thread::scope(|scope| {
            let stacks = scope.spawn(|| {
                let environment = [
                    ("BIND_HOST", "127.0.0.1"),
                    ("MINISTACK_HOST", "127.0.0.1"),
                    ("GATEWAY_PORT", &stacks_port),
                    // With rights and capabilities, as at AWS.
                    ("AUTH", "true"),
                    ("IOT_MTLS_ENABLED", "0"),
                    ("SFTP_ENABLED", "0"),
                    ("DOCKER_HOST", "unix:///nonexistent.sock"),
                ];
                start("ministack", &[], stacks, &environment)
            });
            let args = ["-H", "127.0.0.1", "-p", &instances_port];
            let instances = start("moto_server", &args, instances, &[]);
            (stacks.join().unwrap_or_else(|_| Err("the server did not start".to_owned())), instances)
        });
        let cli = env::var_os("ECSLINT_E2E_AWS").map_or_else(|| python.program("aws"), PathBuf::from);
        Ok(World { cli, stacks: stacks?, instances: instances? })
    }

    /// The environment of all that a scenario starts: there is nothing of who runs the tests but PATH.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/bin");
        let path = env::var("PATH").unwrap_or_default();
        let text = str::to_owned;
        vec![
            ("PATH", format!("{tests}:{path}")),
            ("ECSLINT_E2E_CLI", self.cli.to_string_lossy().into_owned()),
            ("AWS_ENDPOINT_URL", self.stacks.endpoint()),
            ("AWS_ENDPOINT_URL_AUTO_SCALING", self.instances.endpoint()),
            ("AWS_ENDPOINT_URL_EC2", self.instances.endpoint()),
            ("AWS_ENDPOINT_URL_ECS", self.instances.endpoint()),
            ("AWS_ACCESS_KEY_ID", text("test")),
            ("AWS_SECRET_ACCESS_KEY", text("test")),
            ("AWS_DEFAULT_REGION", text("us-east-1")),
            ("AWS_CONFIG_FILE", text("/dev/null")),
            ("AWS_SHARED_CREDENTIALS_FILE", text("/dev/null")),
            ("AWS_EC2_METADATA_DISABLED", text("true")),
            ("HTTP_PROXY", text(NOWHERE)),
            ("HTTPS_PROXY", text(NOWHERE)),
            ("NO_PROXY", text("127.0.0.1")),
        ]
    }
}
