//! PowerShell user data: `Initialize-ECSAgent` and nothing else.

use super::files::Chunk;
use super::state::State;
use crate::resolve::{Symbol, Text};
use crate::text::Span;

/// Reads the call of `Initialize-ECSAgent`
/// ([bootstrapping Windows container instances](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bootstrap_windows_container_instance.html)).
///
/// Its cluster goes to the agent's configuration; without `-Cluster` the agent joins `default`. Everything else of the
/// script may do anything.
pub(super) fn run<'t>(text: &Text<'t>, state: &mut State<'t>) {
    state.anything = true;
    let raw = text.as_str();
    let mut offset = 0;
    for line in raw.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or_default();
        if let Some(at) = code.find("Initialize-ECSAgent") {
            let command = text.place(offset + at..offset + at + "Initialize-ECSAgent".len());
            let mut line_text = Text::decoded("ECS_CLUSTER=", command.map_or(Span::at(0), |it| it.span));
            if let Some(value) = cluster(code, at) {
                let value = offset + value.start..offset + value.end;
                let word = text.slice(value.clone());
                let span = text.place(value).map_or(Span::at(0), |it| it.span);
                let variable = word.as_str().starts_with('$');
                line_text.push(&if variable { Text::symbol(Symbol::Unknown, span) } else { word });
                line_text.push(&Text::decoded("\n", span));
                let chunk = Chunk { text: line_text, certain: true, path: command, command };
                state.write_file(super::AGENT_CONFIG, chunk, true);
            }
        }
        offset += line.len();
    }
}

/// The value behind `-Cluster`, without quotes.
fn cluster(code: &str, from: usize) -> Option<std::ops::Range<usize>> {
    let lower = code.to_ascii_lowercase();
    let at = from + lower[from..].find("-cluster")? + "-cluster".len();
    let blanks = code[at..].len() - code[at..].trim_start_matches([' ', '\t', ':', '=']).len();
    let start = at + blanks;
    let quote = code[start..].chars().next().filter(|it| ['\'', '"'].contains(it));
    let start = start + quote.map_or(0, char::len_utf8);
    let end = match quote {
        Some(quote) => code[start..].find(quote)?,
        None => code[start..]
            .find(|it: char| it.is_whitespace() || ";|)<".contains(it))
            .unwrap_or(code.len() - start),
    };
    (end > 0).then_some(start..start + end)
}
