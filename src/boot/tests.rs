//! Scripts and what the machine has to say about them.

use std::collections::BTreeMap;

use proptest::prelude::*;

mod forms;
mod programs;

use super::{Boot, ExitCode, Setting, WhyMissing};
use crate::model::{Answer, Fleet, Image, ImageFamily, ImageSource, Launch};
use crate::resolve::{World, explore};
use crate::syntax::parse;
use crate::template::Template;

/// An ECS image of Amazon Linux 2.
const ECS_IMAGE: Image = Image {
    source: ImageSource::Ssm,
    family: Some(ImageFamily::AmazonLinux2),
    variant: None,
    architecture: None,
    ecs: Answer::Yes,
};

/// A template around user data, which is substituted, and the metadata of the launch template.
fn template(user_data: &str, metadata: &str) -> String {
    let indented = |text: &str, by: usize| {
        let pad = " ".repeat(by);
        text.split_inclusive('\n').map(|it| format!("{pad}{it}")).collect::<String>()
    };
    let metadata = match metadata {
        "" => String::new(),
        some => format!("    Metadata:\n      AWS::CloudFormation::Init:\n{}\n", indented(some, 8)),
    };
    format!(
        "Parameters:
  Name: {{Type: String}}
Resources:
  Cluster: {{Type: AWS::ECS::Cluster}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate: {{LaunchTemplateId: !Ref Nodes, Version: '1'}}
  Nodes:
    Type: AWS::EC2::LaunchTemplate
{metadata}    Properties:
      LaunchTemplateData:
        UserData:
          Fn::Base64: !Sub |4
{}
",
        indented(user_data, 14)
    )
}

/// The boot of the launch template in the only scenario, told by `tell`.
fn boot(user_data: &str, metadata: &str, image: Image, tell: impl Fn(&Boot<'_>, &str) -> String) -> String {
    let source = template(user_data, metadata);
    let parsed = parse(&source);
    let root = parsed.tree.roots().next().expect("internal error: an empty template");
    let world = World::new(Template::new(root), BTreeMap::new(), None);
    let told = explore(&world, |scenario| {
        let group = scenario.template().resource("Group").and_then(Fleet::of);
        let fleet = group.expect("internal error: no group");
        let launch = Launch::of(scenario, &fleet);
        let boot = Boot::of(scenario, &launch.sources[0], image);
        tell(&boot, &source)
    });
    told.answers.into_iter().map(|it| it.1).next().unwrap_or_default()
}

/// `cluster; signal, signal`: the value of `ECS_CLUSTER` and what is signalled.
fn summary(boot: &Boot<'_>, source: &str) -> String {
    let cluster = match boot.setting("ECS_CLUSTER") {
        Setting::Unset => "unset".to_owned(),
        Setting::Unknown => "?".to_owned(),
        Setting::Set(line) => {
            // The place is that of the very words, also when they went through variables.
            let place = line.place.expect("a value without a place").span.slice(source);
            let shown = line.value.display();
            assert!(
                line.value.known().is_none() || line.value.is_empty() || place == shown,
                "{place} {shown}"
            );
            shown
        }
    };
    let signals = boot.signals.iter().map(|it| {
        let target = it.resource.as_ref().or(it.url.as_ref()).map_or("-".to_owned(), |it| it.display());
        let code = match &it.exit_code {
            ExitCode::Constant(code) => code.to_string(),
            ExitCode::Of { command, .. } => format!("$?({command})"),
            ExitCode::Unknown(_) => "?".to_owned(),
        };
        format!("{target} {code}{}", if it.certain { "" } else { " maybe" })
    });
    let signals: Vec<_> = signals.collect();
    format!("{cluster}; {}", signals.join(", ")).trim_end_matches([' ', ';']).to_owned()
}

/// Runs scripts on an ECS image; a shebang is put before each.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (script, expected) in cases {
        let user_data = format!("#!/bin/bash\n{script}\n");
        let told = boot(&user_data, "", ECS_IMAGE, summary);
        if told != *expected {
            wrong.push_str(&format!("{script}\n  expected: {expected}\n  told:     {told}\n\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn writing() {
    check(&[
        ("true", "unset"),
        ("echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config", "${Cluster}"),
        ("# echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config", "unset"),
        ("echo 'ECS_CLUSTER=a' > /etc/ecs/ecs.config", "a"),
        ("echo \"ECS_CLUSTER=a\" | tee -a /etc/ecs/ecs.config", "a"),
        ("echo ECS_CLUSTER=a | sudo tee /etc/ecs/ecs.config > /dev/null", "a"),
        ("printf 'ECS_CLUSTER=%s\\n' ${Cluster} >> /etc/ecs/ecs.config", "${Cluster}"),
        ("printf 'A=%s\\nECS_CLUSTER=%s\\n' 1 a >> /etc/ecs/ecs.config", "a"),
        ("printf '%s\\n' A=1 ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("echo -e 'A=1\\nECS_CLUSTER=a' >> /etc/ecs/ecs.config", "a"),
        ("echo 'ECS_CLUSTER=a' >> /etc/ecs/ecs.config\necho A=1 > /etc/ecs/ecs.config", "unset"),
        ("echo 'ECS_CLUSTER=a' > /etc/ecs/ecs.config\necho A=1 >> /etc/ecs/ecs.config", "a"),
        ("echo 'ECS_CLUSTER=a\nECS_CLUSTER=b' > /etc/ecs/ecs.config", "b"),
        ("{ echo A=1; echo ECS_CLUSTER=a; } >> /etc/ecs/ecs.config", "a"),
        ("(echo A=1; echo ECS_CLUSTER=a) >> /etc/ecs/ecs.config", "a"),
        ("cd /etc/ecs\necho ECS_CLUSTER=a >> ecs.config", "a"),
        ("cd /etc/ecs && echo ECS_CLUSTER=a >> ./ecs.config", "a"),
        ("F=/etc/ecs/ecs.config\necho ECS_CLUSTER=a >> $F", "a"),
        ("echo ECS_CLUSTER=a >> /etc/ecs.config", "unset"),
        ("echo ECS_CLUSTER=a >> /etc//ecs/../ecs/ecs.config", "a"),
        ("sudo bash -c \"echo ECS_CLUSTER=a >> /etc/ecs/ecs.config\"", "a"),
        ("su - root -c 'echo ECS_CLUSTER=a >> /etc/ecs/ecs.config'", "a"),
        ("sh -c 'echo ECS_CLUSTER=$1 >> /etc/ecs/ecs.config' x a", "a"),
        ("eval 'echo ECS_CLUSTER=a >> /etc/ecs/ecs.config'", "a"),
        ("echo ECS_CLUSTER=a > /tmp/x\ncp /tmp/x /etc/ecs/ecs.config", "a"),
        ("echo ECS_CLUSTER=a > /tmp/ecs.config\nmv -f /tmp/ecs.config /etc/ecs/", "a"),
        ("cat /tmp/none >> /etc/ecs/ecs.config", "?"),
        ("cat <(echo ECS_CLUSTER=a) > /etc/ecs/ecs.config", "?"),
        ("exec > >(tee /var/log/x.log) 2>&1\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("echo ECS_CLUSTER=a >> /etc/ecs/ecs.config 2>&1", "a"),
        ("echo ECS_CLUSTER=a >> /etc/ecs/ecs.config || true", "a"),
        ("rm -f /etc/ecs/ecs.config\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("echo ECS_CLUSTER=a >> /etc/ecs/ecs.config\nrm -f /etc/ecs/ecs.config", "unset"),
        ("grep -q ECS_CLUSTER /etc/ecs/ecs.config || echo ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
    ]);
}

#[test]
fn here_documents() {
    check(&[
        ("cat <<EOF >> /etc/ecs/ecs.config\nECS_CLUSTER=${Cluster}\nEOF", "${Cluster}"),
        ("cat > /etc/ecs/ecs.config <<'EOF'\nECS_CLUSTER=a\nEOF", "a"),
        ("N=a\ncat > /etc/ecs/ecs.config <<EOF\nECS_CLUSTER=$N\nEOF", "a"),
        ("N=a\ncat > /etc/ecs/ecs.config <<'EOF'\nECS_CLUSTER=$N\nEOF", "$N"),
        ("N=a\ncat > /etc/ecs/ecs.config <<EOF\nECS_CLUSTER=${!N}\nEOF", "a"),
        ("cat > /etc/ecs/ecs.config <<-EOF\n\tECS_CLUSTER=a\n\tEOF", "a"),
        ("cat > /opt/x.sh <<'EOF'\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config\nEOF", "unset"),
        ("cat > /opt/x.sh <<'EOF'\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config\nEOF\nbash /opt/x.sh", "a"),
        (
            "cat > /opt/x.sh <<'EOF'\n#!/bin/bash\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config\nEOF\nchmod +x /opt/x.sh\n/opt/x.sh",
            "a",
        ),
        ("bash -ex <<\"TRY\"\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config\nTRY", "a"),
        ("tee /etc/ecs/ecs.config <<< ECS_CLUSTER=a", "a"),
        ("cat <<EOF | tee -a /etc/ecs/ecs.config\nECS_CLUSTER=a\nEOF", "a"),
        ("cat <<EOF > /etc/ecs/ecs.config\nA=$(hostname)\nECS_CLUSTER=a\nEOF", "a"),
    ]);
}

#[test]
fn variables() {
    check(&[
        ("A=a\nB=$A\necho ECS_CLUSTER=$B >> /etc/ecs/ecs.config", "a"),
        ("export A=a\necho \"ECS_CLUSTER=${!A}\" >> /etc/ecs/ecs.config", "a"),
        ("A=$(echo a)\necho ECS_CLUSTER=$A >> /etc/ecs/ecs.config", "a"),
        ("A=`echo a`\necho ECS_CLUSTER=$A >> /etc/ecs/ecs.config", "a"),
        ("A=$(curl http://169.254.169.254/x)\necho ECS_CLUSTER=$A >> /etc/ecs/ecs.config", "..."),
        ("echo ECS_CLUSTER=${!A:-a} >> /etc/ecs/ecs.config\ntrue", "..."),
        ("A=\necho ECS_CLUSTER=${!A:-a} >> /etc/ecs/ecs.config", "a"),
        ("A=a\necho ECS_CLUSTER=${!A:-b} >> /etc/ecs/ecs.config", "a"),
        ("for A in a; do echo ECS_CLUSTER=$A >> /etc/ecs/ecs.config; done", "a"),
        ("for A in x y; do echo ECS_CLUSTER=$A; done >> /etc/ecs/ecs.config", "y"),
        ("f() { echo ECS_CLUSTER=$1 >> /etc/ecs/ecs.config; }\nf a", "a"),
        ("f() { echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; }", "unset"),
        ("function f { echo ECS_CLUSTER=$1; }\nf a > /etc/ecs/ecs.config", "a"),
        ("(A=a)\nA=b\n(A=c)\necho ECS_CLUSTER=$A >> /etc/ecs/ecs.config", "b"),
    ]);
}

#[test]
fn branches() {
    check(&[
        ("if [ -f /tmp/x ]; then echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; fi", "?"),
        ("if curl x; then A=a; else A=a; fi\necho ECS_CLUSTER=$A >> /etc/ecs/ecs.config", "a"),
        ("if [ a = a ]; then echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; fi", "a"),
        ("if [ a != a ]; then echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; fi", "unset"),
        ("if [[ a == b ]]; then echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; fi", "unset"),
        ("A=\nif [ -z \"$A\" ]; then echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; fi", "a"),
        ("A=x\nif [[ -n $A && $A == x* ]]; then echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; fi", "a"),
        ("if [ '${Name}' = x ]; then echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; fi", "?"),
        ("case x in y) echo ECS_CLUSTER=b;; x|z) echo ECS_CLUSTER=a;; esac > /etc/ecs/ecs.config", "a"),
        ("case x in *) echo ECS_CLUSTER=a >> /etc/ecs/ecs.config;; esac", "a"),
        ("yum install -y x && echo ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("yum install -y x || exit 1\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("[ -f /tmp/x ] && echo ECS_CLUSTER=a >> /etc/ecs/ecs.config", "?"),
        ("[ a = a ] && echo ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("A=a\necho x | while read B; do A=b; done\necho ECS_CLUSTER=$A >> /etc/ecs/ecs.config", "a"),
        ("exit 0\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "unset"),
        ("exec /bin/true\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "unset"),
        ("set -e\nmkdir /etc/ecs\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "unset"),
        ("mkdir /etc/ecs\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("mkdir /etc/ecs && echo ECS_CLUSTER=a >> /etc/ecs/ecs.config", "unset"),
        ("set -e\nset +e\nmkdir /etc/ecs\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("set -e\nmkdir /etc/ecs || true\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("set -e\nif ! mkdir /etc/ecs; then echo ECS_CLUSTER=a >> /etc/ecs/ecs.config; fi", "a"),
        ("set -e\nmkdir -p /etc/ecs\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("while ! curl x; do sleep 1; done\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("until curl x; do sleep 1; done\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("f() { return 0; echo ECS_CLUSTER=b >> /etc/ecs/ecs.config; }\nf", "unset"),
        ("for A in x y; do echo ECS_CLUSTER=$A; break; done >> /etc/ecs/ecs.config", "x"),
    ]);
}

#[test]
fn programs_that_may_do_anything() {
    check(&[
        ("bash ./install.sh", "?"),
        ("curl -s http://x | sh", "?"),
        ("python /opt/x.py", "?"),
        ("./install.sh\necho ECS_CLUSTER=a >> /etc/ecs/ecs.config", "a"),
        ("echo ECS_CLUSTER=a >> /etc/ecs/ecs.config\n./install.sh", "a"),
        ("aws s3 cp s3://x/ecs.config /etc/ecs/ecs.config", "?"),
        ("curl -o /etc/ecs/ecs.config http://x", "?"),
        ("$PROGRAM x", "?"),
        ("yum install -y x\nsystemctl enable --now docker\nchmod 600 /etc/ecs/ecs.config", "unset"),
    ]);
}

#[test]
fn sed() {
    check(&[
        (
            "echo ECS_CLUSTER=x > /etc/ecs/ecs.config\nsed -i 's/^ECS_CLUSTER=.*/ECS_CLUSTER=a/' /etc/ecs/ecs.config",
            "a",
        ),
        (
            "echo ECS_CLUSTER=__NAME__ > /etc/ecs/ecs.config\nsed -i \"s|__NAME__|${Cluster}|g\" /etc/ecs/ecs.config",
            "${Cluster}",
        ),
        ("echo ECS_CLUSTER=x > /etc/ecs/ecs.config\nsed -i 's/A=.*/A=1/' /etc/ecs/ecs.config", "x"),
        ("echo ECS_CLUSTER=x > /etc/ecs/ecs.config\nsed -i '/ECS_CLUSTER/d' /etc/ecs/ecs.config", "unset"),
        ("echo A=1 > /etc/ecs/ecs.config\nsed -i '$ a ECS_CLUSTER=a' /etc/ecs/ecs.config", "a"),
        ("echo ECS_CLUSTER=x > /etc/ecs/ecs.config\nsed -i '/ECS/s/[a-z]*$/b/' /etc/ecs/ecs.config", "?"),
    ]);
}

#[test]
fn the_form_of_the_line() {
    check(&[
        ("echo 'ECS_CLUSTER=\"a\"' >> /etc/ecs/ecs.config", "\"a\""),
        ("echo 'export ECS_CLUSTER=a' >> /etc/ecs/ecs.config", "unset"),
        ("echo 'ECS_CLUSTER = a' >> /etc/ecs/ecs.config", "unset"),
        ("echo '# ECS_CLUSTER=a' >> /etc/ecs/ecs.config", "unset"),
        ("echo '  ECS_CLUSTER=a  ' >> /etc/ecs/ecs.config", "a"),
        ("echo PRX_ECS_CLUSTER=a >> /etc/ecs/ecs.config", "unset"),
    ]);
}

#[test]
fn signalling() {
    check(&[
        ("cfn-signal -e $? --stack s --resource Group", "unset; Group 0"),
        (
            "yum install -y x\n/opt/aws/bin/cfn-signal -e $? --resource=Group --stack s",
            "unset; Group $?(yum)",
        ),
        ("yum x; RC=$?; echo hi; cfn-signal -e $RC --resource Group", "unset; Group $?(yum)"),
        ("yum x; RC=$?; R2=\"$RC\"; cfn-signal -e \"${!R2}\" --resource Group", "unset; Group $?(yum)"),
        ("echo /opt/aws/bin/cfn-signal -e 0 --resource Group", "unset"),
        ("# cfn-signal -e 0 --resource Group", "unset"),
        ("f() { cfn-signal -e 0 --resource Group; }", "unset"),
        ("f() { cfn-signal -e $1 --resource Group; }\nf 0", "unset; Group 0"),
        ("yum x || true\ncfn-signal -e $? --resource Group", "unset; Group 0"),
        (
            "trap 'cfn-signal -e 1 --resource Group' ERR\nyum x\ncfn-signal -e 0 --resource Group",
            "unset; Group 1 maybe, Group 0",
        ),
        ("trap 'cfn-signal -e $? --resource Group' EXIT\nyum x", "unset; Group $?(yum)"),
        (
            "set -e\ntrap 'cfn-signal -e 1 --resource Group' ERR\nmkdir /etc/ecs\ncfn-signal -e 0 --resource Group",
            "unset; Group 1 maybe, Group 1",
        ),
        ("exit 0\ncfn-signal -e 0 --resource Group", "unset"),
        (
            "if curl x; then cfn-signal -e 0 --resource Group; else cfn-signal -e 1 --resource Group; fi",
            "unset; Group ?",
        ),
        ("if curl x; then cfn-signal -e 0 --resource Group; fi", "unset; Group 0 maybe"),
        ("cfn-signal -e 0 --res Group --stack \\\n  s", "unset; Group 0"),
        ("cfn-signal -e 1 https://x/y", "unset; https://x/y 1"),
        ("cfn-signal -s false --resource Group", "unset; Group 1"),
        ("[ -f /etc/x ]\ncfn-signal -e $? --resource Group", "unset; Group $?([)"),
        (
            "aws cloudformation signal-resource --stack-name s --logical-resource-id Group --unique-id i --status SUCCESS",
            "unset; Group 0",
        ),
        ("A=\"-e 0 --resource Group\"\ncfn-signal $A", "unset; Group 0"),
        ("cat > /tmp/x <<'EOF'\ncfn-signal -e 0 --resource Group\nEOF", "unset"),
    ]);
}

/// Scripts of any shape neither panic nor take long.
fn mutated() -> impl Strategy<Value = String> {
    const PIECES: [&str; 44] = [
        "echo ",
        "ECS_CLUSTER=a",
        " >> /etc/ecs/ecs.config",
        "\n",
        ";",
        "if ",
        "then ",
        "fi\n",
        "for A in a b; do ",
        "done\n",
        "while ",
        "until ",
        "do ",
        "$(",
        ")",
        "`",
        "\"",
        "'",
        "${!A",
        "}",
        "$A",
        "$?",
        "cat <<EOF\n",
        "EOF\n",
        "<<- 'X'\n",
        "&& ",
        "|| ",
        "| ",
        "& ",
        "! ",
        "f() { ",
        "f a\n",
        "case x in ",
        ") ",
        ";; esac\n",
        "cfn-signal -e $? --resource Group\n",
        "trap 'f' EXIT\n",
        "eval ",
        "bash -c '",
        "sed -i 's/a/b/' ",
        "printf '%s\\n' ",
        "\\",
        "[[ -n $A ]] ",
        "${Cluster}",
    ];
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..40).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_script_is_read(script in mutated()) {
        boot(&format!("#!/bin/bash\n{script}\n"), "", ECS_IMAGE, summary);
    }
}

/// Scripts that grow without end are cut off: nothing is concluded from them.
#[test]
fn work_is_bounded() {
    let many = |line: &str, count: usize| vec![line; count].join("\n");
    let scripts = [
        format!("A=aaaaaaaa\n{}", many("A=$A$A", 60)),
        format!("echo aaaaaaaa > /f\n{}", many("cat /f /f > /g; cat /g >> /f", 60)),
        many("curl x || echo A=$A >> /etc/ecs/ecs.config", 3000),
        "f() { f; f; }\nf".to_owned(),
        "A='eval \"$A\"; eval \"$A\"'\neval \"$A\"".to_owned(),
        format!("{}echo{}", "$(".repeat(200), ")".repeat(200)),
        format!("{}echo{}", "if a; then ".repeat(200), "; fi".repeat(200)),
        vec!["true"; 3000].join(" && "),
        vec!["cat"; 3000].join(" | "),
        format!("{}echo $a;{}", "for a in 1 2 3 4 5 6 7 8; do ".repeat(9), " done;".repeat(9)),
    ];
    for script in scripts {
        let told = boot(&format!("#!/bin/bash\n{script}\n"), "", ECS_IMAGE, summary);
        assert!(told == "?" || told == "unset", "{told}");
    }
}

/// Letters beyond ASCII where options and headers are cut.
#[test]
fn letters_beyond_ascii() {
    for script in [
        "#!/bin/bash\n/opt/aws/bin/cfn-signal -é 1 -ß --é=2 -e\u{e9}\n",
        "Content-Type: multipart/mixed; İİ boundary=\"é\"\n\n--é\nİ: x\n\n#!/bin/bash\n--é--\n",
        "<powershell>\nİİ Initialize-ECSAgent -Cluster é\n</powershell>\n",
    ] {
        boot(script, "", ECS_IMAGE, |_, _| String::new());
    }
}

/// What a careful reader found: idioms that prove nothing, and text that takes too much.
#[test]
fn idioms_and_traps() {
    let join = "#!/bin/bash\necho ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config\n";
    for (script, set) in [
        (format!("{join}sed -i '/^$/d' /etc/ecs/ecs.config\n"), true),
        (format!("{join}sed -i 's/[[:space:]]*$//' /etc/ecs/ecs.config\n"), false),
        (join.replace("echo", "set -e\nset +o errexit\nmkdir /etc/ecs\necho"), true),
        (join.replace("echo", "install -m 644 /opt/ecs.config /etc/ecs/ecs.config\ntrue"), false),
        (format!("{join}flock /var/lock/l yum update -y\n"), true),
        ("#cloud-config\nruncmd:\n  - [sh, -c, \"echo 'ECS_CLUSTER=${Cluster}' >> /etc/ecs/ecs.config\"]\n".to_owned(), true),
    ] {
        let told = boot(&script, "", ECS_IMAGE, |boot, _| format!("{}", matches!(boot.setting("ECS_CLUSTER"), Setting::Set(_))));
        assert!(told == set.to_string() || !set, "{script}\n{told}");
    }
    boot("#!/bin/bash\ncat <<EOF\n$\u{7b}é", "", ECS_IMAGE, |_, _| String::new());
    boot(&format!("#!/bin/bash\n{}true\n", "env ".repeat(20_000)), "", ECS_IMAGE, |_, _| String::new());
}
