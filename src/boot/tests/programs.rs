//! Programs that the instance has, services, and what `cfn-init` does.

use super::*;

/// What a boot says of programs: helpers that are not there, the agent, a command that never comes back.
fn programs(boot: &Boot<'_>, source: &str) -> String {
    let missing = boot.missing.iter().map(|it| match &it.why {
        WhyMissing::NotInstalled => format!("{} not installed", it.program),
        WhyMissing::Misspelt { name, place } => {
            assert_eq!(place.expect("a package without a place").span.slice(source), name);
            format!("{} misspelt {name}", it.program)
        }
        WhyMissing::WrongPath => format!("{} elsewhere", it.program),
    });
    let mut res: Vec<String> = missing.collect();
    res.extend(boot.deadlock.map(|it| format!("deadlock at {}", it.span.slice(source))));
    if boot.agent == Answer::No {
        res.push("no agent".to_owned());
    }
    res.join(", ")
}

#[test]
fn helpers_and_services() {
    let plain = Image { ecs: Answer::No, ..ECS_IMAGE };
    let unknown = Image { family: None, ecs: Answer::Unknown, ..ECS_IMAGE };
    let cases = [
        (ECS_IMAGE, "/opt/aws/bin/cfn-signal -e 0", "cfn-signal not installed"),
        (ECS_IMAGE, "yum install -y aws-cfn-bootstrap\n/opt/aws/bin/cfn-signal -e 0", ""),
        (ECS_IMAGE, "yum -y install jq aws-cfn-bootstrap && /opt/aws/bin/cfn-signal -e 0", ""),
        (
            ECS_IMAGE,
            "yum install -y aws-cfn-boostrap\n/opt/aws/bin/cfn-signal -e 0",
            "cfn-signal misspelt aws-cfn-boostrap",
        ),
        (ECS_IMAGE, ". /opt/packages.sh\nyum install -y $PACKAGES\n/opt/aws/bin/cfn-signal -e 0", ""),
        (ECS_IMAGE, "bash <(curl -s https://example.com)\n/opt/aws/bin/cfn-signal -e 0", ""),
        (
            ECS_IMAGE,
            "yum remove -y aws-cfn-bootstrap\n/opt/aws/bin/cfn-signal -e 0",
            "cfn-signal not installed",
        ),
        (ECS_IMAGE, "yum install -y aws-cfn-bootstrap\n/opt/aws/cfn-signal -e 0", "cfn-signal elsewhere"),
        (plain, "/opt/aws/bin/cfn-signal -e 0", "no agent"),
        (plain, "amazon-linux-extras install -y ecs", ""),
        (plain, "yum install -y ecs-init && systemctl enable --now ecs", "deadlock at systemctl"),
        (plain, "yum install -y ecs-init && systemctl enable --now --no-block ecs", ""),
        (plain, "docker run -d -e ECS_CLUSTER=a amazon/amazon-ecs-agent:latest", ""),
        (unknown, "/opt/aws/bin/cfn-signal -e 0; systemctl start ecs", ""),
        (ECS_IMAGE, "systemctl restart ecs.service", "deadlock at systemctl"),
        (ECS_IMAGE, "service ecs start", "deadlock at service"),
        (ECS_IMAGE, "systemctl start ecs &", ""),
        (ECS_IMAGE, "systemctl restart docker", ""),
        (ECS_IMAGE, "systemctl enable ecs", ""),
        (ECS_IMAGE, "if [ -f /x ]; then systemctl start ecs; fi", ""),
        (ECS_IMAGE, "timeout 10 systemctl start ecs", ""),
        (
            ECS_IMAGE,
            "f() { sudo systemctl start ecs; }\nf\nyum install -y aws-cfn-bootstrap",
            "deadlock at systemctl",
        ),
        (Image { family: Some(ImageFamily::AmazonLinux), ..ECS_IMAGE }, "start ecs", ""),
    ];
    for (image, script, expected) in cases {
        assert_eq!(boot(&format!("#!/bin/bash\n{script}\n"), "", image, programs), expected, "{script}");
    }
}

