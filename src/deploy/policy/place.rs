//! Where a stack is: its ARNs, and names as patterns of them.

use super::Caller;
use crate::resolve::{PieceKind, Symbol, Text};

/// Partitions beside that of most regions, by the beginning of their regions' names (the endpoints of the SDKs).
const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
];

/// A stack in its region.
pub(super) struct Place<'a> {
    partition: &'static str,
    region: &'a str,
    /// The name of the stack.
    pub(super) stack: &'a str,
}

impl<'a> Place<'a> {
    pub(super) fn new(caller: &Caller<'a>) -> Place<'a> {
        let region = caller.region.unwrap_or("*");
        let partition = PARTITIONS.iter().find(|(start, _)| region.starts_with(start));
        let of_arn = caller.stack.starts_with("arn:").then(|| caller.stack.split('/').nth(1)).flatten();
        Place { partition: partition.map_or("aws", |it| it.1), region, stack: of_arn.unwrap_or(caller.stack) }
    }

    /// An ARN in the region, of any account.
    pub(super) fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:{}:{service}:{}:*:{rest}", self.partition, self.region)
    }

    /// An ARN of IAM, which has no regions.
    pub(super) fn iam(&self, rest: &str) -> String {
        format!("arn:{}:iam::*:{rest}", self.partition)
    }

    /// Objects in a bucket.
    pub(super) fn bucket(&self, bucket: &str, objects: &str) -> String {
        format!("arn:{}:s3:::{bucket}/{objects}", self.partition)
    }

    /// The stack, and the change sets that ecslint makes.
    pub(super) fn stack_and_change_sets(&self) -> [String; 2] {
        let change_sets = self.arn("cloudformation", "changeSet/ecslint-*");
        [change_sets, self.arn("cloudformation", &format!("stack/{}/*", self.stack))]
    }

    /// The stacks that the stack makes.
    pub(super) fn nested_stacks(&self) -> String {
        self.arn("cloudformation", &format!("stack/{}-*", self.stack))
    }

    /// What a service is called in policies; in China some have a name of their own.
    pub(super) fn services(&self, service: &str) -> Vec<String> {
        let name = format!("{service}.amazonaws.com");
        if self.partition == "aws-cn" { vec![format!("{name}.cn"), name] } else { vec![name] }
    }

    /// A text as the pattern of a name: `*` for what only deployment can tell.
    pub(super) fn pattern(&self, text: &Text<'_>) -> String {
        let mut res = String::new();
        for piece in text.pieces() {
            match &piece.kind {
                PieceKind::Symbol(Symbol::Pseudo("AWS::StackName")) => res.push_str(self.stack),
                PieceKind::Symbol(Symbol::Pseudo("AWS::Region")) => res.push_str(self.region),
                PieceKind::Symbol(Symbol::Pseudo("AWS::Partition")) => res.push_str(self.partition),
                PieceKind::Symbol(_) => res.push('*'),
                _ => res.push_str(text.as_str().get(piece.range.clone()).unwrap_or_default()),
            }
        }
        clean(&res)
    }
}

/// `*` for whatever no name can have: nothing in it is a variable of the policy's language.
pub(super) fn clean(text: &str) -> String {
    let mut res = String::new();
    for it in text.chars() {
        let is_plain = it.is_ascii_alphanumeric() || "+=,.@_-/:".contains(it);
        if is_plain {
            res.push(it);
        } else if !res.ends_with('*') {
            res.push('*');
        }
    }
    res
}
