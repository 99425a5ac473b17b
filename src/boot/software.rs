//! What programs the instance has: what the image brings, and what the boot installs.
//!
//! The ECS images bring neither `cfn-signal` nor `cfn-init`
//! ([helper scripts](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-helper-scripts-reference.html));
//! other images bring no agent
//! ([installing the agent](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-install.html)).

use super::state::{State, Status};
use super::steps::{Does, Step};
use super::words::Word;
use crate::model::{Answer, Image, ImageFamily};
use crate::resolve::{Place, SYMBOL};
use crate::text::near;

/// The package of the helper scripts.
pub const HELPERS: &str = "aws-cfn-bootstrap";

/// Where that package puts them on Amazon Linux.
pub const HELPERS_FOLDER: &str = "/opt/aws/bin/";

/// A helper that is called and is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingHelper {
    /// `cfn-signal` or `cfn-init`.
    pub program: String,
    /// Where it is called.
    pub place: Option<Place>,
    /// Why it is not there.
    pub why: WhyMissing,
}

/// Why a helper is not there.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyMissing {
    /// Neither image nor boot bring it.
    NotInstalled,
    /// The boot installs a package whose name is misspelt.
    Misspelt {
        /// That name.
        name: String,
        /// Where it stands.
        place: Option<Place>,
    },
    /// It is installed, and called by another path.
    WrongPath,
}

/// Package managers, and the words that make them install what stands behind.
const MANAGERS: [(&str, &[&str]); 13] = [
    ("yum", &["install", "localinstall", "reinstall", "update", "upgrade", "groupinstall"]),
    ("dnf", &["install", "localinstall", "reinstall", "update", "upgrade", "groupinstall"]),
    ("microdnf", &["install"]),
    ("apt-get", &["install"]),
    ("apt", &["install"]),
    ("zypper", &["install", "in"]),
    ("amazon-linux-extras", &["install", "enable"]),
    ("snap", &["install"]),
    ("pip", &["install"]),
    ("pip2", &["install"]),
    ("pip3", &["install"]),
    ("rpm", &[]),
    ("dpkg", &[]),
];

/// What a command does to packages.
pub(super) struct Change<'a, 't> {
    pub(super) packages: Vec<&'a Word<'t>>,
    /// They are taken away.
    pub(super) removes: bool,
    /// Nobody is asked whether it may be done.
    pub(super) sure: bool,
}

/// Words that make a manager take packages away.
const REMOVE: [&str; 5] = ["remove", "erase", "autoremove", "purge", "uninstall"];

/// What a command does to packages; `None` when it does nothing to them.
pub(super) fn change<'a, 't>(base: &str, args: &'a [Word<'t>]) -> Option<Change<'a, 't>> {
    let removes = args.iter().position(|it| it.known().is_some_and(|it| REMOVE.contains(&it)));
    if let Some(verb) = removes
        && MANAGERS.iter().any(|(name, _)| *name == base)
    {
        let packages = args[verb + 1..].iter().filter(|it| !is_option(it)).collect();
        return Some(Change { packages, removes: true, sure: true });
    }
    let packages = installs(base, args)?;
    // Without a terminal a question is answered with no.
    let asks = matches!(base, "yum" | "dnf" | "microdnf" | "apt" | "apt-get");
    let yes = args.iter().any(|it| {
        let raw = it.text.as_str();
        raw == "--assumeyes"
            || raw == "--yes"
            || (is_option(it) && !raw.starts_with("--") && raw.contains('y'))
    });
    Some(Change { packages, removes: false, sure: !asks || yes || args.iter().any(Word::is_unknown) })
}

/// Whether an image is known not to have a package manager.
pub(super) fn lacks_manager(base: &str, image: Image) -> bool {
    match image.family {
        Some(ImageFamily::AmazonLinux2023) => {
            matches!(base, "apt" | "apt-get" | "dpkg" | "amazon-linux-extras")
        }
        Some(ImageFamily::AmazonLinux | ImageFamily::AmazonLinux2) => {
            matches!(base, "apt" | "apt-get" | "dpkg")
        }
        Some(ImageFamily::Ubuntu) => matches!(base, "yum" | "dnf" | "amazon-linux-extras"),
        _ => false,
    }
}

