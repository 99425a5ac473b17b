//! Scripts that fail: from a line of the console to the words in the template.

use super::signals::booted;
use super::*;

#[test]
fn a_failure_that_was_signalled() {
    let mut it = booted("[  30.0] cloud-init[1]: install: cannot stat 'agent': No such file or directory\n");
    it.events.insert(
        3,
        event(
            60,
            "Group",
            "AWS::AutoScaling::AutoScalingGroup",
            "CREATE_IN_PROGRESS",
            "Received FAILURE signal with UniqueId i-1",
        ),
    );
    let template = with("            yum", "            install agent /usr/local/bin\n            yum");
    // The script went on, and what it reports is the status of `yum`.
    check(
        &template,
        &it,
        "ScriptFailed?: `yum` failed on the instance: its status is what is signalled
  \"yum\" its status is signalled: it failed
  \"install agent /usr/local/bin\" failed: No such file or directory
",
    );
    let ends = template.replace("            #!/bin/bash\n", "            #!/bin/bash -e\n");
    check(
        &ends,
        &it,
        "ScriptFailed: the script failed at `install`, and told so
  \"install agent /usr/local/bin\" failed: No such file or directory
  \"/opt/aws/bin/cfn-signal\" told of the failure
",
    );
    let last = template.replace("            yum install -y aws-cfn-bootstrap\n", "");
    check(
        &last,
        &it,
        "ScriptFailed: the script failed at `install`, and told so
  \"install agent /usr/local/bin\" failed: No such file or directory
  \"/opt/aws/bin/cfn-signal\" told of the failure
",
    );
    it.consoles.clear();
    check(
        &template,
        &it,
        "ScriptFailed?: `yum` failed on the instance: its status is what is signalled
  \"yum\" its status is signalled: it failed
",
    );
    assert_eq!(diagnosed(&template, &it).what, "its instance signalled a failure (0 of 1)");
}

