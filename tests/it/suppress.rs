//! What a template says not to tell: it is kept, nothing else is, and no verdict changes.

use std::time::{Duration, Instant};

use ecslint::diagnostic::Severity;
use ecslint::lint::{Means, Options, Outcome, check};

/// Port 22 is open to the world, behind a parameter; the script joins another cluster.
const SOURCE: &str = "\
Parameters:
  From:
    Type: String
    Default: 0.0.0.0/0
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Shut:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ssh
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !Ref From
  Node:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: '{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}'
      KeyName: key
      SecurityGroupIds: [!Ref Shut]
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          echo ECS_CLUSTER=other >> /etc/ecs/ecs.config
          echo done
";

fn checked(source: &str) -> Outcome {
    check(source.as_bytes(), &Options::default())
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.diagnostics.iter().map(|it| &*it.code).collect()
}

fn suppressed(outcome: &Outcome) -> Vec<(&str, Means, Option<&str>)> {
    let all = outcome.suppressed.iter();
    all.map(|it| (&*it.diagnostic.code, it.by.means, it.by.reason.as_deref())).collect()
}

/// With `new` in the place of `old`, the code is kept for this reason and nothing else changes.
#[track_caller]
fn keeps(code: &str, means: Means, old: &str, new: &str) {
    assert_eq!(SOURCE.matches(old).count(), 1, "{old}");
    let (before, after) = (checked(SOURCE), checked(&SOURCE.replace(old, new)));
    assert!(codes(&before).contains(&code), "{:?}", codes(&before));
    let mut wanted = codes(&before);
    wanted.retain(|it| *it != code);
    assert_eq!(codes(&after), wanted, "{new}");
    let kept = suppressed(&after);
    assert!(!kept.is_empty() && kept.iter().all(|it| *it == (code, means, Some("because"))), "{kept:?}");
    let verdicts = |it: &Outcome| {
        let all = it.fleets.iter().filter_map(|it| it.verdicts.as_ref());
        all.map(|it| (it.joins.verdict, it.port_22.verdict, it.signals.verdict)).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&before), verdicts(&after));
}

/// With `new` in the place of `old`, everything is told as before, and these besides.
#[track_caller]
fn tells(old: &str, new: &str, besides: &[&'static str]) {
    let (before, after) = (checked(SOURCE), checked(&SOURCE.replace(old, new)));
    let (mut wanted, mut told) = (codes(&before), codes(&after));
    wanted.extend(besides);
    wanted.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, wanted, "{new}");
    assert_eq!(suppressed(&after), []);
}

#[test]
fn on_the_line_or_above_it() {
    let keeps = |old, new| keeps("ECS303", Means::Comment, old, new);
    keeps("Default: 0.0.0.0/0", "Default: 0.0.0.0/0 # ecslint: ignore[ECS303] because");
    keeps("Default: 0.0.0.0/0", "Default: 0.0.0.0/0 # for all; #ecslint:ignore[ecs303]: because");
    keeps("    Default:", "    # ecslint: ignore[ECS303] because\n    Default:");
    keeps("    Default:", "    # ecslint: ignore[ECS303] because\n\n    # see above\n    Default:");
    keeps("    Default:", "# ecslint: ignore[ECS3] because\n    Default:");
    // A comment in the line of something else counts for that one.
    tells("Type: String", "Type: String # ecslint: ignore[ECS303] because", &["ECS019"]);
    tells("    Type: String", "    # ecslint: ignore[ECS303] because\n    Type: String", &["ECS019"]);
    tells("echo done\n", "echo done\n# ecslint: ignore[ECS303] because\n", &["ECS019"]);
}

