//! Bottlerocket's user data: settings in TOML.

use super::files::Chunk;
use super::state::State;
use crate::resolve::Text;
use crate::text::Span;

/// Takes `settings.ecs.cluster` for the agent's `ECS_CLUSTER`
/// ([Bottlerocket settings](https://bottlerocket.dev/en/os/latest/api/settings/ecs/)).
pub(super) fn run<'t>(text: &Text<'t>, state: &mut State<'t>) {
    let Ok(document) = toml_edit::Document::parse(text.as_str()) else {
        state.anything = true;
        return;
    };
    let cluster = document.get("settings").and_then(|it| it.get("ecs")).and_then(|it| it.get("cluster"));
    let Some(range) = cluster.filter(|it| it.is_str()).and_then(toml_edit::Item::span) else { return };
    let value = &text.as_str()[range.clone()];
    let inner = value.trim_matches(['"', '\'']);
    let start = range.start + (value.len() - value.trim_start_matches(['"', '\'']).len());
    let value = text.slice(start..start + inner.len());
    let place = text.place(start..start + inner.len());
    let near = place.map_or(Span::at(0), |it| it.span);
    let mut line = Text::decoded("ECS_CLUSTER=", near);
    line.push(&value);
    line.push(&Text::decoded("\n", near));
    let chunk = Chunk { text: line, certain: true, optional: false, path: place, command: place };
    state.write_file(super::AGENT_CONFIG, chunk, true);
}
