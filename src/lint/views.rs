//! All that a page shows of a template besides its findings.

use super::picture::{Picture, picture};
use super::story::{Story, stories};
use super::{MAX_BYTES, Options, Outcome, sniff};
use crate::syntax;
use crate::template::Template;
use crate::text::{Span, decode};

/// The views of a template.
#[derive(Clone, Debug, Default)]
pub struct Views {
    /// What it builds.
    pub picture: Picture,
    /// What its instances do when they boot.
    pub stories: Vec<Story>,
    /// The values that `NoEcho` hides: not to be shown.
    pub secrets: Vec<Span>,
}

/// Looks at a template; nothing of what is none.
#[must_use]
pub fn views(bytes: &[u8], options: &Options, outcome: &Outcome) -> Views {
    Views {
        picture: picture(bytes, options, outcome).unwrap_or_default(),
        stories: stories(bytes, options).unwrap_or_default(),
        secrets: secrets(bytes).unwrap_or_default(),
    }
}

fn secrets(bytes: &[u8]) -> Option<Vec<Span>> {
    let source = decode(bytes).ok().filter(|_| bytes.len() <= MAX_BYTES && sniff::may_be_template(bytes))?;
    let parse = syntax::parse(source);
    let template = Template::new(parse.tree.roots().find(|it| Template::is_one(*it))?);
    let is_hidden = |it: &&crate::template::Entry<'_>| {
        it.node.get("NoEcho").is_some_and(|it| it.text().eq_ignore_ascii_case("true"))
    };
    let hidden = template.parameters.iter().filter(is_hidden);
    Some(hidden.filter_map(|it| it.node.get("Default").map(|it| it.span())).collect())
}
