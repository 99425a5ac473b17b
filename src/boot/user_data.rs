//! The forms of user data, and what of it is run.

use super::machine::Machine;
use super::state::State;
use super::{Boot, bottlerocket, cloud_config, mime, windows};
use crate::model::{Image, ImageFamily};
use crate::resolve::{Scenario, Text};

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
    /// Something that this version does not read, or that only deployment can tell.
    Unknown,
}

/// Runs user data on the abstract machine.
pub(super) fn run<'t>(scenario: &Scenario<'_, 't>, boot: &mut Boot<'t>, text: &Text<'t>, image: Image) {
    boot.form = form(text.as_str(), image);
    let mut machine = Machine::new(scenario, image);
    let mut state = State::new();
    part(&mut machine, boot.form, text, &mut state);
    boot.bounded = machine.is_bounded();
    boot.files = state.files;
    boot.signals = state.signals;
    boot.anything = state.anything;
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
        // With a blank before it nothing is run: that is for a rule of its own to say.
        if raw.starts_with("#!") { Form::Shell } else { Form::Unknown }
    } else if starts("#cloud-config-archive") {
        Form::Unknown
    } else if starts("#cloud-config") {
        Form::CloudConfig
    } else if starts("#cloud-boothook") {
        Form::Boothook
    } else if starts("content-type:") || starts("mime-version:") {
        Form::Multipart
    } else if starts("<powershell>") || starts("<script>") {
        Form::Windows
    } else if starts("[settings") || starts("settings.") {
        Form::Bottlerocket
    } else {
        Form::Unknown
    }
}

/// Runs one part.
pub(super) fn part<'t>(
    machine: &mut Machine<'_, '_, 't>,
    form: Form,
    text: &Text<'t>,
    state: &mut State<'t>,
) {
    match form {
        Form::None => {}
        Form::Shell => {
            machine.script(text, state);
        }
        Form::Boothook => {
            // The first line names the form, the rest is a script.
            let start = text.as_str().find('\n').map_or(text.len(), |it| it + 1);
            machine.script(&text.slice(start..text.len()), state);
        }
        Form::CloudConfig => cloud_config::run(machine, text, state),
        Form::Multipart => {
            let Some(parts) = mime::parts(text) else {
                state.anything = true;
                return;
            };
            let mut forms: Vec<_> =
                parts.into_iter().map(|it| (form_of_part(&it, machine.image), it)).collect();
            // Boothooks run first, then the files of cloud-config, then scripts.
            forms.sort_by_key(|(form, _)| match form {
                Form::Boothook => 0,
                Form::CloudConfig => 1,
                _ => 2,
            });
            for (form, body) in forms {
                part(machine, form, &body, state);
            }
        }
        Form::Windows => windows::run(text, state),
        Form::Bottlerocket => bottlerocket::run(text, state),
        Form::Unknown => state.anything = true,
    }
}

fn form_of_part(body: &Text<'_>, image: Image) -> Form {
    match form(body.as_str(), image) {
        // A part in a part.
        Form::Multipart => Form::Unknown,
        other => other,
    }
}
