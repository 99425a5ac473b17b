//! User data to what the instance does.

use std::collections::BTreeMap;

use ecslint::boot::Boot;
use ecslint::model::{Launch, Model, image};
use ecslint::resolve::{Place, World, explore};
use ecslint::syntax::parse;
use ecslint::template::Template;

use super::{text, values};

const MAX: usize = 8 << 10;

/// The input is the script behind the first line.
pub(super) fn shell(input: &[u8]) {
    let Some(script) = text(input, MAX) else { return };
    boots(&format!("#!/bin/bash\n{script}"));
}

/// The input is what stands behind the head of a message of several parts.
pub(super) fn mime(input: &[u8]) {
    let Some(parts) = text(input, MAX) else { return };
    boots(&format!("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n{parts}"));
}

/// The input is all of it, in any of its forms.
pub(super) fn user_data(input: &[u8]) {
    if let Some(data) = text(input, MAX) {
        boots(data);
    }
}

/// Predicts the boot of user data: as it is, under `Fn::Sub`, or as text that should be base64.
fn boots(data: &str) {
    let written = serde_json::Value::from(data).to_string();
    let value = match data.len() % 8 {
        0..=2 => format!("{{\"Fn::Base64\":{written}}}"),
        3..=6 => format!("{{\"Fn::Base64\":{{\"Fn::Sub\":{written}}}}}"),
        _ => written,
    };
    boot(&format!(
        "{{\"Resources\":{{\"Cluster\":{{\"Type\":\"AWS::ECS::Cluster\"}},\"Node\":{{\"Type\":\"AWS::EC2::Instance\",\
         \"CreationPolicy\":{{\"ResourceSignal\":{{}}}},\"Metadata\":{{\"AWS::CloudFormation::Init\":{{\"config\":{{\
         \"files\":{{\"/etc/ecs/ecs.config\":{{\"content\":\"A=b\\n\"}}}},\"commands\":{{\"a\":{{\"command\":\"true\"}}\
         }}}}}}}},\"Properties\":{{\"ImageId\":\"{{{{resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/\
         recommended/image_id}}}}\",\"UserData\":{value}}}}}}}}}"
    ));
}

