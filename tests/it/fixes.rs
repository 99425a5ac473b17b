//! Changes that are shown and never applied: what they say has to be true all the same.

pub(crate) mod corpus;

use ecslint::diagnostic::{Edit, Safety};
use ecslint::lint::{Options, Outcome, check};
use ecslint::report::human::Style;
use ecslint::report::{FileReport, Format, Report};
use ecslint::text::Lines;

const CONFIGURATION: &str = r#"Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchConfigurationName: !Ref Nodes
      MinSize: 1
      MaxSize: 1
  Nodes:
    Type: AWS::AutoScaling::LaunchConfiguration
    Properties:
      LaunchConfigurationName: nodes
      ImageId: ami-0123456789abcdef0 # golden
      # One for all.
      SecurityGroups:
      - sg-0123456789abcdef0
      AssociatePublicIpAddress: true
      IamInstanceProfile: !GetAtt Profile.Arn
      InstanceMonitoring: false
      PlacementTenancy: default
      SpotPrice: "0.01"
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash

          echo ECS_CLUSTER=${AWS::StackName} >> /etc/ecs/ecs.config
    Metadata: {}
"#;

const TEMPLATE: &str = r#"Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate:
        LaunchTemplateId: !Ref Nodes
        Version: !GetAtt Nodes.LatestVersionNumber
      MinSize: 1
      MaxSize: 1
  Nodes:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateName: nodes
      LaunchTemplateData:
        ImageId: ami-0123456789abcdef0 # golden
        # One for all.
        NetworkInterfaces:
          - DeviceIndex: 0
            AssociatePublicIpAddress: true
            Groups:
            - sg-0123456789abcdef0
        IamInstanceProfile:
          Arn: !GetAtt Profile.Arn
        Monitoring:
          Enabled: false
        Placement:
          Tenancy: default
        InstanceMarketOptions:
          MarketType: spot
          SpotOptions:
            MaxPrice: "0.01"
        UserData:
          Fn::Base64: !Sub |
            #!/bin/bash

            echo ECS_CLUSTER=${AWS::StackName} >> /etc/ecs/ecs.config
    Metadata: {}
"#;

fn of_configurations(source: &str) -> Outcome {
    check(source.as_bytes(), &Options { select: vec!["ECS701".to_owned()], ..Options::default() })
}

/// The edits of the only finding, if it has any.
fn edits(outcome: &Outcome) -> Vec<Edit> {
    let [finding] = outcome.diagnostics.as_slice() else { panic!("{:?}", outcome.diagnostics) };
    let Some(fix) = &finding.finding.fix else { return Vec::new() };
    assert_eq!(fix.safety, Safety::DisplayOnly);
    fix.edits.clone()
}

#[test]
fn a_launch_configuration_becomes_a_launch_template() {
    let outcome = of_configurations(CONFIGURATION);
    let mut fixed = CONFIGURATION.to_owned();
    for edit in edits(&outcome).iter().rev() {
        fixed.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    assert_eq!(fixed, TEMPLATE);
    assert!(of_configurations(&fixed).diagnostics.is_empty());
}

#[test]
fn what_cannot_be_rewritten_is_left_alone() {
    let without = [
        CONFIGURATION.replace("SpotPrice:", "ClassicLinkVPCId:"),
        CONFIGURATION.replace(
            "LaunchConfigurationName: !Ref Nodes",
            "LaunchConfigurationName: !If [A, !Ref Nodes, b]",
        ),
        format!("{CONFIGURATION}Outputs:\n  Name:\n    Value: !Ref Nodes\n"),
        r#"{"Resources": {"Nodes": {"Type": "AWS::AutoScaling::LaunchConfiguration", "Properties": {}}}}"#
            .to_owned(),
    ];
    for source in without {
        assert!(edits(&of_configurations(&source)).is_empty(), "{source}");
    }
}

#[test]
fn people_see_what_goes_and_what_comes() {
    let outcome = of_configurations(CONFIGURATION);
    let lines = Lines::new(CONFIGURATION);
    let file = FileReport { path: "a.yml", lines: &lines, outcome: &outcome, views: None };
    let format = Format::Human(Style::plain());
    let shown = Report::new(format.clone()).add(format.file(&file));
    let wanted = "  to change: make `Nodes` a launch template
  @ line 5
  -       LaunchConfigurationName: !Ref Nodes
  +       LaunchTemplate:
  +         LaunchTemplateId: !Ref Nodes
  +         Version: !GetAtt Nodes.LatestVersionNumber
  @ line 9
  -     Type: AWS::AutoScaling::LaunchConfiguration
  +     Type: AWS::EC2::LaunchTemplate
  @ line 11
";
    assert!(shown.contains(wanted), "{shown}");
    assert!(shown.contains("\n  +           Arn: !GetAtt Profile.Arn\n"), "{shown}");
}
