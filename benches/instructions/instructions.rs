//! The instructions of each part of a check. What is read before and dropped behind is not counted.

use std::collections::BTreeMap;
use std::hint::black_box;

use ecslint::boot::Boot;
use ecslint::lint::{Options, Outcome, check};
use ecslint::model::{Launch, Model, image};
use ecslint::report::human::Style;
use ecslint::report::{FileReport, Format, Piece};
use ecslint::resolve::{World, explore};
use ecslint::syntax::{Parse, parse};
use ecslint::template::{Template, calls};
use ecslint::text::Lines;
use gungraun::{library_benchmark, library_benchmark_group, main};
use instructions::named;

/// Lives as long as the process, so that nothing of it is dropped while counting.
fn source(name: &str) -> &'static str {
    Box::leak(named(name).into_boxed_str())
}

fn world(name: &str) -> &'static World<'static> {
    let parsed: &'static Parse<'static> = Box::leak(Box::new(parse(source(name))));
    let root = parsed.tree.roots().next().expect("a template");
    Box::leak(Box::new(World::new(Template::new(root), BTreeMap::new(), None)))
}

fn checked(name: &str) -> (&'static str, &'static Outcome) {
    let source = source(name);
    (source, Box::leak(Box::new(check(source.as_bytes(), &Options::default()))))
}

#[library_benchmark(setup = source)]
#[bench::small("small")]
#[bench::usual("usual")]
#[bench::megabyte("megabyte")]
#[bench::megabyte_json("megabyte-json")]
#[bench::worst("worst")]
fn reading(source: &'static str) -> Parse<'static> {
    black_box(parse(black_box(source)))
}

// The texts of all properties, each call of a function once.
#[library_benchmark(setup = world)]
#[bench::small("small")]
#[bench::usual("usual")]
#[bench::megabyte("megabyte")]
#[bench::megabyte_json("megabyte-json")]
#[bench::worst("worst")]
fn resolving(world: &'static World<'static>) -> usize {
    let mut length = 0;
    for resource in world.template.resources.iter() {
        let told = explore(world, |scenario| {
            let mut length = 0;
            calls(resource.node, &mut |node, _| length += scenario.text(node).map_or(0, |it| it.len()));
            length
        });
        length += told.answers.iter().map(|it| it.1).sum::<usize>();
    }
    black_box(length)
}

#[library_benchmark(setup = world)]
#[bench::small("small")]
#[bench::usual("usual")]
#[bench::megabyte("megabyte")]
#[bench::megabyte_json("megabyte-json")]
#[bench::worst("worst")]
fn booting(world: &'static World<'static>) -> usize {
    let mut lines = 0;
    for fleet in &Model::new(&world.template).fleets {
        let told = explore(world, |scenario| {
            let launch = Launch::of(scenario, fleet);
            let boots = launch.sources.iter().map(|it| Boot::of(scenario, it, image(scenario, it)));
            boots.map(|it| it.lines().len()).sum::<usize>()
        });
        lines += told.answers.iter().map(|it| it.1).sum::<usize>();
    }
    black_box(lines)
}

#[library_benchmark(setup = source)]
#[bench::small("small")]
#[bench::usual("usual")]
#[bench::megabyte("megabyte")]
#[bench::megabyte_json("megabyte-json")]
#[bench::worst("worst")]
fn checking(source: &'static str) -> Outcome {
    black_box(check(black_box(source.as_bytes()), &Options::default()))
}

fn rendered(format: &Format, source: &str, outcome: &Outcome) -> Piece {
    format.file(&FileReport { path: "template.yml", lines: &Lines::new(source), outcome, views: None })
}

#[library_benchmark(setup = checked)]
#[bench::small("small")]
#[bench::usual("usual")]
#[bench::megabyte("megabyte")]
#[bench::megabyte_json("megabyte-json")]
#[bench::worst("worst")]
fn rendering((source, outcome): (&'static str, &'static Outcome)) -> Piece {
    black_box(rendered(&Format::Human(Style::plain()), source, outcome))
}

// A whole check of what grows.
#[library_benchmark(setup = source)]
#[benches::bytes("bytes-1", "bytes-2", "bytes-4", "bytes-8", "bytes-16", "bytes-32", "bytes-64")]
#[benches::resources(
    "resources-1",
    "resources-2",
    "resources-4",
    "resources-8",
    "resources-16",
    "resources-32",
    "resources-64"
)]
#[benches::fleets("fleets-1", "fleets-2", "fleets-4", "fleets-8", "fleets-16", "fleets-32", "fleets-64")]
#[benches::conditions(
    "conditions-1",
    "conditions-2",
    "conditions-4",
    "conditions-8",
    "conditions-16",
    "conditions-32",
    "conditions-64"
)]
fn growing(source: &'static str) -> Outcome {
    black_box(check(black_box(source.as_bytes()), &Options::default()))
}

library_benchmark_group!(name = parts, benchmarks = [reading, resolving, booting, checking, rendering]);
library_benchmark_group!(name = growth, benchmarks = [growing]);
main!(library_benchmark_groups = [parts, growth]);