/// Everything that a boot tells lies in the template.
fn boot(source: &str) {
    let parsed = parse(source);
    let Some(root) = parsed.tree.roots().next() else { panic!("no document in {source}") };
    assert_eq!(parsed.problems, []);
    let world = World::new(Template::new(root), BTreeMap::new(), None);
    let model = Model::new(&world.template);
    let [fleet] = model.fleets.as_slice() else { panic!("{} fleets", model.fleets.len()) };
    let told = explore(&world, |scenario| {
        let launch = Launch::of(scenario, fleet);
        for launched in &launch.sources {
            let boot = Boot::of(scenario, launched, image(scenario, launched));
            if let Some(text) = &boot.text {
                values::is_whole(source, text);
            }
            let is_in = |it: &Place| {
                for span in [it.span].into_iter().chain(it.used) {
                    assert!(source.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
                }
            };
            boot.syntax_errors.iter().filter_map(|it| it.0.as_ref()).for_each(is_in);
            boot.defects.iter().filter_map(|it| it.place.as_ref()).for_each(is_in);
            boot.language.iter().chain(&boot.deadlock).for_each(is_in);
            for (key, line) in boot.lines() {
                values::is_whole(source, &key);
                values::is_whole(source, &line.value);
                line.place.iter().chain(&line.path).chain(&line.command).for_each(is_in);
            }
            let _ = (boot.setting("ECS_CLUSTER"), boot.sometimes("ECS_CLUSTER"), boot.lost("ECS_CLUSTER"));
            let _ = (boot.ignored("ECS_CLUSTER"), boot.strays("ECS_CLUSTER"));
        }
    });
    assert!(!told.answers.is_empty());
}

/// The texts of several lines in the templates of the project.
fn scripts() -> Vec<String> {
    let mut res = Vec::new();
    for template in super::templates() {
        let Ok(source) = String::from_utf8(template) else { continue };
        let long = |it: &str| (it.contains('\n') && it.len() <= MAX).then(|| it.to_owned());
        res.extend(parse(&source).tree.nodes().filter_map(|it| long(it.text())));
    }
    res
}

pub(super) fn shell_seeds() -> Vec<Vec<u8>> {
    let small = [
        "echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config\n/opt/aws/bin/cfn-signal -e $? --stack a --resource Node\n",
        "set -eux\ntrap 'cfn-signal -e $? --resource Node' EXIT\ncat <<-'EOF' | tee -a \"/etc/ecs/${x:-ecs}.config\"\n\tA=b\nEOF\n",
        "f() { local a=$1; printf '%s=%s\\n' \"$a\" \"$@\" >>/etc/ecs/ecs.config || return 1; }; f ECS_CLUSTER x\n",
        "for i in {1..3} a; do if [[ $i =~ a && -f /x ]]; then break; fi; done; while ! true; do sleep 1; done\n",
        "case $(uname -m) in x86_64|amd*) A=1;; *) A=$((A + 2));; esac; x=${A%%.*}${A/b/c}; sed -i 's/a/b/g' /etc/ecs/ecs.config\n",
        "exec > >(tee /var/log/x) 2>&1; source /etc/os-release; yum install -y a; systemctl restart ecs & wait\n",
        "cfn-init -v --stack a --resource Node --region b -c default; echo {a,b}{1..2} \"$(cat /x)\" `date` <<< y\n",
    ];
    let scripts = scripts().into_iter().filter_map(|it| {
        let (head, rest) = it.split_once('\n')?;
        head.starts_with("#!").then(|| rest.to_owned())
    });
    small.iter().map(|it| (*it).to_owned()).chain(scripts).map(String::into_bytes).collect()
}

pub(super) fn mime_seeds() -> Vec<Vec<u8>> {
    let small = [
        "--b\nContent-Type: text/x-shellscript; charset=\"us-ascii\"\n\n#!/bin/bash\necho ECS_CLUSTER=x >> /etc/ecs/ecs.config\n--b--\n",
        "--b\nContent-Type: text/cloud-config\nContent-Transfer-Encoding: base64\n\nI2Nsb3VkLWNvbmZpZwo=\n--b\n\n#!/bin/sh\nfalse\n--b--\n",
        "--b\r\nContent-Type: text/cloud-boothook\r\n\r\n#cloud-boothook\r\necho\r\n--b--\r\n",
        "--b\nContent-Type: text/cloud-config\nMerge-Type: list(append)\n\nruncmd: [[a, b], 'c']\nwrite_files: [{path: /x, content: y, encoding: gz+b64}]\n--b--\n",
    ];
    let messages = scripts().into_iter().filter(|it| it.starts_with("MIME") || it.starts_with("Content"));
    let parts = messages.filter_map(|it| Some(it.split_once("\n\n")?.1.replace("--//", "--b")));
    small.iter().map(|it| (*it).to_owned()).chain(parts).map(String::into_bytes).collect()
}

pub(super) fn user_data_seeds() -> Vec<Vec<u8>> {
    let small = [
        "#cloud-config\nbootcmd:\n- echo a\nwrite_files:\n- path: /etc/ecs/ecs.config\n  append: true\n  content: |\n    ECS_CLUSTER=x\nruncmd: [x]\n",
        "[settings.ecs]\ncluster = \"x\"\n[settings.kernel]\n\"a.b\" = 'c'\n",
        "<powershell>\nImport-Module ECSTools\nInitialize-ECSAgent -Cluster 'x' -EnableTaskIAMRole -LoggingDrivers '[\"json-file\"]'\n</powershell>\n<persist>true</persist>",
        "IyEvYmluL2Jhc2gKZWNobyBFQ1NfQ0xVU1RFUj14ID4+IC9ldGMvZWNzL2Vjcy5jb25maWcK",
        "H4sIAAAAAAAAA1NW1E/KzNNPSizO4EpNzshXcHUOjncO9gkNdg2yrVCws1PQTy1J1k9NTi7WB5HJ+Xlpmelcw1kdAOmAvc1aAAAA",
        "#include\nhttps://a/b\n",
        "## template: jinja\n#!/bin/sh\n{{ v1.region }}\n",
        "\u{feff}#!/bin/bash -ex\r\necho a\r\n",
    ];
    small.iter().map(|it| (*it).to_owned()).chain(scripts()).map(String::into_bytes).collect()
}
