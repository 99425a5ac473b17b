//! What is looked up before anything is made: values that parameters and texts only name.

use std::collections::BTreeSet;

use super::place::{Place, clean};
use super::statement::Policy;
use crate::resolve::World;
use crate::template::{Expr, Function};

/// What is asked to see whether the value of a parameter is there, by what stands in the parameter's type (parameters
/// in the CloudFormation user guide).
const OF_TYPES: [(&str, &str); 8] = [
    ("AWS::EC2::AvailabilityZone::", "ec2:DescribeAvailabilityZones"),
    ("AWS::EC2::Image::", "ec2:DescribeImages"),
    ("AWS::EC2::Instance::", "ec2:DescribeInstances"),
    ("AWS::EC2::KeyPair::", "ec2:DescribeKeyPairs"),
    ("AWS::EC2::SecurityGroup::", "ec2:DescribeSecurityGroups"),
    ("AWS::EC2::Subnet::", "ec2:DescribeSubnets"),
    ("AWS::EC2::VPC::", "ec2:DescribeVpcs"),
    ("AWS::EC2::Volume::", "ec2:DescribeVolumes"),
];

/// What `Fn::GetAZs` asks (Fn::GetAZs in the CloudFormation template reference).
const ZONES: [&str; 3] =
    ["ec2:DescribeAccountAttributes", "ec2:DescribeAvailabilityZones", "ec2:DescribeSubnets"];

/// Allows what CloudFormation looks up.
pub(super) fn allow(policy: &mut Policy, world: &World<'_>, place: &Place<'_>) {
    let template = &world.template;
    let mut described = BTreeSet::new();
    for parameter in template.parameters.iter() {
        let kind = world.parameter_type(parameter.id);
        described.extend(OF_TYPES.iter().filter(|(part, _)| kind.contains(part)).map(|it| it.1));
    }
    template.each_call(|_, _, call| {
        if matches!(call, Expr::Opaque { function: Function::GetAZs, .. }) {
            described.extend(ZONES);
        }
    });
    policy.allow("NeededLookups", described, ["*"], None);
    let mut parameters = parameters(world, place);
    for service in ["ssm", "ssm-secure"] {
        parameters.extend(resolved(world, service).iter().map(|it| parameter(place, it)));
    }
    policy.allow("NeededParameters", ["ssm:GetParameters"], parameters, None);
    let secrets = resolved(world, "secretsmanager").into_iter().map(|it| {
        if it.starts_with("arn:") {
            return it.splitn(8, ':').take(7).collect::<Vec<_>>().join(":");
        }
        // Secrets Manager appends a hyphen and six characters of its own.
        place.arn("secretsmanager", &format!("secret:{}-*", first(&it)))
    });
    policy.allow("NeededSecrets", ["secretsmanager:GetSecretValue"], secrets, None);
}

/// Allows what ecslint looks up itself.
pub(super) fn allow_early(policy: &mut Policy, world: &World<'_>, place: &Place<'_>) {
    let mut kinds = world.template.parameters.iter().map(|it| world.parameter_type(it.id));
    if kinds.any(|it| it == "AWS::EC2::KeyPair::KeyName") {
        policy.allow("OptionalLookups", ["ec2:DescribeKeyPairs"], ["*"], None);
    }
    policy.allow("OptionalParameters", ["ssm:GetParameters"], parameters(world, place), None);
}

/// The parameters of the parameter store that parameters of the template name.
fn parameters(world: &World<'_>, place: &Place<'_>) -> Vec<String> {
    let of_store = |it: &&str| world.parameter_type(it).starts_with("AWS::SSM::Parameter");
    let names = world.template.parameters.iter().map(|it| it.id).filter(of_store);
    names
        .map(|it| match world.parameter_value(it) {
            Some(name) => parameter(place, &place.pattern(&name)),
            None => parameter(place, "*"),
        })
        .collect()
}

/// The ARN of a parameter by its name or ARN, with or without a version. Those of AWS itself belong to no account.
fn parameter(place: &Place<'_>, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.splitn(7, ':').take(6).collect::<Vec<_>>().join(":");
    }
    place.arn("ssm", &format!("parameter/{}", first(name).trim_start_matches('/')))
}

/// What stands before the first colon.
fn first(text: &str) -> &str {
    text.split(':').next().unwrap_or_default()
}

/// What the dynamic references to a service name, as patterns.
fn resolved(world: &World<'_>, service: &str) -> Vec<String> {
    let start = format!("resolve:{service}:");
    let mut res = Vec::new();
    for node in world.template.root.descendants() {
        for rest in node.text().split(start.as_str()).skip(1) {
            // `${...}` of `Fn::Sub` in it may be anything.
            let mut name = String::new();
            for (idx, part) in rest.split("${").enumerate() {
                let part = if idx == 0 { part } else { part.split_once('}').map_or("", |it| it.1) };
                let is_through = part.contains('}');
                name.push_str(if idx == 0 { "" } else { "*" });
                name.push_str(part.split('}').next().unwrap_or_default());
                if is_through {
                    break;
                }
            }
            res.push(clean(name.trim()));
        }
    }
    res
}
