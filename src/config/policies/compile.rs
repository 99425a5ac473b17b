//! What is written made into what is asked; what cannot be meant is told at its words.

use std::borrow::Cow;

use super::written::{Claims, Examples, Templates, Written, WrittenClaim, first_key};
use crate::catalog::schema;
use crate::config::{By, Problem, Said};
use crate::diagnostic::{Issuer, Severity};
use crate::policy::{About, Claim, Example, FIELDS, Field, Kind, Path, Policy, Quantifier, Test};
use crate::syntax::Node;
use crate::text::{Span, TextMap, near};

/// What a resource has.
const ATTRIBUTES: [&str; 9] = [
    "Properties",
    "Type",
    "Metadata",
    "DependsOn",
    "Condition",
    "CreationPolicy",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "DeletionPolicy",
];

/// The policy that is written in `node`.
pub(super) fn policy(written: &Written, node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Policy> {
    let head = first_key(node);
    let mut lacks = |what: &str| problems.push(Problem { span: head, message: format!("the policy {what}") });
    let (resources, fleets) = (&written.resources.0, &written.fleets.0);
    match (resources.as_slice(), fleets.as_slice()) {
        ([], []) => lacks("is about nothing: name `resources` or `fleets`"),
        ([_, ..], [_, ..]) => lacks("is about `resources` or about `fleets`, not about both"),
        _ => {}
    }
    if written.assert.0.is_empty() {
        lacks("has no `assert`: say what must hold");
    }
    if written.message.is_none() {
        lacks("has no `message`");
    }
    if written.code.is_none() {
        lacks("has no `code`");
    }
    // What the paths mean, is known only then.
    if resources.is_empty() == fleets.is_empty() {
        return None;
    }
    let about = if fleets.is_empty() {
        About::Resources(resources.iter().map(|it| it.value.0.clone()).collect())
    } else {
        About::Fleets(fleets.iter().map(|it| it.value.0.clone()).collect())
    };
    let when = claims(&written.when, &about, problems);
    let assert = claims(&written.assert, &about, problems);
    let severity = written.severity.as_ref().map_or(Severity::Warning, |it| it.value);
    let name = written.name.as_ref().map_or(Cow::Borrowed("policy"), |it| Cow::Owned(it.value.0.clone()));
    let code = written.code.as_ref()?;
    Some(Policy {
        issuer: Issuer { code: Cow::Owned(code.value.0.clone()), name, severity },
        about,
        when: when?,
        assert: assert?,
        message: written.message.as_ref()?.value.clone(),
        help: written.help.as_ref().map(|it| it.value.clone()),
        examples: examples(&written.examples),
        span: span(code),
    })
}

fn span<T>(said: &Said<T>) -> Span {
    match said.by {
        By::Text(span) => span,
        By::Flag(_) => Span::at(0),
    }
}

fn examples(written: &Examples) -> Vec<Example> {
    let examples = |is_good: bool, list: &Templates| {
        let one = |(text, map, span): &(String, TextMap, Span)| Example {
            text: text.clone(),
            map: map.clone(),
            span: *span,
            is_good,
        };
        list.0.iter().map(one).collect::<Vec<_>>()
    };
    [examples(true, &written.good), examples(false, &written.bad)].concat()
}

/// The claims; `None` when something is wrong with one.
fn claims(written: &Claims, about: &About, problems: &mut Vec<Problem>) -> Option<Vec<Claim>> {
    let claims: Vec<_> = written.0.iter().map(|(it, head)| claim(it, *head, about, problems)).collect();
    claims.into_iter().collect()
}

fn claim(written: &WrittenClaim, head: Span, about: &About, problems: &mut Vec<Problem>) -> Option<Claim> {
    let mut fail = |span, message: &str| problems.push(Problem { span, message: message.to_owned() });
    let paths = [
        (&written.path, Quantifier::All),
        (&written.all, Quantifier::All),
        (&written.any, Quantifier::Any),
        (&written.none, Quantifier::None),
    ];
    let mut paths = paths.into_iter().filter_map(|(path, over)| Some((path.as_ref()?, over)));
    let (Some((path, over)), None) = (paths.next(), paths.next()) else {
        fail(head, "a claim has one of `path`, `all`, `any` and `none`, with a path");
        return None;
    };
    let tests = tests(written);
    if tests.is_empty() {
        fail(span(path), "nothing is said of what stands there: add `exists: true`, `equals: TEXT` ...");
        return None;
    }
    let before = problems.len();
    match about {
        About::Resources(types) => {
            problems.extend(types.iter().find_map(|it| wrong_path(&path.value, it, span(path))));
        }
        About::Fleets(_) => wrong_field(written, path, problems),
    }
    (problems.len() == before).then(|| Claim { path: path.value.clone(), over, tests })
}

fn tests(written: &WrittenClaim) -> Vec<Test> {
    let some = |list: &[Said<String>]| {
        (!list.is_empty()).then(|| list.iter().map(|it| it.value.clone()).collect::<Vec<_>>())
    };
    let one = |it: &Option<Said<String>>| it.as_ref().map(|it| vec![it.value.clone()]);
    [
        written.exists.as_ref().map(|it| Test::Exists(it.value)),
        written.absent.as_ref().map(|it| Test::Exists(!it.value)),
        one(&written.equals).map(Test::In),
        one(&written.not_equals).map(Test::NotIn),
        some(&written.is_in).map(Test::In),
        some(&written.not_in).map(Test::NotIn),
        written.matches.as_ref().map(|it| Test::Matches(it.value.0.clone())),
        written.not_matches.as_ref().map(|it| Test::NotMatches(it.value.0.clone())),
        written.contains.as_ref().map(|it| Test::Contains(it.value.as_str().to_owned())),
        written.not_contains.as_ref().map(|it| Test::NotContains(it.value.as_str().to_owned())),
        written.less_than.as_ref().map(|it| Test::LessThan(it.value.0)),
        written.at_most.as_ref().map(|it| Test::AtMost(it.value.0)),
        written.more_than.as_ref().map(|it| Test::MoreThan(it.value.0)),
        written.at_least.as_ref().map(|it| Test::AtLeast(it.value.0)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is wrong with a path of a resource. A name that nobody knows may be new; one that is nearly another is a slip.
fn wrong_path(path: &Path, type_name: &str, span: Span) -> Option<Problem> {
    let names = path.names();
    let (first, below) = names.split_first()?;
    if !ATTRIBUTES.contains(first) {
        let help = match near(first, ATTRIBUTES, 1).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("a path begins with one of: {}", ATTRIBUTES.join(", ")),
        };
        return Some(Problem { span, message: format!("a resource has no `{first}`; {help}") });
    }
    if *first != "Properties" {
        return None;
    }
    let at = (0..below.len()).find(|it| schema::kinds(type_name, &below[..=*it]).is_none())?;
    let known = schema::names(type_name, &below[..at])?;
    let near = *near(below[at], known.iter().copied(), 1).first()?;
    let message = format!("`{type_name}` has no `{}`; did you mean `{near}`?", below[..=at].join("."));
    Some(Problem { span, message })
}

/// What is wrong with a path of a fleet, and with what is said of it.
fn wrong_field(written: &WrittenClaim, path: &Said<Path>, problems: &mut Vec<Problem>) {
    let mut fail = |span, message: String| problems.push(Problem { span, message });
    let text = path.value.as_str();
    let fits = |it: &&Field| {
        let items = text.strip_suffix("[*]").filter(|_| it.kind == Kind::Texts);
        text == it.name || items.is_some_and(|text| text == it.name)
    };
    let Some(field) = FIELDS.iter().find(fits) else {
        let names = FIELDS.iter().map(|it| it.name);
        let help = match near(text, names.clone(), 1).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", names.collect::<Vec<_>>().join(", ")),
        };
        return fail(span(path), format!("a fleet has no field `{text}`; {help}"));
    };
    let numbers = [&written.less_than, &written.at_most, &written.more_than, &written.at_least];
    if let Some(number) = numbers.into_iter().flatten().next()
        && field.kind != Kind::Number
    {
        fail(span(number), format!("`{text}` is no number"));
    }
    let Kind::Words(words) = field.kind else { return };
    let one = [&written.equals, &written.not_equals].into_iter().flatten();
    for said in one.chain(&written.is_in).chain(&written.not_in) {
        let value = said.value.as_str();
        if value == "unknown" && words.contains(&value) {
            let message = "what only deployment can tell proves nothing: a policy cannot ask for `unknown`";
            fail(span(said), message.to_owned());
        } else if !words.contains(&value) {
            let known = words.iter().copied().filter(|it| *it != "unknown");
            let help = match near(value, known.clone(), 1).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are: {}", known.collect::<Vec<_>>().join(", ")),
            };
            fail(span(said), format!("`{text}` is never `{value}`; {help}"));
        }
    }
}
