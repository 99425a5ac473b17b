//! Ignores in metadata, for templates that have no comments: `Metadata: {ecslint: {ignore: [{code, reason}]}}` of the
//! template or of a resource.

use super::{Means, Scope, Suppressions, Written};
use crate::diagnostic::Finding;
use crate::syntax::{Kind, Node};
use crate::text::near;

const NAME: &str = "ecslint";

/// Reads the metadata of a template and of its resources.
pub(super) fn read(root: Node<'_>, res: &mut Suppressions) {
    of(root, &Scope::File, res);
    for (key, resource) in root.get("Resources").into_iter().flat_map(Node::entries) {
        let span = key.span().to(resource.full_span());
        of(resource, &Scope::Resource { id: key.text().to_owned(), span }, res);
    }
}

fn of(owner: Node<'_>, scope: &Scope, res: &mut Suppressions) {
    let Some(settings) = owner.get("Metadata").and_then(|it| it.get(NAME)) else { return };
    let mut expect = |ok: bool, node: Node<'_>, what: &str| {
        if !ok {
            let finding = Finding::at(node.span(), format!("this has to be {what}"));
            res.malformed.push(finding.help("write `ignore: [{code: ECS303, reason: WHY}]`"));
        }
        ok
    };
    if !expect(settings.kind() == Kind::Mapping, settings, "a mapping with `ignore`") {
        return;
    }
    for (key, value) in settings.entries() {
        if known(key, &["ignore"], &mut expect) {
            expect(value.kind() == Kind::Sequence, value, "a list");
        }
    }
    let mut written = Vec::new();
    for item in settings.get("ignore").into_iter().flat_map(Node::items) {
        if !expect(item.kind() == Kind::Mapping, item, "a mapping with `code` and `reason`") {
            continue;
        }
        let mut clear = true;
        for (key, value) in item.entries() {
            clear &= known(key, &["code", "reason"], &mut expect)
                && expect(value.kind() == Kind::Scalar, value, "text");
        }
        let text = |name| item.get(name).filter(|it| it.kind() == Kind::Scalar);
        let code = text("code").filter(|it| !it.text().is_empty());
        let codes: Vec<_> = code.into_iter().map(|it| (it.text(), it.span())).collect();
        // What is missing then has been misspelt.
        if codes.is_empty() && !clear {
            continue;
        }
        let reason = text("reason").map_or("", Node::text);
        let (means, scope) = (Means::Metadata, scope.clone());
        written.push(Written { span: item.span(), codes, reason, means, scope });
    }
    for it in written {
        if res.is_full(it.span) {
            return;
        }
        res.add(it);
    }
}

fn known(
    key: Node<'_>,
    names: &[&'static str],
    expect: &mut impl FnMut(bool, Node<'_>, &str) -> bool,
) -> bool {
    let wanted = match near(key.text(), names.iter().copied(), 1).first() {
        Some(near) => format!("`{near}`"),
        None => names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or "),
    };
    expect(names.contains(&key.text()), key, &wanted)
}
