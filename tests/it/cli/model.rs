//! `ecslint model`: values as far as they are known, in a form that other tools read.

use serde_json::{Value, json};

use super::Folder;
use crate::schema::valid_model;

const SOURCE: &str = "\
Parameters:
  Size: {Type: Number, Default: 3}
  Env: {Type: String}
  Key: {Type: String, NoEcho: true, Default: hunter2}
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
  Vpc:
    Type: AWS::EC2::VPC
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: '1'
      MaxSize: !Ref Size
      NewInstancesProtectedFromScaleIn: yes
      DesiredCapacity: !If [Prod, 2, 1]
      Cooldown: !Ref AWS::NoValue
      AutoScalingGroupName: !Sub '${Env}-web'
      PlacementGroup: !Sub 'a-${Key}'
      VPCZoneIdentifier: [!GetAtt Vpc.VpcId, !Ref Vpc]
  Only:
    Type: AWS::SNS::Topic
    Condition: Prod
";

fn model(args: &[&str]) -> Value {
    let folder = Folder::new(&format!("model-{}", args.join("-").replace('=', "-"))).with("a.yml", SOURCE);
    let args = [&["model", "a.yml"], args].concat();
    let ran = folder.run(&args);
    assert!(ran.code == 0 && ran.stderr.is_empty(), "{ran:?}");
    assert!(!ran.stdout.contains("hunter2"), "{}", ran.stdout);
    assert_eq!(ran.stdout, folder.run(&args).stdout);
    valid_model(&ran.stdout)
}

#[test]
fn values_are_resolved() {
    let model = model(&[]);
    let group = &model["Resources"]["Group"]["Properties"];
    let known = json!([
        group["MinSize"],
        group["MaxSize"],
        group["NewInstancesProtectedFromScaleIn"],
        group["DesiredCapacity"]
    ]);
    assert_eq!(known, json!(["1", 3, true, 1]));
    assert!(group.get("Cooldown").is_none() && model["Resources"].get("Only").is_none(), "{model}");
    assert_eq!(model["assumptions"], json!({"Prod": false}));
    let unknown = |text: Value, resource: Value, attribute: Value, line: u32, column: u32| {
        json!({
            "unknown": true, "text": text, "resource": resource, "attribute": attribute, "secret": false,
            "line": line, "column": column,
        })
    };
    assert_eq!(group["AutoScalingGroupName"], unknown(json!("${Env}-web"), Value::Null, Value::Null, 18, 29));
    let of_vpc = [
        unknown(json!("${Vpc.VpcId}"), json!("Vpc"), json!("VpcId"), 20, 27),
        unknown(json!("${Vpc}"), json!("Vpc"), Value::Null, 20, 46),
    ];
    assert_eq!(group["VPCZoneIdentifier"], json!(of_vpc));
    assert_eq!(group["PlacementGroup"]["secret"], true);
    let places = &model["places"];
    assert_eq!(places["Group"], json!({"line": 10, "column": 3}));
    assert_eq!(places["Group.Properties.MaxSize"], json!({"line": 14, "column": 16}));
    assert_eq!(places["Group.Properties.VPCZoneIdentifier[1]"], json!({"line": 20, "column": 46}));
}

#[test]
fn parameters_decide() {
    let model = model(&["-P", "Env=prod", "-P", "Size=7", "--region", "eu-west-1"]);
    let group = &model["Resources"]["Group"]["Properties"];
    assert_eq!(
        json!([group["MaxSize"], group["DesiredCapacity"], group["AutoScalingGroupName"]]),
        json!([7, 2, "prod-web"])
    );
    assert!(model["Resources"].get("Only").is_some());
    assert_eq!((&model["region"], &model["assumptions"]), (&json!("eu-west-1"), &json!({})));
}

#[test]
fn every_fixture_has_a_model() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folder = Folder::new("model-fixtures");
    let clean =
        std::fs::read_dir(root.join("clean")).expect("a folder").map(|it| it.expect("an entry").path());
    let all = clean.chain([root.join("good-cluster.yml"), root.join("ecs-cluster-def.yml")]);
    for path in all {
        let ran = folder.run(&["model", &path.to_string_lossy()]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let model = valid_model(&ran.stdout);
        assert!(model["fleets"].as_array().is_some_and(|it| !it.is_empty()), "{}", path.display());
        assert!(model["boots"].as_array().is_some_and(|it| !it.is_empty()), "{}", path.display());
        for place in model["places"].as_object().expect("an object").keys() {
            let id = place.split(['.', '[']).next().unwrap_or_default();
            assert!(model["Resources"].get(id).is_some(), "{place}");
        }
    }
}

#[test]
fn what_is_no_template_is_told() {
    let folder = Folder::new("model-bad").with("a.yml", "kind: Pod\n").with("b.yml", super::ERROR);
    for (args, told) in [
        (["model", "a.yml"], "`a.yml` is no CloudFormation template that can be read"),
        (["model", "b.yml"], "`b.yml` is no CloudFormation template that can be read"),
        (["model", "."], "`.` is a folder: name one template"),
        (["model", "c.yml"], "no such file or folder: `c.yml`"),
    ] {
        let ran = folder.run(&args);
        assert!(ran.code == 2 && ran.stdout.is_empty() && ran.stderr.contains(told), "{ran:?}");
    }
    let ran = folder.run_with_stdin(&["model", "-"], SOURCE.as_bytes());
    assert_eq!(valid_model(&ran.stdout)["path"], "-");
}

/// A list that is shared by many, and values above the bound.
#[test]
fn a_model_is_bounded() {
    let n = ecslint::lint::resolved::MAX_VALUES + 10;
    let source =
        format!("Resources:\n  A: {{Type: 'AWS::SNS::Topic', Properties: {{X: [{}]}}}}\n", "1,".repeat(n));
    let ran = Folder::new("model-bounds").run_with_stdin(&["model", "-"], source.as_bytes());
    let model = valid_model(&ran.stdout);
    assert_eq!(model["cut"], true);
    assert_eq!(model["Resources"]["A"]["Properties"]["X"][n - 1]["unknown"], true);
}
