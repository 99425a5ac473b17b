//! All that a page shows of a template besides its findings.

use super::picture::{Picture, picture};
use super::story::{Story, stories};
use super::{Options, Outcome, read};
use crate::syntax::Node;
use crate::template::{Entry, Template};
use crate::text::Span;

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
        secrets: read(bytes, |_, root| secrets(root)).unwrap_or_default(),
    }
}

fn secrets(root: Node<'_>) -> Vec<Span> {
    let is_hidden =
        |it: &&Entry<'_>| it.node.get("NoEcho").is_some_and(|it| it.text().eq_ignore_ascii_case("true"));
    let template = Template::new(root);
    let hidden = template.parameters.iter().filter(is_hidden);
    hidden.filter_map(|it| it.node.get("Default").map(|it| it.span())).collect()
}
