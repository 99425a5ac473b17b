//! Fixes, whatever they are applied to.

use ecslint::diagnostic::{Diagnostic, Safety, Severity};
use ecslint::lint::fix::{apply, mend};
use ecslint::lint::{FileKind, Options, check};

use super::text;

const MAX: usize = 4 << 10;

/// What is mended is what is told: the edits lead from the one text to the other, which is a template with no more errors,
/// and has nothing left to mend.
pub(super) fn fixes(input: &[u8]) {
    let Some(source) = text(input, MAX) else { return };
    let options = Options::default();
    let mended = mend(source.as_bytes(), &options, Safety::Unsafe);
    let Some(fixed) = mended.text else {
        assert!(mended.outcome.fixed.is_empty());
        return;
    };
    let mut told = source.to_owned();
    let steps = mended.outcome.fixed.iter().map(|it| it.step).max().unwrap_or(0);
    for step in 0..=steps {
        let here = mended.outcome.fixed.iter().filter(|it| it.step == step);
        let mut edits: Vec<_> = here.flat_map(|it| &it.edits).collect();
        edits.sort_by_key(|it| (it.span.start, it.span.end));
        told = apply(&told, edits);
    }
    assert_eq!(told, fixed);
    let after = check(fixed.as_bytes(), &options);
    assert!(after.kind == FileKind::CloudFormation);
    assert_eq!(after.diagnostics, mended.outcome.diagnostics);
    let errors = |all: &[Diagnostic]| all.iter().filter(|it| it.severity == Severity::Error).count();
    assert!(errors(&after.diagnostics) <= errors(&check(source.as_bytes(), &options).diagnostics));
    let again = mend(fixed.as_bytes(), &options, Safety::Unsafe);
    assert!(again.text.is_none(), "{:?}", again.outcome.fixed);
}

/// Small templates that have something to mend: an input that is longer is no input.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let boot = |line: &str| {
        format!(
            "Resources:\n  C: {{Type: AWS::ECS::Cluster}}\n  L:\n    Type: AWS::EC2::LaunchTemplate\n    Properties:\n      \
             LaunchTemplateData:\n        UserData:\n          Fn::Base64: !Sub |\n            #!/bin/bash\n            {line}\n  \
             G:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    CreationPolicy: {{ResourceSignal: {{Count: 1}}}}\n    \
             Properties:\n      MinSize: 1\n      MaxSize: 1\n      LaunchTemplate: {{LaunchTemplateId: !Ref L, Version: 1}}\n"
        )
    };
    let lines = [
        "echo ECS_CLUSTER=other >> /etc/ecs/ecs.config",
        "echo ECS_CLUSTER=${C} >> /etc/ecs/ecs.conf",
        "echo 'ECS_CLUSTER = \"${C}\"' >> /etc/ecs/ecs.config",
        "/opt/aws/bin/cfn-signal -e 0 --stack ${AWS::StackName} --resource C",
        "/opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackName} --resource g --region ${AWS::Region}",
    ];
    let templates = super::templates().into_iter().filter(|it| it.len() <= MAX);
    lines.into_iter().map(|it| boot(it).into_bytes()).chain(templates).collect()
}
