//! Ledgers as a picture: a self-contained SVG with a panel for each figure.
//!
//! Bars begin at nothing, so that their lengths compare; the line at a bar's end
//! is the interval that holds the figure.

use handlebars::Handlebars;
use serde::Serialize;

use super::ledger::Ledger;
use super::machine::Machine;
use super::measure::{Measure, Mode, Moment};
use super::noise::Figure;
use crate::report::human;

const TEMPLATE: &str = include_str!("chart.svg.hbs");

/// Pixels. A panel is as wide as half of the picture, without the gap between.
const WIDTH: f64 = 960.0;
const MARGIN: f64 = 24.0;
const TITLE: f64 = 64.0;
const FOOT: f64 = 56.0;
const PANEL: f64 = 440.0;
const PANEL_GAP: f64 = 32.0;
const PANEL_TITLE: f64 = 28.0;
const BAR: f64 = 22.0;
/// Where bars begin in a panel, and how long they may be; their values follow.
const LABEL: f64 = 140.0;
const LONGEST: f64 = 170.0;
/// Letters of a name that fit before a bar.
const LABEL_LETTERS: usize = 19;

#[derive(Serialize)]
struct Picture {
    width: f64,
    height: f64,
    margin: f64,
    title: String,
    foot: Vec<Text>,
    panels: Vec<Panel>,
}

#[derive(Serialize)]
struct Text {
    y: f64,
    text: String,
}

#[derive(Serialize)]
struct Panel {
    x: f64,
    y: f64,
    title: String,
    better: &'static str,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    y: f64,
    text_y: f64,
    middle: f64,
    name: String,
    label: String,
    start: f64,
    length: f64,
    height: f64,
    low: f64,
    high: f64,
    has_interval: bool,
    shown: String,
    shown_x: f64,
    is_other: bool,
}

/// What is drawn of one component in a panel.
struct Drawn {
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    shown: String,
}

/// Draws the ledgers; `connections` are those of the run.
///
/// # Errors
/// Never in practice: the template is a part of the program.
pub fn draw(
    ledgers: &[Ledger],
    connections: &[usize],
    machine: &Machine,
) -> Result<String, handlebars::RenderError> {
    let panels = panels(ledgers, connections);
    let bottom = panels.iter().map(|panel| panel.y).fold(TITLE, f64::max);
    let height = bottom + panel_height(ledgers.len()) + FOOT;
    let foot = foot(machine).into_iter().zip(1_u8..);
    let foot = foot.map(|(text, line)| Text { y: height - FOOT + f64::from(line) * 16.0, text });
    let picture = Picture {
        width: WIDTH,
        height,
        margin: MARGIN,
        title: title(ledgers),
        foot: foot.collect(),
        panels,
    };
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    handlebars.render_template(TEMPLATE, &picture)
}

fn title(ledgers: &[Ledger]) -> String {
    let names: Vec<&str> = ledgers.iter().map(|ledger| ledger.component.as_str()).collect();
    match names.as_slice() {
        [one] => format!("What {one} costs"),
        [one, other] => format!("What {one} and {other} cost"),
        many => format!("What {} components cost", many.len()),
    }
}

fn foot(machine: &Machine) -> Vec<String> {
    let words =
        "Bars are medians of rounds; the line at an end is the interval that holds the median.";
    vec![machine.to_string(), words.to_owned()]
}

fn panel_height(bars: usize) -> f64 {
    PANEL_TITLE + BAR * bars as f64 + 16.0
}

