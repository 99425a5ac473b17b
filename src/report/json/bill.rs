//! What a template costs, for programs: one JSON document. Absent knowledge is `null`.

use serde::Serialize;

use super::escape;
use crate::diagnostic::Assumptions;
use crate::lint::bill::{self, FleetBill};
use crate::model::HOURS_PER_MONTH;

/// The document; without a bill where the template could not be read.
#[must_use]
pub fn bill(bill: Option<&bill::Bill>) -> String {
    let document = Document {
        version: 1,
        ecslint: env!("CARGO_PKG_VERSION"),
        cost: bill.map(|it| Cost {
            region: &it.region,
            region_is_given: it.region_is_given,
            assumptions: &it.assumptions,
            fleets: it.fleets.iter().map(Fleet::new).collect(),
            not_created: &it.left_out,
            beside: it.beside.iter().map(Line::new).collect(),
            desired: Sum::new(it.desired()),
            max: Sum::new(it.max()),
            choices: it.choices.iter().map(Choice::new).collect(),
            untried: it.n_untried,
        }),
    };
    format!("{}\n", escape::to_string(&document))
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    ecslint: &'static str,
    cost: Option<Cost<'a>>,
}

#[derive(Serialize)]
struct Cost<'a> {
    region: &'a str,
    region_is_given: bool,
    assumptions: &'a Assumptions,
    fleets: Vec<Fleet<'a>>,
    not_created: &'a [String],
    beside: Vec<Line<'a>>,
    desired: Sum,
    max: Sum,
    choices: Vec<Choice<'a>>,
    untried: usize,
}

#[derive(Serialize)]
struct Fleet<'a> {
    id: &'a str,
    desired_capacity: Option<u32>,
    max_capacity: Option<u32>,
    lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    what: &'a str,
    resource: Option<&'a str>,
    usd_per_hour_each: Option<f64>,
    estimate: bool,
    as_of: Option<&'a str>,
    source: Option<&'a str>,
    desired: Part,
    max: Part,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct Part {
    number: Option<u32>,
    usd_per_hour: Option<f64>,
    usd_per_month: Option<f64>,
}

#[derive(Serialize)]
struct Sum {
    usd_per_hour: f64,
    usd_per_month: f64,
    at_least: bool,
    estimate: bool,
}

#[derive(Serialize)]
struct Choice<'a> {
    parameter: &'a str,
    value: &'a str,
    is_chosen: bool,
    desired: Sum,
    max: Sum,
}

impl<'a> Fleet<'a> {
    fn new(fleet: &'a FleetBill) -> Fleet<'a> {
        Fleet {
            id: &fleet.id,
            desired_capacity: fleet.capacity.desired,
            max_capacity: fleet.capacity.max,
            lines: fleet.lines.iter().map(Line::new).collect(),
        }
    }
}

impl<'a> Line<'a> {
    fn new(line: &'a bill::Line) -> Line<'a> {
        let price = line.price.as_ref();
        let part = |number: Option<u32>| {
            let hour = price.zip(number).map(|(price, n)| price.usd_per_hour * f64::from(n));
            Part {
                number,
                usd_per_hour: hour.map(rounded),
                usd_per_month: hour.map(|it| rounded(it * HOURS_PER_MONTH)),
            }
        };
        Line {
            what: &line.what,
            resource: line.resource.as_deref(),
            usd_per_hour_each: price.map(|it| rounded(it.usd_per_hour)),
            estimate: price.is_some_and(|it| it.estimate),
            as_of: price.map(|it| &*it.as_of),
            source: price.map(|it| &*it.source),
            desired: part(line.desired),
            max: part(line.max),
            note: Some(&*line.note).filter(|it| !it.is_empty()),
        }
    }
}

impl Sum {
    fn new(sum: bill::Sum) -> Sum {
        Sum {
            usd_per_hour: rounded(sum.usd_per_hour),
            usd_per_month: rounded(sum.usd_per_hour * HOURS_PER_MONTH),
            at_least: sum.at_least,
            estimate: sum.estimate,
        }
    }
}

impl<'a> Choice<'a> {
    fn new(choice: &'a bill::Choice) -> Choice<'a> {
        Choice {
            parameter: &choice.parameter,
            value: &choice.value,
            is_chosen: choice.is_chosen,
            desired: Sum::new(choice.desired),
            max: Sum::new(choice.max),
        }
    }
}

/// Prices have at most six digits behind the point.
fn rounded(usd: f64) -> f64 {
    (usd * 1_000_000.0).round() / 1_000_000.0
}
