//! The capabilities that a template needs: what CloudFormation wants to be told before it makes roles.

use crate::template::Template;

/// Types that need `CAPABILITY_IAM` (`CreateStack`, Capabilities, in the CloudFormation API reference).
const IAM: [&str; 8] = [
    "AWS::IAM::AccessKey",
    "AWS::IAM::Group",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::UserToGroupAddition",
];

/// The property that gives a resource of IAM a name of its own, which needs `CAPABILITY_NAMED_IAM` (the property's
/// page in the template reference). The name of an inline policy does not.
const NAMES: [(&str, &str); 5] = [
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
];

/// What a template needs, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// How many resources of IAM there are.
    pub n_iam: usize,
    /// How many of them have a name of their own.
    pub n_named: usize,
    /// Whether macros or nested stacks add what the template does not show.
    pub expands: bool,
}

impl Needs {
    /// What a template needs.
    #[must_use]
    pub fn of(template: &Template<'_>) -> Needs {
        let properties = |types: &[&str], name: &str| {
            let named = template.resources_of(types).filter(|it| {
                it.node.get("Properties").is_some_and(|it| it.get(name).is_some() || it.get("<<").is_some())
            });
            named.count()
        };
        let nested = template.resources_of(&["AWS::CloudFormation::Stack"]).count();
        Needs {
            n_iam: template.resources_of(&IAM).count() + nested,
            n_named: NAMES.iter().map(|(kind, name)| properties(&[kind], name)).sum::<usize>() + nested,
            expands: template.transforms.macros || template.transforms.language_extensions || nested > 0,
        }
    }

    /// For `--capabilities`. `CAPABILITY_NAMED_IAM` holds the other one.
    #[must_use]
    pub fn capabilities(&self) -> Vec<&'static str> {
        let mut res = Vec::new();
        if self.n_named > 0 {
            res.push("CAPABILITY_NAMED_IAM");
        } else if self.n_iam > 0 {
            res.push("CAPABILITY_IAM");
        }
        if self.expands {
            // What a macro makes is not to be seen here.
            if self.n_named == 0 {
                res = vec!["CAPABILITY_NAMED_IAM"];
            }
            res.push("CAPABILITY_AUTO_EXPAND");
        }
        res
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;

    fn check(source: &str, expected: &[&str]) {
        let parse = syntax::parse(source);
        let root = parse.tree.roots().next().expect("a root");
        assert_eq!(Needs::of(&Template::new(root)).capabilities(), expected, "{source}");
    }

    #[test]
    fn what_names_and_macros_need() {
        check("Resources: {A: {Type: AWS::S3::Bucket}}", &[]);
        check("Resources: {A: {Type: AWS::IAM::Role}}", &["CAPABILITY_IAM"]);
        check("Resources: {A: {Type: AWS::IAM::Policy, Properties: {PolicyName: x}}}", &["CAPABILITY_IAM"]);
        check("Resources: {A: {Type: AWS::IAM::Role, Properties: {RoleName: x}}}", &["CAPABILITY_NAMED_IAM"]);
        check(
            "Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: AWS::S3::Bucket}}",
            &["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        );
    }
}
