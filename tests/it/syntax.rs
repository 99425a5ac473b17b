//! Text to tree: the tree is right, every place in it is exact, and nothing that is fed to the parser breaks it.

mod bad_input;
mod corpus;
mod generated;
mod halves;
mod meaning;
mod oracle;
mod places;
mod problems;
mod yaml_test_suite;

use ecslint::syntax::{Kind, Node, Parse, Tree, parse};

/// A template with every form that a place may get wrong.
const TEMPLATE: &str = r##"AWSTemplateFormatVersion: 2010-09-09
# The größte comment
Description: >-
  A folded
  text with ünïcode

  and a paragraph
    more indented
Parameters:
  Größe: {Type: Number, Default: 0x1f, Description: 'it''s "quoted"'}
  "Escaped": {"Type": "String", "Default": "a\tb\u00e4\\ \"c\" \
    continued   here
    folded\n"}
  Plain: {Type: String, Default: plain text
    that goes on}
Conditions:
  IsBig: &big !Equals [!Ref Größe, "10"]   # a comment
  Other: !Not
  - !Condition IsBig
  - Condition: IsBig
Resources:
  Nodes:
    Type: AWS::EC2::LaunchTemplate
    Metadata: *big
    Properties:
      ? LaunchTemplateData
      : UserData:
          Fn::Base64: !Sub
            - |+2
                #!/bin/bash
              echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config

               echo 'größer'

            - Cluster: !Ref Cluster
              Empty:
              Null: ~
  Cluster: {Type: AWS::ECS::Cluster}
Outputs:
  Script:
    Value: !Join ['', ["a", b: c, {d: e}, [], !Base64 "x"]]
"##;

/// A template in JSON.
const JSON_TEMPLATE: &str = r##"{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Description": "gr\u00f6\u00dfer \"quoted\" \ud83d\ude00\/\t\\",
  "Resources": {
	"Cluster": {"Type": "AWS::ECS::Cluster", "Größe": [1, -2.5e+3, true, false, null, [], {}]}
  }
}
"##;

/// The tree of a text that has nothing wrong.
fn good(source: &str) -> Tree<'_> {
    let Parse { tree, problems } = parse(source);
    assert_eq!(problems, [], "in {source:?}");
    tree
}

/// Everything that a user of the tree may ask of it.
fn touch(source: &str) -> Parse<'_> {
    let res = parse(source);
    for node in res.tree.nodes() {
        let _ = (node.span().slice(source), node.full_span().slice(source), node.text(), node.text_map());
        let _ = (ecslint::syntax::meaning(node), node.entries().count(), node.items().count());
        assert_eq!(
            node.text_map().decoded_len(),
            if node.kind() == Kind::Scalar { node.text().len() } else { 0 }
        );
    }
    for problem in &res.problems {
        assert!(!problem.message.is_empty() && !problem.message.ends_with('.'), "{problem:?}");
        let _ = problem.span.slice(source);
        let _ = problem.because.as_ref().map(|(span, _)| span.slice(source));
    }
    res
}

/// A node with all below it, without places.
fn shape(node: Node<'_>) -> Vec<String> {
    let one = |it: Node<'_>| {
        format!(
            "{:?} {:?} {:?} {:?}",
            it.kind(),
            it.style(),
            it.text(),
            it.tag().map(|it| it.name.to_owned())
        )
    };
    node.descendants().map(one).collect()
}

/// Whether it is a pair in a list (`[a: b]`), which is a mapping without brackets.
fn is_pair(source: &str, node: Node<'_>) -> bool {
    let first = node.entries().next().map(|(key, _)| key.span().start);
    let (is_flow, start) = (node.style() == ecslint::syntax::Style::Flow, node.span().start);
    // A bracket comes before the key; a tag or an anchor of the key is no bracket.
    is_flow && first.is_some_and(|key| key == start || !node.span().slice(source).starts_with('{'))
}

/// The files of a folder that a variable names; nothing when it is not set.
fn corpus_files() -> Vec<(String, String)> {
    let mut res = Vec::new();
    if let Some(folder) = std::env::var_os("ECSLINT_CORPUS") {
        read_folder(&std::path::Path::new(&folder).join("files"), &mut res);
        assert!(!res.is_empty(), "ECSLINT_CORPUS names a folder without `files`");
    }
    res
}

/// The project's own templates, the texts of this file among them.
fn fixtures() -> Vec<(String, String)> {
    let mut res = vec![("TEMPLATE".into(), TEMPLATE.into()), ("JSON_TEMPLATE".into(), JSON_TEMPLATE.into())];
    read_folder(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut res);
    res
}

fn read_folder(folder: &std::path::Path, res: &mut Vec<(String, String)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|it| it.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read_folder(&path, res);
        } else if let Ok(bytes) = std::fs::read(&path)
            && let Ok(text) = ecslint::text::decode(&bytes)
        {
            res.push((path.display().to_string(), text.to_owned()));
        }
    }
}
