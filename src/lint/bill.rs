//! What a template costs, line by line, to be shown to a person.
//!
//! Prices are On-Demand; what Spot instances cost is unknown, and so is what is paid by use. A number that only
//! deployment can tell is `None` and makes no sum.

mod beside;
mod fleet;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::catalog::prices::Price;
use crate::catalog::sources::is_old;
use crate::diagnostic::Assumptions;
use crate::model::Capacity;
use crate::resolve::{Scenario, World, by_default};
use crate::rule::Facts;
use crate::syntax::{Kind, Node, Parse};
use crate::template::Template;

use super::{Options, read};

/// More values of parameters are not tried.
const MAX_CHOICES: usize = 100;

/// Nor as many, where one bill is much work: fleets times conditions.
const MAX_WORK: usize = 100_000;

/// What a template costs in its default scenario.
#[derive(Clone, Debug, Default)]
pub struct Bill {
    /// The region of the prices.
    pub region: String,
    /// Whether somebody said so.
    pub region_is_given: bool,
    /// What is assumed: the conditions of the default scenario, as far as they matter.
    pub assumptions: Assumptions,
    /// What starts instances.
    pub fleets: Vec<FleetBill>,
    /// Fleets that the default scenario leaves out, by logical id.
    pub left_out: Vec<String>,
    /// What runs beside them.
    pub beside: Vec<Line>,
    /// What the parameters that give an instance type let one choose.
    pub choices: Vec<Choice>,
    /// How many values were not tried.
    pub n_untried: usize,
    /// The instance types that it speaks of, those of the choices as well.
    pub types: Vec<String>,
}

/// What one fleet costs.
#[derive(Clone, Debug)]
pub struct FleetBill {
    /// The logical id.
    pub id: String,
    /// Its size, in units of capacity.
    pub capacity: Capacity,
    /// What it is made of.
    pub lines: Vec<Line>,
}

/// Something that is paid for.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is: `m5.large`, `public IPv4 address`.
    pub what: String,
    /// The resource it is or belongs to, where it belongs to no fleet.
    pub resource: Option<String>,
    /// What one costs; `None` where nobody knows.
    pub price: Option<Price>,
    /// How many run at desired size; `None` where only deployment can tell.
    pub desired: Option<u32>,
    /// How many run at most.
    pub max: Option<u32>,
    /// What has to be known besides.
    pub note: Cow<'static, str>,
}

/// A sum of lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sum {
    /// US dollars an hour.
    pub usd_per_hour: f64,
    /// Whether something is missing in it, whose price or number is not known.
    pub at_least: bool,
    /// Whether it rests on an estimate.
    pub estimate: bool,
}

/// What the whole would cost with another value of a parameter.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The parameter.
    pub parameter: String,
    /// The value.
    pub value: String,
    /// Whether it is the one that counts.
    pub is_chosen: bool,
    /// At desired size.
    pub desired: Sum,
    /// At most.
    pub max: Sum,
}

impl Sum {
    /// The sum of some prices.
    #[must_use]
    pub fn of<'a>(lines: impl Iterator<Item = &'a Line>, number: fn(&Line) -> Option<u32>) -> Sum {
        let mut res = Sum { usd_per_hour: 0.0, at_least: false, estimate: false };
        for line in lines {
            match (number(line), &line.price) {
                (Some(0), _) => {}
                (Some(n), Some(price)) => {
                    res.usd_per_hour += price.usd_per_hour * f64::from(n);
                    res.estimate |= price.estimate;
                }
                _ => res.at_least = true,
            }
        }
        res
    }
}

impl Bill {
    /// All lines.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.fleets.iter().flat_map(|it| &it.lines).chain(&self.beside)
    }

    /// The oldest price of all, when it is more than a year old on a day.
    #[must_use]
    pub fn outdated(&self, today: &str) -> Option<&str> {
        let dates = self.lines().filter_map(|it| it.price.as_ref()).map(|it| &*it.as_of);
        dates.filter(|it| is_old(it, today)).min()
    }

    /// What all costs at desired size.
    #[must_use]
    pub fn desired(&self) -> Sum {
        Sum::of(self.lines(), |it| it.desired)
    }

    /// What all costs at most.
    #[must_use]
    pub fn max(&self) -> Sum {
        Sum::of(self.lines(), |it| it.max)
    }
}

