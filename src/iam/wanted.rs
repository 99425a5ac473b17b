//! What instances and tasks have to be allowed.

use super::allow::Rights;
use super::parts::InstanceRole;
use super::policy::{Effect, any};
use super::roles::Role;
use crate::model::{Answer, Because};

/// What an instance needs to join a cluster (container instance IAM role in the ECS developer guide).
pub const JOIN: [&str; 3] = ["ecs:RegisterContainerInstance", "ecs:DiscoverPollEndpoint", "ecs:Poll"];

/// What writing logs needs (awslogs log driver in the ECS developer guide).
pub const LOGS: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// What `awslogs-create-group` needs (awslogs log driver in the ECS developer guide).
pub const CREATE_GROUP: [&str; 1] = ["logs:CreateLogGroup"];

/// What pulling from a private repository needs (pushing and pulling in the ECR user guide).
pub const PULL: [&str; 3] = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/// What the CloudWatch agent needs for metrics (CloudWatch agent in the CloudWatch user guide).
pub const METRICS: [&str; 1] = ["cloudwatch:PutMetricData"];

/// What Session Manager needs (Session Manager instance permissions in the Systems Manager user guide).
pub const SESSION: [&str; 5] = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

/// Whether an instance with this role may join a cluster.
#[must_use]
pub fn registers(given: InstanceRole<'_>, role: Option<&Role<'_>>) -> Because<Answer> {
    match (given, role) {
        (InstanceRole::None { source }, _) => {
            Because::new(Answer::No, "the instances have no instance profile", Some(source))
        }
        (InstanceRole::NoProfile { role, named }, _) => {
            Because::new(Answer::No, format!("`{role}` is a role, not an instance profile"), Some(named))
        }
        (InstanceRole::Own { named, .. }, Some(role)) => {
            if trusts(role, "ec2") == Answer::No {
                let because = format!("`{}` does not trust ec2.amazonaws.com", role.id);
                return Because::new(Answer::No, because, Some(role.key));
            }
            let (ruling, missing) = role.rights.may_all(&JOIN);
            match (ruling.answer, missing) {
                (Answer::Yes, _) => {
                    let because = format!("`{}` may register container instances", role.id);
                    Because::new(Answer::Yes, because, ruling.span)
                }
                (Answer::No, Some(action)) => {
                    let because = format!("`{}` lacks `{action}`", role.id);
                    Because::new(Answer::No, because, ruling.span.or(Some(role.key)))
                }
                _ => {
                    let because = format!("what `{}` may do is known at deployment only", role.id);
                    Because::new(Answer::Unknown, because, Some(named))
                }
            }
        }
        _ => Because::new(Answer::Unknown, "the role of the instances is not in the template", None),
    }
}

/// Whether a role may write logs.
#[must_use]
pub fn writes_logs(role: &Role<'_>) -> Because<Answer> {
    may(role, &LOGS, "write logs")
}

/// Whether a role allows all of `actions`, which are to `what`.
#[must_use]
pub fn may(role: &Role<'_>, actions: &[&'static str], what: &str) -> Because<Answer> {
    let (ruling, missing) = role.rights.may_all(actions);
    let because = match (ruling.answer, missing) {
        (Answer::Yes, _) => format!("`{}` may {what}", role.id),
        (Answer::No, Some(action)) => format!("`{}` lacks `{action}`", role.id),
        _ => format!("what `{}` may do is known at deployment only", role.id),
    };
    Because::new(ruling.answer, because, ruling.span.or(Some(role.key)))
}

/// Whether a role lets a service take it: `ec2`, `ecs`, `ecs-tasks`, `application-autoscaling`.
///
/// The suffix of the service's name may be a symbol (`AWS::URLSuffix`) or that of China.
#[must_use]
pub fn trusts(role: &Role<'_>, service: &str) -> Answer {
    let Rights { statements, unknown, .. } = &role.trust;
    let names = ["amazonaws.com", "amazonaws.com.cn"].map(|suffix| format!("{service}.{suffix}"));
    let named = |text: &str| {
        let suffix = text.strip_prefix(service).and_then(|it| it.strip_prefix('.'));
        if names.iter().any(|it| it.eq_ignore_ascii_case(text)) {
            return Some(true);
        }
        let symbolic = text.contains(crate::resolve::SYMBOL);
        match suffix {
            // Nothing but the suffix is left open.
            Some(suffix) if symbolic && suffix.chars().count() == 1 => Some(true),
            _ if symbolic => None,
            _ => Some(false),
        }
    };
    let answers = statements.iter().filter(|it| it.effect == Effect::Allow).flat_map(|statement| {
        let other = statement.other_principals.then_some(None);
        statement.services.iter().map(move |it| named(&it.text)).chain(other)
    });
    match any(answers) {
        Some(true) => Answer::Yes,
        Some(false) if !unknown => Answer::No,
        _ => Answer::Unknown,
    }
}
