//! What a policy is asked about, and what stands at a path of it.

use super::field::FIELDS;
use super::path::{Path, Segment};
use crate::model::{Fleet, FleetReport};
use crate::resolve::{Found, Place, Scenario, Text, Value};
use crate::rule::Facts;
use crate::syntax::{Meaning, Node, meaning};
use crate::template::{Entry, Expr, counting, expr};
use crate::text::Span;

/// A value is shown by no more characters than this.
const LONGEST: usize = 100;

/// A resource or fleet in one scenario.
pub(super) struct Subject<'a, 't> {
    pub(super) facts: &'a Facts<'a, 't>,
    pub(super) scenario: &'a Scenario<'a, 't>,
    pub(super) resource: &'a Entry<'t>,
    /// When it is asked about as a fleet: what is known of it.
    pub(super) fleet: Option<(&'a Fleet<'t>, &'a FleetReport)>,
}

/// What stands at a path.
pub(super) struct Seen<'t> {
    pub(super) items: Vec<Item<'t>>,
    /// There may be more.
    pub(super) is_open: bool,
    /// Where they stand, or would: the key of the list, or the nearest there is.
    pub(super) place: Place,
}

/// A value, or the lack of one.
pub(super) struct Item<'t> {
    pub(super) is: Is<'t>,
    /// As a message names it.
    pub(super) shown: String,
    pub(super) place: Place,
}

