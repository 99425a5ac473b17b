//! The forms of user data, and what of it is run.

use super::commands::is_of_the_boot;
use super::commands::scripts::is_shell;
use super::files::Chunk;
use super::machine::Machine;
use super::mime::Part;
use super::state::State;
use super::{AGENT_CONFIG, Boot, base64, bottlerocket, broken, cloud_config, mime, software, windows};
use crate::model::{Answer, Image, ImageFamily};
use crate::resolve::{Place, SYMBOL, Scenario, Text};
use crate::text::Span;

/// How the instance understands its user data (cloud-init, `type_from_starts_with`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// There is none.
    #[default]
    None,
    /// `#!`
    Shell,
    /// `#cloud-config`
    CloudConfig,
    /// `#cloud-boothook`
    Boothook,
    /// MIME with several parts.
    Multipart,
    /// `<powershell>` and `<script>`
    Windows,
    /// TOML for Bottlerocket.
    Bottlerocket,
    /// `{"ECSAgentConfiguration": ...}`, which the agent reads itself.
    AgentJson,
    /// No header that cloud-init knows: it is ignored.
    Plain,
    /// Something that this version does not read, or that only deployment can tell.
    Unknown,
}

/// cloud-init takes for MIME what has `MIME-Version:` in its first bytes, whatever stands before it
/// (`convert_string`).
const MIME_HEAD: usize = 4096;

/// Why user data is refused or never run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defect {
    /// What it is.
    pub kind: DefectKind,
    /// The words that make it so.
    pub place: Option<Place>,
}

/// The kinds of [`Defect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefectKind {
    /// Plain text where EC2 wants base64.
    NotBase64,
    /// No first line that cloud-init knows.
    NoHeader,
    /// A blank or an empty line before `#!`: the file is run and is no program.
    BlankBeforeShebang,
    /// MIME without a boundary, or with another one than its parts have.
    BrokenMime,
    /// The whole script stands in the line that begins with `#!`.
    Folded,
}

/// Runs user data on the abstract machine.
pub(super) fn run<'t>(scenario: &Scenario<'_, 't>, boot: &mut Boot<'t>, text: &Text<'t>, image: Image) {
    let mut machine = Machine::new(scenario, image);
    let mut state = State::new();
    boot.form = form(text.as_str(), image);
    let decoded = encoded_twice(text, boot.form);
    let text = decoded.as_ref().unwrap_or(text);
    if decoded.is_some() {
        boot.form = form(text.as_str(), image);
    }
    boot.language = language(text, image);
    if boot.language.is_some() {
        // The system does not even try.
        return;
    }
    part(&mut machine, boot.form, text, &mut state);
    // An image of its own may read user data in its own way.
    state.anything |= boot.form == Form::Plain && !is_known(image);
    boot.defects.extend(defect(text, boot.form, image));
    boot.defects.append(&mut machine.defects);
    boot.questions.append(&mut machine.questions);
    boot.bounded = machine.is_bounded();
    boot.syntax_errors = machine.take_syntax_errors();
    // What is kept of it is not to fill the memory.
    scenario.world().spend(state.weight() / 16);
    state.anything |= runs_later(&state);
    boot.agent = software::agent(image, &state);
    boot.steps = state.steps.into_vec();
    boot.missing = state.missing;
    boot.deadlock = state.deadlock;
    boot.init_failure = state.init_failure;
    boot.sourced = state.sourced;
    boot.stopped = state.stopped;
    boot.stops = state.stops;
    boot.files = state.files;
    boot.signals = state.signals;
    boot.anything = state.anything;
}

/// Folders whose files other programs run: services, jobs by the clock, scripts of the start.
const RUN_BY_OTHERS: [&str; 9] = [
    "/etc/systemd/",
    "/lib/systemd/",
    "/usr/lib/systemd/",
    "/run/systemd/",
    "/etc/init",
    "/etc/cron",
    "/var/spool/cron",
    "/etc/rc",
    "/var/lib/cloud/scripts",
];

/// Whether the boot leaves files to other programs that join or signal.
fn runs_later(state: &State<'_>) -> bool {
    let left = state.files.keys().any(|path| RUN_BY_OTHERS.iter().any(|it| path.starts_with(it)));
    let mut others = state.files.iter().filter(|(path, _)| !path.starts_with("/etc/ecs/"));
    left && others.any(|(_, file)| file.chunks.iter().any(|it| is_of_the_boot(it.text.as_str())))
}

/// Whether commands stand in the first line, as a folded scalar puts them there.
fn is_folded(raw: &str) -> bool {
    let first = raw.trim_start().lines().next().unwrap_or_default();
    let words = [" echo ", " yum ", " dnf ", "/opt/aws/bin/", ">> /etc/ecs"];
    first.starts_with("#!") && words.iter().any(|it| first.contains(it))
}

