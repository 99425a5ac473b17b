//! The predicted boot, as `ecslint explain --boot` shows it.

use std::fmt::Write as _;

use super::Style;
use crate::boot::{Does, Form, Step};
use crate::diagnostic::Assumptions;
use crate::lint::story::{Line, Story};
use crate::model::{Answer, ImageFamily, Joins, Signals};
use crate::report::sanitize;
use crate::text::Lines;

/// What a path or a package may take of a line.
const MAX_WORD: usize = 80;

/// More lines of a file that is not the agent's are not shown.
const MAX_LINES: usize = 12;

/// Draws a story. `lines` are those of the template.
#[must_use]
pub fn story(style: &Style, story: &Story, lines: &Lines<'_>) -> String {
    let mut res = heading(story);
    let bar = if style.unicode { '│' } else { '|' };
    let arrow = if style.unicode { "╰─" } else { "`-" };
    for line in &story.script {
        let number = line.offset.map(|it| lines.position(it).line.to_string()).unwrap_or_default();
        let _ = writeln!(res, "{number:>6} {bar} {}", fit(&line.text, style.width.saturating_sub(9)));
        for step in &line.steps {
            let indent = " ".repeat(indent(line).min(style.width / 2));
            let _ = writeln!(res, "{:>6} {bar} {indent}{arrow} {}", "", told(step));
        }
    }
    if story.script.is_empty() {
        res.push_str("  no user data\n");
    }
    if !story.elsewhere.is_empty() {
        res.push_str("\nelsewhere in the template\n");
    }
    for step in &story.elsewhere {
        let place = step.place.map(|it| it.used.unwrap_or(it.span));
        let number = place.map(|it| lines.position(it.start).line.to_string()).unwrap_or_default();
        let _ = writeln!(res, "{number:>6} {bar} {}", told(step));
    }
    for (path, content) in &story.files {
        let _ = writeln!(res, "\n{} in the end", word(path));
        let shown = if path.starts_with("/etc/ecs/") { content.len() } else { MAX_LINES };
        for line in content.iter().take(shown) {
            let maybe = if line.certain { "" } else { "   (on some path)" };
            let _ = writeln!(res, "       {bar} {}{maybe}", fit(&line.text, style.width.saturating_sub(26)));
        }
        if content.len() > shown {
            let _ = writeln!(res, "       {bar} and {} lines more", content.len() - shown);
        }
    }
    if story.anything {
        res.push_str("\nA program runs that may do anything: what is not decided besides is unknown.\n");
    }
    let _ =
        writeln!(res, "\njoins    {}{}", joins(story.joins.verdict), because(story.joins.because.as_deref()));
    let _ = writeln!(
        res,
        "signals  {}{}",
        signals(story.signals.verdict),
        because(story.signals.because.as_deref())
    );
    sanitize::without_commands(res)
}

fn heading(story: &Story) -> String {
    let mut res = word(&story.fleet);
    if story.source != story.fleet {
        let _ = write!(res, ", started from {}", word(&story.source));
    }
    let family = match story.image.family {
        Some(ImageFamily::AmazonLinux) => "the first Amazon Linux",
        Some(ImageFamily::AmazonLinux2) => "Amazon Linux 2",
        Some(ImageFamily::AmazonLinux2023) => "Amazon Linux 2023",
        Some(ImageFamily::Bottlerocket) => "Bottlerocket",
        Some(ImageFamily::Windows) => "Windows",
        Some(ImageFamily::Ubuntu) => "Ubuntu",
        Some(ImageFamily::Other) => "another system",
        None => "an image that is not known",
    };
    let agent = match story.image.ecs {
        Answer::Yes => " with the ECS agent",
        Answer::No => " without the ECS agent",
        Answer::Unknown => "",
    };
    let form = match story.form {
        Form::CloudConfig => ", cloud-config",
        Form::Boothook => ", boothook",
        Form::Multipart => ", several parts",
        Form::AgentJson => ", JSON for the agent",
        Form::Plain => ", in no form that is run",
        Form::Unknown => ", in a form that is not known",
        Form::None | Form::Shell | Form::Windows | Form::Bottlerocket => "",
    };
    let _ = writeln!(res, ": {family}{agent}{form}{}\n", when(&story.assumptions));
    res
}

/// ` (when UseSpot is true)`
fn when(assumptions: &Assumptions) -> String {
    if assumptions.is_empty() {
        return String::new();
    }
    let parts: Vec<_> =
        assumptions.iter().map(|(name, value)| format!("{} is {value}", word(name))).collect();
    format!(" (when {})", parts.join(" and "))
}

/// The columns before the command of a line.
fn indent(line: &Line) -> usize {
    line.text.chars().take_while(|it| it.is_whitespace()).count()
}

pub(in crate::report) fn told(step: &Step) -> String {
    let what = match &step.does {
        Does::Writes { path, append: true, .. } => format!("appends to {}", word(path)),
        Does::Writes { path, .. } => format!("writes {}", word(path)),
        Does::Installs { package } => format!("installs {}", word(package)),
        Does::Removes { package } => format!("removes {}", word(package)),
        Does::Starts { service, blocks: true } => format!("starts {}, and waits for it", word(service)),
        Does::Starts { service, .. } => format!("starts {}", word(service)),
        Does::Initializes { resource, .. } => format!("runs the metadata of {}", word(resource)),
        Does::Signals { target } => format!("signals {}", word(target)),
        Does::MayDoAnything { program } => format!("runs {}, which may do anything", word(program)),
        Does::Ends { failed: true } => "ends the script with a failure".to_owned(),
        Does::Ends { failed: false } => "ends the script".to_owned(),
        Does::MayEnd => "ends the script if it fails".to_owned(),
    };
    if step.certain { what } else { format!("{what}, on some path") }
}

pub(in crate::report) fn joins(verdict: Joins) -> &'static str {
    match verdict {
        Joins::Yes => "yes",
        Joins::No => "no",
        Joins::WrongCluster => "another cluster",
        Joins::Unknown => "unknown",
    }
}

pub(in crate::report) fn signals(verdict: Signals) -> &'static str {
    match verdict {
        Signals::Ok => "yes",
        Signals::WrongResource => "another resource",
        Signals::Missing => "no",
        Signals::Unknown => "unknown",
        Signals::NotAwaited => "yes, and nothing waits",
        Signals::NotNeeded => "no, and nothing waits",
    }
}

fn because(text: Option<&str>) -> String {
    text.map(|it| format!(": {}", sanitize::short(it, 200))).unwrap_or_default()
}

fn word(text: &str) -> String {
    sanitize::short(&text.replace(crate::resolve::SYMBOL, "..."), MAX_WORD)
}

/// A line, harmless and not wider than the terminal.
fn fit(text: &str, columns: usize) -> String {
    sanitize::short(text, columns.max(20))
}
