//! Forms of user data, and why something does not come about.

use super::*;

/// Forms of user data other than a bare script.
#[test]
fn forms() {
    let windows = Image { family: Some(ImageFamily::Windows), ..ECS_IMAGE };
    let bottlerocket = Image { family: Some(ImageFamily::Bottlerocket), ..ECS_IMAGE };
    let mime = "Content-Type: multipart/mixed; boundary=\"==B==\"\nMIME-Version: 1.0\n\n";
    let script = "#!/bin/bash\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config";
    let cases = [
        (ECS_IMAGE, script.to_owned(), "a"),
        (ECS_IMAGE, "#!/bin/sh -e\nmkdir /etc/ecs\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config".to_owned(), "unset"),
        (ECS_IMAGE, format!("\n{script}"), "unset"),
        (ECS_IMAGE, "echo ECS_CLUSTER=a >> /etc/ecs/ecs.config".to_owned(), "unset"),
        (ECS_IMAGE, "#cloud-config\nruncmd:\n- echo ECS_CLUSTER=a >> /etc/ecs/ecs.config".to_owned(), "a"),
        (ECS_IMAGE, "#cloud-config\nruncmd:\n- [sh, -c, 'echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config']".to_owned(), "${Cluster}"),
        (ECS_IMAGE, "#cloud-config\nruncmd:\n- yum x\n- cfn-signal -e $? --stack s --resource Group".to_owned(), "unset; Group $?(yum)"),
        (ECS_IMAGE, "#cloud-config\nbootcmd:\n- cloud-init-per once x echo\nwrite_files:\n- path: /etc/ecs/ecs.config\n  content: |\n    ECS_CLUSTER=${Cluster}\n".to_owned(), "${Cluster}"),
        (ECS_IMAGE, "#cloud-boothook\n#!/bin/bash\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config".to_owned(), "a"),
        (ECS_IMAGE, "#include\nhttp://x/y".to_owned(), "?"),
        (ECS_IMAGE, format!("## template: jinja\n{script}"), "a"),
        (ECS_IMAGE, "## template: jinja\n## template: jinja\n#!/bin/sh".to_owned(), "?"),
        (ECS_IMAGE, "{\"ECSAgentConfiguration\": {\"Cluster\": \"${Cluster}\"}}".to_owned(), "${Cluster}"),
        (ECS_IMAGE, format!("{mime}--==B==\nContent-Type: text/x-shellscript\n\n{script}\n--==B==--"), "a"),
        (ECS_IMAGE, format!("{mime}--==B==\nContent-Type: text/cloud-config\n\n#cloud-config\nruncmd:\n- true\n\n--==B==\nContent-Type: text/x-shellscript\n\n{script}\n--==B==--"), "a"),
        (ECS_IMAGE, format!("Content-Type: multipart/mixed\n\n--==B==\n\n{script}\n"), "unset"),
        (windows, "<powershell>\nInitialize-ECSAgent -Cluster a -EnableTaskIAMRole\n</powershell>".to_owned(), "a"),
        (windows, "<powershell>\nInitialize-ECSAgent -Cluster '${Cluster}'\n</powershell>".to_owned(), "${Cluster}"),
        (bottlerocket, "[settings.ecs]\ncluster = \"a\"".to_owned(), "a"),
        (bottlerocket, "[settings]\necs.cluster = \"${Cluster}\"".to_owned(), "${Cluster}"),
        (bottlerocket, "[settings.host]\ncluster = \"a\"".to_owned(), "unset"),
    ];
    for (image, user_data, expected) in cases {
        assert_eq!(boot(&user_data, "", image, summary), expected, "{user_data}");
    }
}

/// What rules need to tell why the cluster is not set.
#[test]
fn reasons() {
    let told = |script: &str| {
        boot(&format!("#!/bin/bash\n{script}\n"), "", ECS_IMAGE, |boot, source| {
            let shown =
                |it: Option<crate::resolve::Place>| it.map_or("", |it| it.span.slice(source)).to_owned();
            let mut res = Vec::new();
            for ignored in boot.ignored("ECS_CLUSTER") {
                res.push(format!("{:?} {}", ignored.flaw, shown(ignored.line.place)));
            }
            for lost in boot.lost("ECS_CLUSTER") {
                res.push(format!("lost {} by {}", shown(lost.line.place), shown(lost.by)));
            }
            for stop in boot.stops.iter().filter(|it| it.hides_cluster || it.hides_signal) {
                res.push(format!("stop {}", shown(stop.place)));
            }
            for (path, line) in boot.strays("ECS_CLUSTER") {
                res.push(format!("{path} {}", shown(line.place)));
            }
            for signal in &boot.signals {
                res.extend(
                    signal.problems.iter().map(|(problem, place)| format!("{problem:?} {}", shown(*place))),
                );
            }
            res.join("; ")
        })
    };
    let cases = [
        ("echo 'export ECS_CLUSTER=a' >> /etc/ecs/ecs.config", "Export export ECS_CLUSTER=a"),
        ("echo 'ECS_CLUSTER = a' >> /etc/ecs/ecs.config", "Blank ECS_CLUSTER = a"),
        ("echo 'ECS_CLUSTER=\"a\"' >> /etc/ecs/ecs.config", "Quotes \"a\""),
        ("echo ECS_CLUSTER=a >> /etc/ecs/ecs.config", ""),
        (
            "echo ECS_CLUSTER=a >> /etc/ecs/ecs.config\necho A=1 > /etc/ecs/ecs.config",
            "lost a by echo A=1 > /etc/ecs/ecs.config",
        ),
        ("echo ECS_CLUSTER=a > /etc/ecs/ecs.config\necho ECS_CLUSTER=b > /etc/ecs/ecs.config", ""),
        ("set -e\nmkdir /etc/ecs\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "stop mkdir /etc/ecs"),
        ("exit 0\ncfn-signal --stack s --resource Group", "stop exit 0"),
        ("(exit 0)\ntrue # cfn-signal", ""),
        ("if curl x; then exit 1; fi\ncfn-signal --stack s --resource Group", ""),
        ("echo ECS_CLUSTER=a >> /etc/ecs.config", "/etc/ecs.config a"),
        ("cfn-signal -s Stack --resource Group --stack s", "BadSuccess Stack"),
        ("cfn-signal -e x --resource Group --stack s", "BadExitCode x"),
        ("cfn-signal -e 0x1 --resource Group --stack s", ""),
        ("cfn-signal -e 0 -r Group --stack s", "ReasonForResource Group; NoTarget cfn-signal"),
        ("cfn-signal -e 0 --resource Group", "NoStack cfn-signal"),
        ("cfn-signal --resource Group --stack s https://x/y", "TwoTargets cfn-signal"),
        ("cfn-signal --foo --resource Group --stack s", "Unknown --foo"),
        ("cfn-signal --re Group --stack s", "Unknown --re"),
    ];
    for (script, expected) in cases {
        assert_eq!(told(script), expected, "{script}");
    }
}