/// The first line of user data in the language of another system.
fn language(text: &Text<'_>, image: Image) -> Option<Place> {
    let raw = text.as_str();
    let trimmed = raw.trim_start();
    let head: String = trimmed.chars().take(20).collect::<String>().to_lowercase();
    let starts = |words: &[&str]| words.iter().any(|it| head.starts_with(it));
    let powershell = starts(&["<powershell>", "<script>", "<persist>"]);
    let shell = starts(&["#!", "#cloud-config", "#cloud-boothook", "content-type:", "mime-version:"]);
    let toml = starts(&["[settings", "settings."]);
    let wrong = match image.family? {
        ImageFamily::Bottlerocket => powershell || shell,
        ImageFamily::Windows => shell || toml,
        ImageFamily::AmazonLinux
        | ImageFamily::AmazonLinux2
        | ImageFamily::AmazonLinux2023
        | ImageFamily::Ubuntu => powershell || toml,
        ImageFamily::Other => false,
    };
    let start = raw.len() - trimmed.len();
    let end = raw[start..].find('\n').map_or(raw.len(), |it| start + it);
    text.place(start..end).filter(|_| wrong)
}

/// Base64 inside of base64, which the data source undoes too (cloud-init, `maybe_b64decode`).
fn encoded_twice<'t>(text: &Text<'t>, form: Form) -> Option<Text<'t>> {
    if form != Form::Plain {
        return None;
    }
    let decoded = base64::decode(text.known()?)?;
    Some(Text::decoded(&decoded, text.whole_place()?.span))
}

/// Whether the image is one that hands its user data to cloud-init.
fn is_known(image: Image) -> bool {
    image.ecs == Answer::Yes || image.family.is_some()
}

/// Why nothing of it runs, where that is known.
fn defect(text: &Text<'_>, form: Form, image: Image) -> Option<Defect> {
    let raw = text.as_str();
    let line_end = |from: usize| raw[from..].find('\n').map_or(raw.len(), |it| from + it);
    let blanks = raw.len() - raw.trim_start().len();
    let first = || text.place(blanks..line_end(blanks));
    match form {
        Form::Shell if is_folded(raw) => {
            Some(Defect { kind: DefectKind::Folded, place: text.place(0..raw.len().min("#!".len())) })
        }
        Form::Shell if blanks > 0 => Some(Defect { kind: DefectKind::BlankBeforeShebang, place: first() }),
        Form::Plain if is_known(image) => Some(Defect { kind: DefectKind::NoHeader, place: first() }),
        Form::Multipart if mime::is_multipart(raw) && (!mime::has_boundary(raw) || mime::is_empty(text)) => {
            let mut start = 0;
            let mut lines = raw.split_inclusive('\n').map(|it| {
                start += it.len();
                start - it.len()..start - (it.len() - it.trim_end().len())
            });
            let typed = lines.find(|it| raw[it.clone()].to_ascii_lowercase().starts_with("content-type:"));
            let place = typed.map_or_else(first, |it| text.place(it));
            Some(Defect { kind: DefectKind::BrokenMime, place })
        }
        _ => None,
    }
}

/// The form of user data or of one part of it.
fn form(raw: &str, image: Image) -> Form {
    match image.family {
        Some(ImageFamily::Bottlerocket) => return Form::Bottlerocket,
        Some(ImageFamily::Windows) => return Form::Windows,
        _ => {}
    }
    let trimmed = raw.trim_start();
    let head: String = trimmed.chars().take(40).collect::<String>().to_lowercase();
    let starts = |it: &str| head.starts_with(it);
    if trimmed.is_empty() {
        Form::None
    } else if starts("#!") {
        Form::Shell
    } else if starts("#cloud-config-archive") {
        Form::Unknown
    } else if starts("#cloud-config") {
        Form::CloudConfig
    } else if starts("#cloud-boothook") {
        Form::Boothook
    } else if raw
        .bytes()
        .take(MIME_HEAD)
        .collect::<Vec<u8>>()
        .to_ascii_lowercase()
        .windows(13)
        .any(|it| it == b"mime-version:")
    {
        Form::Multipart
    } else if starts("<powershell>") || starts("<script>") {
        Form::Windows
    } else if starts("[settings") || starts("settings.") {
        Form::Bottlerocket
    } else if starts("{") && raw.contains("ECSAgentConfiguration") {
        Form::AgentJson
    } else if trimmed.starts_with([SYMBOL, '\u{feff}'])
        || starts("#include")
        || starts("#part-handler")
        || starts("#upstart-job")
    {
        // The rest may be anything, fetched or given at deployment.
        Form::Unknown
    } else if starts("## template: jinja") {
        let rest = trimmed.split_once('\n').map_or("", |it| it.1);
        if starts_jinja(rest) { Form::Unknown } else { form(rest, image) }
    } else {
        Form::Plain
    }
}