/// What a command installs: its packages; `None` when it is no such command.
fn installs<'a, 't>(base: &str, args: &'a [Word<'t>]) -> Option<Vec<&'a Word<'t>>> {
    if base.starts_with("easy_install") {
        return Some(args.iter().filter(|it| !is_option(it)).collect());
    }
    let (_, verbs) = MANAGERS.iter().find(|(name, _)| *name == base)?;
    if verbs.is_empty() {
        // `rpm -Uvh FILE`, `dpkg -i FILE`
        let installs = args.iter().filter(|it| is_option(it)).any(|it| {
            let raw = it.text.as_str();
            raw == "--install" || (!raw.starts_with("--") && raw.contains(['i', 'U']) && !raw.contains('q'))
        });
        return installs.then(|| args.iter().filter(|it| !is_option(it)).collect());
    }
    // Options and their values may stand before the verb; one that is not known may be any.
    let verb = args.iter().position(|it| it.known().is_none_or(|it| verbs.contains(&it)))?;
    Some(args[verb + 1..].iter().filter(|it| !is_option(it)).collect())
}

fn is_option(word: &Word<'_>) -> bool {
    word.text.as_str().starts_with('-')
}

/// A command to the manager of services.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Start {
    pub(super) services: Vec<String>,
    pub(super) blocks: bool,
}

