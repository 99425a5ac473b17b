//! A flowchart for Mermaid, which GitHub and GitLab draw in Markdown.
//!
//! <https://mermaid.js.org/syntax/flowchart.html>

use super::{because, detail, left_out, name};
use crate::lint::picture::{Kind, Picture, State, Thing};
use crate::text::Lines;

/// The whole flowchart.
#[must_use]
pub fn mermaid(picture: &Picture, lines: &Lines<'_>) -> String {
    let mut res = "flowchart LR\n".to_owned();
    let node = |idx: usize, thing: &Thing| {
        let (open, close) = match thing.kind {
            Kind::World => ("((", "))"),
            Kind::Fleet => ("[[", "]]"),
            Kind::Cluster => ("([", "])"),
            Kind::Exit | Kind::Route => ("{{", "}}"),
            _ => ("[", "]"),
        };
        let detail = detail(thing);
        let detail =
            if detail.is_empty() { detail } else { format!("<br/><small>{}</small>", text(&detail)) };
        format!("  n{idx}{open}\"{}{detail}\"{close}\n", text(&name(thing)))
    };
    let all = || picture.things.iter().enumerate();
    for (idx, thing) in all().filter(|it| it.1.vpc.is_none()) {
        res += &node(idx, thing);
    }
    let mut vpcs: Vec<&String> = picture.things.iter().filter_map(|it| it.vpc.as_ref()).collect();
    vpcs.sort();
    vpcs.dedup();
    for (number, vpc) in vpcs.into_iter().enumerate() {
        res += &format!("  subgraph v{number}[\"VPC {}\"]\n", text(&super::sanitize::short(vpc, 40)));
        for (idx, thing) in all().filter(|it| it.1.vpc.as_ref() == Some(vpc)) {
            res += &format!("  {}", node(idx, thing));
        }
        res += "  end\n";
    }
    for way in &picture.ways {
        let arrow = if way.state == State::Unknown { "-.->" } else { "-->" };
        let why = if way.state == State::Broken { because(way, lines) } else { String::new() };
        let words: Vec<_> = [way.label.clone(), why].into_iter().filter(|it| !it.is_empty()).collect();
        let words = words.join(": ");
        let label = if words.is_empty() { words } else { format!("|\"{}\"|", text(&words)) };
        res += &format!("  n{} {arrow}{label} n{}\n", way.from, way.to);
    }
    for (state, style) in
        [(State::Broken, "stroke:#c62828,stroke-width:3px"), (State::Careful, "stroke:#b26a00")]
    {
        let these = picture.ways.iter().enumerate().filter(|it| it.1.state == state);
        let these: Vec<_> = these.map(|it| it.0.to_string()).collect();
        if !these.is_empty() {
            res += &format!("  linkStyle {} {style}\n", these.join(","));
        }
    }
    if let Some(more) = left_out(picture) {
        res += &format!("  more[\"{more}\"]\n");
    }
    res
}

/// A text in quotes: what Mermaid or HTML would take for its own becomes a number.
fn text(text: &str) -> String {
    let mut res = String::new();
    for char in text.chars() {
        match char {
            '"' | '<' | '>' | '&' | '#' | ';' | '`' | '\\' | '{' | '}' | '[' | ']' | '|' | '\n' => {
                res += &format!("#{};", u32::from(char));
            }
            char => res.push(char),
        }
    }
    res
}
