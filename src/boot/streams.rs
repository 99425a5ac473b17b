//! Redirections: where commands read and write.

use std::rc::Rc;

use shuck_ast::{Command, Heredoc, Redirect, RedirectKind, Stmt};

use super::files::Chunk;
use super::machine::Machine;
use super::state::State;
use super::words::{Word, place, range, whole_place};
use super::{AGENT_CONFIG, MAX_VALUE, broken};
use crate::model::Answer;
use crate::resolve::{Place, Symbol, Text};
use crate::text::Span;

impl<'t> Machine<'_, '_, 't> {
    /// What a redirection gives as standard input.
    pub(super) fn input(
        &mut self,
        script: &Rc<Text<'t>>,
        redirects: &[Redirect],
        state: &mut State<'t>,
    ) -> Option<Text<'t>> {
        let mut res = None;
        for redirect in redirects {
            match redirect.kind {
                RedirectKind::HereDoc | RedirectKind::HereDocStrip => {
                    let Some(doc) = redirect.heredoc() else { continue };
                    let strip = doc.delimiter.strip_tabs;
                    let expands = doc.delimiter.expands_body;
                    self.check_closed(script, doc);
                    res = Some(self.here_document(script, range(doc.body.span), expands, strip, state));
                }
                RedirectKind::HereString => {
                    let Some(word) = redirect.word_target() else { continue };
                    let mut text = self.word(script, word, state).text;
                    text.push(&Text::decoded("\n", Span::at(0)));
                    res = Some(text);
                }
                RedirectKind::Input => {
                    let Some(word) = redirect.word_target() else { continue };
                    let path = self.word(script, word, state);
                    res = Some(self.read(&path, state));
                }
                _ => {}
            }
        }
        res
    }

    /// A here-document without an end takes all that follows for its text. Bash warns and goes on; a signal in it is
    /// lost.
    fn check_closed(&mut self, script: &Rc<Text<'t>>, doc: &Heredoc) {
        let raw = script.as_str();
        let body = range(doc.body.span);
        let rest = raw.get(body.end..).unwrap_or_default();
        let closed = rest.trim_start().starts_with(doc.delimiter.cooked.as_str());
        let swallows = raw.get(body).is_some_and(|it| it.contains("/cfn-signal"));
        if !closed && swallows {
            let message = "this here-document has no end, and all that follows is its text";
            self.note_error(place(script, range(doc.delimiter.span)), message);
        }
    }

    /// The content of a file, as far as it is known.
    pub(super) fn read(&self, path: &Word<'t>, state: &State<'t>) -> Text<'t> {
        let name = state.path_of(path);
        if name.as_deref() == Some("/dev/null") {
            return Text::default();
        }
        let is_config = name.as_deref() == Some(AGENT_CONFIG);
        let file = name.and_then(|it| state.files.get(&it));
        match file {
            // Every ECS image comes with an empty one.
            None if is_config && self.image.ecs == Answer::Yes && !state.anything => Text::default(),
            Some(file)
                if !file.unknown
                    && !file.gone
                    && file.len() <= MAX_VALUE
                    && file.chunks.iter().all(|it| it.certain) =>
            {
                let mut res = Text::default();
                for chunk in &file.chunks {
                    res.push(&chunk.text);
                }
                res
            }
            _ => Text::symbol(Symbol::Unknown, path.place.map_or(Span::at(0), |it| it.span)),
        }
    }

    /// Opens the files that the redirections name, which empties those of `>` before the command runs; gives the one
    /// that gets what is printed.
    pub(super) fn open(
        &mut self,
        script: &Rc<Text<'t>>,
        stmt: &Stmt,
        state: &mut State<'t>,
    ) -> Option<Word<'t>> {
        let mut res = None;
        for redirect in &stmt.redirects {
            let append = match redirect.kind {
                RedirectKind::Append => true,
                RedirectKind::Output | RedirectKind::Clobber | RedirectKind::OutputBoth => false,
                _ => continue,
            };
            if redirect.fd == Some(2) {
                continue;
            }
            let Some(target) = redirect.word_target() else { continue };
            let path = self.word(script, target, state);
            if redirect.fd.is_some_and(|it| it != 1) || redirect.fd_var.is_some() {
                // What is written through other descriptors is not followed.
                state.doubt(&path);
                continue;
            }
            let command = whole_place(script, broken::first_line(script.as_str(), range(stmt.span)));
            self.write(&path, Text::default(), append, command, state);
            if is_bare_exec(script, stmt)
                && let Some(name) = state.path_of(&path)
            {
                // All that is printed from here on goes there.
                state.files.entry(name).or_default().unknown = true;
            }
            res = Some(path);
        }
        res
    }

    /// Writes to a file.
    pub(super) fn write(
        &mut self,
        path: &Word<'t>,
        text: Text<'t>,
        append: bool,
        command: Option<Place>,
        state: &mut State<'t>,
    ) {
        let certain = state.certain();
        self.charge(text.len());
        match state.path_of(path) {
            Some(name) if name.starts_with("/dev/") => {}
            Some(name) => {
                let chunk = Chunk { text, certain, optional: false, path: written_at(path), command };
                // On another path the file keeps what it has.
                state.write_file(&name, chunk, append || !certain);
            }
            // It may be any file; what says nothing of the agent does no harm there.
            None => {
                let harmless = text.known().is_some_and(|it| !it.contains("ECS_"));
                state.anything |= !harmless;
            }
        }
    }
}

/// Where a path is written: in a variable, perhaps, that is used here.
fn written_at(path: &Word<'_>) -> Option<Place> {
    let written = path.text.whole_place();
    match (written, path.place) {
        (Some(written), Some(here)) if written.span != here.span && here.used.is_none() => {
            let inside = here.span.start <= written.span.start && written.span.end <= here.span.end;
            Some(if inside { here } else { Place { span: written.span, used: Some(here.span) } })
        }
        (_, here) => here,
    }
}

/// `exec > FILE`
fn is_bare_exec(script: &Text<'_>, stmt: &Stmt) -> bool {
    let Command::Simple(command) = &stmt.command else { return false };
    let name = script.as_str().get(range(command.name.span));
    command.args.is_empty() && name == Some("exec")
}