/// One template header is enough.
fn starts_jinja(raw: &str) -> bool {
    raw.trim_start().to_ascii_lowercase().starts_with("## template: jinja")
}

/// Runs one part.
pub(super) fn part<'t>(
    machine: &mut Machine<'_, '_, 't>,
    form: Form,
    text: &Text<'t>,
    state: &mut State<'t>,
) {
    let raw = text.as_str();
    if starts_jinja(raw) {
        // Jinja may write whatever it wants; its header is a line of its own.
        state.anything |= raw.contains("{{") || raw.contains("{%");
        let start = raw.len() - raw.trim_start().len();
        let start = raw[start..].find('\n').map_or(raw.len(), |it| start + it + 1);
        return part(machine, form, &text.slice(start..raw.len()), state);
    }
    match form {
        Form::None | Form::Plain => {}
        // With a blank before `#!` the file is no program, and nothing of it runs.
        Form::Shell if text.as_str().starts_with(char::is_whitespace) => {}
        // Another language may do anything.
        Form::Shell if !is_shell(text.as_str()) => state.anything = true,
        Form::Shell => {
            machine.script(text, state);
        }
        Form::AgentJson => agent_json(text, state),
        Form::Boothook => {
            // The first line names the form, the rest is a script.
            let start = text.as_str().find('\n').map_or(text.len(), |it| it + 1);
            machine.script(&text.slice(start..text.len()), state);
        }
        Form::CloudConfig => {
            cloud_config::early(machine, text, state);
            cloud_config::late(machine, text, state);
        }
        Form::Multipart => {
            let Some(parts) = mime::parts(text) else {
                // Without a boundary there are no parts.
                state.anything |= mime::has_boundary(text.as_str());
                return;
            };
            let image = machine.image;
            let mut forms = Vec::new();
            for Part { is_script, body } in parts {
                // A script that does not begin with `#!` is no program: nothing of it is run.
                let plain = self::form(body.as_str(), image) == Form::Plain;
                if is_script && is_known(image) && plain {
                    let first = broken::first_line(body.as_str(), 0..body.len());
                    machine.defects.push(Defect { kind: DefectKind::NoHeader, place: body.place(first) });
                    continue;
                }
                forms.push((form_of_part(&body, image), body));
            }
            // Boothooks run first, then the files of cloud-config, then scripts.
            forms.sort_by_key(|(form, _)| match form {
                Form::Boothook => 0,
                Form::CloudConfig => 1,
                _ => 2,
            });
            for (form, body) in &forms {
                match form {
                    Form::CloudConfig => cloud_config::early(machine, body, state),
                    _ => part(machine, *form, body, state),
                }
            }
            // Scripts run by the names of their files: `part-001` before `runcmd`.
            for (_, body) in forms.iter().filter(|it| it.0 == Form::CloudConfig) {
                cloud_config::late(machine, body, state);
            }
        }
        Form::Windows => windows::run(machine, text, state),
        Form::Bottlerocket => bottlerocket::run(text, state),
        Form::Unknown => state.anything = true,
    }
}

fn form_of_part(body: &Text<'_>, image: Image) -> Form {
    match form(body.as_str(), image) {
        // A part in a part; one that its type alone tells, such as an upstart job.
        Form::Multipart | Form::Plain => Form::Unknown,
        other => other,
    }
}

/// `{"ECSAgentConfiguration": {"Cluster": "name"}}`: the agent reads it where nothing else sets a cluster.
fn agent_json<'t>(text: &Text<'t>, state: &mut State<'t>) {
    let parse = crate::syntax::parse(text.as_str());
    let root = parse.tree.roots().next().filter(|_| !parse.is_cut());
    let Some(settings) = root.and_then(|it| it.get("ECSAgentConfiguration")) else {
        state.anything = true;
        return;
    };
    let Some(cluster) = settings.get("Cluster") else { return };
    let value = cloud_config::scalar(text, cluster);
    let place = value.whole_place();
    let near = place.map_or(Span::at(0), |it| it.span);
    let mut line = Text::decoded("ECS_CLUSTER=", near);
    line.push(&value);
    line.push(&Text::decoded("\n", near));
    let chunk = Chunk { text: line, certain: true, optional: false, path: place, command: place };
    state.write_file(AGENT_CONFIG, chunk, true);
}