#[test]
fn a_script_that_ends_before_its_signal() {
    let template =
        with("            echo ECS", "            set -e\n            mkdir /etc/ecs\n            echo ECS");
    let console = "mkdir: cannot create directory '/etc/ecs': File exists
Failed running /var/lib/cloud/instance/scripts/part-001 [1]
";
    check(&template, &booted(console), "ScriptFailed: this command is known to fail, and ends the script before it sets `ECS_CLUSTER` [ECS108]
  \"mkdir /etc/ecs\" failed: File exists
");
    let template =
        with("            yum", "            set -e\n            frobnicate --all\n            yum");
    let console = "/var/lib/cloud/instance/scripts/part-001: line 4: frobnicate: command not found
Failed running /var/lib/cloud/instance/scripts/part-001 [127]
";
    check(
        &template,
        &booted(console),
        "ScriptFailed: the script ended at `frobnicate`, before it could signal [ECS209]
  \"frobnicate\" failed: command not found
  \"/opt/aws/bin/cfn-signal\" was not reached
  \"CreationPolicy\" `Group` waits until its timeout then
",
    );
    let template = template.replace("            set -e\n", "            true\n");
    check(
        &template,
        &booted(console),
        "ScriptFailed?: the script failed; what complained last is `frobnicate`
  \"frobnicate\" failed: command not found
  \"/opt/aws/bin/cfn-signal\" did not tell of it
",
    );
}

#[test]
fn bash_refuses_the_script() {
    let template = with("            yum", "            if true; then\n            yum");
    let console = "/var/lib/cloud/instance/scripts/part-001: line 6: syntax error: unexpected end of file";
    check(
        &template,
        &booted(console),
        "ScriptFailed: bash refuses the script from here on: expected 'fi' [ECS118]
  \"if\" this is why
",
    );
}

#[test]
fn user_data_that_is_never_run() {
    let template = with("            #!/bin/bash\n", "            # no header\n");
    let console = "2026-11-23 03:10:33,058 - __init__.py[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata: 'b'# no'...'";
    check(
        &template,
        &booted(console),
        "ScriptNotRun: cloud-init knows no user data that begins like this, and runs nothing of it [ECS106]
  \"UserData\" is not run
  \"# no header\" this is why
",
    );
}

#[test]
fn a_signal_that_cloudformation_refuses() {
    let template = with("--resource Group", "--resource Grup");
    check(
        &template,
        &booted("ValidationError: Resource Grup does not exist for stack demo\n"),
        "SignalAstray: the boot script signals `Grup`, which is not in the template [ECS201]
  \"Grup\" refused: \"ValidationError: Resource Grup does not exist for stack demo\"
  \"CreationPolicy\" `Group` waits for the signal
",
    );
    check(
        TEMPLATE,
        &booted("cfn-signal: error: no such option: --stak\n"),
        "SignalAstray: `cfn-signal` did not understand its options and sent nothing
  \"/opt/aws/bin/cfn-signal\" refused: \"cfn-signal: error: no such option: --stak\"
  \"${AWS::Region}\" sent to this region
",
    );
    check(
        TEMPLATE,
        &booted("Cloud-init v. 22.2.2 finished at Thu, 20 Mar 2025 16:58:52 +0000. Datasource DataSourceEc2.  Up 31.84 seconds"),
        "SignalAstray?: the boot is through and its signal did not reach what waits: it names another stack, resource or region, or was passed over
  \"/opt/aws/bin/cfn-signal\" ran, or was passed over
  \"Group\" is told
",
    );
}

/// A console line about line 3 of a script, and the words in the template.
#[track_caller]
fn check_line(template: &str, part: &str, expected: &str) {
    let console = format!(
        "/var/lib/cloud/instance/scripts/{part}: line 3: frobnicate: command not found\nFailed running /var/lib/cloud/instance/scripts/{part} [127]\n"
    );
    let it = diagnosed(template, &booted(&console));
    assert_eq!(it.kind, Kind::ScriptFailed);
    let first = it.places.first().expect("a place");
    assert_eq!(first.span.slice(template), expected);
    let line = template[..first.span.start as usize].matches('\n').count();
    let wanted = template.find("frobnicate --all").map(|it| template[..it].matches('\n').count());
    assert_eq!(Some(line), wanted);
}

#[test]
fn a_line_of_the_console_in_each_form_of_user_data() {
    let at = TEMPLATE.find("          Fn::Base64: !Sub |").expect("the user data");
    let head = &TEMPLATE[..at];
    let joined = "          Fn::Base64: !Join\n            - \"\\n\"\n            - - '#!/bin/bash -e'\n              - !Sub 'echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config'\n              - 'frobnicate --all'\n";
    check_line(&format!("{head}{joined}"), "part-001", "frobnicate");
    let multipart = "          Fn::Base64: |\n            Content-Type: multipart/mixed; boundary=\"x\"\n            MIME-Version: 1.0\n\n            --x\n            Content-Type: text/x-shellscript\n\n            #!/bin/bash\n            true\n            echo frobnicate\n            --x\n            Content-Type: text/x-shellscript\n\n            #!/bin/bash -e\n            true\n            frobnicate --all\n            --x--\n";
    // Both have the word in their third line: the first is taken, which is all that can be told.
    let other = multipart.replace("echo frobnicate", "echo something");
    check_line(&format!("{head}{other}"), "part-002", "frobnicate");
    let json = r##"{"Resources": {"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup",
 "CreationPolicy": {"ResourceSignal": {"Timeout": "PT10M"}},
 "Properties": {"MinSize": "1", "MaxSize": "1", "AvailabilityZones": ["us-east-1a"],
  "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Launch"}, "Version": "1"}}},
"Launch": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"ImageId": "ami-0123456789abcdef0",
 "UserData": {"Fn::Base64": "#!/bin/bash -e\ntrue\nfrobnicate --all\n"}}}}}}"##;
    check_line(json, "part-001", "frobnicate");
}
