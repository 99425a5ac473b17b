//! What share of a check each part has, on the templates of the project: `cargo bench`.
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
use ecslint::syntax::parse;
use ecslint::template::Template;

const ROUNDS: usize = 200;

fn main() {
    println!(
        "{:<36} {:>8} {:>8} {:>9} {:>9} {:>12}",
        "template", "bytes", "script", "reading", "boot", "boot/reading"
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
        let mut script = 0;
        for _ in 0..ROUNDS {
            reading = reading.min(timed(|| {
                black_box(parse(black_box(&source)));
            }));
            boot = boot.min(timed(|| script = boots(&world)));
            whole = whole.min(timed(|| {
                black_box(check(black_box(source.as_bytes()), &options));
            }));
        }
        let share = |part: Duration| part.as_secs_f64() / whole.as_secs_f64() * 100.0;
        let ratio = boot.as_secs_f64() / reading.as_secs_f64();
        println!(
            "{path:<36} {:>8} {script:>8} {:>8.1}% {:>8.1}% {ratio:>12.2}",
            source.len(),
            share(reading),
            share(boot)
        );
    }
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
