//! The page of a policy, as rules have one.

use super::{MAX_HELP, sanitize, severity_word};
use crate::policy::{About, Policy};

/// The page as Markdown.
#[must_use]
pub fn page(policy: &Policy) -> String {
    let line = |text: &str| sanitize::short(text, MAX_HELP);
    let issuer = &policy.issuer;
    let (what, globs) = match &policy.about {
        About::Resources(globs) => ("resources of", globs),
        About::Fleets(globs) => ("fleets of the kind", globs),
    };
    let globs: Vec<_> = globs.iter().map(|it| format!("`{}`", line(it))).collect();
    let mut res = format!(
        "# {} {}\n\n{}, about {what} {}; a policy of the project\n\n{}\n",
        issuer.code,
        line(&issuer.name),
        severity_word(issuer.severity),
        globs.join(", "),
        line(policy.message.as_str()),
    );
    if let Some(help) = &policy.help {
        res += &format!("\n{}\n", line(help.as_str()));
    }
    for example in &policy.examples {
        let heading = if example.is_good { "Good" } else { "Bad" };
        let text: Vec<_> = example.text.lines().map(|it| format!("    {}", sanitize::line(it))).collect();
        res += &format!("\n## {heading}\n\n{}\n", text.join("\n"));
    }
    res
}
