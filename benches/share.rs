//! What share of a check each part has, on the templates of the project, and how fast text becomes a tree:
//! `cargo bench`.
//!
//! Times are printed as ratios of one run, since absolute ones tell about the machine. Each part is run alternately
//! with the others and its fastest round counts.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads files and prints")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use ecslint::boot::Boot;
use ecslint::lint::{Options, check};
use ecslint::model::{Launch, Model, image};
use ecslint::resolve::{World, explore};
use ecslint::syntax::{parse, parse_any_yaml};
use ecslint::template::Template;

const ROUNDS: usize = 200;

fn main() {
    println!(
        "{:<36} {:>8} {:>8} {:>9} {:>9} {:>12}",
        "template", "bytes", "script", "reading", "boot", "boot/full"
    );
    for path in [
        "fixtures/ecs-cluster-def.yml",
        "fixtures/good-cluster.yml",
        "tests/it/faults/init.yaml",
        "tests/it/faults/mime.yaml",
        "tests/it/faults/fleets.yaml",
    ] {
        let source = std::fs::read_to_string(path).expect("a template of the project");
        let options = Options::default();
        let parsed = parse(&source);
        let root = parsed.tree.roots().next().expect("a template");
        let world = World::new(Template::new(root), BTreeMap::new(), None);
        let (mut reading, mut boot, mut whole) = (Duration::MAX, Duration::MAX, Duration::MAX);
        // Reading with the full parser alone.
        let mut full = Duration::MAX;
        let mut script = 0;
        for _ in 0..ROUNDS {
            reading = reading.min(timed(|| {
                black_box(parse(black_box(&source)));
            }));
            full = full.min(timed(|| drop(black_box(parse_any_yaml(black_box(&source))))));
            boot = boot.min(timed(|| script = boots(&world)));
            whole = whole.min(timed(|| {
                black_box(check(black_box(source.as_bytes()), &options));
            }));
        }
        let share = |part: Duration| part.as_secs_f64() / whole.as_secs_f64() * 100.0;
        let ratio = boot.as_secs_f64() / full.as_secs_f64();
        println!(
            "{path:<36} {:>8} {script:>8} {:>8.1}% {:>8.1}% {ratio:>12.2}",
            source.len(),
            share(reading),
            share(boot)
        );
    }
    println!(
        "\n{:<36} {:>8} {:>8} {:>12} {:>12} {:>12} {:>12}",
        "text", "bytes", "nodes", "MB/s", "full parser", "times", "check/full"
    );
    for (name, source) in [
        ("YAML of 50 KB", yaml(50_000)),
        ("YAML of 1 MB", yaml(1_000_000)),
        ("YAML of 16 MB", yaml(16_000_000)),
        ("JSON of 1 MB", json(1_000_000)),
        ("JSON of 16 MB", json(16_000_000)),
    ] {
        let rounds = (ROUNDS * 100_000 / source.len()).clamp(5, ROUNDS);
        let (mut fast, mut full, mut whole) = (Duration::MAX, Duration::MAX, Duration::MAX);
        for _ in 0..rounds {
            whole = whole
                .min(timed(|| drop(black_box(check(black_box(source.as_bytes()), &Options::default())))));
            fast = fast.min(timed(|| drop(black_box(parse(black_box(&source))))));
            full = full.min(timed(|| drop(black_box(parse_any_yaml(black_box(&source))))));
        }
        let rate = |it: Duration| source.len() as f64 / 1e6 / it.as_secs_f64();
        println!(
            "{name:<36} {:>8} {:>8} {:>12.0} {:>12.0} {:>12.1} {:>12.2}",
            source.len(),
            parse(&source).tree.nodes().count(),
            rate(fast),
            rate(full),
            full.as_secs_f64() / fast.as_secs_f64(),
            whole.as_secs_f64() / full.as_secs_f64()
        );
    }
}

/// A template of about `len` bytes: the project's own with its resources again and again.
fn yaml(len: usize) -> String {
    let template = std::fs::read_to_string("fixtures/good-cluster.yml").expect("a template of the project");
    let (_, rest) = template.split_once("\nResources:\n").expect("a section of resources");
    let end = rest.match_indices('\n').find(|it| rest[it.0 + 1..].starts_with(|it: char| it.is_alphabetic()));
    let resources = &rest[..end.map_or(rest.len(), |it| it.0 + 1)];
    let mut res = "AWSTemplateFormatVersion: 2010-09-09\nResources:\n".to_owned();
    while res.len() + resources.len() <= len {
        res.push_str(resources);
    }
    res
}

/// The same for JSON, whose texts are mostly short.
fn json(len: usize) -> String {
    let mut res = "{\"Resources\": {\n".to_owned();
    let mut comma = "";
    for idx in 0.. {
        let one = format!(
            "{comma}  \"Nodes{idx}\": {{\n    \"Type\": \"AWS::EC2::Instance\",\n    \"Properties\": {{\n      \"ImageId\": \
             {{\"Ref\": \"Image\"}},\n      \"SecurityGroupIds\": [{{\"Fn::GetAtt\": [\"Group\", \"GroupId\"]}}],\n      \
             \"UserData\": {{\"Fn::Base64\": {{\"Fn::Join\": [\"\", [\"#!/bin/bash\\n\", \"echo ECS_CLUSTER=\", {{\"Ref\": \
             \"Cluster\"}}, \" >> /etc/ecs/ecs.config\\n\"]]}}}},\n      \"Monitoring\": true\n    }}\n  }}"
        );
        if res.len() + one.len() + 4 > len {
            break;
        }
        res.push_str(&one);
        comma = ",\n";
    }
    res + "\n}}\n"
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Predicts the boot of each fleet; gives the bytes of the scripts.
fn boots(world: &World<'_>) -> usize {
    let model = Model::new(&world.template);
    let mut bytes = 0;
    for fleet in &model.fleets {
        let told = explore(world, |scenario| {
            let launch = Launch::of(scenario, fleet);
            let boots = launch.sources.iter().map(|it| Boot::of(scenario, it, image(scenario, it)));
            boots.map(|it| black_box(it).text.map_or(0, |it| it.len())).sum::<usize>()
        });
        bytes += told.answers.first().map_or(0, |it| it.1);
    }
    bytes
}
