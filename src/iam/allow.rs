//! Whether the policies of a role allow an action.

use super::policy::{Actions, Effect, Perhaps, Resources, Statement, Words, any};
use crate::model::Answer;
use crate::resolve::SYMBOL;
use crate::text::Span;

/// All that the policies of a role say.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    /// The statements, in the order in which they were found.
    pub statements: Vec<Statement>,
    /// Policies that are not in the template, or that only deployment can tell.
    pub unknown: bool,
    /// What a permissions boundary leaves; `None` when there is no boundary.
    pub boundary: Option<Box<Rights>>,
}

/// Whether an action is allowed, and the words that decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The answer.
    pub answer: Answer,
    /// The action in the policy that allows or denies it.
    pub span: Option<Span>,
}

impl Rights {
    /// Whether `action`, such as `ecs:Poll`, is allowed on what it needs.
    ///
    /// An explicit deny wins; what nothing allows is denied; a boundary has to allow it as well (policy evaluation
    /// logic in the IAM user guide).
    #[must_use]
    pub fn may(&self, action: &str) -> Ruling {
        let mut allowed = Ruling { answer: Answer::No, span: None };
        let mut denied = Answer::No;
        for statement in &self.statements {
            let (applies, span) = applies(statement, action);
            let answer = match applies {
                Some(false) => continue,
                Some(true) if !statement.conditional => Answer::Yes,
                _ => Answer::Unknown,
            };
            match statement.effect {
                Effect::Deny if answer == Answer::Yes => return Ruling { answer: Answer::No, span },
                Effect::Deny => denied = Answer::Unknown,
                Effect::Allow if allowed.answer == Answer::No || answer == Answer::Yes => {
                    if allowed.answer != Answer::Yes {
                        allowed = Ruling { answer, span };
                    }
                }
                Effect::Allow => {}
            }
        }
        let doubtful = self.unknown && allowed.answer == Answer::No;
        let overruled = denied == Answer::Unknown && allowed.answer == Answer::Yes;
        if doubtful || overruled {
            allowed.answer = Answer::Unknown;
        }
        match &self.boundary {
            Some(boundary) if allowed.answer != Answer::No => {
                let within = boundary.may(action);
                if within.answer == Answer::Yes { allowed } else { within }
            }
            _ => allowed,
        }
    }

    /// Whether all of `actions` are allowed; the first that is not decides.
    #[must_use]
    pub fn may_all(&self, actions: &[&'static str]) -> (Ruling, Option<&'static str>) {
        let rulings: Vec<_> = actions.iter().map(|it| (self.may(it), *it)).collect();
        let worst = rulings.iter().rev().max_by_key(|(ruling, _)| ruling.answer);
        match worst {
            Some((ruling, action)) if ruling.answer != Answer::Yes => (*ruling, Some(action)),
            Some((ruling, _)) => (*ruling, None),
            None => (Ruling { answer: Answer::Yes, span: None }, None),
        }
    }
}

/// Whether a statement speaks of an action, and the words that say so.
fn applies(statement: &Statement, action: &str) -> (Perhaps, Option<Span>) {
    let (speaks, span) = match &statement.actions {
        Actions::Only(list) => {
            let span = list.iter().find(|it| it.matches(action) != Some(false)).and_then(|it| it.span);
            (any(list.iter().map(|it| it.matches(action))), span)
        }
        Actions::AllBut(list) => {
            (any(list.iter().map(|it| it.matches(action))).map(|it| !it), statement.span)
        }
        Actions::Unknown => (None, statement.span),
    };
    if speaks == Some(false) {
        return (speaks, None);
    }
    let on = match &statement.resources {
        Resources::Only(list) => any(list.iter().map(|it| covers(it, action, statement.effect))),
        Resources::Unknown => None,
    };
    let res = match (speaks, on) {
        (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    (res, span)
}

/// The kind of resource that an action works on, as its name in an ARN; `None` for actions that only `*` takes in
/// (actions, resources and condition keys of ECS, ECR, CloudWatch and CloudWatch Logs in the service authorization
/// reference).
fn kind_of(action: &str) -> Option<Option<&'static str>> {
    Some(match action {
        "ecs:RegisterContainerInstance" => Some("cluster"),
        "ecs:Poll" => Some("container-instance"),
        "logs:CreateLogStream" | "logs:PutLogEvents" | "logs:CreateLogGroup" => Some("log-group"),
        "ecr:BatchGetImage" | "ecr:GetDownloadUrlForLayer" => Some("repository"),
        "ecs:DiscoverPollEndpoint"
        | "ecr:GetAuthorizationToken"
        | "cloudwatch:PutMetricData"
        | "ssmmessages:CreateControlChannel"
        | "ssmmessages:CreateDataChannel"
        | "ssmmessages:OpenControlChannel"
        | "ssmmessages:OpenDataChannel" => None,
        _ => return None,
    })
}

/// Whether a resource of a policy takes in what an action works on. Of a narrower one only its kind is compared:
/// the name on it is taken to be the right one in an `Allow`, and doubted in a `Deny`.
fn covers(resource: &Words, action: &str, effect: Effect) -> Perhaps {
    let text = resource.text.as_str();
    if !text.is_empty() && text.bytes().all(|it| it == b'*') {
        return Some(true);
    }
    let kind = kind_of(action)?;
    let mut fields: Vec<&str> = text.splitn(6, ':').collect();
    if fields.len() < 6 && (text.starts_with("arn:") || text.contains(SYMBOL)) {
        // A symbol may bring any number of fields. A star at the end goes on behind the colons (Resource element in
        // the IAM user guide), and whether it takes in what has no ARN is not told.
        if !text.ends_with('*') || text.contains(SYMBOL) || kind.is_none() {
            return None;
        }
        fields.resize(6, "*");
    }
    let (Some(kind), [_, _, service, _, _, name]) = (kind, fields.as_slice()) else {
        // An ARN, whatever is open in it, is not `*`.
        return if text.contains(SYMBOL) && !text.starts_with("arn:") { None } else { Some(false) };
    };
    let own = action.split(':').next().unwrap_or_default();
    let part = |text: &str| Words { text: text.to_owned(), span: None };
    if part(service).matches(own) == Some(false) {
        return Some(false);
    }
    let same = part(name.split(['/', ':']).next().unwrap_or_default()).matches(kind);
    match effect {
        Effect::Allow => same,
        Effect::Deny => same.filter(|it| !it),
    }
}
