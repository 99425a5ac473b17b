//! Programs that write, move and edit files.

use crate::boot::AGENT_CONFIG;
use crate::boot::machine::Machine;
use crate::boot::state::State;
use crate::boot::words::Word;
use crate::resolve::{Place, Text};
use crate::text::Span;

impl<'t> Machine<'_, '_, 't> {
    /// `dd of=FILE`, which writes what it reads.
    pub(super) fn dd(
        &mut self,
        args: &[Word<'t>],
        state: &mut State<'t>,
        stdin: &Text<'t>,
        place: Option<Place>,
    ) {
        let file = |name: &str| {
            args.iter()
                .find(|it| it.text.as_str().starts_with(name))
                .map(|it| Word { text: it.text.slice(name.len()..it.text.len()), ..it.clone() })
        };
        let Some(to) = file("of=") else { return };
        match file("if=") {
            Some(_) => state.doubt(&to),
            None => self.write(&to, stdin.clone(), false, place, state),
        }
    }

    /// Programs that change files in place or copy them.
    pub(super) fn touch(
        &mut self,
        base: &str,
        words: &[Word<'t>],
        state: &mut State<'t>,
        place: Option<Place>,
    ) {
        let mut args = Vec::new();
        let mut words_left = words[1..].iter();
        while let Some(word) = words_left.next() {
            let raw = word.text.as_str();
            if !raw.starts_with('-') {
                args.push(word);
            } else if base == "install" && matches!(raw, "-m" | "-o" | "-g") {
                words_left.next();
            }
        }
        match (base, args.as_slice()) {
            ("touch", _) => {}
            ("ln", [from, _]) if from.known().is_some_and(|it| it.trim_end_matches('/') == "/etc/ecs") => {
                // The folder has another name from here on.
                state.anything = true;
            }
            ("cp" | "mv" | "install" | "ln", [from, to]) => {
                let text = self.read(from, state);
                let mut target = (*to).clone();
                let folder = target.known().filter(|it| it.ends_with('/') || *it == "/etc/ecs" || *it == ".");
                if let (Some(folder), Some(from)) = (folder, from.known()) {
                    let file = from.rsplit('/').next().unwrap_or(from);
                    let path = format!("{}/{file}", folder.trim_end_matches('/'));
                    target.text = Text::decoded(&path, target.place.map_or(Span::at(0), |it| it.span));
                }
                let unknown = text.only_symbol().is_some();
                self.write(&target, text, false, place, state);
                if unknown {
                    state.doubt(to);
                }
            }
            ("cp" | "mv" | "install" | "ln", [.., to]) => state.doubt(to),
            ("sed", _) => {
                let in_place = words.iter().any(|it| {
                    it.text.as_str().starts_with("-i") || it.text.as_str().starts_with("--in-place")
                });
                if in_place {
                    self.edit(words, state, place);
                }
            }
            ("rm", paths) => {
                for path in paths {
                    let Some(name) = state.path_of(path) else { continue };
                    if !state.certain() {
                        state.doubt(path);
                        continue;
                    }
                    // With a folder goes what is in it, also what nobody has written here.
                    let folder = name.trim_end_matches("/*").to_owned();
                    let below = format!("{folder}/");
                    for (_, file) in state.files.iter_mut().filter(|(it, _)| it.starts_with(&below)) {
                        file.remove(place);
                    }
                    state.files.entry(folder).or_default().remove(place);
                    if below == "/etc/ecs/" {
                        state.files.entry(AGENT_CONFIG.to_owned()).or_default().remove(place);
                    }
                }
            }
            _ => {
                for path in args {
                    state.doubt(path);
                }
            }
        }
    }
}

/// What a download writes is not known; to a file of the agent it may be all that it needs.
pub(super) fn download<'t>(words: &[Word<'t>], state: &mut State<'t>) {
    for word in &words[1..] {
        // `--output=FILE`
        let raw = word.text.as_str();
        let start = raw.rfind('=').map_or(0, |it| it + 1);
        state.doubt(&Word { text: word.text.slice(start..raw.len()), ..word.clone() });
    }
    // An archive brings whole folders.
    let unpacks = matches!(words[0].text.as_str(), "tar" | "unzip");
    let above = |it: &Word<'_>| matches!(it.known(), Some("/" | "/etc" | "/etc/"));
    if state.folder.as_deref() == Some("/etc/ecs") || (unpacks && words.iter().any(above)) {
        let here = Text::decoded(AGENT_CONFIG, Span::at(0));
        state.doubt(&Word { text: here, ..words[0].clone() });
    }
}
