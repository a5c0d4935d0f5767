//! The figures of a component, and how they compare.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::measure::{Measure, Unit};
use super::noise::Figure;
use super::run::{Options, Record};

/// All that a run knows of a component. As data it is an object with
/// `"event": "ledger"`, one per line.
///
/// Times are in milliseconds, sizes in bytes, rates per second. No number has more
/// digits than the noise of the run allows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Ledger {
    pub component: String,
    /// As the component names it, if it does.
    pub language: Option<String>,
    /// What it was asked under load: `GET /`.
    pub request: String,
    /// Bytes of the file.
    pub size: u64,
    /// Bytes of the file, compressed by gzip.
    pub gzip: u64,
    /// Bytes of linear memory that an instance has after one request.
    pub linear_memory: u64,
    /// By name, in the order of the rounds' steps: `compile`, `load`,
    /// `instantiate`, `resident_memory`, then for `fresh_` and `reused_` instances
    /// `first_byte`, `p50`, `p90`, `p99` and `requests_at_` each number of connections. What could
    /// not be measured is not there: `p99` where a round had less than a hundred
    /// requests, for one.
    #[serde(serialize_with = "by_name")]
    #[schemars(with = "std::collections::BTreeMap<String, Measured>")]
    pub figures: Vec<(Measure, Figure)>,
    /// Beside another component of the same run, if that was asked for.
    pub against: Option<Against>,
}

/// How a component compares with another one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Against {
    /// The other component's name.
    pub component: String,
    pub size: f64,
    pub gzip: f64,
    pub linear_memory: f64,
    /// As the figures of the ledger: this component's divided by the other's.
    #[serde(serialize_with = "by_name")]
    #[schemars(with = "std::collections::BTreeMap<String, Ratio>")]
    pub ratios: Vec<(Measure, Ratio)>,
}

/// A figure as data.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Measured {
    pub unit: Unit,
    #[serde(flatten)]
    pub figure: Figure,
}

/// The median of the ratios of each round, in which both were measured one after the other.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Ratio {
    #[serde(flatten)]
    pub figure: Figure,
    /// Whether the interval, as it is shown, leaves 1 out.
    pub differs: bool,
}

impl Ledger {
    /// Of a component's record, beside that of `other`.
    pub fn new(record: &Record, options: &Options, other: Option<&Record>) -> Ledger {
        let measures = Measure::all(&options.connections);
        let figures = measures.iter().filter_map(|measure| {
            let rounds = record.rounds.iter();
            let values: Vec<f64> = rounds.filter_map(|round| round.get(measure)).copied().collect();
            // Rounds that were too slow to give a quantile are not left out of it.
            let is_whole = values.len() == record.rounds.len() || *measure == Measure::Compile;
            Figure::of(values).filter(|_| is_whole).map(|figure| (*measure, figure))
        });
        Ledger {
            component: record.subject.component.name.clone(),
            language: record.language.clone(),
            request: record.subject.asked.to_string(),
            size: record.size,
            gzip: record.gzip,
            linear_memory: record.linear_memory,
            figures: figures.collect(),
            against: other.map(|other| Against::new(record, other, &measures)),
        }
    }

    pub fn figure(&self, measure: Measure) -> Option<Figure> {
        self.figures.iter().find(|(known, _)| *known == measure).map(|(_, figure)| *figure)
    }

    pub fn ratio(&self, measure: Measure) -> Option<Ratio> {
        let ratios = self.against.iter().flat_map(|against| &against.ratios);
        ratios.clone().find(|(known, _)| *known == measure).map(|(_, ratio)| *ratio)
    }
}

impl Against {
    fn new(record: &Record, other: &Record, measures: &[Measure]) -> Against {
        let ratios = measures.iter().filter_map(|measure| {
            let pairs = record.rounds.iter().zip(&other.rounds);
            let ratios =
                pairs.filter_map(|(own, other)| Some(own.get(measure)? / other.get(measure)?));
            // Nothing divided by nothing tells nothing.
            let figure = Figure::of(ratios.filter(|ratio| ratio.is_finite()).collect())?;
            Some((*measure, Ratio { figure, differs: !figure.rounded().allows(1.0) }))
        });
        Against {
            component: other.subject.component.name.clone(),
            size: exact_ratio(record.size, other.size),
            gzip: exact_ratio(record.gzip, other.gzip),
            linear_memory: exact_ratio(record.linear_memory, other.linear_memory),
            ratios: ratios.collect(),
        }
    }
}

/// With three digits: nobody reads more.
fn exact_ratio(own: u64, other: u64) -> f64 {
    let ratio = own as f64 / other.max(1) as f64;
    Figure { value: ratio, low: Some(ratio), high: Some(ratio), confidence: None, rounds: 1 }
        .rounded()
        .value
}

/// What is written for a measure.
trait Value: Copy {
    type Written: Serialize;
    fn written(self, measure: Measure) -> Self::Written;
}

impl Value for Figure {
    type Written = Measured;
    fn written(self, measure: Measure) -> Measured {
        Measured { unit: measure.unit(), figure: self.rounded() }
    }
}

impl Value for Ratio {
    type Written = Ratio;
    fn written(self, _: Measure) -> Ratio {
        Ratio { figure: self.figure.rounded(), ..self }
    }
}

fn by_name<V: Value, S: Serializer>(
    values: &[(Measure, V)],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer
        .collect_map(values.iter().map(|(measure, value)| (measure.key(), value.written(*measure))))
}