fn panels(ledgers: &[Ledger], connections: &[usize]) -> Vec<Panel> {
    let mut drawn = vec![
        exact("Size, gzip", ledgers, |ledger| ledger.gzip),
        exact("Linear memory after a request", ledgers, |ledger| ledger.linear_memory),
    ];
    drawn.extend(measures(connections).map(|(title, measure)| {
        let bars = ledgers.iter().map(|ledger| {
            ledger.figure(measure).map(|figure| of_figure(figure, measure.unit().shown(figure)))
        });
        let better = match measure {
            Measure::Requests(..) => "more is better",
            _ => "less is better",
        };
        (title, better, bars.collect())
    }));
    let place =
        |(index, (title, better, bars)): (usize, (String, &'static str, Vec<Option<Drawn>>))| {
            let (row, column) = (index / 2, index % 2);
            Panel {
                x: MARGIN + column as f64 * (PANEL + PANEL_GAP),
                y: TITLE + row as f64 * panel_height(ledgers.len()),
                title,
                better,
                bars: in_panel(ledgers, bars),
            }
        };
    drawn.into_iter().enumerate().map(place).collect()
}

fn measures(connections: &[usize]) -> impl Iterator<Item = (String, Measure)> {
    let most = connections.iter().copied().max().unwrap_or(1);
    let answer = |mode: Mode| {
        [
            (format!("Answer, {} instance, p50", mode.name()), Measure::Answer(mode, Moment::P50)),
            (format!("Answer, {} instance, p99", mode.name()), Measure::Answer(mode, Moment::P99)),
        ]
    };
    let requests = Mode::ALL.map(|mode| {
        let title = format!("Requests a second, {}, {most} connections", mode.name());
        (title, Measure::Requests(mode, most))
    });
    let start = [
        ("Compile", Measure::Compile),
        ("Load of compiled code", Measure::Load),
        ("Instantiate", Measure::Instantiate),
        ("Memory of an instance", Measure::ResidentMemory),
    ];
    let start = start.map(|(title, measure)| (title.to_owned(), measure));
    start.into_iter().chain(Mode::ALL.into_iter().flat_map(answer)).chain(requests)
}

fn exact(
    title: &str,
    ledgers: &[Ledger],
    pick: fn(&Ledger) -> u64,
) -> (String, &'static str, Vec<Option<Drawn>>) {
    let bars = ledgers.iter().map(|ledger| {
        let bytes = pick(ledger);
        Some(Drawn { value: bytes as f64, low: None, high: None, shown: human::size(bytes) })
    });
    (title.to_owned(), "less is better", bars.collect())
}

fn of_figure(figure: Figure, shown: String) -> Drawn {
    Drawn { value: figure.value, low: figure.low, high: figure.high, shown }
}

fn in_panel(ledgers: &[Ledger], bars: Vec<Option<Drawn>>) -> Vec<Bar> {
    let ends = bars.iter().flatten().map(|bar| bar.high.unwrap_or(bar.value).max(bar.value));
    let longest = ends.fold(f64::MIN_POSITIVE, f64::max);
    let at = |value: f64| ((LABEL + value.max(0.0) / longest * LONGEST) * 10.0).round() / 10.0;
    let bar = |(index, (ledger, drawn)): (usize, (&Ledger, Option<Drawn>))| {
        let y = PANEL_TITLE + index as f64 * BAR;
        let missing =
            || Drawn { value: 0.0, low: None, high: None, shown: "not measured".to_owned() };
        let drawn = drawn.unwrap_or_else(missing);
        let end = at(drawn.value);
        let (low, high) = (drawn.low.map_or(end, at), drawn.high.map_or(end, at));
        Bar {
            y: y + 3.0,
            text_y: y + 15.0,
            middle: y + BAR / 2.0,
            name: ledger.component.clone(),
            label: short(&ledger.component),
            start: LABEL,
            length: ((end - LABEL) * 10.0).round() / 10.0,
            height: BAR - 6.0,
            low,
            high,
            has_interval: high > low,
            shown: drawn.shown,
            shown_x: high.max(end) + 7.0,
            // The one that the others are compared with is compared with none.
            is_other: ledger.against.is_none()
                && ledgers.iter().any(|other| other.against.is_some()),
        }
    };
    ledgers.iter().zip(bars).enumerate().map(bar).collect()
}

fn short(name: &str) -> String {
    if name.chars().count() <= LABEL_LETTERS {
        return name.to_owned();
    }
    name.chars().take(LABEL_LETTERS - 1).chain(['…']).collect()
}