/// What a value is.
pub(super) enum Is<'t> {
    Text(Text<'t>),
    List(Vec<Value<'t>>),
    Map,
    Absent,
    Unknown,
}

impl<'t> Subject<'_, 't> {
    /// The logical id.
    pub(super) fn id(&self) -> &'t str {
        self.resource.id
    }

    /// The type of the resource.
    pub(super) fn type_name(&self) -> &'t str {
        self.resource.type_name()
    }

    /// What stands at a path.
    pub(super) fn look(&self, path: &Path) -> Seen<'t> {
        let key = at(self.resource.key.span());
        let mut res = Seen { items: Vec::new(), is_open: false, place: key };
        let Some((fleet, report)) = self.fleet else {
            self.walk(Found::Node(self.resource.node), key, path.segments(), false, &mut res);
            return res;
        };
        let name = path.as_str().trim_end_matches("[*]");
        match FIELDS.iter().find(|it| it.name == name) {
            Some(field) => (field.look)(self, fleet, report, &mut res),
            None => res.is_open = true,
        }
        if name == path.as_str() && self.is_list(path) {
            self.gather(&mut res);
        }
        res
    }

    fn is_list(&self, path: &Path) -> bool {
        FIELDS.iter().any(|it| it.name == path.as_str() && it.kind == super::Kind::Texts)
    }

    /// Makes the items one list.
    fn gather(&self, res: &mut Seen<'t>) {
        let shown: Vec<_> = res.items.iter().map(|it| it.shown.as_str()).collect();
        let shown = shown.join(", ");
        let values = std::mem::take(&mut res.items).into_iter().map(|it| match it.is {
            Is::Text(text) => Value::Text(text),
            _ => Value::Unknown,
        });
        let mut values: Vec<_> = values.collect();
        if std::mem::take(&mut res.is_open) {
            values.push(Value::Unknown);
        }
        res.items.push(Item { is: Is::List(values), shown, place: res.place });
    }

    /// Goes on from what was found, which stands behind the key at `place`. `many`: there may be several of it.
    fn walk(&self, found: Found<'t>, place: Place, rest: &[Segment], many: bool, res: &mut Seen<'t>) {
        if !many {
            res.place = place;
        }
        if !self.scenario.world().spend(1) {
            return self.unknown(place, rest, res);
        }
        let node = match found {
            Found::Node(node) => node,
            Found::Absent => return self.absent(place, rest, res),
            Found::Unknown => return self.unknown(place, rest, res),
        };
        let Some((segment, below)) = rest.split_first() else {
            let value = self.scenario.value(node);
            return res.items.push(self.item(value, place, Some(node)));
        };
        match (segment, expr(node)) {
            (Segment::Key(name), Expr::Map(map)) => match map.entry(name) {
                Some((key, value)) => {
                    // What is missing in the properties is missing in the resource.
                    let is_top = map == self.resource.node && name == "Properties";
                    let key = if is_top { place } else { at(key.span()) };
                    self.walk(self.settled(value), key, below, many, res);
                }
                None if self.may_have_more(map) => self.unknown(place, below, res),
                None => self.absent(place, below, res),
            },
            (Segment::AnyKey, Expr::Map(map)) => {
                res.is_open |= self.may_have_more(map);
                for (key, value) in counting(map).filter(|(key, _)| !is_made(key.text())) {
                    self.walk(self.settled(value), at(key.span()), below, true, res);
                }
            }
            (Segment::Item(idx), Expr::List(list)) => {
                match self.scenario.items(list).and_then(|it| it.get(*idx).copied()) {
                    Some(item) => self.walk(item, first_word(item, place), below, many, res),
                    None => self.absent(place, below, res),
                }
            }
            (Segment::EachItem, Expr::List(list)) => {
                for item in self.scenario.items(list).unwrap_or_default() {
                    self.walk(item, first_word(item, place), below, true, res);
                }
            }
            (_, Expr::Scalar(scalar)) if meaning(scalar) == Meaning::Null => self.absent(place, below, res),
            // One is a list of one, as in policies of IAM.
            (Segment::EachItem, Expr::Scalar(_) | Expr::Map(_)) => self.walk(found, place, below, true, res),
            (_, Expr::Scalar(_) | Expr::Map(_) | Expr::List(_)) => self.absent(place, below, res),
            _ => self.walk_value(self.scenario.value(node), place, rest, many, res),
        }
    }

    /// Goes on from the value of a function.
    fn walk_value(&self, value: Value<'t>, place: Place, rest: &[Segment], many: bool, res: &mut Seen<'t>) {
        let Some((segment, below)) = rest.split_first() else {
            return res.items.push(self.item(value, place, None));
        };
        match (segment, value) {
            (_, Value::Unknown) => self.unknown(place, rest, res),
            (_, Value::Nothing) => self.absent(place, rest, res),
            (_, Value::Map(node)) => self.walk(Found::Node(node), place, rest, many, res),
            (Segment::EachItem, Value::List(values)) => {
                for value in values {
                    self.walk_value(value, place, below, true, res);
                }
            }
            (Segment::Item(idx), Value::List(mut values)) if *idx < values.len() => {
                self.walk_value(values.swap_remove(*idx), place, below, many, res);
            }
            // What only AWS knows may be anything.
            (_, Value::Text(text)) if text.known().is_none() => self.unknown(place, rest, res),
            (Segment::EachItem, Value::Text(text)) => {
                self.walk_value(Value::Text(text), place, below, true, res);
            }
            (_, Value::Text(_) | Value::List(_)) => self.absent(place, below, res),
        }
    }

    fn settled(&self, node: Node<'t>) -> Found<'t> {
        self.scenario.find(node, &[])
    }

    /// Nothing is there: no item where there may be many, else one that is absent.
    fn absent(&self, place: Place, rest: &[Segment], res: &mut Seen<'t>) {
        if !rest.iter().any(Segment::is_many) {
            res.items.push(Item { is: Is::Absent, shown: "nothing".to_owned(), place });
        }
    }

    fn unknown(&self, place: Place, rest: &[Segment], res: &mut Seen<'t>) {
        if rest.iter().any(Segment::is_many) {
            res.is_open = true;
        } else {
            res.items.push(Item { is: Is::Unknown, shown: "...".to_owned(), place });
        }
    }

    /// A value behind the key at `place`.
    fn item(&self, value: Value<'t>, place: Place, node: Option<Node<'t>>) -> Item<'t> {
        match value {
            Value::Text(text) => self.text(text, node.map_or(place, |it| at(it.full_span()))),
            Value::List(values) => {
                let shown = values.iter().take(10).map(|it| match it {
                    Value::Text(text) => self.shown(text),
                    _ => "...".to_owned(),
                });
                let shown = shown.collect::<Vec<_>>().join(", ");
                Item { is: Is::List(values), shown: format!("[{shown}]"), place }
            }
            Value::Map(_) => Item { is: Is::Map, shown: "a mapping".to_owned(), place },
            Value::Nothing => Item { is: Is::Absent, shown: "nothing".to_owned(), place },
            Value::Unknown => Item { is: Is::Unknown, shown: "...".to_owned(), place },
        }
    }

    /// A text with its place, or else `place`.
    pub(super) fn text(&self, text: Text<'t>, place: Place) -> Item<'t> {
        let place = text.whole_place().unwrap_or(place);
        // Looking for something in it is as much work as it is long.
        let is_paid = self.scenario.world().spend(text.len() / 8);
        let shown = self.shown(&text);
        Item { is: if is_paid { Is::Text(text) } else { Is::Unknown }, shown, place }
    }

    /// A text as a message names it: its first line, and nothing that is secret.
    fn shown(&self, text: &Text<'t>) -> String {
        if self.scenario.world().hides(text) {
            return "****".to_owned();
        }
        let whole = text.display();
        let line = whole.lines().next().unwrap_or_default();
        let cut: String = line.chars().take(LONGEST).collect();
        if cut.len() < whole.len() { cut + "..." } else { cut }
    }

    /// Whether a mapping may have keys that are not written in it.
    fn may_have_more(&self, map: Node<'t>) -> bool {
        self.facts.has_foreign_parts() || map.entries().any(|(key, _)| is_made(key.text()))
    }
}

/// Whether what stands behind a key makes others: a macro, a loop, a merge.
fn is_made(key: &str) -> bool {
    key.starts_with("Fn::") || key == "<<"
}

fn at(span: Span) -> Place {
    Place { span, used: None }
}

/// What stands for an item of a list: the first key of a mapping, else the item; where nothing is, the list.
fn first_word(item: Found<'_>, list: Place) -> Place {
    let Found::Node(node) = item else { return list };
    node.entries().next().map_or(at(node.full_span()), |(key, _)| at(key.span()))
}