/// `cfn-init`: what the metadata has, in the order of the config sets.
#[test]
fn metadata() {
    let run = "#!/bin/bash\nyum install -y aws-cfn-bootstrap\ncfn-init -v --stack ${AWS::StackName} --resource Nodes";
    let in_config = |what: &str| {
        format!("config:\n{}", what.replace('\n', "\n  ").trim_end()).replacen("config:\n", "config:\n  ", 1)
    };
    let cases = [
        (run, in_config("files:\n  /etc/ecs/ecs.config:\n    content: !Sub 'ECS_CLUSTER=${Cluster}'"), "${Cluster}"),
        (run, in_config("commands:\n  a:\n    command: !Sub echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config"), "${Cluster}"),
        (
            run,
            in_config("commands:\n  a:\n    command: echo ECS_CLUSTER=$N >> /etc/ecs/ecs.config\n    env:\n      N: a"),
            "a",
        ),
        (
            run,
            in_config("commands:\n  b:\n    command: echo ECS_CLUSTER=b > /etc/ecs/ecs.config\n  a:\n    command: echo ECS_CLUSTER=a > /etc/ecs/ecs.config"),
            "b",
        ),
        (run, in_config("commands:\n  a:\n    command: echo ECS_CLUSTER=a > ecs.config\n    cwd: /etc/ecs"), "a"),
        (
            run,
            in_config("commands:\n  a:\n    command: echo ECS_CLUSTER=a > /etc/ecs/ecs.config\n    test: test -f /x"),
            "?",
        ),
        ("#!/bin/bash\ntrue", in_config("files:\n  /etc/ecs/ecs.config:\n    content: ECS_CLUSTER=a"), "unset"),
        (run, "configSets: {default: [one]}\none: {}\ntwo:\n  files:\n    /etc/ecs/ecs.config:\n      content: ECS_CLUSTER=a".to_owned(), "unset"),
        (
            "#!/bin/bash\nyum install -y aws-cfn-bootstrap\ncfn-init -c x,y --stack ${AWS::StackName} -r Nodes",
            "configSets: {x: [one], y: [two]}\none: {}\ntwo:\n  files:\n    /etc/ecs/ecs.config:\n      content: ECS_CLUSTER=a".to_owned(),
            "a",
        ),
        ("#!/bin/bash\ncfn-init --stack ${AWS::StackName} --resource Nodes", in_config("files:\n  /etc/ecs/ecs.config:\n    content: ECS_CLUSTER=a"), "unset"),
        ("#!/bin/bash\nyum install -y aws-cfn-bootstrap\ncfn-init --stack ${AWS::StackName} --resource Other", in_config("files: {}"), "unset"),
        // A command that fails ends it, unless its errors are ignored.
        (
            run,
            in_config("commands:\n  a:\n    command: \"false\"\n  b:\n    command: echo ECS_CLUSTER=a > /etc/ecs/ecs.config"),
            "unset",
        ),
        (
            run,
            in_config("commands:\n  a:\n    command: \"false\"\n    ignoreErrors: true\n  b:\n    command: echo ECS_CLUSTER=a > /etc/ecs/ecs.config"),
            "a",
        ),
        (run, "configSets: {default: [one], two: [two]}\none:\n  files:\n    /etc/ecs/ecs.config:\n      content: ECS_CLUSTER=a\ntwo: {}".to_owned(), "a"),
        // A set that names itself, and a command that runs `cfn-init` again.
        (
            run,
            "configSets: {default: [{ConfigSet: default}, {ConfigSet: default}, a]}\na:\n  commands:\n    c: {command: cfn-init -r Nodes; cfn-init -r Nodes}".to_owned(),
            "?",
        ),
    ];
    for (script, metadata, expected) in cases {
        assert_eq!(boot(script, &metadata, ECS_IMAGE, summary), expected, "{metadata}");
    }
}