/// The instance types that a template starts, as far as they are known.
#[must_use]
pub fn types(bytes: &[u8], options: &Options) -> Vec<String> {
    read(bytes, |parse, root| one(parse, root, options, &options.parameters).0.types).unwrap_or_default()
}

/// What a template costs; `None` when the bytes are no template that can be read to its end.
#[must_use]
pub fn bill(bytes: &[u8], options: &Options) -> Option<Bill> {
    read(bytes, |parse, root| with_choices(parse, root, options))
}

fn with_choices<'t>(parse: &Parse<'t>, root: Node<'t>, options: &Options) -> Bill {
    let (mut bill, choices) = one(parse, root, options, &options.parameters);
    let values = choices.into_iter().flat_map(|(parameter, values)| {
        values.into_iter().map(move |(value, is_chosen)| (parameter.clone(), value, is_chosen))
    });
    let values: Vec<_> = values.collect();
    let template = Template::new(root);
    let work = (bill.fleets.len() + bill.left_out.len()) * template.conditions.len();
    let most = MAX_CHOICES.min(MAX_WORK / (1 + work));
    bill.n_untried = values.len().saturating_sub(most);
    for (parameter, value, is_chosen) in values.into_iter().take(most) {
        let mut parameters = options.parameters.clone();
        parameters.insert(parameter.clone(), value.clone());
        let (other, _) = one(parse, root, options, &parameters);
        for it in other.types {
            add(&mut bill.types, &it);
        }
        let sum = |of: fn(&Line) -> Option<u32>| {
            Sum::of(other.fleets.iter().flat_map(|it| &it.lines).chain(&other.beside), of)
        };
        let (desired, max) = (sum(|it| it.desired), sum(|it| it.max));
        bill.choices.push(Choice { parameter, value, is_chosen, desired, max });
    }
    bill
}

/// Values of parameters, and whether each is the one that counts.
type Choices = BTreeMap<String, Vec<(String, bool)>>;

/// The bill for some values of parameters, and what else could be chosen.
fn one<'t>(
    parse: &Parse<'t>,
    root: Node<'t>,
    options: &Options,
    parameters: &BTreeMap<String, String>,
) -> (Bill, Choices) {
    let world = World::new(Template::new(root), parameters.clone(), options.region.clone());
    let facts = Facts::new(parse, &world, options.money());
    let (assumptions, (bill, choices)) = by_default(&world, |scenario| in_scenario(&facts, scenario));
    let money = options.money();
    let region_is_given = money.region.is_some();
    (Bill { assumptions, region: money.region().to_owned(), region_is_given, ..bill }, choices)
}

fn in_scenario<'t>(facts: &Facts<'_, 't>, scenario: &Scenario<'_, 't>) -> (Bill, Choices) {
    let (mut res, mut choices) = (Bill::default(), Choices::new());
    for it in &facts.model.fleets {
        if scenario.exists(&it.resource) == Some(false) {
            res.left_out.push(it.id().to_owned());
            continue;
        }
        res.fleets.push(fleet::bill(facts, scenario, it));
        for offered in &facts.launch(scenario, it).types {
            if let Some(name) = offered.text.known() {
                add(&mut res.types, name);
            }
            let Some(parameter) = offered.parameter(scenario.world()) else { continue };
            let allowed = parameter.node.get("AllowedValues").into_iter().flat_map(Node::items);
            let allowed = allowed.filter(|it| it.kind() == Kind::Scalar).take(MAX_CHOICES);
            let value = |it: Node<'_>| (it.text().to_owned(), offered.text.known() == Some(it.text()));
            choices.entry(parameter.id.to_owned()).or_insert_with(|| allowed.map(value).collect());
        }
    }
    res.beside = beside::lines(facts, scenario);
    (res, choices)
}

fn add(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|it| it == name) {
        list.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests;
