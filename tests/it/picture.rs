//! Pictures: what they show, and that no template breaks them.

use ecslint::lint::picture::{Kind, MAX_FLEETS, Picture, Purpose, State, picture};
use ecslint::lint::views::views;
use ecslint::lint::{Options, check};
use ecslint::report::picture::mermaid::mermaid;
use ecslint::report::picture::svg::{Frame, svg};
use ecslint::report::{FileReport, Format, Piece, Report, Summary, sanitize};
use ecslint::text::Lines;

const GOOD: &str = include_str!("../../fixtures/good-cluster.yml");

fn drawn(text: &str) -> Picture {
    let options = Options::default();
    let outcome = check(text.as_bytes(), &options);
    picture(text.as_bytes(), &options, &outcome).expect("a template")
}

/// The ways as `from -purpose-> to: state label codes`.
fn ways(text: &str) -> Vec<String> {
    let picture = drawn(text);
    let name = |idx: usize| picture.things[idx].name.as_str();
    let line = |it: &ecslint::lint::picture::Way| {
        let codes: Vec<_> = it.findings.iter().map(|it| &*it.1).collect();
        let line =
            format!("{} -> {}: {:?} {} {}", name(it.from), name(it.to), it.state, it.label, codes.join(" "));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    picture.ways.iter().map(line).collect()
}

/// A page about one template.
fn page(text: &str) -> String {
    let options = Options::default();
    let outcome = check(text.as_bytes(), &options);
    let views = views(text.as_bytes(), &options, &outcome);
    let lines = Lines::new(text);
    let mut report = Report::new(Format::Html);
    let file = FileReport { path: "a.yml", lines: &lines, outcome: &outcome, views: Some(&views) };
    let piece: Piece = Format::Html.file(&file);
    report.head() + &report.add(piece) + &report.tail(&Summary::of(&outcome))
}

#[test]
fn what_is_well_is_open() {
    let expected = [
        "Group -> Instances: Open starts from",
        "Group -> PublicSubnet: Open",
        "PublicSubnet -> PublicRoute: Open",
        "PublicRoute -> internet gateway: Open",
        "internet gateway -> the world: Open",
        "InstanceSecurityGroup -> Group: Open",
        "Group -> Cluster: Open joins",
        "Group -> Group: Open signals",
        "Group -> InstanceRole: Open registers, logs",
    ];
    assert_eq!(ways(GOOD), expected);
}

#[test]
fn what_breaks_is_red_with_its_finding() {
    let bad = GOOD
        .replace("--resource Group", "--resource Cluster")
        .replace("ECS_CLUSTER=${Cluster}", "ECS_CLUSTER=other")
        .replace("MapPublicIpOnLaunch: true", "MapPublicIpOnLaunch: false");
    let ways = ways(&bad);
    for wanted in [
        "Group -> other: Broken joins another one ECS102",
        "Group -> Cluster: Broken signals the wrong one ECS202",
        "PublicSubnet -> PublicRoute: Broken no way out ECS502",
        "internet gateway -> the world: Open",
    ] {
        assert!(ways.iter().any(|it| it == wanted), "{wanted}: {ways:#?}");
    }
}

#[test]
fn what_is_meant_for_no_cluster_lacks_nothing() {
    let text = "Resources:\n  Node:\n    Type: AWS::EC2::Instance\n    Properties: {ImageId: ami-12345678, InstanceType: t3.micro}\n";
    let ways = ways(text);
    assert!(
        !ways.is_empty() && ways.iter().all(|it| !it.contains("Broken") && !it.contains("cluster")),
        "{ways:#?}"
    );
}

#[test]
fn mermaid_says_the_same() {
    let bad = GOOD.replace("ECS_CLUSTER=${Cluster}", "ECS_CLUSTER=other");
    let text = mermaid(&drawn(&bad), &Lines::new(&bad));
    assert!(text.starts_with("flowchart LR\n  n0[[\"Group<br/>"), "{text}");
    assert!(text.contains("n0 -->|\"joins another one: "), "{text}");
    assert!(text.contains("linkStyle 6 stroke:#c62828"), "{text}");
}

/// Names that are out for something, where a template takes them.
fn hostile() -> String {
    let name = r#"a\"><script>alert(1)</script>]]>&#x1b;\u001b[31m\u202e`|{}'"#;
    GOOD.replace("ECS_CLUSTER=${Cluster}", "ECS_CLUSTER=<b>&amp;\"x</b>")
        .replace("Description: ", &format!("Description: \"{name}\" # "))
        .replace("10.0.0.0/24", "<svg/onload=alert(1)>")
}

#[test]
fn no_template_breaks_a_picture_or_a_page() {
    let text = hostile();
    let lines = Lines::new(&text);
    let picture = drawn(&text);
    let file = svg(&picture, &lines, Frame::File);
    let tree = roxmltree::Document::parse(&file).expect("XML");
    let allowed = ["svg", "style", "marker", "polygon", "rect", "text", "tspan", "g", "title", "path"];
    for node in tree.descendants().filter(roxmltree::Node::is_element) {
        assert!(allowed.contains(&node.tag_name().name()), "{}", node.tag_name().name());
        assert!(node.attributes().all(|it| !it.name().starts_with("on")), "{file}");
    }
    let page = page(&text);
    assert!(page.contains("default-src 'none'"), "nothing is loaded, nothing runs");
    for bad in ["<script", "<svg/", "<b>&amp;\"", "javascript:", "onload=alert(1)>"] {
        assert!(!page.contains(bad), "{bad}");
    }
    let chart = mermaid(&picture, &lines);
    assert!(chart.lines().all(|it| it.matches('"').count() % 2 == 0 && !it.contains("<b>")), "{chart}");
    for text in [&file, &page, &chart] {
        assert!(!text.contains(|it: char| it != '\n' && sanitize::is_unsafe(it)));
    }
}

#[test]
fn each_link_of_a_page_leads_somewhere() {
    let page = page(include_str!("../../fixtures/ecs-cluster-def.yml"));
    let ids: Vec<_> = page.split(" id=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
    let links: Vec<_> = page.split("href=\"#").skip(1).filter_map(|it| it.split('"').next()).collect();
    assert!(links.len() > 50);
    for link in links {
        assert_eq!(ids.iter().filter(|it| **it == link).count(), 1, "{link}");
    }
    let outward = page.split("href=\"").skip(1).filter(|it| !it.starts_with('#'));
    assert!(
        outward
            .into_iter()
            .all(|it| it.starts_with("https://github.com/ecslint/ecslint/blob/main/rules/ECS"))
    );
}

#[test]
fn a_secret_is_on_no_page() {
    let text = GOOD.replace(
        "Parameters:\n",
        "Parameters:\n  Password: {Type: String, NoEcho: true, Default: hunter2}\n",
    );
    let text = text.replace("set -e", "set -e\n            echo ${Password}");
    assert_ne!(text, GOOD);
    let page = page(&text);
    assert!(!page.contains("hunter2") && page.contains("Default: ****"), "{page}");
}

#[test]
fn many_fleets_make_a_picture_of_bounded_size() {
    let mut text = "Resources:\n  C: {Type: AWS::ECS::Cluster}\n".to_owned();
    for idx in 0..400 {
        text += &format!(
            "  I{idx}:\n    Type: AWS::EC2::Instance\n    Properties: {{ImageId: ami-12345678, InstanceType: t3.micro, UserData: !Base64 'ECS_CLUSTER'}}\n"
        );
    }
    let picture = drawn(&text);
    let n_fleets = picture.things.iter().filter(|it| it.kind == Kind::Fleet).count();
    assert_eq!((n_fleets, picture.n_left_out), (MAX_FLEETS, 400 - MAX_FLEETS));
    let drawn = svg(&picture, &Lines::new(&text), Frame::File);
    assert!(drawn.len() < 100_000 && drawn.contains("376 more fleets are not drawn"), "{}", drawn.len());
    assert!(picture.ways.iter().any(|it| it.purpose == Purpose::Join && it.state != State::Open));
}

/// What the README shows is what is drawn. `ECSLINT_BLESS=1` draws it anew.
#[test]
fn the_picture_of_the_readme_is_drawn_from_its_template() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/picture.svg");
    let text = include_str!("../../fixtures/ecs-cluster-def.yml");
    let drawn = svg(&drawn(text), &Lines::new(text), Frame::File);
    if std::env::var_os("ECSLINT_BLESS").is_some() {
        std::fs::write(path, &drawn).expect("writable");
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap_or_default(),
        drawn,
        "ECSLINT_BLESS=1 cargo test --test it picture"
    );
}