#[test]
fn at_either_end_of_a_parameter() {
    let with = |line: &str| format!("{line} # ecslint: ignore[ECS303] because");
    keeps("ECS303", Means::Comment, "CidrIp: !Ref From", &with("CidrIp: !Ref From"));
    // A second group uses it as well: that use is not excused.
    let second = SOURCE.replace("CidrIp: !Ref From", &with("CidrIp: !Ref From"));
    let group = &second[second.find("  Shut:").expect("it")..second.find("  Node:").expect("it")];
    let other = group.replace("Shut", "Open").replace(" # ecslint: ignore[ECS303] because", "");
    let second = second
        .replace("  Node:", &format!("{other}  Node:"))
        .replace("[!Ref Shut]", "[!Ref Shut, !Ref Open]");
    assert!(codes(&checked(&second)).contains(&"ECS303"));
    assert!(!codes(&checked(&second)).contains(&"ECS019"));
    // At the default it counts for both.
    let both = second.replace(" # ecslint: ignore[ECS303] because", "");
    let both = both.replace("Default: 0.0.0.0/0", &with("Default: 0.0.0.0/0"));
    assert!(!codes(&checked(&both)).contains(&"ECS303"));
}

#[test]
fn inside_a_boot_script() {
    let line = "          echo ECS_CLUSTER=other >> /etc/ecs/ecs.config\n";
    let own = "          echo ECS_CLUSTER=other >> /etc/ecs/ecs.config # ecslint: ignore[ECS102] because\n";
    keeps("ECS102", Means::Comment, line, own);
    let above = format!("          # ecslint: ignore[ECS102] because\n{line}");
    keeps("ECS102", Means::Comment, line, &above);
    let folded = line.replace(">> ", "\\\n            >> ");
    keeps("ECS102", Means::Comment, line, &format!("          # ecslint: ignore[ECS102] because\n{folded}"));
    tells("echo done", "# ecslint: ignore[ECS102] because\n          echo done", &["ECS019"]);
    // Words that are said are no comment.
    tells("echo done", "echo 'say ecslint: ignore[ECS102] because'", &[]);
}

#[test]
fn inside_a_script_of_pieces_and_of_json() {
    let join = r##"{"Resources": {
      "Cluster": {"Type": "AWS::ECS::Cluster"},
      "Node": {"Type": "AWS::EC2::Instance", "Properties": {
        "ImageId": "{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id}}",
        "UserData": {"Fn::Base64": {"Fn::Join": ["", [
          "#!/bin/bash\n", "# ecslint: ignore[ECS102] because\n", "echo ECS_CLUSTER=other >> ", "/etc/ecs/ecs.config\n"
        ]]}}}}}}"##;
    let one = join.replace("\\n\", \"", "\\n");
    for source in [join, &one] {
        let after = checked(source);
        assert_eq!(suppressed(&after), [("ECS102", Means::Comment, Some("because"))], "{source}");
        assert!(!codes(&after).contains(&"ECS102") && !codes(&after).contains(&"ECS019"));
    }
    // The whole script is one line of the file, but not of the script.
    let elsewhere = one.replace("because\\n", "because\\n:\\n");
    assert!(
        codes(&checked(&elsewhere)).contains(&"ECS102") && codes(&checked(&elsewhere)).contains(&"ECS019")
    );
}

#[test]
fn for_the_file_and_in_metadata() {
    let head = "Parameters:\n  From";
    for codes in ["ECS303", "ECS3", " ecs30 "] {
        let new = format!("# ecslint: ignore-file[{codes}] because\n{head}");
        keeps("ECS303", Means::Comment, head, &new);
    }
    let metadata = "Metadata: {ecslint: {ignore: [{code: ECS303, reason: because}]}}";
    keeps("ECS303", Means::Metadata, head, &format!("{metadata}\n{head}"));
    keeps("ECS303", Means::Metadata, "  Shut:\n", &format!("  Shut:\n    {metadata}\n"));
    tells("  Node:\n", &format!("  Node:\n    {metadata}\n"), &["ECS019"]);
    let metadata = metadata.replace("303", "102");
    keeps("ECS102", Means::Metadata, "  Node:\n", &format!("  Node:\n    {metadata}\n"));
}

