//! The picture as SVG: columns from the world on the left to the cluster on the right, light or dark as the reader has it.

use super::{because, detail, left_out, name, state_word};
use crate::diagnostic::Severity;
use crate::lint::picture::{Kind, Picture, Purpose, State, Thing, Way};
use crate::report::xml::escape;
use crate::text::Lines;

const WIDTH: i32 = 190;
const HEIGHT: i32 = 46;
/// The least room between two columns.
const GAP: i32 = 70;
const ROW: i32 = 30;
const MARGIN: i32 = 28;
/// How wide a letter of the words between two columns is, roughly.
const LETTER: i32 = 6;

/// Colours by what they say, for light and dark.
const STYLE: &str = "\
.e{--ink:#1f2328;--soft:#59636e;--box:#fff;--line:#8c959f;--bg:#f6f8fa;--bad:#c62828;--warn:#9a6700;--good:#1a7f37;--vpc:#ddf4ff}
@media(prefers-color-scheme:dark){.e{--ink:#e6edf3;--soft:#9198a1;--box:#151b23;--line:#656c76;--bg:#0d1117;--bad:#ff7b72;--warn:#e3b341;--good:#3fb950;--vpc:#0c2d4b}}
.e{background:var(--bg);font:13px system-ui,sans-serif}
.e text{fill:var(--ink)}.e .d{fill:var(--soft);font-size:11px}.e .l{font-size:11px;paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
.e .b{fill:var(--box);stroke:var(--line);stroke-width:1.2}.e .fleet .b{stroke-width:2.4}.e .v{fill:var(--vpc);stroke:none}
.e path{fill:none;stroke-width:1.8;stroke:var(--good)}.e .unknown path{stroke:var(--line);stroke-dasharray:5 4}
.e .careful path{stroke:var(--warn)}.e .broken path{stroke:var(--bad);stroke-width:3}
.e .careful .l{fill:var(--warn)}.e .broken .l{fill:var(--bad);font-weight:600}
.e .error .b{stroke:var(--bad)}.e .warning .b{stroke:var(--warn)}.e .c{font-size:10px;font-weight:600}.e .error .c{fill:var(--bad)}.e .warning .c{fill:var(--warn)}";

/// How a picture is put into what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'p> {
    /// A file of its own.
    File,
    /// A page, in which lines of the template have the anchors `L1`, `L2` behind this name of the file.
    Page(&'p str),
}

/// The whole picture.
#[must_use]
pub fn svg(picture: &Picture, lines: &Lines<'_>, frame: Frame<'_>) -> String {
    let layout = Layout::of(picture);
    let (width, height) = (layout.width, layout.height);
    let head = if frame == Frame::File { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" } else { "" };
    let mut res = format!(
        "{head}<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"e\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"What the template builds, and what its instances can reach\">\n\
         <style>{STYLE}</style>\n"
    );
    // A marker for each colour: what a marker is drawn with does not follow the line.
    for state in [State::Open, State::Unknown, State::Careful, State::Broken] {
        let color = match state {
            State::Open => "good",
            State::Unknown => "line",
            State::Careful => "warn",
            State::Broken => "bad",
        };
        res += &format!(
            "<marker id=\"a-{0}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><polygon points=\"0,0 8,4 0,8\" style=\"fill:var(--{color})\"/></marker>\n",
            state_word(state)
        );
    }
    for (vpc, area) in layout.vpcs(picture) {
        let [x, y, width, height] = area;
        res += &format!(
            "<rect class=\"v\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"10\"/>\
             <text class=\"d\" x=\"{}\" y=\"{}\">VPC {}</text>\n",
            x + 10,
            y + 15,
            escape(&super::sanitize::short(vpc, 40))
        );
    }
    for way in &picture.ways {
        res += &layout.way(way, lines);
    }
    for (idx, thing) in picture.things.iter().enumerate() {
        res += &layout.thing(idx, thing, lines, frame);
    }
    if let Some(more) = left_out(picture) {
        res += &format!("<text class=\"d\" x=\"{MARGIN}\" y=\"{}\">{more}</text>\n", height - 8);
    }
    res + "</svg>\n"
}

/// Where each thing stands.
struct Layout {
    places: Vec<(i32, i32)>,
    /// The column of each thing, and the room behind each column.
    columns: Vec<usize>,
    gaps: Vec<i32>,
    width: i32,
    height: i32,
}

/// The column of a thing, from the left.
fn column(kind: Kind) -> usize {
    match kind {
        Kind::World => 0,
        Kind::Exit => 1,
        Kind::Route => 2,
        Kind::Subnet | Kind::SecurityGroup => 3,
        Kind::Fleet => 4,
        Kind::Launch | Kind::Cluster | Kind::Role | Kind::Waiting => 5,
    }
}

/// The column behind which the words of a way stand: at the end at which its things stand apart.
fn gap_of(way: &Way, columns: &[usize]) -> Option<usize> {
    let (from, to) = (columns[way.from], columns[way.to]);
    if from == to { None } else { from.max(to).checked_sub(1).filter(|_| !way.label.is_empty()) }
}

impl Layout {
    fn of(picture: &Picture) -> Layout {
        let mut used: Vec<usize> = picture.things.iter().map(|it| column(it.kind)).collect();
        used.sort_unstable();
        used.dedup();
        let place = |it: &Thing| used.iter().position(|of| *of == column(it.kind)).unwrap_or(0);
        let columns: Vec<usize> = picture.things.iter().map(place).collect();
        let mut gaps = vec![GAP; used.len()];
        for way in &picture.ways {
            if let Some(gap) = gap_of(way, &columns).and_then(|it| gaps.get_mut(it)) {
                *gap = (*gap).max(way.label.chars().count() as i32 * LETTER + 44);
            }
        }
        let count = |column: usize| columns.iter().filter(|it| **it == column).count();
        let tallest = (0..used.len()).map(count).max().unwrap_or(0);
        let step = HEIGHT + ROW;
        let total = (tallest as i32 * step).max(step);
        let mut placed = vec![0_i32; used.len()];
        let mut places = Vec::new();
        for column in &columns {
            let x = MARGIN + gaps[..*column].iter().map(|it| it + WIDTH).sum::<i32>();
            // Each column has the whole height, so that lines are as level as can be.
            let room = total / (count(*column) as i32).max(1);
            let y = MARGIN + 14 + placed[*column] * room + (room - HEIGHT) / 2;
            placed[*column] += 1;
            places.push((x, y));
        }
        let right = places.iter().map(|it| it.0).max().unwrap_or(MARGIN) + WIDTH;
        Layout { places, columns, gaps, width: right + MARGIN, height: 2 * MARGIN + 20 + total }
    }

    /// The middle of the room in which the words of a way stand.
    fn words_at(&self, way: &Way) -> Option<i32> {
        let gap = gap_of(way, &self.columns)?;
        let left = self.columns.iter().position(|it| *it == gap)?;
        Some(self.places[left].0 + WIDTH + self.gaps.get(gap)? / 2)
    }

    /// The area of each VPC, around what is in it.
    fn vpcs<'p>(&self, picture: &'p Picture) -> Vec<(&'p str, [i32; 4])> {
        let mut names: Vec<&str> = picture.things.iter().filter_map(|it| it.vpc.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        let area = |vpc: &str| {
            let inside =
                picture.things.iter().zip(&self.places).filter(|it| it.0.vpc.as_deref() == Some(vpc));
            let places: Vec<_> = inside.map(|it| *it.1).collect();
            let left = places.iter().map(|it| it.0).min().unwrap_or(0) - 14;
            let top = places.iter().map(|it| it.1).min().unwrap_or(0) - 24;
            let right = places.iter().map(|it| it.0).max().unwrap_or(0) + WIDTH + 14;
            let bottom = places.iter().map(|it| it.1).max().unwrap_or(0) + HEIGHT + 14;
            [left, top, right - left, bottom - top]
        };
        names.into_iter().map(|it| (it, area(it))).collect()
    }

    fn thing(&self, idx: usize, thing: &Thing, lines: &Lines<'_>, frame: Frame<'_>) -> String {
        let (x, y) = self.places[idx];
        let mut class = if thing.kind == Kind::Fleet { "fleet".to_owned() } else { String::new() };
        match thing.findings.first() {
            Some((Severity::Error, _)) => class += " error",
            Some((Severity::Warning, _)) => class += " warning",
            _ => {}
        }
        let line = thing.span.map(|it| super::line(it, lines));
        let place = line.map(|it| format!(", line {it}")).unwrap_or_default();
        let codes: Vec<_> = thing.findings.iter().map(|it| &*it.1).collect();
        let found = if codes.is_empty() { String::new() } else { format!(": {}", codes.join(", ")) };
        let drawn = format!(
            "<g class=\"{class}\"><title>{}{place}{found}</title>\
             <rect class=\"b\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"7\"/>\
             <text x=\"{}\" y=\"{}\">{}</text><text class=\"d\" x=\"{}\" y=\"{}\">{}</text>{}</g>",
            escape(&name(thing)),
            x + 10,
            y + 19,
            escape(&name(thing)),
            x + 10,
            y + 36,
            escape(&detail(thing)),
            match codes.first() {
                Some(code) => format!(
                    "<text class=\"c\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{code}{}</text>",
                    x + WIDTH - 6,
                    y - 4,
                    if codes.len() > 1 { format!(" +{}", codes.len() - 1) } else { String::new() }
                ),
                None => String::new(),
            }
        );
        match (frame, line) {
            (Frame::Page(file), Some(line)) => format!("<a href=\"#{file}L{line}\">{drawn}</a>\n"),
            _ => format!("{drawn}\n"),
        }
    }

    fn way(&self, way: &Way, lines: &Lines<'_>) -> String {
        let (from, to) = (self.places[way.from], self.places[way.to]);
        let state = state_word(way.state);
        let why = because(way, lines);
        let title = if why.is_empty() { way.label.clone() } else { format!("{}: {why}", way.label) };
        let (path, (x, y)) = curve(way, from, to, self.words_at(way));
        let label = if way.label.is_empty() {
            String::new()
        } else {
            let code = way.findings.first().map(|it| format!(" {}", it.1)).unwrap_or_default();
            // What does not fit between two columns is broken in two.
            let words = escape(&way.label);
            let second = if code.is_empty() {
                String::new()
            } else {
                format!("<tspan x=\"{x}\" dy=\"12\">{}</tspan>", code.trim())
            };
            format!("<text class=\"l\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{words}{second}</text>")
        };
        format!(
            "<g class=\"{state}\"><title>{}</title><path d=\"{path}\" marker-end=\"url(#a-{state})\"/>{label}</g>\n",
            escape(&title)
        )
    }
}

/// The line of a way, and the middle of its words.
fn curve(way: &Way, from: (i32, i32), to: (i32, i32), words_at: Option<i32>) -> (String, (i32, i32)) {
    let middle = |it: (i32, i32)| it.1 + HEIGHT / 2;
    if way.from == way.to {
        // A signal to itself: below.
        let (left, right, y) = (from.0 + WIDTH / 3, from.0 + 2 * WIDTH / 3, from.1 + HEIGHT);
        return (
            format!("M{right},{y} C{right},{0} {left},{0} {left},{1}", y + 26, y + 2),
            (from.0 + WIDTH / 2, y + 32),
        );
    }
    // Packets that go out leave above those that come in.
    let shift = match way.purpose {
        Purpose::Out => -8,
        Purpose::LogIn => 8,
        _ => 0,
    };
    let (start, end) = (middle(from) + shift, middle(to) + shift);
    let is_right = to.0 > from.0;
    let (x1, x2) = if is_right { (from.0 + WIDTH, to.0 - 2) } else { (from.0, to.0 + WIDTH + 2) };
    let bend = ((x2 - x1).abs() / 2).max(30) * if is_right { 1 } else { -1 };
    // Those that come in pass below what lies between.
    let below = way.purpose == Purpose::LogIn && x2 - x1 > WIDTH;
    let depth = if below { start.max(end) + HEIGHT + ROW } else { start };
    let path = format!("M{x1},{start} C{},{depth} {},{end} {x2},{end}", x1 + bend, x2 - bend);
    let x = words_at.unwrap_or((x1 + x2) / 2);
    // As high as the line is there, roughly.
    let share = f64::from(x - x1) / f64::from(if x2 == x1 { 1 } else { x2 - x1 });
    let eased = share * share * (3.0 - 2.0 * share);
    let y = f64::from(start) + f64::from(end - start) * eased;
    (path, (x, y as i32 - 7))
}