/// What a command starts; `None` when it starts nothing.
pub(super) fn starts(path: &str, base: &str, args: &[Word<'_>]) -> Option<Start> {
    let words: Vec<&str> = args.iter().map(|it| it.text.as_str()).filter(|it| !it.starts_with('-')).collect();
    let has = |name: &str| args.iter().any(|it| it.text.as_str() == name);
    let is_start = |it: &str| matches!(it, "start" | "restart" | "reload-or-restart");
    let (services, blocks): (&[&str], bool) = match base {
        "systemctl" => {
            let (verb, units) = words.split_first()?;
            let starts = is_start(verb) || (matches!(*verb, "enable" | "reenable") && has("--now"));
            (if starts { units } else { return None }, !has("--no-block"))
        }
        "service" => match words.as_slice() {
            [name, verb, ..] if is_start(verb) => (&words[..1], !name.is_empty()),
            _ => return None,
        },
        "initctl" => match words.as_slice() {
            [verb, _, ..] if is_start(verb) => (&words[1..2], !has("--no-wait") && !has("-n")),
            _ => return None,
        },
        "start" | "restart" => (words.get(..1)?, !has("--no-wait") && !has("-n")),
        name if path.starts_with("/etc/init.d/") && words.first().is_some_and(|it| is_start(it)) => {
            return Some(Start { services: vec![name.to_owned()], blocks: true });
        }
        _ => return None,
    };
    let services = services.iter().map(|it| it.trim_end_matches(".service").to_owned()).collect();
    Some(Start { services, blocks })
}

/// Whether a command takes back the start of the agent.
pub(super) fn stops_agent(base: &str, args: &[Word<'_>]) -> bool {
    let has = |name: &str| args.iter().any(|it| it.text.as_str().trim_end_matches(".service") == name);
    let verb = has("stop") || has("mask") || (has("disable") && has("--now"));
    match base {
        "systemctl" | "service" | "initctl" => verb && has("ecs"),
        "stop" => has("ecs"),
        _ => false,
    }
}

/// Whether what the boot installs so far has `part` in its name.
fn installed(state: &State<'_>, part: &str) -> Answer {
    let mut res = Answer::No;
    for step in state.steps.iter() {
        match &step.does {
            Does::Installs { package } if package.contains(part) && step.certain => res = Answer::Yes,
            Does::Installs { package }
                if res == Answer::No && (package.contains(part) || may_be_any(package)) =>
            {
                res = Answer::Unknown;
            }
            Does::Removes { package }
                if res == Answer::Yes && (package.contains(part) || package.contains(SYMBOL)) =>
            {
                res = Answer::Unknown
            }
            _ => {}
        }
    }
    let open = state.anything || state.steps.is_full();
    if res == Answer::No && open { Answer::Unknown } else { res }
}

/// Whether a package may bring anything: a file or an address whose name says nothing.
fn may_be_any(package: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "amazon-ssm-agent",
        "aws-cfn-bootstrap",
        "ecs-init",
        "cloudwatch",
        "awscli",
        "epel-release",
        "efs-utils",
        "docker",
        "inspector",
        "xray",
    ];
    let file = package.contains('/')
        || package
            .rsplit_once('.')
            .is_some_and(|it| matches!(it.1, "rpm" | "deb" | "whl" | "gz" | "tgz" | "zip"));
    package.contains(SYMBOL) || (file && !OTHERS.iter().any(|it| package.contains(it)))
}

/// Whether the ECS agent is there: from the image, or since the boot installs it.
pub(super) fn agent(image: Image, state: &State<'_>) -> Answer {
    if image.ecs != Answer::No {
        return image.ecs;
    }
    // `amazon-linux-extras install ecs`, `ecs-init`, `amazon-ecs-init-latest.x86_64.rpm`, the container of the agent.
    installed(state, "ecs")
}

/// Whether the helpers are installed in a way that may fail, or taken away again.
pub(super) fn installs_in_doubt(state: &State<'_>) -> bool {
    let named = |it: &Step| matches!(&it.does, Does::Installs { package } if package.contains(HELPERS));
    installed(state, HELPERS) == Answer::Unknown && state.steps.iter().any(named)
}

/// Whether the package of the helpers is there.
pub(super) fn helpers(image: Image, state: &State<'_>) -> Answer {
    // Of repositories it has one name only.
    match installed(state, HELPERS) {
        Answer::No => {}
        other => return other,
    }
    match (image.family, image.ecs) {
        (
            Some(ImageFamily::AmazonLinux | ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023),
            Answer::Yes,
        )
        | (Some(ImageFamily::Ubuntu), _) => Answer::No,
        // Plain Amazon Linux has them, its minimal images do not.
        _ => Answer::Unknown,
    }
}

/// Whether the package of the helpers is in the list of packages. A script that asks has a stock image in mind: one
/// that is for ECS by its name will do.
pub(super) fn listed(image: Image, state: &State<'_>) -> Answer {
    match helpers(image, state) {
        Answer::Unknown if image.family.is_none() && image.ecs == Answer::Yes => installed(state, HELPERS),
        other => other,
    }
}

/// The status of a question for a program or package of the helpers: `command -v cfn-signal`, `rpm -q NAME`; `None`
/// when it is about another one, or when only the instance can tell.
pub(super) fn asked(words: &[Word<'_>], image: Image, state: &State<'_>) -> Option<Status> {
    let helper = |it: &str| {
        ["cfn-signal", "cfn-init", "cfn-hup", HELPERS].contains(&it.rsplit('/').next().unwrap_or(it))
    };
    words.iter().find(|it| it.known().is_some_and(helper))?;
    match listed(image, state) {
        Answer::Yes => Some(Status::Known(0)),
        Answer::No => Some(Status::Known(1)),
        Answer::Unknown => None,
    }
}

/// Why a helper that is called is not there; `None` when it is, or when only the instance can tell.
pub(super) fn missing(path: &str, image: Image, state: &State<'_>) -> Option<WhyMissing> {
    match helpers(image, state) {
        Answer::Unknown => None,
        Answer::No => Some(misspelt(state)),
        Answer::Yes => {
            let amazon = matches!(
                image.family,
                Some(ImageFamily::AmazonLinux | ImageFamily::AmazonLinux2 | ImageFamily::AmazonLinux2023)
            );
            let folder = path.rsplit_once('/').map(|it| it.0);
            // `pip` and `easy_install` put them where programs of one's own go.
            let usual = ["/opt/aws/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
            let own = folder == Some("/usr/local/bin") && installed(state, ".tar.gz") != Answer::No;
            let other = folder.is_some_and(|it| it.starts_with('/') && !usual.contains(&it)) && !own;
            // The script may have put it there.
            (amazon && other && !state.anything && !state.files.contains_key(path))
                .then_some(WhyMissing::WrongPath)
        }
    }
}

fn misspelt(state: &State<'_>) -> WhyMissing {
    for step in state.steps.iter() {
        if let Does::Installs { package } = &step.does
            && (!near(package, [HELPERS], 1).is_empty() || package.contains("cfn"))
        {
            return WhyMissing::Misspelt { name: package.clone(), place: step.place };
        }
    }
    WhyMissing::NotInstalled
}