#[test]
fn what_makes_a_template_unreadable_is_always_told() {
    let broken =
        "# ecslint: ignore-file[ECS0,ECS001] because\nResources:\n  A: {Type: AWS::SNS::Topic}\n  B: [\n";
    let told = checked(broken);
    assert_eq!(codes(&told), ["ECS018", "ECS001"]);
    assert_eq!(suppressed(&told), []);
    // Nor is it made less than an error.
    let options = Options { severities: [("ECS0".to_owned(), Severity::Info)].into(), ..Options::default() };
    let severities: Vec<_> =
        check(broken.as_bytes(), &options).diagnostics.iter().map(|it| it.severity).collect();
    assert_eq!(severities, [Severity::Info, Severity::Error]);
}

#[test]
fn unused_is_only_what_was_looked_for() {
    let source = "# ecslint: ignore-file[ECS101,ECS603] why\nResources:\n  A: {Type: AWS::SNS::Topic}\n";
    let unused = |options: &Options| check(source.as_bytes(), options).diagnostics.len();
    let all = Options { budget: Some(1.0), ..Options::default() };
    assert_eq!(unused(&all), 2);
    assert_eq!(unused(&Options::default()), 1);
    assert_eq!(unused(&Options { select: vec!["ECS2".to_owned(), "ECS019".to_owned()], ..all.clone() }), 0);
    assert_eq!(unused(&Options { ignore: vec!["ECS019".to_owned()], ..all.clone() }), 0);
    assert_eq!(unused(&Options { parameters: [("A".to_owned(), "b".to_owned())].into(), ..all }), 0);
}

#[test]
fn the_longest_severity_counts() {
    let severities = [("ECS3".to_owned(), Severity::Info), ("ECS303".to_owned(), Severity::Error)].into();
    let told = check(SOURCE.as_bytes(), &Options { severities, ..Options::default() });
    assert!(told.diagnostics.iter().any(|it| it.code == "ECS303" && it.severity == Severity::Error));
}

#[test]
fn many_ignores_take_no_time() {
    let line = "          echo ECS_CLUSTER=other >> /etc/ecs/ecs.config\n";
    for indent in ["", "          "] {
        let many: String =
            (0..100_000).map(|idx| format!("{indent}# ecslint: ignore[ECS101] number {idx}\n")).collect();
        let source = match indent {
            "" => many + SOURCE,
            _ => SOURCE.replace(line, &(many + line)),
        };
        let started = Instant::now();
        let told = checked(&source);
        assert_eq!(codes(&told).iter().filter(|it| **it == "ECS019").count(), 1000);
        assert_eq!(codes(&told).iter().filter(|it| **it == "ECS018").count(), 1);
        // Generous, for a build without optimisation on a busy machine.
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
}

#[test]
fn no_prefix_of_an_ignore_makes_it_panic() {
    let ignores = "# ecslint: ignore-file[ECS303, é] wéil 🦀\n# ecslint:\n#ecslint: ignore[\n# ecslint: ignore]x[ECS3] y\n";
    let script = "          # ecslint: ignore[ECS1é2,,] é\n          echo é # ecslint: ignore[ECS101] ü\n";
    let metadata = "Metadata: {ecslint: {ignore: [{code: [a], reason: {}}, x, {code: é}], é: 1}}\n";
    let source = format!("{ignores}{metadata}{SOURCE}{script}");
    for (end, _) in source.char_indices().filter(|it| it.0 < 300 || it.0 > source.len() - 120) {
        let told = checked(&source[..end]);
        assert!(!codes(&told).contains(&"ECS000"), "{}", &source[..end]);
    }
    let whole = checked(&source);
    let malformed = codes(&whole).iter().filter(|it| **it == "ECS018").count();
    assert!(malformed >= 8, "{:?}", codes(&whole));
}
