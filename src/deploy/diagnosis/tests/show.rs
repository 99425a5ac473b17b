//! Diagnoses as people and programs see them.

use super::*;
use crate::report::human::Style;
use crate::text::Lines;

const CONSOLE: &str = "\
[   24.1] cloud-init[3139]: Cannot find a valid baseurl for repo: amzn2-core/2/x86_64
[   24.2] cloud-init[3139]: /var/lib/cloud/instance/scripts/part-001: line 4: /opt/aws/bin/cfn-signal: No such file or directory
";

const SHOWN: &str = r#" FAILED   Group: no success signal within 10m00s (0 of 1), after 10m04s
 cause    instances in `Subnet` get no public address: they cannot reach ECS
          [ECS502] the check had foreseen it: `ecslint explain ECS502`
          i-1: running, status checks 2/2, public address none
          i-1: console: "Cannot find a valid baseurl for repo:
          amzn2-core/2/x86_64" (read 58s before the end)
          console: "/var/lib/cloud/instance/scripts/part-001: line 4:
          /opt/aws/bin/cfn-signal: No such file or directory"
    ,-[demo.yml:67:13]
 66 |             echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
 67 |             yum install -y aws-cfn-bootstrap
    :             ^^^^^^^^^^^^^^^^|^^^^^^^^^^^^^^^
    :                             `-| failed: "Cannot find a valid baseurl
    :                               | for repo: amzn2-core/2/x86_64"
 68 |             /opt/aws/bin/cfn-signal -e $? --stack ${AWS::StackNa...
    :             ^^^^^^^^^^^|^^^^^^^^^^^
    :                        `-- never ran: No such file or directory
    `----
   ,-[demo.yml:8:3]
 7 |     Properties: {CidrBlock: 10.0.0.0/16}
 8 |   Subnet:
   :   ^^^|^^
   :      `-- this is why
 9 |     Type: AWS::EC2::Subnet
   `----
    ,-[demo.yml:25:18]
 24 |       DestinationCidrBlock: 0.0.0.0/0
 25 |       GatewayId: !Ref Gateway
    :                  ^^^^^^|^^^^^
    :                        `-| the way out, which serves public addresses
    :                          | only
 26 |   Association:
    `----
 AWS said "Received 0 SUCCESS signal(s) out of 1.  Unable to satisfy 100%
          MinSuccessfulInstancesPercent requirement"
 also     Role: Cannot delete entity, must detach all policies first.
 given up Other, because of this
 next     set `MapPublicIpOnLaunch: true` on the subnet, or lead its route to a
          NAT gateway
"#;

fn no_way_out() -> (String, Diagnosis) {
    let template = with(", MapPublicIpOnLaunch: true", "");
    let mut evidence = signals::booted(CONSOLE);
    evidence.instances.get_mut("i-1").expect("the instance").public_address = None;
    let in_use = "Cannot delete entity, must detach all policies first.";
    evidence.events.push(event(700, "Role", "AWS::IAM::Role", "DELETE_FAILED", in_use));
    let it = diagnosed(&template, &evidence);
    (template, it)
}

#[test]
fn for_people_at_80_columns() {
    let (template, it) = no_way_out();
    let shown = it.show(&Style::plain(), Some(("demo.yml", &template)));
    assert_eq!(shown, SHOWN);
    assert!(shown.lines().all(|it| it.chars().count() <= 80), "{shown}");
    assert_eq!(it.line(&Lines::new(&template)), Some(67));
    // Colours and lines are of the style; without a template there is nothing to point at.
    let style = Style { color: true, unicode: true, width: 120, ..Style::plain() };
    let colored = it.show(&style, Some(("demo.yml", &template)));
    assert!(colored.contains("\u{1b}[1;31m FAILED") && colored.contains("╭─["), "{colored}");
    let bare = it.show(&Style::plain(), None);
    assert!(!bare.contains("demo.yml") && bare.contains(" cause    instances in `Subnet`"), "{bare}");
}

#[test]
fn for_programs() {
    let (template, it) = no_way_out();
    let lines = Lines::new(&template);
    let json = it.to_json(Some(("demo.yml", &lines)));
    assert_eq!(json["resource"], "Group");
    assert_eq!(
        (&json["kind"], &json["certainty"], &json["code"]),
        (&"no-way-out".into(), &"known".into(), &"ECS502".into())
    );
    assert_eq!(
        json["places"][0]["start"],
        serde_json::json!({"line": 67, "column": 13, "offset": it.places[0].span.start})
    );
    assert_eq!(json["places"][0]["path"], "demo.yml");
    assert_eq!((&json["line"], &json["column"], &json["said"]), (&67.into(), &13.into(), &NO_SIGNAL.into()));
    assert_eq!(json["cancelled"], serde_json::json!(["Other"]));
    assert_eq!(json["also"][0]["resource"], "Role");
    assert_eq!(it.to_json(None)["places"], serde_json::json!([]));
}

#[test]
fn what_is_not_known_is_said_to_be_so() {
    let it = diagnosed(TEMPLATE, &no_signal());
    assert!(!it.is_told());
    let likely = diagnosed(TEMPLATE, &signals::booted(""));
    assert!(likely.is_told());
    assert!(likely.show(&Style::plain(), None).contains(" cause    likely the time was too short"));
}
